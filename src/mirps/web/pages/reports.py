"""The reports: what was published, each as a page and as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.sharing.portal import noting, queries
from mirps.sharing.portal.wording import state as state_name
from mirps.sharing.reports import api as reports
from mirps.web.jinja import address, language_of
from mirps.web.pages import rebuilding
from mirps.web.pages.page import Reader, page

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
}


def plans() -> tuple[reports.Plan, ...]:
    """The reports that anyone may read now: the written ones, and those of published rounds."""
    return tuple(reports.readable().values())


def listed(lang: str, *, with_files: bool = False) -> list[dict[str, Any]]:
    """The reports that are not a State's own, in their order, with the files that were published."""
    files = _files(lang) if with_files else {}
    return [
        {
            "code": p.code,
            "title": p.title[lang],
            "href": address("report", lang=lang, code=p.code),
            "files": files.get((p.code, ""), []),
        }
        for p in plans()
        if not p.per_state
    ]


def _files(lang: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The latest published file of each report, State, language and form."""
    out: dict[tuple[str, str], list[dict[str, Any]]] = {}
    seen = set()
    for b in reports.published():
        state = str(b.params.get("state") or "")
        key = (b.report, state, b.language, b.format)
        if key in seen:
            continue
        seen.add(key)
        href = reverse("report-file", kwargs={"lang": lang, "build": b.pk, "name": Path(b.file).name})
        out.setdefault((b.report, state), []).append(
            {"href": href, "format": b.format, "language": b.language, "built_at": b.built_at.date()}
        )
    for held in out.values():
        held.sort(key=lambda f: (f["language"] != lang, f["format"] != "pdf", f["format"]))
    return out


def brief(lang: str, state: str) -> list[dict[str, str]]:
    """The State's own reports: as a page, and the files that were published."""
    out = []
    for p in reports.written().values():
        if p.per_state and state in codelists.member_states():
            href = address("report-state", lang=lang, code=p.code, state=state)
            out.append({"href": href, "title": p.title[lang], "format": "HTML"})
            for f in _files(lang).get((p.code, state), []):
                out.append(
                    {
                        "href": f["href"],
                        "title": p.title[lang],
                        "format": f"{f['format'].upper()} ({f['language']})",
                    }
                )
    return out


@require_safe
def all_reports(request: HttpRequest, lang: str) -> HttpResponse:
    every = listed(lang, with_files=True)
    for p in plans():
        if p.per_state:
            for code in codelists.member_states():
                title = f"{p.title[lang]}: {state_name(code, lang)}"
                href = address("report-state", lang=lang, code=p.code, state=code)
                every.append(
                    {
                        "code": p.code,
                        "state": code,
                        "title": title,
                        "href": href,
                        "files": _files(lang).get((p.code, code), []),
                    }
                )
    r = Reader(request)
    for held in every:
        plan = next(p for p in plans() if p.code == held["code"])
        held["since"] = len(rebuilding.since(r, plan, held.get("state", "")))
    return page(request, "reports.html", here="reports", reports=every)


@require_safe
def report(request: HttpRequest, lang: str, code: str, state: str = "") -> HttpResponse:
    """A report as a page, every number led to its figure. A draft says so and why."""
    plan = next((p for p in plans() if p.code == code), None)
    if plan is None or (state and state not in codelists.states()) or bool(state) != plan.per_state:
        raise Http404
    lang = language_of(request)
    wanted = reports.Request(lang=lang, state=state, draft=True, base="", linked=True)
    shelf = queries.shelf(token=getattr(request, "ledger_token", ""))
    try:
        title, subtitle, parts, excused = noting.once(
            shelf,
            ("report", code, plan.folder, plan.parts, wanted),
            lambda r: _read(code, wanted, r),
            shelf.doubts_of.get(plan.round),
        )
    except (reports.Unfit, reports.ReportFault):
        return page(request, "report-unfit.html", here="reports", title=plan.title[lang])
    return page(
        request,
        "report.html",
        here="reports",
        title=title,
        subtitle=subtitle,
        contents=parts.contents,
        body=parts.body,
        draft=say("portal.reports.draft", lang) if excused else "",
        files=_files(lang).get((code, state), []),
        since=rebuilding.since(Reader(request), plan, state),
    )


def _read(
    code: str, wanted: reports.Request, reading: noting.Reading
) -> tuple[str, str, reports.Fragments, bool]:
    """The report as the public may read it: a figure that is not public yet is named, never shown."""
    made = reports.read_report(code, wanted, reading.book, reading.unanswered)
    document = made.document
    return document.title, document.subtitle, reports.fragments(document), bool(made.excused)


@require_safe
def file(request: HttpRequest, lang: str, build: int, name: str) -> HttpResponseBase:
    """A published file, under a name that says what it is."""
    held = reports.published().filter(pk=build).first()
    if held is None or Path(held.file).name != name:
        raise Http404
    path = reports.file_of(held)
    if not path.is_file():
        raise Http404
    return FileResponse(
        path.open("rb"), content_type=TYPES[held.format], filename=name, as_attachment=held.format != "pdf"
    )

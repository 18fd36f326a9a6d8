"""The report of a round for those who publish it: as it would be, and as it waits under embargo."""

from __future__ import annotations

from pathlib import Path

from django.http import Http404, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from mirps.base.texts.api import LANGUAGES, say
from mirps.evidence.rounds.api import Round, Stage
from mirps.sharing.publication import api as publication
from mirps.sharing.reports import api as reports
from mirps.web.pages.page import private
from mirps.web.pages.reports import TYPES
from mirps.web.pages.rounds.door import Desk, at_the_door


def _allowed(desk: Desk) -> None:
    """Who publishes, and who reviews for the region, read what the public does not yet. Watching how far
    a round is (as who administers accounts does) lets nobody read its figures."""
    if not desk.may("entry.review-region"):
        desk.require("round.publish")


def faults(round: Round) -> list[reports.Fault]:
    """What the report of a round would not be proved for, were it published now."""
    without = publication.reasons(publication.without(round.code))
    return reports.check_report(code=publication.report_of(round.code), foresee=True, without=without)


def in_words(fault: reports.Fault, lang: str) -> str:
    """A fault of a report with the file and the line that it stands on."""
    where = f"{fault.file}:{fault.line}: " if fault.line else f"{fault.file}: "
    return where + say(fault.key, lang, **{k: str(v) for k, v in fault.values.items()})


@require_safe
@at_the_door
def preview(desk: Desk, tongue: str, form: str) -> HttpResponse:
    """The report as it would be published now, marked as a draft: on a page, or as a file."""
    _allowed(desk)
    if desk.round.stage == Stage.PUBLISHED or tongue not in LANGUAGES or form not in TYPES:
        raise Http404
    code = publication.report_of(desk.round.code)
    without = publication.reasons(publication.without(desk.round.code))
    try:
        if form == "html":
            return _page(desk, code, tongue, without)
        content, _ = reports.preview(code=code, lang=tongue, format=form, at=desk.now, without=without)
    except reports.Unfit as e:
        return _refused(desk, [in_words(x, desk.lang) for x in e.faults])
    except reports.ReportFault as e:
        return _refused(desk, [say(e.key, desk.lang, **{k: str(v) for k, v in e.values.items()})])
    return _given(content, form, f"{code}-{tongue}-{say('reports.draft', tongue).lower()}.{form}")


def _page(desk: Desk, code: str, tongue: str, without: dict[str, dict[str, str]]) -> HttpResponse:
    _, made = reports.foresee(code=code, lang=tongue, format="html", at=desk.now, without=without)
    document, parts = made.document, reports.fragments(made.document)
    return desk.page(
        "rounds/report-preview.html", tongue=tongue, title=document.title, subtitle=document.subtitle,
        draft=document.draft, contents=parts.contents, body=parts.body,
        excused=[in_words(x, desk.lang) for x in made.excused],
    )  # fmt: skip


def _refused(desk: Desk, why: list[str]) -> HttpResponse:
    back = desk.url("round-publish", code=desk.round.code)
    return desk.page("rounds/refused.html", 422, why=" ".join(why[:10]), back=back)


@require_safe
@at_the_door
def file(desk: Desk, build: int, name: str) -> HttpResponse:
    """A published file of the round's report, whether or not an embargo keeps it from the public."""
    _allowed(desk)
    held = reports.builds_of(publication.report_of(desk.round.code)).filter(pk=build).first()
    if held is None or Path(held.file).name != name or not reports.file_of(held).is_file():
        raise Http404
    return _given(reports.file_of(held).read_bytes(), held.format, name)


def _given(content: bytes, form: str, name: str) -> HttpResponse:
    """A file for one person: a PDF opens in the browser, the others are saved."""
    answer = HttpResponse(content, content_type=TYPES[form])
    how = "inline" if form == "pdf" else "attachment"
    answer["Content-Disposition"] = f'{how}; filename="{name}"'
    return private(answer)


patterns = [
    path("rounds/<slug:code>/publish/preview/<slug:tongue>.<slug:form>", preview, name="round-preview"),
    path("rounds/<slug:code>/publish/file/<int:build>/<str:name>", file, name="round-file"),
]

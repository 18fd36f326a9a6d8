"""An institution's sources on countries of origin: the list, one source with its versions, adding, changing,
withdrawing. Read with case.read, added and changed with case.act, withdrawn with case.supervise."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.codelists import api as codelists
from mirps.casework.origin import api as origin
from mirps.casework.origin.api import OriginFault, OriginSource, Said, SourceFaults
from mirps.people.custody import api as custody
from mirps.web.pages.casework.appointments_common import Typed, codes
from mirps.web.pages.casework.door import Desk, allows, with_cases
from mirps.web.pages.casework.worklist import called
from mirps.web.pages.page import private
from mirps.web.pages.people import register_boxes as boxes

DONE = ("added", "changed", "withdrawn")


@require_safe
@with_cases()
def sources(desk: Desk) -> HttpResponse:
    """All of the institution's, by country: of a country and a topic, where one is asked."""
    asked, topic = desk.request.GET.get("country", "")[:3], desk.request.GET.get("topic", "")[:40]
    topics = names_of_topics(desk.lang)
    country, topic = asked if asked in codelists.countries() else "", topic if topic in topics else ""
    with custody.seated(desk.seat):
        found = origin.sources(desk.seat, country=country, topic=topic)
        countries = origin.countries(desk.seat)
    by_country: dict[str, list[dict[str, Any]]] = {}
    for row in found[: origin.MOST]:
        by_country.setdefault(codelists.country_name(row.country, desk.lang), []).append(shown(desk, row))
    return desk.page(
        "casework/origin.html", by_country=by_country, country=country, topic=topic, topics=topics,
        countries=[(c, codelists.country_name(c, desk.lang)) for c in countries],
        more=origin.MOST if len(found) > origin.MOST else 0, may_add=allows(desk, "act"),
    )  # fmt: skip


def names_of_topics(lang: str) -> dict[str, str]:
    return {code: getattr(name, lang) for code, name in origin.topics().items()}


def shown(desk: Desk, row: OriginSource) -> dict[str, Any]:
    """A source as every page tells of it."""
    topics = names_of_topics(desk.lang)
    return {
        "row": row, "country": codelists.country_name(row.country, desk.lang),
        "old": origin.outdated(row.published, desk.now.date()), "topics": [topics[t] for t in row.about if t in topics],
        "language": dict(codes(desk, "languages")).get(row.language, row.language),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@with_cases("act")
def new(desk: Desk) -> HttpResponse:
    """Another source."""
    given = Typed(desk)
    if desk.request.method == "POST":
        try:
            made = origin.add(_said(given), file=_file(desk), id=given.id, seat=desk.seat, at=desk.now)
            return desk.go("origin-source", "?done=added", source=made.source)
        except OriginFault as e:
            _tell(given, e)
    return desk.page("casework/origin-new.html", given.status, **_form(desk, given))


@require_http_methods(["GET", "HEAD", "POST"])
@with_cases()
def one(desk: Desk, source: UUID) -> HttpResponse:
    """A source, what was said of it before, and what can be done with it."""
    given = Typed(desk)
    if desk.request.method == "POST":
        try:
            return desk.go("origin-source", f"?done={_done(desk, given, source)}", source=source)
        except OriginFault as e:
            _tell(given, e)
    with custody.seated(desk.seat):
        rows = origin.versions(source, seat=desk.seat)
    if not rows:
        raise Http404
    last, done = rows[0], desk.request.GET.get("done", "")
    return desk.page(
        "casework/origin-source.html", given.status, **_form(desk, given), s=shown(desk, last), versions=rows,
        names=called({r.by for r in rows}), may_change=allows(desk, "act") and not last.withdrawn,
        may_withdraw=allows(desk, "supervise") and not last.withdrawn, done=done if done in DONE else "",
    )  # fmt: skip


def _done(desk: Desk, given: Typed, source: UUID) -> str:
    seen, right = given.number("seen") or 0, "supervise" if given.get("do") == "withdraw" else "act"
    desk.require(f"case.{right}", state=desk.seat.state, body=desk.seat.institution)
    if right == "supervise":
        origin.withdraw(source, seen=seen, reason=given.get("reason"), seat=desk.seat, at=desk.now)
        return "withdrawn"
    origin.change(
        source, _said(given), seen=seen, file=_file(desk), keep_file=bool(given.get("keep-file")), seat=desk.seat,
        at=desk.now,
    )  # fmt: skip
    return "changed"


def _said(given: Typed) -> Said:
    return Said(
        given.get("title"), given.get("publisher"), boxes.country(given.get("country")), given.day("published"),
        given.get("address"), given.get("language"), tuple(given.many("topics")),
    )  # fmt: skip


def _file(desk: Desk) -> bytes:
    """The copy that was sent; of one that is too large, so much that it is seen to be."""
    file = desk.request.FILES.get("file")
    return file.read(origin.MOST_BYTES + 1) if file is not None else b""


def _tell(given: Typed, e: OriginFault) -> None:
    if isinstance(e, SourceFaults):
        for name, key in e.faults.items():
            given.fault(name, key)
    else:
        given.refused(e, "reason" if e.key == "origin.fault.reason" else "")


def _form(desk: Desk, given: Typed) -> dict[str, Any]:
    return {"given": given, "topics": names_of_topics(desk.lang), "languages": codes(desk, "languages"),
            "countries": boxes.country_names(desk.lang)}  # fmt: skip


@require_safe
@with_cases()
def copy(desk: Desk, source: UUID, version: int) -> HttpResponse:
    """The PDF that was kept with a version."""
    with custody.seated(desk.seat):
        held = origin.file_of(source, version, seat=desk.seat)
    if held is None:
        raise Http404
    answer = HttpResponse(held, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{source}-{version}.pdf"'
    return private(answer)


patterns: list[URLPattern] = [
    path("cases/origin/", sources, name="origin-sources"),
    path("cases/origin/new/", new, name="origin-new"),
    path("cases/origin/<uuid:source>/", one, name="origin-source"),
    path("cases/origin/<uuid:source>/<int:version>.pdf", copy, name="origin-copy"),
]

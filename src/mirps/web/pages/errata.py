"""Errata: published figures that were corrected since, as a list, one by one, and as an Atom feed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.evidence.errata import api as errata
from mirps.evidence.errata.api import Erratum
from mirps.sharing.portal import wording
from mirps.sharing.portal.wording import Line
from mirps.web import roles
from mirps.web.jinja import address
from mirps.web.pages import corrections
from mirps.web.pages.page import Reader, page, private
from mirps.web.rows import Mark

#: What the feed holds at most.
MOST_TOLD = 100


@dataclass(frozen=True, slots=True)
class Told:
    """An erratum in the reader's words."""

    code: str
    round: str
    state: str
    name: str
    href: str
    at: datetime
    role: str
    reason: str
    finding: str
    old: Line
    new: Line
    summary: str  # in one line, for lists and feeds


def every(r: Reader) -> tuple[Erratum, ...]:
    """Errata that the public may read, the oldest first; read once for each version of the ledger."""
    return r.shelf.once(("errata",), lambda: errata.public(r.shelf.public), r.shelf.public)


def told(r: Reader, e: Erratum) -> Told:
    old, new = (r.shelf.line(r.shelf.public[i], r.lang, r.locale) for i in (e.old, e.new))
    return Told(
        code=e.code,
        round=e.round,
        state=e.state,
        name=say("errata.name", r.lang, code=e.code, round=e.round),
        href=address("erratum", lang=r.lang, round=e.round, code=e.code),
        at=e.at,
        role=corrections.role_name(e.role, r.lang),
        reason=e.reason(r.lang),
        finding=e.finding,
        old=old,
        new=new,
        summary=say(
            "errata.summary", r.lang, state=old.state_name, what=old.measure_name,
            old=_whole(old), new=_whole(new),
        ),
    )  # fmt: skip


def _whole(line: Line) -> str:
    return f"{line.value} {line.unit}".strip()


def about(r: Reader, figure: str) -> dict[str, Any]:
    """What a figure's page says of errata: that it was corrected, and what it corrects."""
    thread = errata.of([figure], every(r)).get(figure, ())
    return {
        "corrected": next((told(r, e) for e in thread if e.old == figure), None),
        "corrects": next((told(r, e) for e in thread if e.new == figure), None),
    }


def marks(r: Reader) -> dict[str, Mark]:
    """The mark of each statement that an erratum put in the place of another: the latest erratum of it."""
    return r.shelf.once(
        ("errata-marks", r.lang),
        lambda: {
            e.new: (say("errata.mark", r.lang, code=e.code),
                    address("erratum", lang=r.lang, round=e.round, code=e.code))
            for e in every(r)
        },
        r.shelf.public,
    )  # fmt: skip


@require_safe
def all_errata(request: HttpRequest, lang: str) -> HttpResponse:
    r = Reader(request)
    found = every(r)
    chosen = {"round": request.GET.get("round", ""), "state": request.GET.get("state", "")}
    held = [e for e in found if chosen["round"] in ("", e.round) and chosen["state"] in ("", e.state)]
    return page(
        request,
        "errata.html",
        here="errata",
        any_at_all=bool(found),
        rounds=sorted({e.round for e in found}, reverse=True),
        states=_states(found, r.lang),
        chosen=chosen,
        found=[told(r, e) for e in reversed(held)],
    )


def _states(found: Iterable[Erratum], lang: str) -> list[tuple[str, str]]:
    held = {e.state for e in found}
    return [(c, wording.state(c, lang)) for c in codelists.states() if c in held]


@require_safe
def one(request: HttpRequest, lang: str, round: str, code: str) -> HttpResponse:
    r = Reader(request)
    found = next((e for e in every(r) if (e.round, e.code) == (round, code)), None)
    if found is None:
        raise Http404
    thread = errata.of([found.old], every(r))[found.old]
    place = thread.index(found)
    user = roles.signed_in(request)
    answer = page(
        request,
        "erratum.html",
        here="errata",
        e=told(r, found),
        earlier=[told(r, e) for e in thread[:place]],
        later=[told(r, e) for e in thread[place + 1 :]],
        citations=[_citation(r, found.old), _citation(r, found.new)],
        measure=r.shelf.public[found.old].figure.measure,
        kept=user is not None and request.GET.get("kept") == "1",
    )
    return private(answer) if user else answer


def _citation(r: Reader, figure: str) -> str:
    entry = r.shelf.public[figure]
    f = entry.figure
    where = r.request.build_absolute_uri(address("figure", lang=r.lang, id=figure))
    return wording.citation(
        f, r.shelf.measure(f.measure), lang=r.lang, locale=r.locale, address=where,
        version=r.shelf.book.version, round=entry.round,
    )  # fmt: skip


@require_safe
def feed(request: HttpRequest, lang: str) -> HttpResponse:
    """The latest errata in Atom, in the language of the address."""
    r = Reader(request)
    whole = request.build_absolute_uri
    out = Atom1Feed(
        title=f"MIRPS. {say('errata.title', r.lang)}",
        link=whole(address("errata", lang=r.lang)),
        description=say("errata.lead", r.lang),
        language=r.lang,
        feed_url=whole(request.path),
        subtitle=say("errata.lead", r.lang),
    )
    for e in reversed(every(r)[-MOST_TOLD:]):
        t = told(r, e)
        out.add_item(
            title=f"{t.name}. {t.summary}", link=whole(t.href), description=f"{t.summary}. {t.reason}",
            author_name=t.role, pubdate=e.at, updateddate=e.at, unique_id=whole(t.href),
        )  # fmt: skip
    return HttpResponse(out.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


URLS: list[URLPattern] = [
    path("figure/<str:id>/correct/", corrections.correct, name="correct"),
    path("errata/", all_errata, name="errata"),
    path("errata/atom.xml", feed, name="errata-feed"),
    path("erratum/<str:round>/<str:code>/", one, name="erratum"),
]

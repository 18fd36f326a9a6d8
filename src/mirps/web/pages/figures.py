"""A figure's page: what was stated, where, what it is restricted to, and what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import LANGUAGES, in_lang, locale_for, say
from mirps.evidence.disclosure import vocabulary as disclosure
from mirps.evidence.figures import api as ledger
from mirps.evidence.indicators import api as indicators
from mirps.evidence.releases import api as releases
from mirps.sharing.portal import wording
from mirps.sharing.portal.passages import passage
from mirps.sharing.portal.shelf import latest_first
from mirps.sharing.portal.telling import told
from mirps.web.jinja import country_of
from mirps.web.pages import errata
from mirps.web.pages.page import Reader, page

MOST_KIN = 25


@require_safe
def figure(request: HttpRequest, lang: str, id: str) -> HttpResponse:
    r = Reader(request)
    entry = r.shelf.public.get(id)
    if entry is None:
        raise Http404
    f = entry.figure
    heading, paragraph_no = wording.place_in(f.locator, r.lang)
    kin = latest_first(r.shelf.kin(f))
    doubts = r.shelf.doubts_about
    qualified = f.qualifier is not ledger.Qualifier.EXACT and f.value is not None
    known = codelists.states().get(f.state)
    return page(
        request,
        "figure.html",
        figure=f,
        line=r.shelf.line(entry, r.lang, r.locale),
        is_state=known is not None and known.extra["kind"] == "state",
        qualified=say(f"portal.qualified.{f.qualifier.value}", r.lang) if qualified else "",
        superseded_by=entry.superseded_by if entry.superseded_by in r.shelf.public else "",
        document_title=ledger.stated_in(f, r.lang, entry.round),
        entered=ledger.entered(f, entry.round),
        heading=heading,
        paragraph_no=paragraph_no,
        institution=wording.institution(f.source, r.lang),
        note=f.note_es if r.lang == "es" else f.note_en,
        passage=passage(f, Path(settings.SOURCES)),
        restrictions=wording.restrictions(f, r.lang, r.locale),
        findings=[told(d, r.shelf, r.lang, r.locale) for d in doubts.get(id, ())],
        doubts=doubts,
        kin=r.lines(kin[:MOST_KIN]),
        kin_left=max(0, len(kin) - MOST_KIN),
        history=_history(r, entry),
        citations=_citations(r, entry),
        api=f"/api/v1/figures/{f.id}",
        computed=_computed(r, f),
        **errata.about(r, id),
    )


def _computed(r: Reader, f: ledger.Figure) -> dict[str, Any] | None:
    """How a computed figure came to be: indicator, as known when, how protected; here or in another node."""
    how = releases.computed(f)
    if how is None:
        return None
    i, rules = indicators.indicators().get(how.indicator), disclosure.rules().get(how.protection)
    name = in_lang(i.name, r.lang) if i else how.indicator
    said = in_lang(rules.name, r.lang) if rules else how.protection
    if how.rounded:
        told = say("portal.computed.rounded", r.lang, base=how.rounded)
    else:
        told = say("portal.computed.protected", r.lang, rules=said, n=rules.threshold if rules else "–")
    return {
        "indicator": how.indicator if i else "",
        "name": name,
        "known_on": how.known_on,
        "protection": told,
    }


def _history(r: Reader, entry: ledger.Entry) -> list[dict[str, Any]]:
    """What happened to the statement, oldest first. People's names stay in the audit; of one that an
    institution entered, so does what its reviewers wrote to each other before it was published."""
    f, public = entry.figure, r.shelf.public
    inside = ledger.entered(f, entry.round)
    out: list[dict[str, Any]] = []

    def add(at: Any, words: str, other: str = "", reason: str = "") -> None:
        out.append({"at": at, "words": words, "other": other if other in public else "", "reason": reason})

    if f.known_at and not inside:
        add(f.known_at, say("portal.history.known", r.lang, document=wording.document(f.document, r.lang)))
    if entry.recorded_at:
        add(entry.recorded_at, say("portal.history.recorded", r.lang, round=entry.round))
    if f.supersedes and not (inside and f.supersedes not in public):
        add(f.known_at or entry.recorded_at, say("portal.history.supersedes", r.lang), f.supersedes)
    for e in ledger.history(f.id):
        if inside and e.kind not in ("published", "superseded"):
            continue
        add(
            e.at,
            say(f"portal.history.{e.kind}", r.lang),
            e.other,
            e.reason_es if r.lang == "es" else e.reason_en,
        )
    return sorted(out, key=lambda h: h["at"])


def _citations(r: Reader, entry: ledger.Entry) -> list[tuple[str, str]]:
    f = entry.figure
    out = []
    for lang in (r.lang, *(x for x in LANGUAGES if x != r.lang)):
        locale = locale_for(lang, country_of(r.request), codelists.locales())
        address = r.request.build_absolute_uri(f"/{lang}/figure/{f.id}/")
        words = wording.citation(
            f,
            r.shelf.measure(f.measure),
            lang=lang,
            locale=locale,
            address=address,
            version=r.shelf.book.version,
            round=entry.round,
        )
        out.append((lang, words))
    return out

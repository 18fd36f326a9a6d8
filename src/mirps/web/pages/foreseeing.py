"""What a correction would change: what the checks would find, and which reports cite the old figure."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import number
from mirps.evidence.checks.over_ledger.messages import Said, message
from mirps.evidence.errata import api as errata
from mirps.evidence.figures import api as ledger
from mirps.evidence.figures.api import Figure
from mirps.sharing.portal import noting
from mirps.sharing.portal.telling import kind_name, told
from mirps.sharing.reports import api as reports_api
from mirps.web.jinja import address
from mirps.web.pages.page import Reader

Seen = dict[str, list[dict[str, Any]]]


def checks(r: Reader, old: Figure, new: Figure) -> Seen:
    """settled, remaining and arising findings in words; only of figures that the public may read."""
    found = errata.foreseen(old=old.id, new=new, at=r.now)
    doubts = r.shelf.doubts
    settled = [told(doubts[f.code], r.shelf, r.lang, r.locale) for f in found.settled if f.code in doubts]
    return {
        "settled": [{"name": d.name, "message": d.message, "severity": d.severity} for d in settled],
        "remaining": [x for f in found.remaining if (x := _told(r, f, new))],
        "arising": [x for f in found.arising if (x := _told(r, f, new))],
    }


def _told(r: Reader, finding: Any, new: Figure) -> dict[str, Any] | None:
    stated = {new.id: new}
    for id_ in finding.figures:
        if id_ != new.id and id_ not in r.shelf.public:
            return None
        if id_ != new.id:
            stated[id_] = r.shelf.public[id_].figure
    said: Said = finding
    name = kind_name(finding.kind, r.lang)
    try:
        words = message(said, r.lang, stated, partial(number, locale=r.locale))
    except KeyError:
        words = name
    return {"name": name, "message": words, "severity": finding.severity}


def reports(r: Reader, figure: Figure) -> list[dict[str, str]]:
    """The reports whose text or tables hold the figure as the ledger stands now."""
    out = []
    for plan in reports_api.plans().values():
        states = [figure.state] if plan.per_state else [""]
        for state in states:
            if plan.per_state and state not in codelists.member_states():
                continue
            if figure.id in cited(r, plan.code, state):
                name, kwargs = ("report-state", {"state": state}) if state else ("report", {})
                href = address(name, lang=r.lang, code=plan.code, **kwargs)
                out.append({"title": plan.title[r.lang], "href": href})
    return out


def cited(r: Reader, code: str, state: str) -> frozenset[str]:
    """The figures that a report cites as the public may read it; kept while none of them changes."""

    def read(reading: noting.Reading) -> frozenset[str]:
        wanted = reports_api.Request(lang=r.lang, state=state, draft=True, linked=False)
        try:
            made = reports_api.read_report(code, wanted, reading.book, reading.unanswered)
        except (reports_api.Unfit, reports_api.ReportFault):
            return frozenset()
        return frozenset(made.document.figures())

    return noting.once(r.shelf, ("cited", code, state, r.lang), read)


@lru_cache(maxsize=128)
def cited_then(code: str, state: str, lang: str, known_on: datetime) -> frozenset[str]:
    """The figures that a report cites, of those that were known on a day."""
    wanted = reports_api.Request(lang=lang, state=state, draft=True, linked=False)
    try:
        made = reports_api.read_report(code, wanted, ledger.book(known_on=known_on), lambda ids: {})
    except (reports_api.Unfit, reports_api.ReportFault):
        return frozenset()
    return frozenset(made.document.figures())

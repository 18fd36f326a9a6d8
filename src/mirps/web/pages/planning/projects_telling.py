"""Projects in words: shares, amounts, what is late, and what each document says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.planning.projects import api as projects
from mirps.planning.projects.api import Held, Late, Share
from mirps.planning.records import api as records
from mirps.planning.records.api import Record
from mirps.sharing.portal import wording
from mirps.web.pages.page import Reader
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk

showing.PAGES["project"] = "project"
#: What a project's page says of it in words; the rest has tables of its own.
FIELDS = (
    "programme", "portfolio", "stage", "titled", "summary", "commitments", "states", "entity", "partners",
    "administrator", "places", "sectors", "populations", "parties", "signed", "agreed", "reference", "agreement",
    "starts", "ends", "planned", "ended", "closed", "closing", "lessons", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A share in words: what it is of what, or why it is not known."""

    percent: str
    words: str


def figures(desk: Desk, shelf: Reader, data: Mapping[str, Any], *what: str) -> list[Any]:
    """The ledger's statements that a record names, as lines; what the public may not read is left out."""
    named = [f["figure"] for f in data.get("figures", ()) if not what or f.get("what") in what]
    held = shelf.shelf.public
    return shelf.lines(held[i] for i in named if i in held)


def chosen_words(field: str, data: Mapping[str, Any], lang: str) -> str:
    return showing.choice(records.kinds()["project"], field, data[field], lang) if data.get(field) else ""


def percent(desk: Desk, value: Decimal) -> str:
    """40% in English, 40 % in Spanish, as figures are written."""
    return texts.number(value, desk.locale) + ("\u00a0%" if desk.lang == "es" else "%")


def money(desk: Desk, held: projects.Money | None) -> str:
    return (
        showing.money({"amount": str(held.amount), "currency": held.currency}, desk.lang, desk.locale)
        if held
        else ""
    )


def told_share(desk: Desk, what: str, share: Share, *, whole: bool = True) -> Told:
    """`whole`: why a share is not known as a sentence, not in a few words."""
    if share.percent is None:
        assert share.why is not None
        return Told(
            "", say(f"projects.{'unknown' if whole else 'unknown-short'}.{share.why.value}", desk.lang)
        )
    words = say(
        f"projects.share.{what}", desk.lang, part=money(desk, share.part), whole=money(desk, share.whole)
    )
    return Told(percent(desk, share.percent), words)


def told_late(desk: Desk, x: Late, h: Held, called: Mapping[str, str], on: date) -> dict[str, str]:
    silent = x.matter is projects.Matter.SILENCE
    told = h.project.told
    return {
        "project": records.title("project", dict(h.data), desk.lang),
        "href": showing.address_of(h.record.key, desk.lang),
        "state": wording.state(h.record.state, desk.lang) if h.record.state else "", "matter": x.matter.value,
        "what": "" if x.key == h.record.key else called.get(x.key, ""),
        "what_href": showing.address_of(x.key, desk.lang),
        "words": say(
            f"projects.late.{x.matter.value}", desk.lang, day=texts.day(x.due, desk.locale), days=x.days(on),
            told=texts.day(told, desk.locale) if silent and told else "",
        ),
    }  # fmt: skip


def each_said(desk: Desk, held: Record) -> list[dict[str, Any]]:
    """What each document says of the project, in the order in which they became known."""
    found = sorted((s for s in projects.said() if s.project == held.key), key=lambda s: (s.known, s.document))
    return [
        {"document": s.document, "name": wording.document(s.document, desk.lang), "known": s.known,
         "href": desk.url("project-document", code=held.code, document=s.document),
         "stage": chosen_words("stage", s.data, desk.lang)}
        for s in found
    ]  # fmt: skip

"""What the files of IATI tell of: contributions, projects and calls that the public may read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from threading import Lock
from typing import Any

import yaml
from django.db.models import Count, Max, Sum

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import LANGUAGES, say
from mirps.planning.contributions.api import contributions
from mirps.planning.records import api as records
from mirps.planning.records.api import Audience, Record
from mirps.sharing.exports import iati_files as files
from mirps.sharing.exports import iati_from as origin
from mirps.sharing.exports.iati import Settings, Words, read

_ONE = Lock()
_made: tuple[object, files.Made] | None = None


def made(now: datetime) -> files.Made:
    """The files as of today, made again when something that the public may read changed."""
    global _made
    told = Record.objects.filter(kind__in=("contribution", "project", "disbursement", "call")).order_by()
    stand = told.aggregate(n=Count("key"), last=Max("changed_at"), steps=Sum("number"))
    version = (now.date(), *stand.values())
    with _ONE:  # who asks meanwhile waits for the same files
        if _made is None or _made[0] != version:
            _made = (version, files.made(contributions(), projects(), calls(), settings(), said(), now))
        return _made[1]


def forget() -> None:
    """Make the files anew when they are next asked for."""
    global _made
    _made = None


@cache
def settings() -> Settings:
    given = yaml.safe_load((codelists.data_folder() / "iati" / "iati.yaml").read_text(encoding="utf-8"))
    institutions = {
        c.code: (c.extra.get("kind", ""), _names(c.name)) for c in codelists.institutions().values()
    }
    countries = {c.code: c.extra["iso2"] for c in codelists.states().values() if c.extra["iso2"]}
    return read(
        given, institutions, countries, {c.code: _names(c.name) for c in codelists.sectors().values()}
    )


@cache
def said() -> origin.Said:
    def words(key: str) -> Words:
        return {lang: say(key, lang) for lang in LANGUAGES}

    exactness = {name: words(f"iati.says.{name}") for name in ("about", "more-than", "up-to")}
    days = {name: words(f"iati.says.day.{name}") for name in ("made", "period", "known")}
    return origin.Said(exactness, days, words("iati.says.part"))


def projects() -> list[origin.Project]:
    """Projects in force, each with what was paid of it and who gives for it."""
    paid: dict[str, list[origin.Paid]] = {}
    for r in _in_force("disbursement"):
        data = r.public or {}
        money = data.get("paid-amount") or data.get("amount")
        if data.get("paid") and money:
            one = origin.Paid(
                r.code, date.fromisoformat(data["paid"]), Decimal(money["amount"]), money["currency"]
            )
            paid.setdefault(r.parent, []).append(one)
    funders: dict[str, list[tuple[str, str]]] = {}
    for c in contributions():
        for key in c.projects:
            funders.setdefault(key, []).append((c.donor, c.key))
    found = []
    for r in _in_force("project"):
        named = funders.get(r.key, []) or funders.get((r.public or {}).get("portfolio", ""), [])
        found.append(replace(_project(r), paid=tuple(paid.get(r.key, ())), funders=tuple(named)))
    return found


def _project(r: Record) -> origin.Project:
    data: dict[str, Any] = r.public or {}
    money = data.get("agreed")
    return origin.Project(
        key=r.key, title=data.get("title", {}), summary=data.get("summary", {}), stage=data.get("stage", ""),
        states=tuple(data.get("states", ())), sectors=tuple(data.get("sectors", ())), entity=data.get("entity", ""),
        partners=tuple(data.get("partners", ())), administrator=data.get("administrator", ""),
        starts=data.get("starts", ""), ends=data.get("ends", ""), signed=data.get("signed", ""),
        agreed=Decimal(money["amount"]) if money else None, currency=money["currency"] if money else "", paid=(),
        known=_day(r),
    )  # fmt: skip


def calls() -> list[origin.Call]:
    """Calls in force."""
    found = []
    for r in _in_force("call"):
        data: dict[str, Any] = r.public or {}
        money = data.get("total")
        found.append(origin.Call(
            key=r.key, title=data.get("title", {}), summary=data.get("summary", {}), opens=data.get("opens", ""),
            closes=data.get("closes", ""), total=Decimal(money["amount"]) if money else None,
            currency=money["currency"] if money else "", administrator=data.get("administrator", ""), known=_day(r),
        ))  # fmt: skip
    return found


def _in_force(kind: str) -> list[Record]:
    return [r for r in records.in_force(kind) if r.audience == Audience.PUBLIC]


def _day(r: Record) -> date:
    return (r.known_at or r.changed_at).date()


def _names(name: Callable[[str], str]) -> Words:
    return {lang: name(lang) for lang in LANGUAGES}

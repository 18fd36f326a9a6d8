"""Reading the calendar: records and rounds as lines, agreements with what was told of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

import yaml

from mirps.base.codelists.api import data_folder
from mirps.base.notices.api import zone
from mirps.base.texts.api import LANGUAGES, say
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Due, DueDate, Round
from mirps.evidence.watch.api import Plan
from mirps.planning.meetings.following import Agreement, FollowUp, Result
from mirps.planning.meetings.rules import Entry, Of, Reported, Span
from mirps.planning.records import api as records
from mirps.planning.records.api import Audience, Record

#: Whether somebody may know of a record.
May = Callable[[Record], bool]


def public(record: Record) -> bool:
    """What everybody may know of."""
    return record.public is not None and record.audience == Audience.PUBLIC


def events(may: May = public) -> list[Entry]:
    """The events in force that somebody may know of: one query."""
    return [entry_of(r) for r in records.in_force("event") if may(r)]


def entry_of(record: Record) -> Entry:
    """An event as a line of the calendar, as it is in force."""
    data: Mapping[str, Any] = record.public or {}
    return Entry(
        of=Of.EVENT, key=record.key, sort=data.get("sort", "other"), title=_words(data.get("title")),
        span=Span(data["starts"], data.get("ends", "")), number=record.number, changed_at=record.changed_at,
        standing=data.get("standing", ""), begins=_clock(data.get("from")), until=_clock(data.get("to")),
        place=_words(data.get("place")), online=data.get("online", ""), summary=_words(data.get("summary")),
        doubt=_words(data.get("doubt")), reported=reported(data), states=(record.state,) if record.state else (),
        bodies=tuple(dict.fromkeys(filter(None, (record.body, *data.get("hosts", ()))))),
        public=record.audience == Audience.PUBLIC,
    )  # fmt: skip


def reported(data: Mapping[str, Any]) -> tuple[Reported, ...]:
    """The other dates that sources give for an event."""
    return tuple(
        Reported(
            Span(row["starts"], row.get("ends", "")), row.get("document", ""), row.get("locator", ""),
            row.get("fragment", ""),
        )
        for row in data.get("dates", ())
    )  # fmt: skip


def _words(held: Mapping[str, str] | None) -> dict[str, str]:
    return {lang: held[lang] for lang in LANGUAGES if held and held.get(lang)}


def _clock(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


# --- agreements


def agreements(may: May = public, *, under: Collection[str] = ()) -> list[Agreement]:
    """The agreements in force that somebody may know of, each with its follow-ups: two queries.

    `under`: only those of these events or minutes.
    """
    told: dict[str, list[FollowUp]] = {}
    for r in records.in_force("follow-up"):
        if may(r):
            told.setdefault(r.parent, []).append(_follow_up(r))
    held = [r for r in records.in_force("agreement") if may(r) and (not under or r.parent in under)]
    return [agreement_of(r, told.get(r.key, ())) for r in held]


def agreement(record: Record, may: May = public) -> Agreement:
    """One agreement with its follow-ups."""
    told = [r for r in records.under(record.key) if r.kind == "follow-up" and r.public is not None and may(r)]
    return agreement_of(record, [_follow_up(r) for r in told])


def agreement_of(record: Record, told: Iterable[FollowUp]) -> Agreement:
    data: Mapping[str, Any] = record.public or {}
    return Agreement(
        key=record.key, title=_words(data.get("title")), parent=record.parent, number=record.number,
        changed_at=record.changed_at, text=_words(data.get("text")), item=_whole(data.get("item")),
        bodies=tuple(data.get("bodies", ())), states=tuple(data.get("states", ())),
        institutions=tuple(data.get("institutions", ())), due=data.get("due", ""), told=tuple(told),
        public=record.audience == Audience.PUBLIC,
    )  # fmt: skip


def _follow_up(record: Record) -> FollowUp:
    data: Mapping[str, Any] = record.public or {}
    return FollowUp(
        key=record.key, day=data["day"], result=Result(data["result"]), said=_words(data.get("said")),
        due=data.get("due", ""), evidence=data.get("evidence", ""), place=record.place,
    )  # fmt: skip


def _whole(text: str | None) -> int | None:
    return int(float(text)) if text else None


@cache
def reminders() -> Plan:
    """When those who see to an agreement are reminded (data/planning/meetings.yaml)."""
    text = (data_folder() / "planning" / "meetings.yaml").read_text(encoding="utf-8")
    return Plan(**yaml.safe_load(text)["agreements"])


# --- rounds


def round_dates(states: Collection[str] | None) -> list[Entry]:
    """The dates by which steps of the rounds that are worked on are due, for these States (None: all of
    them). A State's own date stands beside the round's; that of a single institution is on the round's page."""
    out: list[Entry] = []
    for round in rounds.worked():
        last: dict[tuple[str, str], DueDate] = {}
        for d in round.due_dates.all():
            if not d.institution:
                last[d.step, d.state] = d
        out += [
            _round_entry(round, d)
            for d in last.values()
            if not d.state or states is None or d.state in states
        ]
    return out


def _round_entry(round: Round, d: DueDate) -> Entry:
    local = d.due.astimezone(zone(d.state))
    step = Due(d.step)
    return Entry(
        of=Of.ROUND, key=f"round/{round.code}/{step.value}/{d.state}", sort="round-due",
        title={lang: say(f"calendar.round.{step.value}", lang, round=round.code) for lang in LANGUAGES},
        span=Span(local.date().isoformat()), number=_revision(d), changed_at=d.set_at, begins=local.time(),
        states=(d.state,) if d.state else (), public=False,
    )  # fmt: skip


def _revision(d: DueDate) -> int:
    """A number that grows each time the date is set anew."""
    return int((d.set_at - datetime(2020, 1, 1, tzinfo=UTC)).total_seconds()) // 60


def today(state: str, now: datetime) -> date:
    """The day it is by the clock of a State (empty: the region)."""
    return now.astimezone(zone(state)).date()

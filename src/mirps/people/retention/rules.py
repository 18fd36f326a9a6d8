"""When something is let go, and what of it still counts. Pure.

The rules are data (data/registration/retention.yaml). What stays of a file is codes and years, under a new id:
a number on a card, an id on a desk's device or in the log of reads leads to nobody any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class RetentionFault(ValueError):
    """Rules that cannot be read. The message names the rule and the remedy."""


class Of(StrEnum):
    FACT = "fact"
    FILE = "file"
    CASE = "case"  # what bands above keep: let go with its people


class Since(StrEnum):
    RECORDED = "recorded"
    REPLACED = "replaced"
    QUIET = "quiet"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class To(StrEnum):
    DELETE = "delete"
    ANONYMISE = "anonymise"


_FITTING = {
    Of.FACT: ({Since.RECORDED, Since.REPLACED, Since.QUIET}, To.DELETE),
    Of.FILE: ({Since.QUIET, Since.WITHDRAWN}, To.ANONYMISE),
    Of.CASE: ({Since.CLOSED}, To.ANONYMISE),
}


@dataclass(frozen=True, slots=True)
class Rule:
    key: str
    of: Of
    since: Since
    years: int
    months: int
    days: int
    to: To
    basis: str  # "proposal", or the law that says so
    kinds: tuple[str, ...] = ()
    sensitivities: tuple[str, ...] = ()
    states: tuple[str, ...] = ()

    def cut(self, at: datetime) -> datetime:
        """What was so at this moment, or before, is due at `at`."""
        return _back(at, self.years, self.months, self.days)


def _back(at: datetime, years: int, months: int, days: int) -> datetime:
    """So long before. A day that its month lacks becomes the month's last: nothing is due too early by it."""
    from datetime import timedelta

    total = at.year * 12 + at.month - 1 - years * 12 - months
    year, month = divmod(total, 12)
    day = at.day
    while True:
        try:
            return at.replace(year=year, month=month + 1, day=day) - timedelta(days=days)
        except ValueError:
            day -= 1


def read(given: Mapping[str, Any], kinds: Iterable[str], sensitivities: Iterable[str]) -> list[Rule]:
    """The rules of retention.yaml. Raises RetentionFault."""
    known = {"kinds": set(kinds), "sensitivities": set(sensitivities)}
    found = [_rule(r, known) for r in given["rules"]]
    if len({r.key for r in found}) < len(found):
        raise RetentionFault("retention.yaml: two rules have one key")
    if wrong := set(given["keeps"]) - known["kinds"]:
        raise RetentionFault(f"retention.yaml, keeps: no kind of facts {', '.join(sorted(wrong))}")
    return found


def _rule(given: Mapping[str, Any], known: Mapping[str, set[str]]) -> Rule:
    where = f"retention.yaml, rule {given.get('key')!r}"
    try:
        of, since, to = Of(given["of"]), Since(given["since"]), To(given["to"])
    except (KeyError, ValueError) as e:
        raise RetentionFault(f"{where}: {e}; see the head of the file for what each may be") from None
    fits, does = _FITTING[of]
    if since not in fits or to is not does:
        raise RetentionFault(f"{where}: {of} goes with {', '.join(sorted(fits))} and {does}")
    lists = {name: tuple(given.get(name, ())) for name in ("kinds", "sensitivities")}
    for name, codes in lists.items():
        if wrong := set(codes) - known[name]:
            raise RetentionFault(f"{where}: no {name} {', '.join(sorted(wrong))}")
    if of is Of.FACT and not any(lists.values()):
        raise RetentionFault(f"{where}: name the kinds or the sensitivities that it lets go of")
    after = given.get("after") or {}
    if set(after) - {"years", "months", "days"} or not any(int(n) > 0 for n in after.values()):
        raise RetentionFault(f"{where}: after takes years, months or days, more than none")
    if not given.get("basis"):
        raise RetentionFault(f"{where}: say the law, or proposal")
    years, months, days = (int(after.get(unit, 0)) for unit in ("years", "months", "days"))
    return Rule(
        given["key"], of, since, years, months, days, to, given["basis"], lists["kinds"],
        lists["sensitivities"], tuple(given.get("states", ())),
    )  # fmt: skip


def reduced(kind: str, data: Mapping[str, Any], keeps: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What of a fact still counts; nothing where nothing of its kind does."""
    out: dict[str, Any] = {}
    for name, how in keeps.get(kind, {}).items():
        value = data.get(name)
        if value not in (None, ""):
            out[name] = str(value)[:4] if how == "year" else value
    return out


def month(at: datetime) -> datetime:
    """A moment as exact as it is kept of who was let go."""
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)

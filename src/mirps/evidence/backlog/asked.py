"""What a reader may say of a backlog: the fields, their bounds, and the plan that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from mirps.evidence.backlog.model import WEEKS, Modality, Plan, Range
from mirps.evidence.backlog.scenarios import changes

#: Longer than any number that makes sense here.
MOST_LETTERS = 20


@dataclass(frozen=True, slots=True)
class Field:
    """A number asked for. `unit` names its word in the texts; what is `open` may stay empty."""

    key: str
    group: str
    least: float
    most: float
    unit: str
    step: float = 1
    open: bool = False


def _percent(key: str, group: str, most: float = 100, *, least: float = 0) -> Field:
    return Field(key, group, least, most, "percent")


FIELDS = {
    f.key: f
    for f in (
        Field("pending", "claims", 0, 2_000_000, "claim"),
        Field("interviewed", "claims", 0, 2_000_000, "claim"),
        Field("oldest", "claims", 0, 1040, "week"),
        Field("target", "claims", 0, 2_000_000, "claim"),
        Field("inflow_low", "inflow", 0, 20_000, "claim-week"),
        Field("inflow_high", "inflow", 0, 20_000, "claim-week"),
        _percent("trend", "inflow", 50, least=-50),
        _percent("season", "inflow", 90),
        _percent("swing", "inflow"),
        Field("teams", "capacity", 0.5, 500, "team", 0.5),
        Field("per_team", "capacity", 0.5, 500, "interview-week", 0.5),
        _percent("sure", "capacity"),
        Field("worked", "capacity", 1, WEEKS, "week-year"),
        Field("decisions", "capacity", 1, 20_000, "decision-week", open=True),
        _percent("review", "capacity"),
        Field("reviews", "capacity", 1, 20_000, "review-week", open=True),
        *(
            _percent(f"{way}_{of}", "ways", least=least)
            for way in ("simplified", "accelerated", "merged")
            for of, least in (("share", 0), ("interview", 5), ("decision", 5))
        ),
        _percent("leaving", "closing", 90),
        _percent("found_gone", "closing", 90),
        Field("what_teams", "what", 0, 500, "team", 0.5),
        _percent("what_simplified", "what"),
        _percent("what_leaving", "what", 90),
        _percent("what_found_gone", "what", 90),
        Field("years", "what", 1, 20, "year"),
    )
}
GROUPS = tuple(dict.fromkeys(f.group for f in FIELDS.values()))
Values = Mapping[str, float | None]


def read(given: Mapping[str, str], start: Values) -> tuple[dict[str, float | None], dict[str, str]]:
    """The numbers given, each beside what it begins with, and what is wrong: a code by the field's key.

    What is not given stays as it begins; what is given empty is left open where it may be.
    """
    values: dict[str, float | None] = {}
    wrong: dict[str, str] = {}
    for key, field in FIELDS.items():
        values[key] = start[key]
        if key not in given:
            continue
        text = given[key].strip().replace(",", ".")
        if not text and field.open:
            values[key] = None
        elif (number := _number(text)) is None:
            wrong[key] = "number"
        elif not field.least <= number <= field.most:
            wrong[key] = "bounds"
        else:
            values[key] = number
    if not wrong:
        wrong = _together({k: v or 0.0 for k, v in values.items()})
    return values, wrong


def _number(text: str) -> float | None:
    try:
        found = float(text[:MOST_LETTERS]) if len(text) <= MOST_LETTERS else None
    except ValueError:
        return None
    return found if found is not None and isfinite(found) else None


def _together(v: Mapping[str, float]) -> dict[str, str]:
    """What each number alone allows, but not both."""
    wrong = {}
    if v["inflow_low"] > v["inflow_high"]:
        wrong["inflow_high"] = "order"
    if v["inflow_low"] == 0 < v["inflow_high"]:
        wrong["inflow_low"] = "zero"
    if v["interviewed"] > v["pending"]:
        wrong["interviewed"] = "part"
    if v["simplified_share"] + v["accelerated_share"] + v["merged_share"] > 100:
        wrong["merged_share"] = "shares"
    return wrong


def plans(values: Values) -> dict[str, Plan]:
    """What is compared, from numbers that `read` found nothing wrong with."""
    v = {key: value or 0.0 for key, value in values.items()}

    def part(key: str) -> float:
        return v[key] / 100

    def way(name: str) -> Modality:
        return Modality(part(f"{name}_share"), part(f"{name}_interview"), part(f"{name}_decision"))

    plan = Plan(
        pending=v["pending"], interviewed=v["interviewed"], oldest=v["oldest"], target=v["target"],
        inflow=Range(v["inflow_low"], v["inflow_high"]), trend=part("trend"), season=part("season"),
        swing=part("swing"), teams=v["teams"], per_team=v["per_team"], sure=part("sure"), worked=round(v["worked"]),
        simplified=way("simplified"), accelerated=way("accelerated"), merged=way("merged"),
        decisions=values["decisions"], review=part("review"), reviews=values["reviews"],
        leaving=part("leaving"), found_gone=part("found_gone"), weeks=round(v["years"]) * WEEKS,
    )  # fmt: skip
    return changes(
        plan, teams=v["what_teams"], simplified=part("what_simplified"), leaving=part("what_leaving"),
        found_gone=part("what_found_gone"),
    )  # fmt: skip

"""What the backlog planner found, in words, tables and a drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from math import isinf
from typing import Any

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import number, say
from mirps.evidence.backlog import api as backlog
from mirps.evidence.backlog.api import WEEKS, Band, Field, Outcome
from mirps.sharing.drawings import Frame
from mirps.sharing.drawings.fans import Fan, fans
from mirps.sharing.portal import wording
from mirps.web.pages.page import Reader

RUNS = backlog.RUNS


@dataclass(frozen=True)
class Asked:
    """A question and its answer: the numbers begun with, those given, what is wrong, and each plan's outcome."""

    reader: Reader
    states: list[str]
    state: str
    start: Mapping[str, backlog.Start]
    values: backlog.Values
    wrong: Mapping[str, str]
    given: Mapping[str, str]
    outcomes: Mapping[str, Outcome]

    @property
    def lang(self) -> str:
        return self.reader.lang

    def say(self, key: str, /, **values: object) -> str:
        return say(f"backlog.{key}", self.lang, **values)

    def number(self, value: float, places: int = 0) -> str:
        """The value rounded; halves and tenths only where it has them."""
        rounded = round(value, places)
        whole = rounded == int(rounded)
        return number(Decimal(str(rounded)), self.reader.locale, 0 if whole else places)

    @property
    def years(self) -> str:
        return self.number(self.values["years"] or 0)

    def span(self, weeks: float) -> str:
        """How long: in weeks below two years, then in years."""
        if isinf(weeks):
            return self.say("span.over", n=self.years)
        if weeks < 2 * WEEKS:
            return self.say("span.weeks", n=self.number(weeks))
        return self.say("span.years", n=self.number(weeks / WEEKS, 1))

    def when(self, band: Band) -> str:
        """A time with its band, or that it does not come."""
        if band.never:
            key = "never" if isinf(band.low) else "never-best"
            return self.say(key, n=self.years, low=self.span(band.low))
        low, middle, high = self.span(band.low), self.span(band.middle), self.span(band.high)
        return middle if low == high else self.say("band", low=low, middle=middle, high=high)

    def count(self, band: Band) -> str:
        low, middle, high = (self.number(_round(x)) for x in (band.low, band.middle, band.high))
        return middle if low == high else self.say("band", low=low, middle=middle, high=high)


def _round(value: float) -> float:
    """Three digits are all that a model can mean."""
    return float(f"{value:.3g}")


def names(asked: Asked, *, brief: bool = False) -> dict[str, str]:
    """Each plan's name. A drawing and a narrow table have room for the brief one."""
    if brief:
        return {name: asked.say(f"brief-name.{name}") for name in asked.outcomes}
    v = {key: asked.number(value or 0, 1) for key, value in asked.values.items()}
    more: dict[str, dict[str, str]] = {
        "team": {"n": v["what_teams"]},
        "simplified": {"p": v["what_simplified"]},
        "closures": {"p": v["what_leaving"], "q": v["what_found_gone"]},
    }
    return {name: asked.say(f"name.{name}", **more.get(name, {})) for name in asked.outcomes}


def headline(asked: Asked) -> list[str]:
    """The answer in sentences: when, what is lacking, what one more team does, what a claim made today waits."""
    base, team = asked.outcomes["base"], asked.outcomes["team"]
    target = asked.number(base.plan.target)
    lacking = asked.number(_round(base.lacking))
    if not base.cleared.never:
        out = [asked.say("said.clears", target=target, when=asked.when(base.cleared))]
    else:
        key = "never" if base.lacking >= 1 else "never-slow"
        out = [asked.say(
            f"said.{key}", target=target, years=asked.years, lacking=lacking,
            capacity=asked.number(_round(base.capacity)),
        )]  # fmt: skip
        if not isinf(base.teams_needed):
            teams = asked.number(base.teams_needed + 0.05, 1)
            out.append(
                asked.say("said.needed", years=asked.years, teams=teams, now=asked.number(base.plan.teams, 1))
            )
    if team.capacity <= base.capacity < base.plan.capacity:
        out.append(asked.say("said.decisions"))
    elif team.plan.teams > base.plan.teams:
        out.append(_of_team(asked, base, team))
    if not base.wait.never:
        out.append(asked.say("said.wait", when=asked.when(base.wait)))
    return out


def _of_team(asked: Asked, base: Outcome, team: Outcome) -> str:
    added = team.plan.teams - base.plan.teams
    more = asked.say("said.more-one") if added == 1 else asked.say("said.more", n=asked.number(added, 1))
    gained = backlog.gained(base, team)
    if gained is None:
        fewer = asked.number(_round(max(0, base.at_end.middle - team.at_end.middle)))
        lacking = asked.number(_round(team.lacking))
        key = "team-less" if team.lacking >= 1 else "team-fewer"
        return asked.say(f"said.{key}", more=more, fewer=fewer, years=asked.years, lacking=lacking)
    if isinf(gained):
        return asked.say("said.team-then", more=more, when=asked.when(team.cleared))
    return asked.say("said.team-gain", more=more, weeks=asked.span(gained))


def rows(asked: Asked) -> list[dict[str, str]]:
    """The plans side by side."""
    base = asked.outcomes["base"]
    out = []
    for name, o in asked.outcomes.items():
        gained = None if name == "base" else backlog.gained(base, o)
        out.append({
            "cleared": asked.when(o.cleared),
            "likely": f"{asked.number(100 * o.likely)} %" if asked.lang == "es" else f"{asked.number(100 * o.likely)}%",
            "capacity": asked.number(_round(o.capacity)),
            "lacking": asked.number(_round(o.lacking)) if o.lacking >= 1 else "–",
            "at_end": asked.count(o.at_end),
            "wait": asked.when(o.wait),
            "gain": "–" if gained is None or isinf(gained) else asked.span(gained),
        })  # fmt: skip
    return [{"name": said, **row} for said, row in zip(names(asked).values(), out, strict=True)]


def found(asked: Asked) -> dict[str, Any]:
    base = asked.outcomes["base"]
    marks = range(0, base.plan.weeks + 1, WEEKS)
    return {
        "said": headline(asked),
        "rows": rows(asked),
        "years": asked.years,
        "wide": drawing(asked, 640),
        "slim": drawing(asked, 340),
        "names": list(names(asked, brief=True).values()),
        "course": [
            (_year(asked, week // WEEKS), [asked.count(o.pending[week]) for o in asked.outcomes.values()])
            for week in marks
        ],
        "ages": [
            (_year(asked, a.week // WEEKS), asked.when(a.mean), asked.when(a.oldest)) for a in base.ages
        ],
        "stages": [
            (asked.say(f"stages.{name}"), asked.count(band))
            for name, band in zip(("interview", "decision", "review"), base.stages, strict=True)
        ],
    }


def _year(asked: Asked, year: int) -> str:
    return asked.say("chart.year", n=year) if year else asked.say("chart.today")


def drawing(asked: Asked, width: int, *, link: bool = True) -> str:
    """The middle of each plan, and the band of the plan as it is."""
    base = asked.outcomes["base"]
    weeks = backlog.kept_weeks(len(base.pending))
    courses = [
        Fan(
            said,
            tuple((w, o.pending[w].low, o.pending[w].middle, o.pending[w].high) for w in weeks),
            band=name == "base",
        )
        for (name, o), said in zip(asked.outcomes.items(), names(asked, brief=True).values(), strict=True)
    ]
    frame = Frame(
        asked.say("chart.title", n=asked.years), asked.lang, partial(number, locale=asked.reader.locale),
        description=headline(asked)[0], unit=asked.say("chart.unit"), width=width, link=link,
    )  # fmt: skip
    marks = [(week, _year(asked, week // WEEKS)) for week in range(0, len(base.pending), WEEKS)]
    return fans(courses, marks, frame, level=base.plan.target)


def plain(value: float | None) -> str:
    """A number as a form's field takes it."""
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else str(round(value, 4))


def groups(asked: Asked) -> list[dict[str, Any]]:
    """The form: fields by group, with what was typed, what is wrong, and the ends of a slider."""
    out: list[dict[str, Any]] = []
    for group in backlog.GROUPS:
        fields = [_field(asked, f) for f in backlog.FIELDS.values() if f.group == group]
        shown = group in ("capacity", "what") or any(f["fault"] or f["changed"] for f in fields)
        out.append({"key": group, "fields": fields, "open": shown})
    return out


def _field(asked: Asked, f: Field) -> dict[str, Any]:
    start = asked.start[f.key].value
    typed = asked.given.get(f.key)
    least, most = f.least, f.most
    if f.unit != "percent" and start:
        most = min(most, max(_round(4 * start), f.least + 1))
    return {
        "key": f.key, "value": plain(asked.values[f.key]) if typed is None else typed[:20], "least": plain(f.least),
        "most": plain(f.most), "low": plain(least), "high": plain(most), "step": plain(f.step), "open": f.open,
        "unit": f.unit, "fault": asked.wrong.get(f.key, ""),
        "changed": asked.values[f.key] != start,
    }  # fmt: skip


def faults(asked: Asked) -> dict[str, str]:
    """By field, what is wrong with it."""
    out = {}
    for key, why in asked.wrong.items():
        f = backlog.FIELDS[key]
        least, most = asked.number(f.least, 1), asked.number(f.most, 1)
        out[key] = asked.say(f"fault.{why}", field=asked.say(f"field.{key}"), least=least, most=most)
    return out


def sources(asked: Asked) -> list[dict[str, Any]]:
    """Whence each number comes that is begun with."""
    out = []
    for key, start in asked.start.items():
        unit = asked.say(f"unit.{backlog.FIELDS[key].unit}").split(";")[0]
        value = asked.say("whence.open") if start.value is None else f"{asked.number(start.value, 1)} {unit}"
        out.append({
            "name": asked.say(f"field.{key}"), "value": value, "how": start.how,
            "why": "" if start.how == "published" else _why(asked, key, start.how),
            "figures": [_figure(asked, id_) for id_ in start.figures if id_ in asked.reader.shelf.public],
        })  # fmt: skip
    return out


def _why(asked: Asked, key: str, how: str) -> str:
    group = backlog.FIELDS[key].group
    if group in ("ways", "what"):
        return asked.say(f"why.{group}")
    other = how == "assumed" and key in ("inflow_low", "inflow_high", "per_team")
    return asked.say(f"why.{key}-assumed" if other else f"why.{key}")


def _figure(asked: Asked, id_: str) -> dict[str, str]:
    """A figure with its document and place."""
    entry = asked.reader.shelf.public[id_]
    line = asked.reader.shelf.line(entry, asked.lang, asked.reader.locale)
    heading, paragraph = wording.place_in(entry.figure.locator, asked.lang)
    return {
        "id": id_,
        "value": line.value,
        "document": line.document,
        "heading": heading,
        "paragraph": paragraph,
    }


def state_name(asked: Asked) -> str:
    return codelists.states().name(asked.state, asked.lang) if asked.state else asked.say("own")

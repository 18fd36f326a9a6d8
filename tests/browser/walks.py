"""What a new officer of each State walks through, read from the State's procedure file and from the demo's own: which
acts, by whom, what the forms are told, which body sits, and how a case is closed of somebody who did not come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from mirps.base.codelists.api import data_folder, member_states
from mirps.casework.procedures.api import Procedure, load
from mirps.casework.procedures.model import Act, Deadline, Ending, Type
from mirps.casework.procedures.wording import in_lang
from mirps.casework.sessions.bodies import Body, bodies

Json = dict[str, Any]
STATES = sorted(member_states())
#: Days in one of a deadline's units, at most: a working day may have a weekend and a feast before it.
_LONG = {"working-days": 3, "calendar-days": 1, "months": 31, "years": 366}
#: Where those whom the walk is about come from, and what they speak: so that an interpreter is needed.
COUNTRY, TONGUE = "HTI", "ht"


@cache
def _demo(name: str) -> Json:
    found: Json = yaml.safe_load((data_folder() / "demo" / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


@cache
def walk_of(state: str) -> Walk:
    return Walk(load(data_folder() / "procedures" / f"{state.lower()}-asylum.yaml"))


@dataclass(frozen=True, slots=True)
class Closing:
    """How a case ends against somebody without a decision on it: the act, and the deadline that leads to it."""

    act: str
    deadline: str
    proposed: bool


class Walk:
    """The way of one State."""

    def __init__(self, p: Procedure) -> None:
        self.p, self.state = p, p.state
        self.how: Json = _demo("cases")[p.name]
        self.site: Json = _demo("appointments")["sites"][p.state]
        self.desk: Json = self.how["desks"][0]

    def __repr__(self) -> str:
        return self.state

    @property
    def lines(self) -> list[list[str]]:
        return [[str(step).split()[0] for step in line] for line in self.how["lines"]]

    @property
    def way(self) -> list[str]:
        """The acts from the opening to the protection."""
        return next(x for x in self.lines if self._ending(self._led(x)) is Ending.FAVOURABLE)

    def _ending(self, stage: str) -> Ending:
        return self.p.stages[stage].ending

    def _led(self, acts: Iterable[str]) -> str:
        """The stage to which these acts lead."""
        stage = ""
        for act in acts:
            stage = self.p.acts[act].to or stage
        return stage

    def who(self, act: str) -> str:
        """The demo's officer who does an act: of the desk's institution before others."""
        posts = sorted(self.how["posts"], key=lambda p: p["institution"] != self.desk["institution"])
        role = next(r for post in posts for r in self.p.acts[act].by if r in post["roles"])
        return str(next(p["user"] for p in self.how["posts"] if role in p["roles"]))

    def body(self, act: str) -> tuple[Body, Json] | None:
        """The body that decides on an act in session, with its people in the demo; none where one person does."""
        for code, people in _demo("appointments")["bodies"].items():
            found = bodies()[code]
            if found.procedures.get(self.p.name) in self.p.acts[act].by:
                return found, people
        return None

    def said(self, act: str) -> dict[str, object]:
        """What the form of an act is told: what the demo says, what comes of who the person is; and of what nobody
        says, the first answer that there is. How a vote went is told by the vote."""
        known = {**self.how.get("say", {}).get(act, {})}
        known |= {f: COUNTRY for f, v in known.items() if v == "*"}
        for field in self.p.acts[act].required:
            if self.p.fields[field].type is Type.CHOICE and field not in known:
                known[field] = next(iter(self.p.fields[field].options))
        known.pop("modality", None)  # as the table proposes
        return known | ({"language": TONGUE} if "language" in known else {})

    @property
    def closing(self) -> Closing:
        """Proposed by what is done again and again, else by a deadline at all, else allowed by one, else by nobody."""
        found = []
        for code, act in self.p.acts.items():
            if not (act.adverse and act.to and self._ending(act.to) is Ending.ADVERSE and self._again(act)):
                continue
            for name, d in self._deadlines(code, act):
                proposes = d is not None and d.proposes == code
                found.append((-(d is not None and d.repeats) * 4 - proposes * 2 - (d is not None),
                              Closing(code, name, proposes)))  # fmt: skip
        return min((rank, n, c) for n, (rank, c) in enumerate(found) if self._before(c))[2]

    def _deadlines(self, code: str, act: Act) -> Iterator[tuple[str, Deadline | None]]:
        named = {n for g in act.guards for n in re.findall(r"deadline\.(\w+)\.", g.when)}
        named |= {n for n, d in self.p.deadlines.items() if d.proposes == code}
        yield from ((n, self.p.deadlines[n]) for n in sorted(named))
        if not named:
            yield "", None

    def _again(self, act: Act) -> str:
        """The act by which a case goes on after it."""
        return next((r for r in act.remedies if self.p.acts[r].back), "")

    @property
    def again(self) -> str:
        return self._again(self.p.acts[self.closing.act])

    @property
    def before(self) -> list[str]:
        """The shortest beginning of one of the demo's lines after which the case may be closed so, once time has
        passed."""
        return min(self._before(self.closing), key=len)

    def _before(self, closing: Closing) -> list[list[str]]:
        act, d = self.p.acts[closing.act], self.p.deadlines.get(closing.deadline)
        found = []
        for line in self.lines:
            for n in range(1, len(line) + 1):
                begun = line[:n]
                if self._led(begun) in act.sources and (d is None or set(d.starts) & set(begun)):
                    found.append(begun)
        return found

    @property
    def days(self) -> int:
        """How long somebody must stay away: twice the time that they have."""
        d = self.p.deadlines.get(self.closing.deadline)
        return 2 + (2 * d.term.n * _LONG[d.term.unit.value] if d else 0)

    def papers(self, act: str, lang: str) -> list[str]:
        """The names of the documents that an act gives."""
        found = self.p.acts[act]
        return [in_lang(self.p.documents[c].name, lang) for c in (*found.issues, found.notice) if c]

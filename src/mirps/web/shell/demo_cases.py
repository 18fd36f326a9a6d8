"""The demo's cases, all of them invented: families who claim asylum in the seven States, and how far each case has
come (data/demo/cases.yaml). Every act goes through the door by which all acts come in. The same in every demo."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count, cycle
from typing import Any
from uuid import UUID

from mirps.web.shell.demo_people import SEED, family, id_of, submission

Json = dict[str, Any]
#: Of a family, how many are registered here at most: the demo should be quick.
MOST = 3
#: Cases end so many days ago, in turn: some are late.
AGO = (0, 1, 3, 2, 8, 5, 1, 14, 0, 4, 27, 6)


def open_cases(now: datetime, *, state: str = "") -> str:
    """Open the cases (of one State alone) and take each as far as it has come; how many there are."""
    from django.db import transaction

    from mirps.casework.cases import api as cases
    from mirps.people.custody import api as custody

    with custody.keeping():
        if cases.Case.objects.exists():
            return "kept as they are"
    with transaction.atomic():  # all of them or none: a demo that was stopped begins anew
        for procedure, how in _given().items():
            if not procedure.startswith(state.lower()):
                continue
            _post(procedure, how, now)
            for n, told in enumerate(_told(how)):
                _Case(procedure, how, n, told, now).walk()
    cases.recount(at=now)
    with custody.keeping():
        return f"{cases.Case.objects.count()} cases, {cases.CaseEvent.objects.count()} acts"


def _given() -> dict[str, Json]:
    import yaml

    from mirps.base.codelists.api import data_folder

    found: dict[str, Json] = yaml.safe_load(
        (data_folder() / "demo" / "cases.yaml").read_text(encoding="utf-8")
    )
    return found


def _post(procedure: str, how: Json, now: datetime) -> None:
    from mirps.casework.cases import api as cases
    from mirps.web.shell.demo import DEMO_SINCE

    for p in how["posts"]:
        cases.appoint(
            p["user"], procedure, p["roles"], institution=p["institution"], office=p.get("office", ""),
            since=DEMO_SINCE, by="demo", at=now,
        )  # fmt: skip


def _told(how: Json) -> Iterator[Json]:
    """Each case: its line, and how many days ago the last act was. First those with a story of their own."""
    yield from how.get("told", ())
    lines, ago = cycle(how["lines"]), cycle(AGO)
    for n in range(how["cases"] - len(how.get("told", ()))):
        line = next(lines)
        # Of every line in turn the whole, then one act less each time.
        yield {"line": line[: len(line) - n // len(how["lines"]) % len(line)], "ago": next(ago)}


class _Case:
    """One case: the family that is registered, then act after act up to `ago` days before now."""

    def __init__(self, procedure: str, how: Json, n: int, told: Json, now: datetime) -> None:
        from mirps.casework.cases import api as cases

        self.p, self.how, self.told, self.now = cases.latest(procedure), how, told, now
        self.key, self.desk = f"{procedure}/{n}", how["desks"][n % len(how["desks"])]
        self.chance = random.Random(f"{SEED}/{self.key}")  # noqa: S311 - invented, the same each time
        self.line = [(str(act).split()[0], int(str(act).split()[1])) for act in told["line"]]
        self.nth = count()
        self.office = self.desk["office"]
        self.case: UUID | None = None

    def walk(self) -> None:
        """Register, open, act."""
        from mirps.casework.cases import api as cases

        days = sum(gap for _, gap in self.line) + int(self.told["ago"])
        at = self.begun = self.now - timedelta(days=days, minutes=self.chance.randrange(20, 300))
        people = self._register(at - timedelta(hours=2))
        signs = self.how.get("weekly") if self.told.get("weekly", True) else None
        for act, gap in self.line:
            at = self._weekly(signs, at, at + timedelta(days=gap))
            if self.case is None:
                done = cases.open_case(
                    self.p.name, people=people, event=self._saying(act, at), seat=self._seat(self._user(act)),
                    role=self._role(act), at=at, office=self.office,
                )  # fmt: skip
                self.case = done.case
            else:
                self._does(act, at)
            if signs and act == signs["after"]:
                self.last = at
            if act == "transfer":
                self.office = self.how["say"][act]["office"]
        self._weekly(signs, at, self.now)

    def _register(self, at: datetime) -> list[tuple[UUID, str]]:
        from mirps.people.intake import api as intake

        people = family(self.how["countries"], self.chance)[:MOST]
        self.country = people[0]["country"]
        place = (self.desk["user"], self.p.state, self.desk["institution"], self.office, ())
        said = submission(f"case/{self.key}", place, people, at)
        intake.take(said, seat=self._seat(self.desk["user"]), door=intake.Arrival.Door.PAGE, at=at)
        return [(UUID(p["id"]), "dependant" if n else "principal") for n, p in enumerate(said["people"])]

    def _weekly(self, signs: Json | None, at: datetime, until: datetime) -> datetime:
        """What is done every week, up to a moment; that moment."""
        from mirps.casework.cases.api import NotPossible
        from mirps.casework.procedures.api import Because

        while signs and hasattr(self, "last") and self.last + timedelta(days=7) < until:
            self.last = max(self.last + timedelta(days=self.chance.choice((5, 6, 7))), at)
            try:
                self._does(signs["act"], self.last)
            except NotPossible as fault:
                if not {r.because for r in fault.reasons} <= {Because.STAGE, Because.ENDED}:
                    raise
                break  # the case has ended
        return until

    def _does(self, act: str, at: datetime) -> None:
        from mirps.casework.cases import api as cases

        assert self.case
        cases.record(
            self.case, self._saying(act, at), seat=self._seat(self._user(act)), role=self._role(act), at=at,
            office=self.office,
        )  # fmt: skip

    def _saying(self, act: str, at: datetime) -> Any:
        from mirps.casework.cases.api import Saying

        said = {**self.how.get("say", {}).get(act, {}), **self.told.get("say", {}).get(act, {})}
        values = {k: self._value(k, v) for k, v in said.items()}
        reason = "Según el expediente / by the file" if self._needs_reason(act) else ""
        return Saying(uuid7(at, f"{self.key}/{next(self.nth)}"), act, at, values, reason)

    def _value(self, field: str, given: object) -> object:
        if given == "*":
            return self.country
        if self.p.fields[field].type.value == "date":
            return (self.begun.date() + timedelta(days=int(str(given)))).isoformat()
        return given

    def _needs_reason(self, act: str) -> bool:
        return self.p.acts[act].reason

    def _role(self, act: str) -> str:
        """The first of the act's roles that somebody holds, of those at the desk before others."""
        posts = sorted(self.how["posts"], key=lambda p: p["institution"] != self.desk["institution"])
        return next(r for post in posts for r in self.p.acts[act].by if r in post["roles"])

    def _user(self, act: str) -> str:
        """Whoever holds it at this office, or at all of the institution."""
        role = self._role(act)
        return str(next(p["user"] for p in self.how["posts"]
                        if role in p["roles"] and p.get("office", self.office) == self.office))  # fmt: skip

    def _seat(self, user: str) -> Any:
        from mirps.people.custody.api import Seat

        post = next(p for p in self.how["posts"] if p["user"] == user)
        return Seat(user, self.p.state, post["institution"], post.get("office", ""), purpose="procedure")


def uuid7(at: datetime, key: str) -> UUID:
    """An id that a desk would have made then, the same in every demo of that moment."""
    rest = id_of(key).int & ((1 << 62) - 1)
    return UUID(int=(int(at.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | rest)

"""What a node's process does with cases and a round that asks what is counted of them, for tests."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[2]))

from django.core.management import call_command
from django.test import Client
from tests.cases.desks import Walked, at_decision, claimed, posted
from uuid_utils.compat import uuid7

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.casework.cases.api import Saying
from mirps.casework.conduct import api as conduct
from mirps.evidence.entries import api as entries
from mirps.evidence.releases import api as releases
from mirps.evidence.rounds import api as rounds
from mirps.sharing.exchange import api as exchange

_waiting: list[Walked] = []


def ask_counted(states: list[str]) -> None:
    """At the region: a round that asks each State how many claims it decided this year."""
    now = datetime.now(UTC)
    asks = [
        rounds.Ask(
            code=f"{s.lower()}-ntt-001", state=s, institution=f"{s}.NTT", sector="asylum", breakdown="sex",
            measure="asylum.decisions", unit="application", population="ASY", stage="processed",
            period_start=date(2026, 1, 1), period_end=date(2026, 12, 31),
        )
        for s in states
    ]  # fmt: skip
    made = rounds.set_up(
        code="2026", kind=rounds.Kind.ANNUAL, title_es="Ronda 2026", title_en="Round 2026", starts=date(2026, 1, 1),
        ends=date(2026, 12, 31), cut_off=None, asks=asks, by="test", at=now,
    )  # fmt: skip
    entries.prepare(round="2026")
    rounds.set_due(round=made, step=rounds.Due.ENTRY, due=now + timedelta(days=30), by="test", at=now)
    rounds.turn(round="2026", to=rounds.Stage.OPEN, by="test", at=now)
    exchange.prepare(at=now)


def begin(cases: int) -> int:
    """At Mexico: an officer, and so many cases that wait for their decision."""
    posted()
    _waiting.extend(at_decision(claimed()) for _ in range(cases))
    return len(_waiting)


def agree(indicator: str) -> None:
    """A person agrees that provisional figures of an indicator go up by themselves, protected."""
    releases.agree(
        state="MEX", indicator=indicator, by="luz", role="state-approver", at=datetime.now(UTC),
        reason="the round is open", until=None,
    )  # fmt: skip


def decide(act: str) -> str:
    """Decide the next case by the door by which pages do, with its letter."""
    case, now = _waiting.pop(0), datetime.now(UTC)
    done = conduct.do(
        case.id, Saying(uuid7(), act, now, {}, "by the file"), seat=case.seat, role="coordinator", at=now
    )
    return str(done.event)


def draft(state: str) -> list[list[Any]]:
    """What stands as computed beside the cells of the round: cell, value, why there is none, whether it is written."""
    lines = entries.sheet("2026", state=state)
    found = entries.proposals((c, x.ask) for x in lines for c in x.cells)
    return [
        [c.dimensions, int(f.value) if f.value is not None else None, f.absence, c.version]
        for x in lines for c in x.cells if c.pk in found for f in [found[c.pk].figure]
    ]  # fmt: skip


def page(path: str) -> str:
    """What a reviewer of the region reads there."""
    call_command("collectstatic", verbosity=0, interactive=False)  # as the server does when it starts
    user, made = User.objects.get_or_create(username="rita", defaults={"first_name": "Rita"})
    if made:
        access.give_role(
            user=user, role="regional-reviewer", state="", body="", starts=date(2024, 1, 1), ends=None, by="test",
            at=datetime.now(UTC),
        )  # fmt: skip
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    session = client.session
    session["second-factor"] = user.pk  # shown at the door, which has tests of its own
    session.save()
    answer = client.get(path)
    return f"{answer.status_code} {answer.content.decode()}"


ACTS = {f.__name__: f for f in (ask_counted, begin, agree, decide, draft, page)}

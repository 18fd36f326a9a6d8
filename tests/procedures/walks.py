"""Cases that somebody could have: events that a procedure lets happen, one after another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from mirps.base.calendars.api import calendar
from mirps.casework.procedures import asking, standing
from mirps.casework.procedures.api import Event, Procedure, fold
from mirps.casework.procedures.model import Act, Actor, Field, Type

START = datetime(2024, 2, 1, 15, tzinfo=UTC)


def uuid7(n: int) -> str:
    """The n-th id of these tests."""
    return str(UUID(int=(n << 80) | (7 << 76) | (2 << 62) | n))


def value(draw: st.DrawFn, field: Field) -> object:
    match field.type:
        case Type.YES:
            return draw(st.booleans())
        case Type.NUMBER:
            return draw(st.integers(0, 9))
        case Type.DATE:
            return (START.date() - timedelta(draw(st.integers(0, 120)))).isoformat()
        case Type.CHOICE:
            return draw(st.sampled_from(sorted(field.options)))
        case Type.CHOICES:
            return draw(st.lists(st.sampled_from(sorted(field.options))))
        case Type.COUNTRY:
            return draw(st.sampled_from(["HTI", "HND", "CUB"]))
        case Type.TEXT:
            return draw(st.sampled_from(["algo", "something"]))


def values(draw: st.DrawFn, p: Procedure, act: Act) -> dict[str, object]:
    asked = [*act.required, *(f for f in (*act.optional, *act.required_if) if draw(st.booleans()))]
    return {f: value(draw, p.fields[f]) for f in asked}


@st.composite
def cases(draw: st.DrawFn, p: Procedure, most: int = 25) -> list[Event]:
    """Events each of which was allowed when it happened; at every open stage somebody could do something."""
    cal = calendar(p.state, authority=p.authority, procedure=p.name)
    events: list[Event] = []
    now = told = START
    for n in range(draw(st.integers(1, most))):
        state = fold(events, {p.version: p})
        open_ = not state.begun or p.stages[state.stage].open
        known = standing.facts(p, state, now.date().toordinal(), cal)
        able = [
            (code, role)
            for code, act in p.acts.items()
            for role in act.by
            if not asking.why_not(p, state, code, role=role, on=now.date(), calendar=cal, known=known)
        ]
        assert able or not open_, f"nobody can act in {state.stage}"
        if not able:
            break
        code, role = draw(st.sampled_from(able))
        act = p.acts[code]
        made = values(draw, p, act)
        if asking.why_not(p, state, code, role=role, on=now.date(), calendar=cal, values=made):
            now += timedelta(days=1)
            continue
        assert not act.adverse or p.roles[role].actor is not Actor.APPLICANT
        told = max(told, now) + timedelta(minutes=draw(st.integers(0, 5)))
        events.append(
            Event(uuid7(n + 1), code, now, told, f"user{n % 3}",
                  role, "office", p.rule, made, "porque sí" if act.reason else "")
        )  # fmt: skip
        now += timedelta(hours=draw(st.sampled_from([0, 1, 30, 24 * 8, 24 * 40])))
    return events

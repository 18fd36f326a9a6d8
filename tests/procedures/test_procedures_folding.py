"""A case is what its events make it, in whatever order they arrive, and nothing is lost on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.procedures.walks import cases, uuid7

from mirps.casework.procedures.api import Event, State, Why, fold, preview, procedures
from mirps.casework.procedures.words import CORRECT, HAPPENED, MOVE, VOID

MEX = procedures()["mex_asylum"]["2025.1"]
VERSIONS = {"2025.1": MEX}
DAY = datetime(2024, 2, 1, 15, tzinfo=UTC)


def did(
    n: int, act: str, role: str = "registration", *, days: float = 0, late: float = 0, **more: Any
) -> Event:
    at = DAY + timedelta(days=days)
    values = more.pop("values", {})
    return Event(
        uuid7(n), act, at, at + timedelta(days=late), "ana", role, "tapachula", MEX.rule, values, **more
    )


def opened(**facts: object) -> list[Event]:
    return [
        did(1, "claim", values={"entered_on": "2024-01-30", "nationality": "HND", **facts}),
        did(2, "admit", days=1),
        did(3, "profile", days=2, values={"lone_child": False, "urgent": False, "joined": False}),
        did(4, "assign_modality", "protection", days=3, values={"modality": "regular"}),
    ]


def seen(state: State) -> tuple[object, ...]:
    return (
        state.version, state.stage, state.left, state.since, state.facts, state.days, state.steps,
        sorted(((e.id, w) for e, w in state.aside), key=str), [e.id for e in state.voided],
    )  # fmt: skip


def test_a_case_walks_through_its_stages() -> None:
    state = fold(opened(), VERSIONS)
    assert (state.stage, state.facts["modality"]) == ("interview", "regular")
    assert [s.after for s in state.steps] == ["submitted", "triage", "triage", "interview"]
    assert state.aside == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(cases(MEX), st.integers(0, 10**6), st.data())
def test_two_devices_in_any_order_and_twice_over_end_in_one_state(
    walk: list[Event], seed: int, data: st.DataObject
) -> None:
    chance, moments = Random(seed), [e.happened for e in walk] or [DAY]
    strays = [
        Event(uuid7(1000 + i), data.draw(st.sampled_from([*MEX.acts, VOID, CORRECT, MOVE, "nothing"])),
              chance.choice(moments), chance.choice(moments), "eva", "registration", "inm", MEX.rule,
              {"office": "x", "version": "9", HAPPENED: "2024-03-01T00:00:00+00:00"}, "",
              chance.choice([e.id for e in walk] + [uuid7(1000)]) if walk else "")
        for i in range(data.draw(st.integers(0, 6)))
    ]  # fmt: skip
    clash = [replace(e, by="otro") for e in walk[:1]]
    everything = [*walk, *strays, *clash]
    first = seen(fold(everything, VERSIONS))
    for _ in range(3):
        mixed = everything + chance.sample(everything, len(everything) // 2)
        chance.shuffle(mixed)
        assert seen(fold(mixed, VERSIONS)) == first
    state = fold(everything, VERSIONS)
    told = {s.event.id for s in state.steps} | {e.id for e, _ in state.aside} | {e.id for e in state.voided}
    mended = {e.id for e in everything if e.act in (CORRECT, VOID)}
    assert told | mended == {e.id for e in everything}, "an event was lost"


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(cases(MEX))
def test_what_was_allowed_when_it_was_done_is_never_set_aside(walk: list[Event]) -> None:
    assert fold(walk, VERSIONS).aside == []


def test_of_two_officers_who_decide_at_once_one_counts_and_the_other_is_kept_for_a_person() -> None:
    before = [
        *opened(),
        did(5, "interview", "protection", days=4, values={"language": "es"}),
        did(6, "give_opinion", "protection", days=5),
    ]
    yes, no = did(7, "recognise", "coordinator", days=6), did(8, "refuse", "coordinator", days=6, late=0.1)
    for order in ([yes, no], [no, yes]):
        state = fold([*before, *order], VERSIONS)
        assert state.stage == "granted"
        assert [(e.act, w) for e, w in state.aside] == [("refuse", Why.STAGE)]


def test_what_comes_late_from_a_device_takes_its_place_by_when_it_happened() -> None:
    events = opened()
    late = did(9, "withdraw", "applicant", days=2.5, late=30)
    state = fold([*events, late], VERSIONS)
    assert state.stage == "withdrawn"
    assert [e.act for e, _ in state.aside] == ["assign_modality"]


def test_a_correction_mends_values_and_days_and_the_one_recorded_last_holds() -> None:
    events = opened()
    mends = [
        did(20, CORRECT, days=9, target=uuid7(1), values={"nationality": "HTI"}, reason="x"),
        did(21, CORRECT, days=8, target=uuid7(1), values={"nationality": "CUB"}, reason="x"),
        did(22, CORRECT, days=9, target=uuid7(2), values={HAPPENED: "2024-02-02T20:00:00-06:00"}, reason="x"),
    ]
    state = fold([*events, *mends], VERSIONS)
    assert state.facts["nationality"] == "HTI"
    assert state.days["admit"] == [datetime(2024, 2, 3, tzinfo=UTC).toordinal()]


def test_an_act_that_was_voided_is_as_if_it_had_not_been_and_its_voiding_can_be_voided() -> None:
    events = [*opened(), did(5, "withdraw", "applicant", days=4)]
    void = did(30, VOID, days=5, target=uuid7(5), reason="otra persona")
    assert fold([*events, void], VERSIONS).stage == "interview"
    undone = did(31, VOID, days=6, target=uuid7(30), reason="sí era")
    assert fold([*events, void, undone], VERSIONS).stage == "withdrawn"


def test_a_clock_that_is_wrong_moves_nothing() -> None:
    ahead = replace(did(40, "withdraw", "applicant", days=400), recorded=DAY + timedelta(days=4))
    state = fold([*opened(), ahead], VERSIONS)
    assert state.stage == "interview"
    assert [w for _, w in state.aside] == [Why.CLOCK]


def test_an_abandoned_case_is_reopened_where_it_stood() -> None:
    events = [
        *opened(),
        did(5, "abandon", "coordinator", days=40, values={"ground": "signatures"}),
        did(6, "reopen", "coordinator", days=50),
    ]
    assert fold(events[:-1], VERSIONS).stage == "abandoned"
    assert fold(events, VERSIONS).stage == "interview"


def test_a_case_stays_under_its_version_until_it_is_moved() -> None:
    newer = replace(MEX, version="2026.1", follows={"2025.1": {"interview": "assessment"}})
    both = {**VERSIONS, "2026.1": newer}
    assert fold(opened(), both).version == "2025.1"
    move = did(50, MOVE, "coordinator", days=9, values={"version": "2026.1"}, reason="reforma")
    state = fold([*opened(), move], both)
    assert (state.version, state.stage) == ("2026.1", "assessment")
    assert preview([fold(opened(), both)], newer).goes == {("interview", "assessment"): 1}


def test_a_version_without_a_place_for_a_case_does_not_get_it() -> None:
    stages = {c: s for c, s in MEX.stages.items() if c != "interview"}
    newer = replace(MEX, version="2026.1", stages=stages, follows={"2025.1": {}})
    move = did(50, MOVE, "coordinator", days=9, values={"version": "2026.1"}, reason="reforma")
    state = fold([*opened(), move], {**VERSIONS, "2026.1": newer})
    assert (state.version, state.stage) == ("2025.1", "interview")
    assert [w for _, w in state.aside] == [Why.VERSION]
    assert preview([fold(opened(), VERSIONS)], newer).stays == {"interview": 1}


def test_a_moment_without_its_offset_is_no_event() -> None:
    with pytest.raises(ValueError, match="offset"):
        replace(opened()[0], happened=datetime(2024, 1, 1))  # noqa: DTZ001 - that is the point
    with pytest.raises(ValueError, match="year"):
        replace(opened()[0], recorded=datetime.max.replace(tzinfo=UTC))


def test_a_correction_to_no_year_of_ours_moves_nothing() -> None:
    for moment in ("9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00", "soon", None, [1]):
        mend = did(20, CORRECT, days=9, target=uuid7(2), values={HAPPENED: moment}, reason="x")
        assert fold([*opened(), mend], VERSIONS).stage == "interview"


def test_an_act_belongs_to_the_day_of_its_state() -> None:
    late = replace(opened()[0], happened=datetime(2024, 2, 2, 5, 30, tzinfo=UTC))
    late = replace(late, recorded=late.happened)
    mexico = fold([late], VERSIONS, ZoneInfo("America/Mexico_City"))
    assert mexico.days["claim"] == [datetime(2024, 2, 1, tzinfo=UTC).toordinal()]
    assert fold([late], VERSIONS).days["claim"] == [datetime(2024, 2, 2, tzinfo=UTC).toordinal()]

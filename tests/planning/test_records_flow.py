"""How a record comes into force, and what of it was known on a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.planning.records.flow import STEPS, Act, Standing, Status, Step, as_known, fold, offered
from mirps.planning.records.kinds import Flow

DAY = datetime(2024, 1, 1, tzinfo=UTC)


def step(n: int, act: Act, by: str = "ana", day: int | None = None, says: str = "") -> Step:
    at = DAY + timedelta(days=n if day is None else day)
    return Step(n, act, by, at, at, {"title": {"es": says or str(n), "en": says or str(n)}})


def test_what_is_published_stays_in_force_while_somebody_writes_on() -> None:
    steps = [step(1, Act.SAVE), step(2, Act.SUBMIT), step(3, Act.PUBLISH, "bea"), step(4, Act.SAVE)]
    now = fold(steps, Flow.REVIEWED)
    assert now.status is Status.DRAFT
    assert now.public == steps[2].data
    assert now.data == steps[3].data
    assert now.written_by == {"ana"}


def test_what_is_direct_is_in_force_as_it_is_written() -> None:
    now = fold([step(1, Act.SAVE), step(2, Act.SAVE)], Flow.DIRECT)
    assert (now.status, now.public, now.written_by) == (Status.PUBLISHED, step(2, Act.SAVE).data, frozenset())


def test_what_is_withdrawn_is_no_longer_in_force_and_can_be_written_anew() -> None:
    steps = [step(1, Act.SAVE), step(2, Act.WITHDRAW)]
    assert fold(steps, Flow.DIRECT).public is None
    assert fold([*steps, step(3, Act.SAVE)], Flow.DIRECT).public == step(3, Act.SAVE).data


def test_a_document_read_later_counts_from_its_own_day() -> None:
    """The report of December was loaded first, that of August afterwards."""
    steps = [step(1, Act.PUBLISH, day=300, says="December"), step(2, Act.PUBLISH, day=200, says="August")]
    assert as_known(steps, Flow.REVIEWED, DAY + timedelta(days=100)) is None
    assert as_known(steps, Flow.REVIEWED, DAY + timedelta(days=250)) == steps[1].data
    assert as_known(steps, Flow.REVIEWED, DAY + timedelta(days=400)) == steps[0].data


@given(st.lists(st.sampled_from(list(Act)), max_size=12))
def test_from_any_status_something_may_be_done_and_only_publishing_makes_public(acts: list[Act]) -> None:
    now = Standing()
    steps: list[Step] = []
    for n, act in enumerate(acts, start=1):
        assert offered(now.status, Flow.REVIEWED)
        if act not in offered(now.status, Flow.REVIEWED):
            continue
        steps.append(step(n, act))
        was, now = now, fold(steps, Flow.REVIEWED)
        assert now.status is STEPS[act][1]
        if act is not Act.PUBLISH:
            assert now.public == (None if act is Act.WITHDRAW else was.public)


@given(st.permutations(range(1, 6)))
def test_in_whatever_order_documents_are_read_the_same_is_known_in_the_end(order: list[int]) -> None:
    steps = [step(n, Act.PUBLISH, day=day) for n, day in enumerate(order, start=1)]
    found = as_known(steps, Flow.REVIEWED, DAY + timedelta(days=100))
    assert found == max(steps, key=lambda s: s.known_at).data


@pytest.mark.parametrize("status", list(Status))
def test_whoever_may_write_is_never_shut_out_of_a_direct_record(status: Status) -> None:
    assert Act.SAVE in offered(status, Flow.DIRECT)

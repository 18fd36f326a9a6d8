"""Files that were joined can be parted again, in whatever order, and nothing said in them is lost."""

from __future__ import annotations

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from mirps.people.registry.joining import Joined, roots

A, B, C, D = (uuid4() for _ in range(4))


def test_whoever_was_joined_to_one_who_is_joined_stands_for_the_last() -> None:
    assert roots([Joined(A, B, True), Joined(C, A, True)]) == {A: C, B: C}


def test_parting_takes_back_one_joining_and_leaves_the_others() -> None:
    held = [Joined(A, B, True), Joined(A, C, True), Joined(A, B, False)]
    assert roots(held) == {C: A}


def test_a_file_parted_from_a_middle_one_takes_along_whom_it_had_joined() -> None:
    held = [Joined(B, C, True), Joined(A, B, True), Joined(A, B, False)]
    assert roots(held) == {C: B}


@given(st.lists(st.tuples(st.sampled_from([A, B, C, D]), st.sampled_from([A, B, C, D])), max_size=6))
def test_whatever_was_joined_and_parted_again_stands_as_before(pairs: list[tuple[UUID, UUID]]) -> None:
    events: list[Joined] = []
    for kept, other in pairs:
        standing = roots(events)
        if kept != other and kept not in standing and other not in standing:
            events.append(Joined(kept, other, True))
    undone = [Joined(e.kept, e.other, False) for e in reversed(events)]
    assert roots([*events, *undone]) == {}
    for n in range(len(events)):
        assert roots([*events, *undone[: len(events) - n]]) == roots(events[:n])

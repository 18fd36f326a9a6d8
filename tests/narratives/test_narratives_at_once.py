"""People who write or hand over one section at the same moment: every word is kept, one version follows another."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from tests.narratives.conftest import NOW, section, write
from tests.together import at_once

from mirps.evidence.narratives import api as narratives
from mirps.evidence.narratives.api import Outcome
from mirps.evidence.rounds.api import CannotStep, Round, Status, Step

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def together(n: int, act: Callable[[int], str]) -> list[str]:
    return sorted(at_once(act, range(n)))


def test_of_those_who_write_upon_one_version_one_is_taken_and_all_are_kept(sections_2025: Round) -> None:
    s = section("context")
    done = together(5, lambda n: write(s, "es", f"Texto {n}.", base=0, of=0, by=f"p{n}").outcome)
    assert done == [Outcome.CONFLICT] * 4 + [Outcome.WRITTEN]
    kept = narratives.versions(s.pk, "es")
    assert sorted(t.text for t in kept) == [f"Texto {n}." for n in range(5)]
    assert [t.number for t in kept if t.number is not None] == [1]


def test_one_post_sent_five_times_at_once_is_one_version(sections_2025: Round) -> None:
    s, mark = section("context"), uuid4()
    done = together(5, lambda n: write(s, "es", "Uno.", base=0, of=0, client=mark).outcome)
    assert done == [Outcome.AGAIN] * 4 + [Outcome.WRITTEN]
    assert len(narratives.versions(s.pk)) == 1


def test_a_section_is_handed_over_once(sections_2025: Round) -> None:
    s = section("context")
    write(s, "es", "Uno.")
    write(s, "en", "One.")

    def hand(n: int) -> str:
        try:
            narratives.take(sections=[s.pk], step=Step.SUBMIT, by=f"p{n}", role="any", at=NOW)
            return "handed"
        except CannotStep as e:
            return e.key

    assert together(3, hand) == ["handed", "workflow.fault.step", "workflow.fault.step"]
    assert [x.step for x in narratives.steps_taken(s.pk)] == [Step.SUBMIT]
    assert section("context").status == Status.SUBMITTED

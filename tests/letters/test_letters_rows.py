"""PostgreSQL holds who sees a letter, and what came in through a window: as the role that serves pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cases.conftest import ask, role
from tests.cases.desks import AT, Walked, claimed, posted, seat
from tests.cases.test_cases_rows import Ask

from mirps.casework.letters import api as letters
from mirps.casework.window import api as window
from mirps.people.custody.api import Seat

__all__ = ["ask", "role"]
pytestmark = pytest.mark.postgres
ELSEWHERE = (None, Seat("x", "MEX", "MEX.DIF", purpose="procedure"), Seat("x", "PAN", "MEX.COMAR"))


@pytest.fixture
def case(role: str, settings: object, tmp_path: Path) -> Walked:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    posted()
    made = claimed()
    (letter,) = letters.issue(made.id, ["constancia"], made.id, seat=seat(), at=AT)
    letters.annul(letter.serial, reason="a mistake", seat=seat(), at=AT)
    access, _ = window.open_window(letter.person_id, "482915", seat=seat(), at=AT)
    sent = window.write(access, "question", "¿Cuándo?", at=AT)
    window.answer(sent.id, outcome="answered", text="El lunes.", seat=seat(), at=AT)
    return made


@pytest.mark.parametrize("table", ["letter", "letterevent", "windowitem", "windowanswer"])
def test_from_elsewhere_nothing_is_there(case: Walked, ask: Ask, table: str) -> None:
    for sits in ELSEWHERE:
        assert ask(f"SELECT count(*) FROM casework_{table}", sits) == [(0,)], sits
    assert ask(f"SELECT count(*) FROM casework_{table}", seat()) == [(1,)]


def test_an_institution_with_a_part_sees_no_letter_of_acts_that_are_not_its_own(
    case: Walked, ask: Ask
) -> None:
    inm = Seat("inma", "MEX", "MEX.INM", purpose="procedure")
    assert ask("SELECT count(*) FROM casework_letter", inm) == [(0,)]

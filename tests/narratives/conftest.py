"""Sections of the small round of tests/rounds, and what people write in them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.rounds.conftest import NOW, cell, round_2025
from tests.rounds.conftest import write as write_value

from mirps.evidence.entries import api as entries
from mirps.evidence.narratives import api as narratives
from mirps.evidence.narratives.api import Section, Written
from mirps.evidence.rounds.api import Round, Step

__all__ = [
    "FIGURE",
    "NOW",
    "cell",
    "hand_over",
    "round_2025",
    "section",
    "sections_2025",
    "write",
    "write_value",
]
#: The figure that what Honduras is asked for first becomes.
FIGURE = "r2025-hnd-inm-001"


@pytest.fixture
def sections_2025(round_2025: Round) -> Round:
    """The round with what it asks to be written."""
    narratives.prepare(round="2025", by="secretariat", at=NOW)
    return round_2025


def section(code: str, state: str = "HND") -> Section:
    return Section.objects.get(round="2025", state=state, code=code)


def write(
    s: Section, lang: str, text: str, *, by: str = "fatima", minutes: int = 1, **given: object
) -> Written:
    """Write as a form does: upon what stands now, beside what stands in the other language."""
    held = narratives.held([s])[s.pk]
    about = {
        "base": held.version(lang).number, "of": held.version(narratives.other(lang)).number, "client": uuid4(),
        **given,
    }  # fmt: skip
    at = NOW + timedelta(minutes=minutes)
    return narratives.write(section=s.pk, lang=lang, text=text, by=by, at=at, **about)  # type: ignore[arg-type]


def hand_over(code: str, value: int) -> None:
    """A value that the clerk wrote and handed over."""
    c = cell(code)
    write_value(c, value)
    entries.take(cells=[c.pk], step=Step.SUBMIT, by="clerk", role="data-entry", at=NOW + timedelta(minutes=1))


@pytest.fixture(autouse=True)
def _fresh_ledger() -> None:
    """Tests roll the ledger back without its version going on: nothing of it is remembered from one to the next."""
    from mirps.evidence.narratives import binding

    binding._public.cache_clear()

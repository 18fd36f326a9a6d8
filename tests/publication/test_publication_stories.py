"""A story whose consent does not hold keeps a round from being published; a withdrawn text keeps nothing back."""

from __future__ import annotations

import pytest
from tests.narratives.conftest import NOW, round_2025, section, sections_2025, write

from mirps.evidence.narratives import api as narratives
from mirps.evidence.narratives.api import Section
from mirps.evidence.rounds.api import Round, Status
from mirps.sharing.publication.queries import approved, held_up_by
from mirps.sharing.publication.rules import Holds

__all__ = ["round_2025", "sections_2025"]
pytestmark = pytest.mark.django_db


def holds(of: Round, state: str) -> dict[Holds, int]:
    return {b.holds: b.count for b in held_up_by(of) if b.state == state}


def test_a_story_without_a_consent_is_named_among_what_holds_publication_up(sections_2025: Round) -> None:
    assert Holds.CONSENTS not in holds(sections_2025, "HND")
    write(section("stories"), "es", "Alma abrió una panadería.")
    assert holds(sections_2025, "HND")[Holds.CONSENTS] == 1


def test_a_withdrawn_text_is_neither_awaited_nor_published(sections_2025: Round) -> None:
    awaited = holds(sections_2025, "HND")[Holds.SECTIONS]
    s = section("context")
    Section.objects.filter(pk=s.pk).update(status=Status.REGION)
    assert approved("2025", without=[])[1] == [s.pk]
    narratives.withdraw(section=s.pk, by="secretariat", at=NOW)
    assert approved("2025", without=[])[1] == []
    assert holds(sections_2025, "HND")[Holds.SECTIONS] == awaited - 1

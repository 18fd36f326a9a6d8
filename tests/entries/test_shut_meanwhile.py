"""What is typed into a form while a colleague hands the value over is not dropped unsaid."""

from __future__ import annotations

import pytest
from tests.entries.conftest import signed_in
from tests.rounds.conftest import NOW, cell, round_2025, write  # noqa: F401 - a fixture

from mirps.base.access.api import User
from mirps.evidence.entries import api as entries
from mirps.evidence.rounds.api import Round, Step

CODE = "hnd-inm-002"


@pytest.fixture
def handed(round_2025: Round) -> entries.Cell:  # noqa: F811
    """A value that a colleague handed over after the form was opened."""
    write(cell(CODE), 90)
    entries.take(cells=[cell(CODE).pk], step=Step.SUBMIT, by="luis", role="data-entry", at=NOW)
    return cell(CODE)


@pytest.mark.parametrize(("lang", "word"), [("es", "95"), ("en", "95")])
def test_the_form_says_so_and_keeps_what_was_typed(
    handed: entries.Cell, ana: User, lang: str, word: str
) -> None:
    answer = signed_in(ana).post(
        f"/{lang}/rounds/2025/enter/HND.INM/{CODE}/",
        {f"v-{handed.pk}": word, f"b-{handed.pk}": "0", "why": "value", "qualifier": "exact", "go": "next"},
    )
    assert answer.status_code == 422
    assert f'id="fault-v-{handed.pk}"' in answer.content.decode()
    assert word in answer.content.decode()


def test_the_sheet_without_a_script_says_so_too(handed: entries.Cell, ana: User) -> None:
    answer = signed_in(ana).post(
        "/es/rounds/2025/enter/HND.INM/grid/",
        {f"v-{handed.pk}.0": "95", f"v-{cell('hnd-inm-001').pk}.0": "7"},
    )
    assert answer.status_code == 422
    assert "95" in answer.content.decode()
    assert cell("hnd-inm-001").value is None, "the whole sheet waits"


def test_what_was_left_as_it_stands_is_no_fault(handed: entries.Cell, ana: User) -> None:
    answer = signed_in(ana).post(
        f"/es/rounds/2025/enter/HND.INM/{CODE}/",
        {f"v-{handed.pk}": "90", f"b-{handed.pk}": "1", "why": "value", "qualifier": "exact", "go": "next"},
    )
    assert answer.status_code == 302

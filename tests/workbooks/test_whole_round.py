"""The round that asks again what 2024 stated: every institution's workbook, in both languages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Due, Kind, Round, Stage
from mirps.evidence.workbooks import api as workbooks
from mirps.evidence.workbooks.planning import Fate

from .conftest import NOW, fill, look, made, opened, rows_of, take_in, values_of


@pytest.fixture
def asked_again(loaded: None) -> Round:
    """The annual round of 2025, set up from 2024 as the product proposes it, and open."""
    first, last = date(2025, 1, 1), date(2025, 12, 31)
    asks = rounds.proposed_from(previous="2024", starts=first, ends=last)
    held = rounds.set_up(
        code="2025", kind=Kind.ANNUAL, title_es="Ronda anual 2025", title_en="Annual round 2025",
        starts=first, ends=last, cut_off=None, asks=asks, previous="2024", by="secretariat", at=NOW,
    )  # fmt: skip
    rounds.set_due(round=held, step=Due.ENTRY, due=NOW + timedelta(days=20), by="secretariat", at=NOW)
    entries.prepare(round="2025")
    return rounds.turn(round="2025", to=Stage.OPEN, by="secretariat", at=NOW)


@pytest.mark.slow
def test_every_workbook_is_made_and_read_back_unchanged(asked_again: Round) -> None:
    found = workbooks.institutions("2025")
    assert len(found) > 30
    keys, earlier = 0, 0
    for n, (_, institution) in enumerate(found):
        lang = ("es", "en")[n % 2]
        content = made(institution, lang)
        sheet = values_of(opened(content))
        keys += len(rows_of(sheet))
        earlier += sum(sheet.cell(y, 6).value is not None for y in rows_of(sheet).values())
        plan = look(content, institution).plan
        assert plan.faults == (), institution
        assert {i.fate for i in plan.items} == {Fate.SAME}
    assert keys == Cell.objects.filter(asked__round_id="2025").count()
    assert earlier > 200  # what 2024 stated stands beside what is asked


def test_last_year_s_value_stands_beside_what_is_asked(asked_again: Round) -> None:
    sheet = values_of(opened(made("HND.INM")))
    told = [(sheet.cell(y, 6).value, sheet.cell(y, 7).value) for y in rows_of(sheet).values()]
    assert any(value and "2024" in str(when) for value, when in told)


def test_making_and_taking_in_ask_the_database_a_few_times_however_much_is_asked(asked_again: Round) -> None:
    big = max(
        workbooks.institutions("2025"), key=lambda p: Cell.objects.filter(asked__institution=p[1]).count()
    )[1]
    with CaptureQueriesContext(connection) as making:
        content = made(big)
    assert len(making) <= 6
    keys = list(rows_of(values_of(opened(content))))
    filled = fill(content, dict.fromkeys(keys, 1))
    with CaptureQueriesContext(connection) as taking:
        done = take_in(filled, institution=big)
    assert done.counts["written"] > 20
    assert len(taking) <= 20

"""A figure that was counted from cases stands beside the cell that it speaks of, and is never written over anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from tests.entries.conftest import person, signed_in
from tests.review.conftest import submit
from tests.rounds.conftest import NOW, ask, cell, write

from mirps.base.access.api import User
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.fitting import Place, Why, fitted
from mirps.evidence.entries.models import Cell, Statement
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import SUPPRESSED, UNKNOWN, Figure, Origin
from mirps.evidence.rounds.api import Round, Status

ASK = "/{lang}/rounds/2025/enter/HND.INM/hnd-inm-001/"
STARTS = date(2025, 1, 1)


def counted(value: int | None, **changes: Any) -> Figure:
    """What Honduras counted of its claims from January to September."""
    made = Figure(
        id=f"c-hnd-{value}", document="", locator="", fragment="", state="HND", sector="asylum",
        measure="asylum.applications", value=None if value is None else Decimal(value), unit="application",
        population="ASY", period_start=STARTS, period_end=date(2025, 9, 30), origin=Origin.COMPUTED,
        absence="" if value is not None else SUPPRESSED, status=figures.Status.SUBMITTED,
    )  # fmt: skip
    return replace(made, **changes)


def state(*computed: Figure) -> None:
    figures.state_figures(figures=list(computed), round="2025", by="mirps count", at=NOW)


def misfit(figure: Figure) -> tuple[Why, str, tuple[str, ...]]:
    asks = [
        ask("hnd-inm-001", "HND", "HND.INM", breakdown="sex"),
        ask("hnd-inm-002", "HND", "HND.INM", population="REF"),
    ]
    places = [
        Place(1, asks[0], "", STARTS),
        Place(2, asks[0], "sex=F", STARTS),
        Place(3, asks[1], "", STARTS),
    ]
    fits, left = fitted([figure], places)
    assert not fits
    return left[0].why, left[0].ask, left[0].differs


def test_what_fits_no_cell_says_why_by_what_comes_nearest() -> None:
    assert misfit(counted(1, measure="asylum.interviews")) == (Why.UNASKED, "", ())
    assert misfit(counted(1, stage="registered")) == (Why.DIFFERS, "hnd-inm-001", ("stage",))
    assert misfit(counted(1, population="REF", unit="person")) == (Why.DIFFERS, "hnd-inm-002", ("unit",))
    assert misfit(counted(1, dimensions="age=0-17")) == (Why.BREAKDOWN, "hnd-inm-001", ())
    assert misfit(counted(1, period_start=date(2025, 2, 1))) == (Why.PERIOD, "hnd-inm-001", ())
    assert misfit(counted(1, period_end=date(2026, 1, 1))) == (Why.PERIOD, "hnd-inm-001", ())


def test_a_count_that_reaches_further_takes_the_place_of_one_of_last_month() -> None:
    place = Place(1, ask("hnd-inm-001", "HND", "HND.INM"), "", STARTS)
    older, whole = counted(5, period_end=date(2025, 8, 31)), counted(9, period_end=date(2025, 12, 31))
    fits, left = fitted([whole, older, counted(7)], [place])
    assert (fits[1].figure.value, fits[1].whole, left) == (9, True, [])
    fits, _ = fitted([older, counted(7)], [place])
    assert (fits[1].figure.value, fits[1].whole) == (7, False)


def test_a_stock_is_proposed_from_any_day_of_the_round_so_far() -> None:
    place = Place(
        1,
        ask("p", "HND", "HND.INM", period_start=None, period_end=None, as_of=date(2025, 12, 31)),
        "",
        STARTS,
    )

    def fits(day: date) -> bool:
        return bool(fitted([counted(1, period_start=None, period_end=None, as_of=day)], [place])[0])

    assert fits(STARTS)
    assert fits(date(2025, 12, 31))
    assert not fits(STARTS - timedelta(1))
    assert not fits(date(2026, 1, 1))


@pytest.mark.django_db
def test_a_count_is_shown_as_a_draft_and_changes_no_cell(round_2025: Round, ana: User) -> None:
    state(counted(1234), counted(600, dimensions="sex=F"))
    client = signed_in(ana)
    assert (
        "Borrador, calculado de los casos: 1,234"
        in client.get("/es/rounds/2025/enter/HND.INM/").content.decode()
    )
    page = client.get(ASK.format(lang="en")).content.decode()
    assert "Computed from cases: 1,234" in page
    assert "Computed from cases: 600" in page
    assert "so far" in page
    assert not Statement.objects.exists()
    assert not Cell.objects.exclude(status=Status.EMPTY).exists()
    assert (
        "calculado" not in client.get("/es/rounds/2025/enter/HND.INM/hnd-inm-002/").content.decode().lower()
    )


@pytest.mark.django_db
def test_what_somebody_typed_stays_and_the_count_stands_beside_it(round_2025: Round, ana: User) -> None:
    write(cell("hnd-inm-001"), 1300)
    state(counted(1234))
    page = signed_in(ana).get(ASK.format(lang="en")).content.decode()
    assert "Computed from cases: 1,234" in page
    assert 'value="1,300"' in page
    assert cell("hnd-inm-001").value == 1300


def pressed(client: Client, button: Cell, **typed: str) -> None:
    form = {f"b-{c.pk}": str(c.version) for c in Cell.objects.filter(asked__code="hnd-inm-001")}
    values = {f"v-{cell('hnd-inm-001', d).pk}": v for d, v in {"": "", **typed}.items()}
    answer = client.post(ASK.format(lang="en"), form | values | {"why": "value", "go": f"use-{button.pk}"})
    assert answer.status_code == 302, answer.content.decode()


@pytest.mark.django_db
def test_a_person_takes_the_count_over_with_where_it_comes_from_and_loses_nothing_typed(
    round_2025: Round, ana: User
) -> None:
    state(counted(1234))
    pressed(signed_in(ana), cell("hnd-inm-001"), **{"sex=F": "611"})
    total = cell("hnd-inm-001")
    assert (total.value, total.status, total.written_by) == (1234, Status.DRAFT, "ana")
    assert "c-hnd-1234" in total.note_es
    assert "Computed from cases" in total.note_en
    assert Statement.objects.get(cell=total).via == "computed"
    assert cell("hnd-inm-001", "sex=F").value == 611


@pytest.mark.django_db
def test_a_withheld_count_is_taken_over_as_withheld_and_never_as_a_number(
    round_2025: Round, ana: User
) -> None:
    state(counted(None))
    client = signed_in(ana)
    assert "withheld to protect people" in client.get(ASK.format(lang="en")).content.decode()
    pressed(client, cell("hnd-inm-001"))
    assert (cell("hnd-inm-001").value, cell("hnd-inm-001").absence) == (None, SUPPRESSED)
    assert client.get(ASK.format(lang="es")).status_code == 200
    assert client.get("/es/rounds/2025/enter/HND.INM/grid/").status_code == 200


@pytest.mark.django_db
def test_a_withheld_count_stands_beside_an_answer_that_says_it_is_not_known(round_2025: Round) -> None:
    write(cell("hnd-inm-001"), None, absence=UNKNOWN)
    submit(cell("hnd-inm-001"))
    state(counted(None))
    reviewer = signed_in(person("fernanda", "state-approver", "HND"))
    page = reviewer.get("/en/rounds/2025/review/HND/").content.decode()
    assert "Computed from cases: withheld to protect people" in page


@pytest.mark.django_db
def test_only_what_stands_and_was_released_is_proposed(round_2025: Round) -> None:
    state(counted(5))
    figures.correct(
        old="c-hnd-5",
        new=counted(6, id="c-hnd-5-r2", supersedes="c-hnd-5"),
        by="t",
        at=NOW,
        reason_es="x",
        reason_en="x",
    )
    c = cell("hnd-inm-001")
    assert entries.proposals([(c, c.asked.ask())])[c.pk].figure.value == 6
    figures.move(figures=["c-hnd-5-r2"], to=figures.Status.RETURNED, by="t", at=NOW)
    assert not entries.proposals([(c, c.asked.ask())])
    assert entries.misfits("2025", state="HND") == []
    state(counted(9, id="c-hnd-x", measure="asylum.interviews", unit="interview"))
    assert [m.why for m in entries.misfits("2025", state="HND")] == [Why.UNASKED]

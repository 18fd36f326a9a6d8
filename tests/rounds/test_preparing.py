"""Setting a round up from the last one: what is asked, by when, who may, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.rounds.conftest import NOW, ask

from mirps.base.access.api import User, give_role
from mirps.evidence.figures.api import PackageFaults
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Change, Due, Round, RoundEvent, RoundFault, Stage

NEW = {
    "previous": "2024", "kind": "annual", "code": "2025", "title_es": "Ronda anual 2025",
    "title_en": "Annual round 2025", "starts": "2025-01-01", "ends": "2025-12-31", "cut_off": "",
}  # fmt: skip


def signed_in(role: str, state: str = "", body: str = "") -> Client:
    user = User.objects.create_user(f"{role}-{state}{body}".lower(), password="a long pass phrase")
    give_role(
        user=user, role=role, state=state, body=body, starts=date(2020, 1, 1), ends=None, by="tests",
        at=timezone.now(),
    )  # fmt: skip
    client = Client()
    client.force_login(user)
    return client


def test_the_secretariat_sets_a_round_up_from_2024_and_opens_it(loaded: None) -> None:
    office = signed_in("secretariat")
    assert office.post("/es/rounds/new/", NEW).headers["Location"] == "/es/rounds/2025/setup/"
    shown = office.get("/es/rounds/2025/setup/?state=HND").content.decode()
    assert "Instituto Nacional de Estadística" in shown
    refused = office.post("/es/rounds/2025/setup/turn/", {"to": "open"})
    assert refused.status_code == 422
    assert "Falta la fecha de entrega" in refused.content.decode()
    office.post("/es/rounds/2025/setup/dates/", {"step": "entry", "due": "2026-01-31"})
    assert office.post("/es/rounds/2025/setup/turn/", {"to": "open"}).status_code == 302
    held = Round.objects.get(pk="2025")
    assert held.stage == Stage.OPEN
    assert held.asked.filter(cells__isnull=True).count() == 0
    assert [e.kind for e in RoundEvent.objects.filter(round=held)] == ["made", "dated", "open"]


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "state"), [("focal-point", "HND"), ("data-entry", "HND")])
def test_others_may_not_and_are_told_who_may(role: str, state: str) -> None:
    answer = signed_in(role, state).get("/en/rounds/new/")
    assert answer.status_code == 403
    assert "Technical Secretariat" in answer.content.decode()


@pytest.mark.django_db
def test_who_is_not_signed_in_is_led_there_and_back() -> None:
    assert Client().get("/es/rounds/").headers["Location"] == "/es/sign-in/?next=/es/rounds/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"code": "Año 25"}, "solo minúsculas"),
        ({"starts": "31/12/2025"}, "no es un día"),
        ({"ends": "2024-01-01"}, "antes que el primero"),
        ({"title_en": ""}, "Falta."),
        ({"kind": "loaded"}, "Elija una de la lista"),
        ({"previous": "1999"}, "Elija una de la lista"),
    ],
)
def test_what_a_new_round_lacks_is_said_by_its_field_and_nothing_is_made(
    change: dict[str, str], told: str
) -> None:
    answer = signed_in("secretariat").post("/es/rounds/new/", {**NEW, "previous": "", **change})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Round.objects.exists()


@pytest.mark.django_db
def test_the_date_nearest_to_the_institution_counts(round_2025: Round) -> None:
    later = NOW + timedelta(days=90)
    rounds.set_due(round=round_2025, step=Due.ENTRY, due=later, state="HND", institution="HND.INM",
                   reason="storm damage", by="secretariat", at=NOW)  # fmt: skip
    dates = list(round_2025.due_dates.all())
    assert rounds.due(dates, Due.ENTRY, state="HND", institution="HND.INM") == later
    assert rounds.due(dates, Due.ENTRY, state="CRI", institution="CRI.DGME") == NOW + timedelta(days=20)


@pytest.mark.django_db
def test_moving_a_date_of_an_open_round_says_why(round_2025: Round) -> None:
    with pytest.raises(RoundFault, match="reason"):
        rounds.set_due(round=round_2025, step=Due.ENTRY, due=NOW, by="secretariat", at=NOW)
    assert round_2025.due_dates.count() == 4


@pytest.mark.django_db
def test_what_is_counted_under_a_code_does_not_change_once_the_round_is_open(round_2025: Round) -> None:
    held = round_2025.asked.get(code="hnd-inm-002").ask()
    rounds.ask(round=round_2025, asks=[rounds.moved(held, required=True)], by="secretariat", at=NOW)
    with pytest.raises(RoundFault, match="open"):
        rounds.ask(round=round_2025, asks=[rounds.moved(held, unit="person")], by="secretariat", at=NOW)


def test_a_change_of_what_is_counted_begins_a_series_of_its_own() -> None:
    same = ask("hnd-inm-001", "HND", "HND.INM", change=Change.SAME)
    changed = rounds.moved(same, unit="person")
    assert changed.change is Change.CHANGED
    assert rounds.series_of(same, "2025") != rounds.series_of(changed, "2025")
    assert rounds.moved(same, guidance_es="otra guía").change is Change.SAME


_words = st.sampled_from(["", "sex", "age", "sex;age", "sex*age"])


@given(breakdown=_words, code=st.from_regex(r"[a-z]{3}-[a-z]{2,12}-\d{3}", fullmatch=True))
def test_every_cell_of_a_round_has_a_figure_id_of_its_own(breakdown: str, code: str) -> None:
    one = ask(code, "HND", "HND.INM", breakdown=breakdown)
    cells = rounds.cells(one, {"sex": ["F", "M"], "age": ["0-17", "18+"]})
    ids = {rounds.figure_id("2025", one, c) for c in cells}
    assert len(ids) == len(cells)
    assert all(3 <= len(i) <= 60 for i in ids)


def test_what_is_asked_is_written_out_and_read_back_the_same(tmp_path: Path) -> None:
    asks = [
        ask("hnd-inm-001", "HND", "HND.INM", breakdown="sex;age", guidance_es="Cuente «casos»,\nno personas"),
        ask("cri-dgme-001", "CRI", "CRI.DGME", required=True, dimensions="sex=F"),
    ]
    path = tmp_path / "asked.csv"
    path.write_text(rounds.written_asks(asks), encoding="utf-8")
    assert rounds.read_asks(path) == asks


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("HND.INM", "CRI.DGME", "institution"),
        ("asylum.applications", "asylum.invented", "measure"),
        ("2025-12-31", "31/12/2025", "period_end"),
        (",no,", ",maybe,", "required"),
    ],
)
def test_a_table_with_a_fault_is_refused_whole_and_the_cell_is_named(
    tmp_path: Path, old: str, new: str, column: str
) -> None:
    path = tmp_path / "asked.csv"
    path.write_text(rounds.written_asks([ask("hnd-inm-001", "HND", "HND.INM")]).replace(old, new, 1))
    with pytest.raises(PackageFaults) as caught:
        rounds.read_asks(path)
    assert [(f.line, f.column) for f in caught.value.faults] == [(2, column)]

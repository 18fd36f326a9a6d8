"""Handing over: the new term, the old one's end, and rights that move with them on that day and no other."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.planning.conftest import person

from mirps.base.access import api as access
from mirps.base.access.api import PRESIDENCY, Mandate
from mirps.base.codelists import api as codelists
from mirps.base.notices.api import Notice
from mirps.planning.governance import actions, queries
from mirps.planning.governance.handover import Handover, NotSo, due
from mirps.planning.governance.mandates import mandates
from mirps.planning.governance.rotation import alphabetical
from mirps.planning.governance.terms import Body, Term, Text, who
from mirps.planning.records import api as records

AT = datetime(2026, 1, 10, 15, 0, tzinfo=UTC)
DAY = date(2026, 1, 20)
EVE = DAY - timedelta(days=1)
KINDS = ("member-state", "body", "term")


@pytest.fixture
def governed(db: None, tmp_path: Path) -> None:
    """A database that holds what the documents say of governance, and the rights that follow."""
    for kind in KINDS:
        shutil.copy(codelists.data_folder() / "planning" / "facts" / f"{kind}.csv", tmp_path)
    records.load(tmp_path, by="tests", at=AT)
    access.set_mandates(actions.told(), by="tests", at=AT)


def handover(**changes: Any) -> Handover:
    body = queries.book().body("presidency")
    assert body
    given: dict[str, Any] = {
        "body": body, "starts": DAY, "member": "SLV", "year": "2026", "reason": "Acta de la VIII Reunión Anual",
    }  # fmt: skip
    return Handover(**(given | changes))


@pytest.mark.usefixtures("governed")
def test_the_records_give_the_same_mandates_as_the_files() -> None:
    files = queries.book_of_files(codelists.data_folder())
    assert actions.told() == mandates(files.bodies, files.terms)
    held = queries.book()
    assert held.present() == ["BLZ", "CRI", "GTM", "HND", "MEX", "PAN", "SLV"]
    assert held.bodies == files.bodies


@pytest.mark.usefixtures("governed")
def test_everybody_in_charge_is_told_for_any_day_of_any_body() -> None:
    held = queries.book()
    presidency = held.body("presidency")
    assert presidency
    told = {
        on: who(presidency, held.terms, on) for on in (date(2024, 1, 10), date(2024, 6, 1), date(2025, 1, 1))
    }
    assert [[t.member for t in a.known] for a in told.values()] == [["PAN"], ["BLZ"], ["CRI"]]
    for body in held.bodies.values():
        for year in range(2016, 2030):
            who(body, held.terms, date(year, 6, 1))  # an answer, never an error
    silent = held.body("csan")
    assert silent
    assert not who(silent, held.terms, date(2024, 6, 1)).answered


@pytest.mark.usefixtures("governed")
def test_the_old_presidency_loses_and_the_new_one_gains_on_that_day_and_no_other() -> None:
    old = person("costa-rica", "presidency", "CRI", via=PRESIDENCY)
    new = person("salvador", "presidency", "SLV", via=PRESIDENCY)
    other = person("belice", "presidency", "BLZ", via=PRESIDENCY)
    moved = actions.hand_over(handover(), by="costa-rica", role="presidency", at=AT)
    assert [u.username for u, _ in moved.end] == ["costa-rica"]
    assert [u.username for u, _ in moved.begin] == ["salvador"]
    may = {
        u.username: [access.allowed(u, "governance.write", state="", on=d) for d in (EVE, DAY)]
        for u in (old, new, other)
    }
    assert may == {"costa-rica": [True, False], "salvador": [False, True], "belice": [False, False]}
    assert not actions.drift()
    answer = who(handover().body, queries.book().terms, DAY)
    assert [t.member for t in answer.known] == ["SLV"]
    before = records.get("term/presidency-2025")
    assert (before.public or {})["ends"] == DAY.isoformat()


@pytest.mark.usefixtures("governed")
def test_those_concerned_are_told_and_nobody_else() -> None:
    person("costa-rica", "presidency", "CRI", via=PRESIDENCY)
    person("salvador", "presidency", "SLV", via=PRESIDENCY)
    person("honduras", "focal-point", "HND")
    actions.hand_over(handover(), by="secretariat", role="secretariat", at=AT)
    told = Notice.objects.order_by("user__username").values_list("user__username", "kind")
    assert list(told) == [("costa-rica", "account.role"), ("salvador", "account.role")]


@pytest.mark.usefixtures("governed")
def test_who_stands_in_for_the_old_presidency_ceases_with_it() -> None:
    old = person("costa-rica", "presidency", "CRI", via=PRESIDENCY)
    stand_in = person("suplente", "reader", "")
    access.lend(
        giver=old, taker=stand_in, starts=AT.date(), ends=DAY + timedelta(days=5), reason="viaje",
        by="costa-rica", at=AT,
    )  # fmt: skip
    moved = actions.rehearse(handover(), by="secretariat", role="secretariat", at=AT)
    assert {u.username for u, _ in moved.end} == {"costa-rica", "suplente"}


@pytest.mark.usefixtures("governed")
def test_a_rehearsal_changes_nothing() -> None:
    person("costa-rica", "presidency", "CRI", via=PRESIDENCY)
    before = access.mandates(), records.get("term/presidency-2025").number, records.of_kind("term").count()
    moved = actions.rehearse(handover(), by="x", role="presidency", at=AT)
    assert moved.end
    assert before == (
        access.mandates(),
        records.get("term/presidency-2025").number,
        records.of_kind("term").count(),
    )
    assert not Notice.objects.exists()


@pytest.mark.usefixtures("governed")
def test_the_lead_of_a_team_acts_for_the_team_and_a_co_lead_beside_it() -> None:
    held = queries.book()
    team = held.body("racp")
    assert team
    mexico = person("mexico", "team-lead", "MEX", via="RACP")
    honduras = person("honduras", "team-lead", "HND", via="RACP")
    belize = person("belize", "team-lead", "BLZ", via="RACP")
    assert access.allowed(mexico, "plan.write", state="", body="RACP", on=EVE)
    actions.hand_over(
        Handover(team, DAY, member="HND", reason="nota del equipo"), by="x", role="presidency", at=AT
    )
    later = DAY + timedelta(days=10)
    actions.hand_over(
        Handover(team, later, member="BLZ", also=True, reason="nota del equipo"),
        by="x",
        role="presidency",
        at=AT,
    )
    on = {
        u.username: [access.allowed(u, "plan.write", state="", body="RACP", on=d) for d in (EVE, DAY, later)]
        for u in (mexico, honduras, belize)
    }
    assert on == {
        "mexico": [True, False, False],
        "honduras": [False, True, True],
        "belize": [False, False, True],
    }
    assert not access.allowed(honduras, "plan.write", state="", body="JL", on=DAY)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"member": ""}, "who"),
        ({"member": "", "institution": "UNHCR"}, "state"),
        ({"starts": date(2024, 12, 5), "year": "2025"}, "early"),
        ({"starts": date(2029, 1, 1)}, "far"),
        ({"year": "2030"}, "year"),
        ({"reason": " "}, "reason"),
        ({"member": "CRI"}, "same"),
    ],
)
@pytest.mark.usefixtures("governed")
def test_a_handover_that_cannot_be_says_why(changes: dict[str, Any], key: str) -> None:
    with pytest.raises(NotSo) as refused:
        actions.hand_over(handover(**changes), by="x", role="presidency", at=AT)
    assert refused.value.key == key


@pytest.mark.usefixtures("governed")
def test_a_state_gives_itself_no_rights_of_the_region() -> None:
    data = {
        "title": {"es": "x", "en": "x"}, "role": "presidency", "member": "HND", "starts": "2026-01-12",
        "year": "2026", "basis": "stated",
    }  # fmt: skip
    records.save(
        kind="term", code="coup", parent="body/presidency", state="HND", data=data, base=0, by="hnd", at=AT
    )
    assert not actions.drift()
    assert not [m for m in actions.told() if m.state == "HND" and m.body == PRESIDENCY and m.ends is None]


@pytest.mark.usefixtures("governed")
def test_a_term_changed_by_hand_is_noticed_and_followed() -> None:
    held = records.get("term/id-lead-hnd")
    records.save(
        kind="term",
        code=held.code,
        data={**held.data, "starts": "2024-02-01"},
        base=held.number,
        by="x",
        at=AT,
    )
    assert actions.drift()
    actions.follow(by="x", at=AT)
    assert not actions.drift()
    assert [m.starts for m in access.mandates() if m.body == "ID"] == [date(2021, 1, 1), date(2024, 2, 1)]


@pytest.mark.usefixtures("governed")
def test_after_costa_rica_it_is_the_turn_of_el_salvador() -> None:
    held = queries.book()
    presidency = held.body("presidency")
    assert presidency
    order = alphabetical({s: codelists.states().name(s, "es") for s in held.present()})
    turn = due(order, held.terms, presidency)
    assert turn
    assert (turn.year, turn.state, turn.after) == (2026, "SLV", "CRI")


def test_rights_follow_regional_bodies_alone() -> None:
    team = Body("body/t", "team", Text("T", "T"), short="T", state="HND")
    term = Term("term/t", "body/t", "lead", member="HND", starts="2024-01-01")
    assert mandates({team.key: team}, [term]) == []
    regional = Body("body/t", "team", Text("T", "T"), short="T")
    assert mandates({team.key: regional}, [term]) == [Mandate("T", "HND", date(2024, 1, 1), None)]

"""The pages of governance: a day's answer, the reasons of the rotation, and a handover from form to done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.planning.conftest import Enter, read, signed_in

from mirps.base.access import api as access
from mirps.base.access.api import PRESIDENCY, User
from mirps.planning.governance import api as governance
from mirps.planning.records import api as records

pytestmark = pytest.mark.usefixtures("planned")


@pytest.fixture
def enter() -> Enter:
    """A client signed in as somebody new who holds a role, in the terms that are recorded."""
    access.set_mandates(governance.told(), by="t", at=timezone.now())
    return signed_in


@pytest.mark.parametrize(
    ("body", "on", "es", "en"),
    [
        ("presidency", "2024-01-10", "A cargo: Panamá.", "In charge: Panama."),
        ("presidency", "2024-12-05", "A cargo: Costa Rica.", "In charge: Costa Rica."),
        (
            "presidency",
            "2020-03-01",
            "El Salvador. No dan los días.",
            "El Salvador. They do not give the days.",
        ),
        ("presidency", "2026-06-01", "Ninguna fuente lo dice.", "No source says."),
        ("academia", "2024-01-01", "todavía no existía", "was not there yet"),
        ("csan", "2024-06-01", "Ninguna fuente nombra a nadie", "No source names anybody"),
        (
            "gpip-committee",
            "2024-06-01",
            "Según las fuentes de ese tiempo lo integraban",
            "it was made up of",
        ),
    ],
)
def test_a_body_on_a_day_has_an_answer_in_both_languages(
    client: Client, body: str, on: str, es: str, en: str
) -> None:
    for lang, words in (("es", es), ("en", en)):
        assert words in read(client, f"/{lang}/planning/governance/?body={body}&on={on}")
        assert words in read(client, f"/{lang}/planning/body/{body}/?on={on}")


def test_every_body_of_the_list_has_a_page(client: Client) -> None:
    for body in governance.book().bodies.values():
        assert body.title("es") in read(client, f"/es/planning/body/{body.code}/"), body.code


def test_a_day_that_is_none_is_told_and_today_is_shown(client: Client) -> None:
    assert "Write a day between" in read(client, "/en/planning/governance/?on=nonsense", 422)
    assert "Choose a body" in read(client, "/en/planning/governance/?body=nothing", 422)
    read(client, "/en/planning/body/nothing/", 404)


def test_the_rotation_tells_its_reason_and_that_it_is_inferred(client: Client) -> None:
    words = read(client, "/es/planning/governance/")
    assert "Sigue a Honduras en el orden alfabético. Se pasa por alto a México" in words
    assert "Anterior a la regla: ningún documento dice por qué." in words
    assert "Belice, Costa Rica, El Salvador, Guatemala, Honduras, México, Panamá" in words
    assert words.count("Inferido") >= 8


def test_an_institution_is_found_by_a_name_it_goes_by_without_accents(client: Client) -> None:
    words = read(client, "/es/planning/institutions/?q=cancilleria")
    assert "MINEX" in words
    assert "también «Cancillería»" in words
    assert "COMAR" not in words
    assert "Ninguna institución se llama así" in read(client, "/es/planning/institutions/?q=xyzzy")
    read(client, "/es/planning/institutions/?state=XXX", 404)


FORM: dict[str, Any] = {"member": "SLV", "year": "2027", "reason": "Acta de la reunión"}


def given(**changes: str) -> dict[str, str]:
    today = timezone.now().date()
    start = today + timedelta(days=3)
    return FORM | {"starts": start.isoformat(), "year": str(start.year), "step": "preview"} | changes


def test_a_handover_is_seen_before_it_is_done_and_done_as_seen(enter: Enter) -> None:
    old, new = (
        enter("rica", "presidency", "CRI", via=PRESIDENCY),
        enter("salva", "presidency", "SLV", via=PRESIDENCY),
    )
    assert "Por la rotación le toca a El Salvador" in read(old, "/es/planning/handover/presidency/")
    check = old.post("/es/planning/handover/presidency/", given()).content.decode()
    assert "salva: presidencia" in check.lower()
    assert "Usted deja de actuar ese día" in check
    seen = check.split('name="seen" value="')[1].split('"')[0]
    assert not records.of_kind("term").filter(pk__contains="slv-20").exists(), "nothing is written yet"

    stale = old.post("/es/planning/handover/presidency/", given(step="confirm", seen="another"))
    assert stale.status_code == 409
    done = old.post("/es/planning/handover/presidency/", given(step="confirm", seen=seen))
    assert done.status_code == 302
    assert "El Salvador está a cargo" in read(old, done["Location"])
    user = User.objects.get(username="salva")
    day = timezone.now().date() + timedelta(days=3)
    assert [
        access.allowed(user, "governance.write", state="", on=d) for d in (day - timedelta(days=1), day)
    ] == [
        False,
        True,
    ]
    read(new, "/es/planning/handover/presidency/", 403)  # not before its day
    reason = given()["reason"]
    assert "Anotado en esta plataforma" in read(Client(), "/es/planning/body/presidency/")
    assert reason not in read(Client(), "/es/planning/body/presidency/"), "written for those who work here"
    assert reason in read(old, "/es/planning/body/presidency/")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"member": ""}, "Elija el Estado"),
        ({"starts": ""}, "Escriba el primer día"),
        ({"reason": ""}, "Diga dónde consta"),
        ({"starts": "2024-01-01", "year": "2024"}, "el traspaso es después"),
        ({"year": "abcd"}, "año de cuatro cifras"),
        ({"member": "CRI"}, "ya está a cargo"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(enter: Enter, change: dict[str, str], words: str) -> None:
    desk = enter("severo", "secretariat")
    answer = desk.post("/es/planning/handover/presidency/", given(**change))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_the_chair_of_the_platform_is_an_institution_and_moves_no_rights(enter: Enter) -> None:
    desk = enter("severo", "secretariat")
    wrong = desk.post("/es/planning/handover/platform/", given(institution="nadie"))
    assert "una institución de la lista" in wrong.content.decode()
    answer = desk.post("/es/planning/handover/platform/", given(institution="brasil"))  # an alias will do
    assert "De este asiento no depende la función de ninguna cuenta" in answer.content.decode()


def test_those_without_the_right_are_told_who_has_it(enter: Enter, client: Client) -> None:
    assert client.get("/es/planning/handover/").status_code == 302
    read(enter("leila", "reader"), "/es/planning/handover/", 403)
    focal = enter("hernan", "focal-point", "HND")
    read(focal, "/es/planning/handover/presidency/", 403)
    assert "CIPPDEF" in read(focal, "/es/planning/handover/")
    read(focal, "/es/planning/handover/cippdef/")
    wrong = focal.post("/es/planning/handover/cippdef/", given())
    assert "una institución de la lista" in wrong.content.decode()
    other = focal.post("/es/planning/handover/cippdef/", given(institution="COMAR"))
    assert "es de otro Estado" in other.content.decode()
    check = focal.post("/es/planning/handover/cippdef/", given(institution="SEDH")).content.decode()
    seen = check.split('name="seen" value="')[1].split('"')[0]
    done = focal.post("/es/planning/handover/cippdef/", given(institution="SEDH", seen=seen, step="confirm"))
    start = given()["starts"]
    told = read(focal, f"/es/planning/body/cippdef/?on={start}")
    assert done.status_code == 302
    assert "A cargo: Secretaría de Estado en el Despacho de Derechos Humanos" in told


def test_rights_left_behind_by_a_changed_term_are_shown_and_brought_up_to_date(enter: Enter) -> None:
    desk = enter("severo", "secretariat")
    enter("rica", "presidency", "CRI", via=PRESIDENCY)
    held = records.get("term/presidency-2025")
    records.save(
        kind="term", code=held.code, data={**held.data, "member": "PAN"}, base=held.number, by="x",
        at=timezone.now(),
    )  # fmt: skip
    assert "no lo siguen todavía" in read(desk, "/es/planning/body/presidency/")
    assert "Rica" in read(desk, "/es/planning/handover/")
    assert desk.post("/es/planning/handover/").status_code == 302
    assert "no lo siguen todavía" not in read(desk, "/es/planning/body/presidency/")
    assert not access.allowed(
        User.objects.get(username="rica"), "governance.write", state="", on=timezone.now().date()
    )


def test_rights_follow_a_term_that_is_changed_on_its_own_page(enter: Enter) -> None:
    desk = enter("severo", "secretariat")
    enter("rica", "presidency", "CRI", via=PRESIDENCY)
    held = records.get("term/presidency-2025")
    cells = records.flat(records.kinds()["term"], {**held.data, "member": "PAN"})
    answer = desk.post(f"/es/planning/record/term/{held.code}/edit/", {**cells, "_base": held.number})
    assert answer.status_code == 302, answer.content.decode()
    on = timezone.now().date()
    assert not access.allowed(User.objects.get(username="rica"), "governance.write", state="", on=on)


def test_programs_ask_the_same_question(client: Client) -> None:
    told = client.get("/api/v1/bodies/presidency?on=2024-01-10").json()
    assert told["charge"]["known"] == ["presidency-2023"]
    assert told["charge"]["answered"] is True
    assert {t["code"] for t in told["terms"]} >= {"presidency-2019", "presidency-2025"}
    later = client.get("/api/v1/bodies/presidency?on=2026-06-01").json()["charge"]
    assert (later["answered"], later["known"], later["open"]) == (False, [], ["presidency-2025"])
    assert client.get("/api/v1/bodies/presidency").json()["charge"] is None
    assert client.get("/api/v1/bodies/nothing").status_code == 404
    assert client.get("/api/v1/bodies/presidency?on=nonsense").status_code == 400
    assert {b["code"] for b in client.get("/api/v1/bodies?lang=en").json()["bodies"]} >= {"racp", "csan"}

"""What a system may do over the API: within its scopes, from its institution's seat, each look kept."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from tests import contract
from tests.cases.desks import Walked, claimed, posted
from tests.interop.conftest import AT, V1, Person, bearing
from tests.interop.receiving import System
from tests.registry import said

from mirps.base.audit.api import AuditEntry
from mirps.base.clients import api as clients
from mirps.base.texts.api import catalogue
from mirps.evidence.figures import api as figures
from mirps.people.custody import api as custody
from mirps.people.custody.api import Reading
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry
from mirps.sharing.webhooks import api as webhooks
from mirps.web.api.institutions.reference import described

pytestmark = pytest.mark.django_db
SNAPSHOT = Path(__file__).with_name("openapi.json")


def post(browser: Browser, path: str, given: object, bears: dict[str, str], status: int = 200) -> Any:
    answer = browser.post(V1 + path, json.dumps(given), content_type="application/json", headers=bears)
    assert answer.status_code == status, answer.content
    assert answer["Cache-Control"] == "no-store"
    return answer.json()


def opened_case() -> Walked:
    posted()
    return claimed()


def register(document: str = "HN-0801-1990", **more: str) -> str:
    """Somebody registered with this document; their id."""
    sent = said.family(said.who(document=document), **more)
    seat = custody.Seat("rocio", sent["state"], sent["institution"], sent["office"])
    intake.take(sent, seat=seat, door="desk", at=AT)
    return str(sent["people"][0]["id"])


# --- who is let in


def test_without_a_token_nothing_is_answered_but_what_the_contract_is(client: Browser) -> None:
    told = post(client, "people/check", {"number": "123"}, {}, 401)
    assert told["remedy"]
    assert client.get(f"{V1}openapi.json").status_code == 200
    answer = client.get(f"{V1}figures", headers={"Authorization": "Bearer x.y.z", "Accept-Language": "en"})
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["title"] == "A valid token is missing"


def test_a_token_opens_its_own_scopes_alone(system: System, client: Browser) -> None:
    bears = bearing(client, system(), "letter.verify")
    assert "registration.check" in post(client, "people/check", {"number": "123"}, bears, 403)["detail"]
    assert post(client, "letters/verify", {"code": "a.b.c"}, bears)["verdict"] == "not-signed"


def test_a_session_of_a_person_opens_nothing(person: Person, client: Browser) -> None:
    client.force_login(person("rocio", "registration-supervisor", "MEX", "MEX.COMAR"))
    assert client.get(f"{V1}figures").status_code == 401


def test_too_many_requests_wait_until_the_next_minute(system: System, client: Browser) -> None:
    bears = bearing(client, system())
    found = [client.get(f"{V1}figures", headers=bears).status_code for _ in range(241)]
    assert found.count(200) == 240
    assert found[-1] == 429


def test_every_other_address_and_method_is_explained(system: System, client: Browser) -> None:
    bears = bearing(client, system())
    assert client.get(f"{V1}people/", headers=bears).json()["status"] == 404
    answer = client.delete(f"{V1}figures", headers=bears)
    assert (answer.status_code, answer["Allow"]) == (405, "GET")


# --- looking up


def test_who_is_registered_with_a_document_is_answered_with_yes_or_no_and_the_look_is_kept(
    system: System, client: Browser
) -> None:
    subject, row = register(), system()
    bears = bearing(client, row)
    for number, held in (("hn 0801 1990", True), ("HN-0801-1991", False)):
        assert post(client, "people/check", {"number": number}, bears) == {"registered": held}
    hit, miss = Reading.objects.filter(by=row.user).order_by("-shown")
    assert (hit.act, hit.purpose, hit.institution) == ("lookup", "verification", "MEX.COMAR")
    assert [str(o.subject) for o in hit.people.order_by("id")] == [subject]
    assert custody.opened(hit, "typed") == "hn 0801 1990"
    assert miss.shown == 0


def test_a_document_is_meant_with_its_type_and_country_where_they_are_said(
    system: System, client: Browser
) -> None:
    register()
    bears = bearing(client, system())
    for more, held in (
        ({"type": "id"}, True),
        ({"type": "passport"}, False),
        ({"country": "hnd"}, True),
        ({"country": "GTM"}, False),
    ):
        assert post(client, "people/check", {"number": "HN-0801-1990", **more}, bears)["registered"] is held
    assert "passport" in post(client, "people/check", {"number": "123", "type": "id2"}, bears, 422)["remedy"]


def test_another_institution_learns_of_whom_was_shared_with_it_for_that_purpose_alone(
    system: System, client: Browser
) -> None:
    subject = register()
    bears = bearing(client, system(institution="MEX.RENAPO"))
    asked = {"number": "HN-0801-1990"}
    assert post(client, "people/check", asked, bears) == {"registered": False}
    for purpose, held in (("assistance", False), ("verification", True)):
        custody.share(
            subject=registry.Person.objects.get(pk=subject).pk, state="MEX", institution="MEX.RENAPO", purpose=purpose,
            consent=registry.Person.objects.get(pk=subject).pk, until=timezone.now() + timedelta(days=9),
            by="rocio", at=timezone.now() - timedelta(minutes=1),
        )  # fmt: skip
        assert post(client, "people/check", asked, bears) == {"registered": held}


def test_a_system_that_asks_too_much_is_stopped_and_those_who_answer_for_the_data_are_told(
    system: System, client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(custody.limits(), "lookup", custody.Limit(2, 2))
    row = system()
    bears = bearing(client, row)
    for status in (200, 200, 429):
        post(client, "people/check", {"number": "123"}, bears, status)
    assert AuditEntry.objects.filter(act="custody.limit", by=row.user).exists()


def test_the_status_of_a_case_says_its_stage_and_nobody_s_name(system: System, client: Browser) -> None:
    case, row = opened_case(), system()
    told = client.get(f"{V1}cases/{case.number}", headers=bearing(client, row)).json()
    assert told["number"] == case.number
    assert told["open"] is True
    assert set(told["stage_name"]) == {"es", "en"}
    assert set(told) == {"number", "procedure", "version", "stage", "stage_name", "open", "since", "last"}
    kept = Reading.objects.get(by=row.user)
    assert (kept.act, kept.purpose, kept.shown) == ("lookup", "procedure", 1)


def test_a_case_of_another_institution_is_not_there(system: System, client: Browser) -> None:
    case = opened_case()
    bears = bearing(client, system(institution="MEX.RENAPO"))
    assert client.get(f"{V1}cases/{case.number}", headers=bears).status_code == 404
    assert client.get(f"{V1}cases/none", headers=bears).status_code == 404


# --- registering


def test_a_registration_is_taken_once_however_often_it_is_sent(system: System, client: Browser) -> None:
    sent, row = said.family(), system()
    bears = bearing(client, row)
    first = post(client, "registrations", sent, bears, 201)
    again = post(client, "registrations", sent, bears)
    assert again == {**first, "again": True}
    person = registry.Person.objects.get(number=first["people"][0])
    assert (person.institution, person.office) == ("MEX.COMAR", "MEX.COMAR.TAP")
    assert intake.Arrival.objects.get(pk=sent["id"]).by == row.user


def test_a_registration_with_faults_is_told_each_at_its_place_and_nothing_is_kept(
    system: System, client: Browser
) -> None:
    sent = said.family(said.who(born="3000-01-01"))
    told = post(client, "registrations", sent, bearing(client, system()), 422)
    assert [f["path"] for f in told["faults"]]
    assert all(f["words"]["es"] != f["words"]["en"] for f in told["faults"])
    assert not registry.Person.objects.exists()


def test_nobody_registers_for_another_institution(system: System, client: Browser) -> None:
    told = post(
        client, "registrations", said.family(), bearing(client, system(institution="MEX.RENAPO")), 422
    )
    assert {f["path"] for f in told["faults"]} >= {"institution"}


@pytest.mark.parametrize("body", ["", "{", "[" * 100_000, "\x00", "ñ", '"text"', "null", "[]"])
def test_a_body_that_is_no_registration_is_refused_with_what_to_do(
    system: System, client: Browser, body: str
) -> None:
    answer = client.post(
        f"{V1}registrations", body, content_type="application/json", headers=bearing(client, system())
    )
    assert answer.status_code in (400, 422)
    assert not intake.Arrival.objects.exists()


# --- figures


def test_a_state_s_system_reads_its_own_approved_figures_also_under_embargo(
    loaded: None, system: System, client: Browser
) -> None:
    now = timezone.now()
    figures.set_embargo(round="2024", state="MEX", until=now + timedelta(days=9), by="t", at=now)
    bears = bearing(client, system())
    told = client.get(f"{V1}figures?limit=500", headers=bears).json()
    assert {f["state"] for f in told["figures"]} == {"MEX"}
    assert told["count"] == len(told["figures"])
    one = told["figures"][0]
    figures.FigureRow.objects.filter(pk=one["id"]).update(status="draft", initial_status="draft")
    figures.FigureEvent.objects.filter(figure=one["id"]).delete()
    again = client.get(f"{V1}figures?limit=500", headers=bears).json()
    assert one["id"] not in {f["id"] for f in again["figures"]}
    page = client.get(f"{V1}figures?limit=2", headers=bears).json()
    rest = client.get(f"{V1}figures?limit=500&after={page['next']}", headers=bears).json()
    assert page["figures"] + rest["figures"] == again["figures"]


# --- what stands in files


def test_every_scope_and_event_is_named_and_every_purpose_is_known() -> None:
    assert {s.purpose for s in clients.terms().scopes.values()} <= {"", *custody.purposes()}
    named = {f"interop.scope.{s}" for s in clients.terms().scopes} | {
        f"hooks.kind.{k}" for k in webhooks.kinds()
    }
    assert named <= set(catalogue())


# --- the contract


def test_the_contract_has_not_changed_unseen() -> None:
    """A change is written with: python -c "from tests.interop.test_interop_api import keep; keep()"."""
    assert json.loads(SNAPSHOT.read_text()) == described("en")
    assert described("en")["openapi"].startswith("3.1")


def keep() -> None:
    SNAPSHOT.write_text(json.dumps(described("en"), ensure_ascii=False, indent=1, sort_keys=True) + "\n")


@pytest.mark.parametrize(
    "path",
    [
        "people/check",
        "cases/{number}",
        "letters/verify",
        "registrations",
        "figures",
        "extracts",
        "extracts/{id}",
    ],
)
def test_answers_keep_to_the_contract(
    loaded: None, system: System, client: Browser, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setitem(clients.terms().a_minute, "read", 10**9)  # type: ignore[arg-type]
    monkeypatch.setitem(clients.terms().a_minute, "write", 10**9)  # type: ignore[arg-type]
    monkeypatch.setitem(custody.limits(), "lookup", custody.Limit(10**9, 10**9))
    contract.keeps_to_it(V1, V1 + path, bearing(client, system()))

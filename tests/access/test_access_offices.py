"""A role may be held for one office of an institution, and says so wherever it is shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.access.conftest import AT, SINCE, Make

from mirps.base.access import api as access
from mirps.base.access.api import AccessFault, User
from mirps.base.codelists import api as codelists
from mirps.base.places.rules import gazetteer


def give(user: User, office: str, body: str = "MEX.COMAR", state: str = "MEX") -> access.RoleAssignment:
    return access.give_role(
        user=user, role="registration-officer", state=state, body=body, office=office, starts=SINCE, ends=None,
        by="tests", at=AT,
    )  # fmt: skip


def test_every_office_is_of_an_institution_stands_somewhere_and_names_its_source() -> None:
    places = gazetteer(codelists.data_folder() / "places")
    for office in codelists.offices().values():
        held = codelists.institutions()[office.extra["institution"]]
        assert office.code.startswith(f"{held.code}."), office.code
        assert held.extra["state"] == office.extra["state"], office.code
        assert places.named(office.extra["municipality"], office.extra["state"]), office.code
        assert office.extra["source"].partition(" | ")[0] in codelists.documents(), office.code


def test_roles_at_two_offices_are_two_and_each_is_recorded(make: Make) -> None:
    user = make("rocio")
    give(user, "MEX.COMAR.TAP")
    give(user, "MEX.COMAR.TEN")
    give(user, "MEX.COMAR.TEN")
    held = access.grants_of(user, on=AT.date())
    assert [g.office for g in held] == ["MEX.COMAR.TAP", "MEX.COMAR.TEN"]


@pytest.mark.parametrize("body", ["", "MEX.INM", "PAN.ONPAR"])
def test_an_office_is_of_the_institution_that_the_role_is_held_for(make: Make, body: str) -> None:
    with pytest.raises(AccessFault, match="office-of-body"):
        give(make("rocio"), "MEX.COMAR.TAP", body)


def test_an_administrator_gives_it_by_the_page_and_it_is_shown(
    make: Make, enter: Callable[[User], Client]
) -> None:
    make("rocio", "reader", "MEX")
    client = enter(make("ana", "administrator"))
    role = {"do": "give", "role": "registration-officer", "state": "MEX", "body": "MEX.COMAR",
            "starts": "2026-01-01"}  # fmt: skip
    assert client.post("/es/accounts/rocio/", role | {"office": "PAN.ONPAR.MET"}).status_code == 422
    assert client.post("/es/accounts/rocio/", role | {"office": "NOWHERE"}).status_code == 422
    assert client.post("/es/accounts/rocio/", role | {"office": "MEX.COMAR.TAP"}).status_code == 302
    assert "Oficina de Tapachula" in client.get("/es/accounts/rocio/").content.decode()


def test_who_answers_for_data_protection_reads_who_read_and_never_a_file() -> None:
    acts = access.ALLOWED["data-protection-officer"]
    assert "reading.read" in acts
    assert not acts & {"person.read", "person.search", "person.export"}

"""Retention on its pages and from the shell: listed, approved by another, carried out."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from click.testing import CliRunner
from django.test import Client
from tests.custody.conftest import INM, Make, hire, now
from tests.registry.said import family, who
from tests.retention.test_retention_sweeps import LONG, take

from mirps.base.access.api import User
from mirps.people.custody.api import Request
from mirps.people.registry.models import Person
from mirps.people.retention.api import Sweep
from mirps.web.shell.retention import retention

__all__ = ["hire", "now"]
pytestmark = pytest.mark.django_db
HERE = "/en/people/custody/retention/"


def enter(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_two_people_let_go_on_the_page(hire: Make, now: datetime) -> None:
    diego, delia = (enter(hire(n, "data-protection-officer")) for n in ("diego", "delia"))
    take(family(who()), now - LONG)
    number = Person.objects.get().number
    listed = diego.post(HERE)["Location"]
    page = diego.get(listed).content.decode()
    assert number in page
    assert "Files of which nothing was said for seven years" in page
    assert diego.post(listed, {"do": "run"}).status_code == 422, "nobody has approved it"
    assert diego.post(listed, {"do": "ask", "why": ""}).status_code == 422
    assert diego.post(listed, {"do": "ask", "why": "Yearly"}).status_code == 302
    assert "waits for another person" in diego.get(listed).content.decode()
    asked = f"/en/people/custody/requests/{Request.objects.get().pk}/"
    assert delia.post(asked, {"do": "approve"}).status_code == 302
    assert diego.post(listed, {"do": "run"}).status_code == 302
    done = diego.get(listed).content.decode()
    assert "carried out" in done
    assert number not in done
    assert Person.objects.get().let_go_at is not None


def test_another_institution_finds_no_list_of_ours(hire: Make, now: datetime) -> None:
    listed = enter(hire("diego", "data-protection-officer")).post(HERE)["Location"]
    ines = enter(hire("ines", "data-protection-officer", INM))
    assert ines.get(listed).status_code == 404
    assert ines.post(listed, {"do": "ask", "why": "Mine"}).status_code == 404
    assert enter(hire("sofia", "registration-supervisor")).get(HERE).status_code == 403


@pytest.mark.parametrize("lang", ["es", "en"])
def test_its_pages_stand_in_both_languages(hire: Make, lang: str) -> None:
    diego = enter(hire("diego", "data-protection-officer"))
    listed = diego.post(f"/{lang}/people/custody/retention/")["Location"]
    for where in (f"/{lang}/people/custody/retention/", listed, f"/{lang}/people/custody/"):
        assert diego.get(where).status_code == 200


def test_the_shell_lists_and_carries_out_what_was_approved(hire: Make, now: datetime) -> None:
    diego, delia = (hire(n, "data-protection-officer") for n in ("diego", "delia"))
    take(family(who()), now - LONG)
    said = CliRunner().invoke(retention, ["dry", "MEX.COMAR", "--as", "diego"])
    assert re.search(r"quiet-files\t1\n\t[0-9a-f-]{36}", said.output)
    sweep = str(Sweep.objects.get().pk)
    refused = CliRunner().invoke(retention, ["run", sweep, "--as", "diego", "--lang", "en"])
    assert (refused.exit_code, "Nobody else has approved it" in refused.output) == (1, True)
    enter(diego).post(f"{HERE}{sweep}/", {"do": "ask", "why": "Yearly"})
    enter(delia).post(f"/en/people/custody/requests/{Request.objects.get().pk}/", {"do": "approve"})
    stranger = CliRunner().invoke(retention, ["run", sweep, "--as", "nobody", "--lang", "en"])
    assert stranger.exit_code == 1
    assert CliRunner().invoke(retention, ["run", sweep, "--as", "diego", "--lang", "en"]).exit_code == 0
    assert Person.objects.get().let_go_at is not None

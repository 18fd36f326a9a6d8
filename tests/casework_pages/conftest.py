"""COMAR's desk at Tapachula: its officers, a family that is registered, and the pages of their cases."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.cases import desks
from tests.registry.said import who

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.casework.cases import api as cases
from mirps.people.registry.api import Person
from mirps.web.pages.casework import worklist

SINCE = date(2024, 1, 1)
AT = datetime(2026, 3, 1, tzinfo=UTC)
Officer = Callable[..., Client]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()
    worklist._NAMES.clear()


@pytest.fixture
def officer(db: None) -> Officer:
    """Somebody signed in who carries cases at an office, in these roles of a procedure (none named: those of an
    officer who does everything)."""

    def made(
        username: str = "ana", *posts: str, role: str = "case-officer", body: str = "MEX.COMAR",
        office: str = desks.TAP, procedure: str = desks.MEX, posted: bool = True,
    ) -> Client:  # fmt: skip
        user, _ = User.objects.get_or_create(username=username, defaults={"first_name": username.title()})
        access.give_role(
            user=user, role=role, state=body[:3], body=body, office=office, starts=SINCE, ends=None, by="t", at=AT
        )  # fmt: skip
        if posted:
            desks.posted(username, *posts, office=office, institution=body, procedure=procedure, since=SINCE)
        client = Client()
        client.force_login(user)
        return client

    return made


@pytest.fixture
def ana(officer: Officer) -> Client:
    return officer()


@pytest.fixture
def own_files(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    cache.clear()


@pytest.fixture
def family(db: None) -> list[Person]:
    ids = desks.registered(who("Ximena", "Vásquez López"), who("Axel", "Vásquez López", role="child"))
    found = Person.objects.in_bulk(ids)
    return [found[i] for i in ids]


def read(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code, answer.get("Location"))
    return unescape(answer.content.decode())


def post(client: Client, address: str, given: dict[str, object], status: int = 302) -> str:
    """The page, or where it leads."""
    answer = client.post(address, given)
    page = unescape(answer.content.decode())
    assert answer.status_code == status, (address, answer.status_code, faults(page))
    return str(answer["Location"]) if status == 302 else page


def hidden(page: str, within: str = 'name="made"') -> dict[str, object]:
    """The hidden values of the form that holds `within`."""
    form = next(f for f in re.findall(r"<form.*?</form>", page, re.S) if within in f)
    out: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        if name != "csrfmiddlewaretoken":
            out.setdefault(name, []).append(unescape(value))
    return {k: v if len(v) > 1 else v[0] for k, v in out.items()}


def faults(page: str) -> list[str]:
    """What the summary of faults says."""
    found = re.search(r'id="faults".*?</div>', page, re.S)
    return (
        [re.sub(r"<[^>]+>", "", li) for li in re.findall(r"<li>(.*?)</li>", found[0], re.S)] if found else []
    )


def day(name: str, ago: int) -> dict[str, str]:
    """A day so long ago, as its three boxes."""
    when = timezone.now().date() - timedelta(days=ago)
    return {f"{name}.d": str(when.day), f"{name}.m": str(when.month), f"{name}.y": str(when.year)}


def opened(client: Client, person: Person, *, lang: str = "es", **more: object) -> str:
    """A claim made from a person's file: the address of its case."""
    address = f"/{lang}/people/{person.number}/cases/mex_asylum/claim/"
    typed = {**day("f.entered_on", 10), "f.nationality": "Honduras"}
    return post(client, address, {**hidden(read(client, address)), **typed, **more}).partition("?")[0]


def does(client: Client, case: str, act: str, **typed: object) -> str:
    """Do an act by its form; where it leads."""
    address = f"{case}do/{act}/"
    return post(
        client, address, {**hidden(read(client, address)), "reason": "Consta en el expediente.", **typed}
    )


def number_of(case: str) -> str:
    return cases.tidy(case.rstrip("/").rsplit("/", 1)[1])

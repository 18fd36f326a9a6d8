"""A registration office: its officers, and the pages as they use them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client

from mirps.base.access import api as access
from mirps.base.access.api import User

SINCE = date(2024, 1, 1)
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
Officer = Callable[..., Client]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


@pytest.fixture
def officer(db: None) -> Officer:
    """Somebody signed in who holds a role at an institution, perhaps at one office of it."""

    def made(
        username: str = "rocio", role: str = "registration-officer", *, state: str = "MEX",
        body: str = "MEX.COMAR", office: str = "MEX.COMAR.TAP",
    ) -> Client:  # fmt: skip
        user, _ = User.objects.get_or_create(username=username)
        access.give_role(
            user=user,
            role=role,
            state=state,
            body=body,
            office=office,
            starts=SINCE,
            ends=None,
            by="t",
            at=AT,
        )
        client = Client()
        client.force_login(user)
        return client

    return made


def read(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def post(client: Client, address: str, given: dict[str, object], status: int = 200) -> str:
    """The page, or where it leads."""
    answer = client.post(address, given)
    assert answer.status_code == status, (address, answer.status_code, told(answer.content.decode()))
    return str(answer["Location"]) if status == 302 else answer.content.decode()


def told(page: str) -> list[str]:
    """What the summary of faults says."""
    found = re.search(r'id="faults".*?</div>', page, re.S)
    return (
        [re.sub(r"<[^>]+>", "", li) for li in re.findall(r"<li>(.*?)</li>", unescape(found[0]), re.S)]
        if found
        else []
    )


def hidden(page: str, within: str = "<form") -> dict[str, str]:
    """The hidden values of the form whose beginning contains `within`."""
    form = next(f for f in re.findall(r"<form.*?</form>", page, re.S) if within in f)
    inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in inputs if name != "csrfmiddlewaretoken"}


def seek(client: Client, q: str, **more: str) -> str:
    return post(client, "/es/people/", {"q": q, "purpose": "registration", **more})


def form(client: Client, q: str = "Ximena Vásquez López", **more: str) -> dict[str, str]:
    """The hidden values of a new form, reached as the officer does: by a search."""
    begins = hidden(seek(client, q, **more), "begin")
    page = post(client, "/es/people/register/", {**begins, "do": "begin"})
    return {k: v for k, v in hidden(page, "data-family").items() if not k.startswith("p00.")}


def person(
    n: int = 0, given: str = "Ximena", surnames: str = "Vásquez López", *, role: str = "head", year: str = "1987",
    sex: str = "F", **more: str,
) -> dict[str, str]:  # fmt: skip
    """What is typed of one person."""
    typed = {
        "role": role, "name.0.given": given, "name.0.surnames": surnames, "birth.0.date.d": "4",
        "birth.0.date.m": "5", "birth.0.date.y": year, "sex.0.sex": sex, "nationality.0.country": "Honduras",
        "consent-registration.0.given": "given", "consent-registration.0.how": "spoken", **more,
    }  # fmt: skip
    return {f"p{n}.{name}": value for name, value in typed.items()}


def register(client: Client, *people: dict[str, str], **more: str) -> str:
    """A registered family: the address of its group."""
    typed = form(client)
    for n, one in enumerate(people or (person(),)):
        typed |= one | (
            {} if n == 0 else {f"p{n}.id": f"0199{n:04x}-0000-7000-8000-{abs(hash(str(one))) % 16**12:012x}"}
        )
    return post(client, "/es/people/register/", {**typed, **more, "do": "keep"}, 302)


def members(client: Client, group: str) -> dict[str, str]:
    """Name -> number of those of a group."""
    page = read(client, group)
    rows = re.findall(r'<th scope="row"><a href="/es/people/([^/]+)/">([^<]+)</a>', page)
    return {unescape(name): number for number, name in rows}

"""What tests of planning share. What the process keeps begins empty: one test's records are not the next one's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from mirps.base.access.api import User, give_role
from mirps.planning.records import api as records
from mirps.planning.records.api import Record
from mirps.sharing.portal import queries, recorded, search
from mirps.web import pagecache

AT = datetime(2026, 2, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    queries.forget()
    search.forget()
    recorded.forget()
    pagecache.pages.clear()
    cache.clear()


Enter = Callable[..., Client]


def person(name: str, role: str = "", state: str = "", body: str = "", via: str = "", **more: str) -> User:
    """Somebody who has held a role for long; the same name again holds one more."""
    about = {"first_name": name.capitalize(), "email": f"{name}@example.org", **more}
    user, _ = User.objects.get_or_create(username=name, defaults=about)
    if role:
        give_role(
            user=user, role=role, state=state, body=body, via=via, starts=date(2019, 1, 1), ends=None, by="t", at=AT
        )  # fmt: skip
    return user


def signed_in(
    name: str, role: str = "", state: str = "", body: str = "", via: str = "", **more: str
) -> Client:
    """A browser of that person's."""
    client = Client()
    client.force_login(person(name, role, state, body, via, **more))
    return client


@pytest.fixture
def enter() -> Enter:
    """Sign somebody in who holds a role: `enter(name, role, state, body)`."""
    return signed_in


def read(client: Client, address: str, status: int = 200) -> str:
    """The page at an address, which answers so."""
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return str(answer.content.decode())


def whole_practice(code: str, *, state: str, by: str = "ana") -> Record:
    """A draft of a good practice (a kind that is reviewed) with all that its kind requires."""
    k = records.kinds()["practice"]
    both = {"es": f"Práctica {code}", "en": f"Practice {code}"}
    fill: dict[str, Any] = {
        "words": both, "long": both, "text": "x", "when": "2024", "date": "2024-01-01", "number": "1", "yes": True,
    }  # fmt: skip
    data: dict[str, Any] = {}
    for f in k.fields:
        if not f.required:
            continue
        if f.options:
            data[f.name] = [f.options[0]] if f.many else f.options[0]
        elif f.list:
            held = "HND.INM" if f.list == "institutions" else "HND"
            data[f.name] = [held] if f.many else held
        else:
            data[f.name] = fill[f.type.value]
    return records.save(kind="practice", code=code, data=data, base=0, by=by, at=AT, state=state)

"""An institution's system: registered by one person, approved by another, with a key of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey
from tests.interop.receiving import Receiver, listening

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.clients import api as clients
from mirps.base.clients.api import Client

SINCE, AT = date(2024, 1, 1), datetime(2026, 11, 20, 12, tzinfo=UTC)
V1 = "/api/institutions/v1/"
KEY = ECKey.import_key(
    {"kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
     "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", "d": "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}
)  # fmt: skip  # RFC 7517, appendix A: everybody knows it
SCOPES = (
    "registration.check",
    "registration.submit",
    "case.status",
    "letter.verify",
    "figures.read",
    "extract.fetch",
)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


Person = Callable[..., User]


@pytest.fixture
def person(db: None) -> Person:
    """Somebody who holds a role."""

    def made(username: str, role: str, state: str = "MEX", body: str = "") -> User:
        user, _ = User.objects.get_or_create(username=username)
        access.give_role(user=user, role=role, state=state, body=body, starts=SINCE, ends=None, by="t", at=AT)
        return user

    return made


@pytest.fixture
def system(person: Person) -> Callable[..., Client]:
    """A client in force; `keys` empty: it has a secret (`client.told`)."""

    def made(*scopes: str, institution: str = "MEX.COMAR", keys: str | None = None, **more: str) -> Client:
        state = institution.partition(".")[0]
        row, secret = clients.register(
            name="Sistema", institution=institution, scopes=scopes or SCOPES, sealing=more.get("sealing", ""),
            keys=public_key() if keys is None else keys, by=person(f"ana-{state}", "administrator", state), at=AT,
        )  # fmt: skip
        clients.approve(client=row.pk, by=person(f"beto-{state}", "administrator", state), at=AT)
        row.refresh_from_db()
        row.told = secret
        return row

    return made


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.OUTSIDE = "127.0.0.1+inside"
    with listening() as told:
        yield told


def enter(
    person: Person, username: str, role: str = "administrator", state: str = "MEX", body: str = ""
) -> Browser:
    """The browser of somebody who holds a role, and has signed in."""
    browser = Browser()
    browser.force_login(person(username, role, state, body))
    return browser


def public_key() -> str:
    return json.dumps(KEY.as_dict(private=False))


def assertion(client: str, *, key: Any = KEY, alg: str = "ES256", **more: Any) -> str:
    """What a client signs to prove itself; `more` in place of what is right (None: left out)."""
    now = int(timezone.now().timestamp())
    claims = {"iss": client, "sub": client, "aud": f"{clients.issuer()}/oauth/token", "iat": now, "exp": now + 120,
              "jti": uuid4().hex, **more}  # fmt: skip
    return jwt.encode({"alg": alg}, {k: v for k, v in claims.items() if v is not None}, key, algorithms=[alg])


def asked(browser: Browser, status: int = 200, **form: str) -> dict[str, Any]:
    """The answer of the token endpoint."""
    answer = browser.post("/oauth/token", {"grant_type": "client_credentials", **form})
    assert answer.status_code == status, answer.content
    return dict(answer.json())


def proved(client: str, **more: Any) -> dict[str, str]:
    """The part of a request for a token that proves who asks."""
    return {
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion(client, **more),
    }


def bearing(browser: Browser, client: Client, scope: str = "") -> dict[str, str]:
    """The header with which a client calls the API."""
    told = asked(browser, **proved(client.pk), **({"scope": scope} if scope else {}))
    return {"Authorization": f"Bearer {told['access_token']}"}

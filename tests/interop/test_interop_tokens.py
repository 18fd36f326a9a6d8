"""A system proves who it is and is given a short-lived token for what two people let it do; nobody else is."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from tests.interop.conftest import AT, SCOPES, Person, asked, assertion, proved, public_key
from tests.interop.receiving import System

from mirps.base.access.api import NotAllowed
from mirps.base.audit.api import entries_about
from mirps.base.clients import api as clients
from mirps.base.clients import rules
from mirps.base.clients.api import ClientFault

pytestmark = pytest.mark.django_db


def test_a_signed_assertion_buys_a_token_that_ends_soon(system: System, client: Browser) -> None:
    row = system()
    told = asked(client, **proved(row.pk), scope="case.status letter.verify")
    assert told["token_type"] == "Bearer"
    assert told["expires_in"] == 600
    found = clients.bearer(told["access_token"], at=timezone.now())
    assert found is not None
    assert (found.client.pk, found.scopes) == (row.pk, ("case.status", "letter.verify"))
    assert clients.bearer(told["access_token"], at=timezone.now() + timedelta(minutes=12)) is None


@pytest.mark.parametrize(
    ("alg", "key"), [("Ed25519", OKPKey.generate_key("Ed25519")), ("PS256", RSAKey.generate_key(2048))]
)
def test_other_kinds_of_keys_are_taken(system: System, client: Browser, alg: str, key: Any) -> None:
    row = system(keys=json.dumps({"keys": [key.as_dict(private=False)]}))
    assert asked(client, **proved(row.pk, key=key, alg=alg))["scope"] == " ".join(sorted(SCOPES))


def test_a_key_may_come_as_pem(system: System, client: Browser) -> None:
    key = ECKey.generate_key("P-256")
    row = system(keys=key.as_pem(private=False).decode())
    asked(client, **proved(row.pk, key=key))


def test_a_secret_serves_a_system_that_cannot_sign(system: System, client: Browser) -> None:
    row = system(keys="")
    assert row.secret == rules.digest(row.told)  # type: ignore[attr-defined]
    asked(client, client_id=row.pk, client_secret=row.told)  # type: ignore[attr-defined]
    basic = base64.b64encode(f"{row.pk}:{row.told}".encode()).decode()  # type: ignore[attr-defined]
    form = {"grant_type": "client_credentials"}
    answer = client.post("/oauth/token", form, headers={"Authorization": f"Basic {basic}"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"


def test_a_secret_that_was_rotated_is_taken_for_a_day_beside_the_new_one(
    system: System, client: Browser, person: Person
) -> None:
    row, now = system(keys=""), timezone.now()
    _, new = clients.rotate_secret(client=row.pk, by=person("ana-MEX", "administrator"), at=now)
    for secret in (row.told, new):  # type: ignore[attr-defined]
        asked(client, client_id=row.pk, client_secret=secret)
    old = {"grant_type": "client_credentials", "client_id": row.pk, "client_secret": row.told}  # type: ignore[attr-defined]
    with pytest.raises(clients.TokenRefused):
        clients.token(old, "", at=now + timedelta(hours=25))


def test_an_assertion_is_good_once(system: System, client: Browser) -> None:
    once = proved(system().pk)
    asked(client, **once)
    assert "jti" in asked(client, 401, **once)["es"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "https://another.example/oauth/token"}, {"iss": "somebody"}, {"sub": "somebody"}, {"jti": None},
        {"jti": "short"}, {"exp": None}, {"exp": 1}, {"exp": int(timezone.now().timestamp()) + 86_400},
        {"exp": 10**30}, {"nbf": int(timezone.now().timestamp()) + 3600}, {"key": ECKey.generate_key("P-256")},
        {"key": OctKey.import_key("x" * 40), "alg": "HS256"}, {"aud": 7}, {"sub": ["a"]},
    ],
    ids=lambda w: "-".join(w),
)  # fmt: skip
def test_an_assertion_that_is_not_right_buys_nothing(
    system: System, client: Browser, wrong: dict[str, Any]
) -> None:
    told = asked(client, 401, **proved(system().pk, **wrong))
    assert told["error"] == "invalid_client"
    assert told["es"] != told["en"]
    assert told["error_description"].isascii()


def test_no_signature_at_all_buys_nothing(system: System, client: Browser) -> None:
    head, body, _ = assertion(system().pk).split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    for text in (f"{none}.{body}.", f"{head}.{body}."):
        asked(client, 401, client_assertion=text, client_assertion_type=rules.ASSERTION)


def as_part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


NAMES = st.sampled_from(["iss", "sub", "aud", "exp", "jti", "alg", "kid"])
CLAIMS = st.recursive(
    st.none() | st.text(max_size=9) | st.integers(),
    lambda s: st.lists(s) | st.dictionaries(NAMES, s),
    max_leaves=8,
).map(lambda v: f"e30.{as_part(v)}.AA")


@settings(max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300) | CLAIMS)
def test_anything_sent_as_an_assertion_or_a_token_is_refused_and_breaks_nothing(db: None, text: str) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_assertion": text,
        "client_assertion_type": rules.ASSERTION,
    }
    with pytest.raises(clients.TokenRefused):
        clients.token(form, "", at=AT)
    assert clients.bearer(text, at=AT) is None


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"), ({"grant_type": ""}, "invalid_request"),
        ({}, "invalid_client"), ({"client_secret": "x", "client_assertion": "y"}, "invalid_request"),
        ({"client_assertion": "y"}, "invalid_request"),
        ({"client_secret": "", "client_id": "nobody"}, "invalid_client"),
    ],
)  # fmt: skip
def test_a_request_that_is_not_whole_is_told_what_it_lacks(
    client: Browser, form: dict[str, str], error: str
) -> None:
    assert asked(client, 401 if error == "invalid_client" else 400, **form)["error"] == error


def test_a_client_without_a_secret_is_not_let_in_with_an_empty_one(system: System, client: Browser) -> None:
    asked(client, 401, client_id=system().pk, client_secret="")


def test_a_scope_that_it_does_not_hold_is_refused(system: System, client: Browser) -> None:
    row = system("case.status")
    assert asked(client, 400, **proved(row.pk), scope="case.status figures.read")["error"] == "invalid_scope"


def test_many_refusals_from_one_address_are_no_longer_looked_at(system: System, client: Browser) -> None:
    for _ in range(20):
        asked(client, 401, client_id="nobody", client_secret="x")
    asked(client, 429, **proved(system().pk))


def test_it_is_let_in_once_somebody_else_has_approved_it(person: Person, client: Browser) -> None:
    ana = person("ana", "administrator")
    row, _ = clients.register(
        name="Registro",
        institution="MEX.RENAPO",
        scopes=["case.status"],
        keys=public_key(),
        sealing="",
        by=ana,
        at=AT,
    )
    asked(client, 401, **proved(row.pk))
    with pytest.raises(ClientFault):
        clients.approve(client=row.pk, by=ana, at=AT)
    for other in (
        person("eva", "administrator", "HND"),
        person("rosa", "data-protection-officer", "MEX", "MEX.COMAR"),
    ):
        with pytest.raises(NotAllowed):
            clients.approve(client=row.pk, by=other, at=AT)
    clients.approve(client=row.pk, by=person("noe", "data-protection-officer", "MEX", "MEX.RENAPO"), at=AT)
    asked(client, **proved(row.pk))
    assert [e.act for e in entries_about(f"client/{row.pk}")] == ["client.registered", "client.approved"]


def test_what_was_ended_is_shut_out_at_once_tokens_and_all(
    system: System, client: Browser, person: Person
) -> None:
    row = system()
    token = asked(client, **proved(row.pk))["access_token"]
    clients.end(client=row.pk, by=person("ana-MEX", "administrator"), at=timezone.now())
    assert clients.bearer(token, at=timezone.now()) is None
    asked(client, 401, **proved(row.pk))


def test_tokens_outlive_a_rotation_of_the_node_s_keys(system: System, client: Browser) -> None:
    """Each version of the key file signs with a key of its own; all that are held verify."""
    from mirps.base.clients import tokens

    told = client.get("/oauth/jwks").json()["keys"]
    assert [k["kid"] for k in told] == [k.thumbprint() for k in tokens._keys()]
    assert all("d" not in k for k in told)


def test_what_a_client_needs_to_know_stands_where_clients_look(client: Browser) -> None:
    one, other = (
        client.get(f"/.well-known/{name}").json()
        for name in ("oauth-authorization-server", "openid-configuration")
    )
    assert one == other
    assert one["issuer"] == clients.issuer()
    assert "private_key_jwt" in one["token_endpoint_auth_methods_supported"]


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        (json.dumps(ECKey.generate_key("P-256").as_dict(private=True)), "keys-private"),
        (ECKey.generate_key("P-256").as_pem(private=True).decode(), "keys-private"),
        (json.dumps(OctKey.import_key("x" * 40).as_dict()), "keys-private"),
        (json.dumps(ECKey.generate_key("P-384").as_dict(private=False)), "keys-kind"),
        ('{"keys": []}', "keys-many"), ('{"keys": 3}', "keys-unread"), ("{", "keys-unread"),
        ("ssh-rsa AAAA", "keys-unread"),
        ("x" * 30_000, "keys-long"), ('{"kty": "EC"}', "keys-unread"), ("[" * 9000, "keys-unread"),
        ('{"a":' * 3000, "keys-unread"), ("ñ", "keys-unread"),
    ],
)  # fmt: skip
def test_a_key_that_cannot_serve_is_refused_with_what_to_do(keys: str, key: str) -> None:
    with pytest.raises(ClientFault) as fault:
        rules.read_keys(keys)
    assert fault.value.key == f"interop.fault.{key}"


@settings(max_examples=100, derandomize=True)
@given(text=st.text(max_size=400))
def test_anything_pasted_as_keys_is_read_or_refused(text: str) -> None:
    for read in (rules.read_keys, rules.read_sealing):
        try:
            read(text)
        except ClientFault:
            continue

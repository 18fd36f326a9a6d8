"""The pages on which a system is registered, approved, told of events and shut out."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from tests.cases.desks import AT as CLAIMED_AT
from tests.cases.desks import claimed, posted
from tests.interop.conftest import Person, asked, enter, proved, public_key
from tests.interop.receiving import System

from mirps.base.clients.api import Client
from mirps.base.hooks.api import Answer
from mirps.sharing.webhooks import api as webhooks
from mirps.sharing.webhooks.api import Subscription

pytestmark = pytest.mark.django_db


def read(browser: Browser, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, address
    return unescape(answer.content.decode())


def post(browser: Browser, address: str, given: dict[str, object], status: int = 302) -> str:
    answer = browser.post(address, given)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return str(answer["Location"]) if status == 302 else unescape(answer.content.decode())


NEW: dict[str, object] = {
    "name": "Registro de población", "institution": "MEX.RENAPO", "scope": ["registration.check", "letter.verify"],
}  # fmt: skip


def test_one_registers_a_system_another_approves_it_and_it_is_let_in(person: Person, client: Browser) -> None:
    ana, beto = enter(person, "ana"), enter(person, "beto")
    there = post(ana, "/es/systems/new/", {**NEW, "keys": public_key()}).partition("?")[0]
    row = Client.objects.get()
    assert "Aprobar" not in read(ana, there)
    post(ana, there, {"do": "approve"}, 422)
    assert "Espera aprobación" in read(beto, "/es/systems/")
    assert "Finalidad: Comprobar quién es" in read(beto, there)
    post(beto, there, {"do": "approve"})
    assert "Aprobó el sistema" in read(beto, there)
    asked(client, **proved(row.pk))


def test_whoever_answers_for_the_institution_s_data_approves_and_does_no_more(person: Person) -> None:
    there = post(enter(person, "ana"), "/en/systems/new/", {**NEW, "keys": public_key()}).partition("?")[0]
    noe = enter(person, "noe", "data-protection-officer", "MEX", "MEX.RENAPO")
    assert "Register a system" not in read(noe, "/en/systems/")
    post(noe, "/en/systems/new/", {**NEW, "keys": public_key()}, 403)
    post(noe, there, {"do": "approve"})
    for what in ("end", "keys", "secret"):
        post(noe, there, {"do": what, "keys": public_key()}, 404 if what == "secret" else 403)


def test_a_system_without_a_key_is_given_a_secret_once(person: Person, client: Browser) -> None:
    page = post(enter(person, "ana"), "/es/systems/new/", NEW, 200)
    (name, secret) = re.findall(r"<dd><code>([^<]+)</code>", page)
    there = f"/es/systems/{name}/"
    beto = enter(person, "beto")
    post(beto, there, {"do": "approve"})
    asked(client, client_id=name, client_secret=secret)
    assert secret not in read(beto, there)
    new = re.findall(r"<dd><code>([^<]+)</code>", post(beto, there, {"do": "secret"}, 200))[1]
    for each in (secret, new):
        asked(client, client_id=name, client_secret=each)
    post(beto, there, {"do": "end"})
    asked(client, 401, client_id=name, client_secret=new)


def test_what_was_typed_wrong_is_told_at_its_field_and_stays(person: Person) -> None:
    page = post(enter(person, "ana"), "/es/systems/new/", {"name": "Uno", "institution": "MEX.RENAPO"}, 422)
    assert 'href="#f-scopes"' in page
    assert 'value="Uno"' in page
    page = post(enter(person, "ana"), "/en/systems/new/", {**NEW, "keys": "nope"}, 422)
    assert 'id="fault-keys"' in page
    assert not Client.objects.exists()


def test_systems_of_another_state_are_not_there(system: System, person: Person) -> None:
    row = system()
    eva = enter(person, "eva", "administrator", "HND")
    read(eva, f"/es/systems/{row.pk}/", 404)
    assert row.pk not in read(eva, "/es/systems/")
    post(eva, "/es/systems/new/", {**NEW, "keys": public_key()}, 403)


def test_an_address_is_told_its_messages_are_seen_and_one_is_sent_again(
    system: System, person: Person, settings: Any
) -> None:
    settings.OUTSIDE = "hooks.example"
    row, ana = system(), enter(person, "ana-MEX")
    there = f"/es/systems/{row.pk}/hooks/"
    assert "hooks.example" in read(ana, there)
    assert 'href="#f-address"' in post(
        ana, there, {"address": "http://hooks.example", "kind": ["case.opened"]}, 422
    )
    assert 'href="#f-kinds"' in post(ana, there, {"address": "https://hooks.example"}, 422)
    page = post(ana, there, {"address": "https://hooks.example/in", "kind": ["case.opened"]}, 200)
    assert "whsec_" in page
    hook = Subscription.objects.get()
    Subscription.objects.update(made_at=CLAIMED_AT, seen=CLAIMED_AT)
    posted()
    case = claimed()
    webhooks.look(at=CLAIMED_AT)
    webhooks.send(clock=timezone.now, post=lambda *a: Answer(500, b"<b>no</b>", 12, {}))
    one = f"{there}{hook.pk}/"
    page = read(ana, one)
    assert case.number in page
    assert "<code><b>no</b></code>" in page  # after unescaping: the page itself shows it as text
    assert b"<b>no</b>" not in ana.get(one).content
    assert "Falla desde" in page
    post(ana, one, {"do": "again", "delivery": str(hook.deliveries.get().pk)})
    assert hook.deliveries.get().tries == 0
    post(ana, one, {"do": "again", "delivery": "x"}, 404)
    for what, stands in (("off", "off"), ("on", "on"), ("end", "ended")):
        post(ana, one, {"do": what})
        hook.refresh_from_db()
        assert hook.stands == stands
    assert webhooks.send(clock=lambda: timezone.now() + timedelta(days=1)).sent == 0


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_page_speaks_both_languages(system: System, person: Person, settings: Any, lang: str) -> None:
    settings.OUTSIDE = "hooks.example"
    row, ana = system(), enter(person, "ana-MEX")
    hook, _ = webhooks.subscribe(
        client=row.pk, address="https://hooks.example/", kinds=["case.opened"], by=person("ana-MEX", "administrator"),
        at=timezone.now(),
    )  # fmt: skip
    for page in ("", "new/", f"{row.pk}/", f"{row.pk}/hooks/", f"{row.pk}/hooks/{hook.pk}/"):
        assert f'lang="{lang}"' in read(ana, f"/{lang}/systems/{page}")

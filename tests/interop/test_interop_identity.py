"""Asking an engine who somebody is: what leaves, what is taken, that a person decides, and that no template stays."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.interop import engine_contract as contract
from tests.interop.conftest import Person, enter
from tests.product import free_port
from tests.registry import said

from mirps.base.audit.api import AuditEntry
from mirps.people.custody import api as custody
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry
from mirps.people.verification import api as verification
from mirps.people.verification import engines, rules
from mirps.people.verification.api import CheckFault, Engine, EngineFault, IdentityCheck

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
ENGINE = Engine(
    "renapo", "MEX", "document", "Registro civil", "Civil registry", frozenset({"MEX.COMAR"}), "", SECRET,
    "share-state", waits=2.0,
)  # fmt: skip
FACE = replace(ENGINE, id="face", about="face", name_es="Rostros", name_en="Faces")
SEAT = custody.Seat("rocio", "MEX", "MEX.COMAR", "MEX.COMAR.TAP", purpose="verification")


@contextmanager
def running() -> Iterator[str]:
    """The address of the reference engine, in a process of its own."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.interop.simulator", str(port), SECRET], cwd=Path(__file__).parents[2]
    )
    address = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(address, timeout=2).read()
                break
            except OSError:
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(scope="module")
def simulator(request: pytest.FixtureRequest) -> Iterator[str]:
    import pytest_socket

    pytest_socket.enable_socket()
    with running() as address:
        yield address


@pytest.fixture
def engine(simulator: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The reference engine, configured for COMAR: a registry, and one that compares faces."""
    settings.OUTSIDE = "127.0.0.1+inside"
    both = {e.id: replace(e, address=simulator) for e in (ENGINE, FACE)}
    monkeypatch.setattr(engines, "engines", lambda: both)
    monkeypatch.setattr(verification, "engines", lambda: both)
    return both["renapo"]


# --- the contract


@pytest.mark.enable_socket
@pytest.mark.parametrize("adapter", contract.ADAPTED)
class TestEveryAdapter:
    def test_is_held_to_the_contract(self, adapter: str) -> None:
        contract.every_adapter_is_held_to_this()

    def test_tells_what_fits(self, engine: Engine, adapter: str) -> None:
        contract.what_fits_and_what_does_not_is_told_with_its_band_and_reference(
            contract.ADAPTED[adapter](engine)
        )

    def test_knows_an_answer_that_comes_later(self, engine: Engine, adapter: str) -> None:
        contract.an_answer_that_comes_later_is_no_answer_now(contract.ADAPTED[adapter](engine))

    @pytest.mark.parametrize("says", contract.WRONG)
    def test_takes_nothing_that_is_wrong(self, engine: Engine, adapter: str, says: str) -> None:
        contract.what_is_wrong_is_told_and_nothing_is_taken(contract.ADAPTED[adapter](engine), says)

    def test_tells_one_that_is_not_there(self, engine: Engine, adapter: str) -> None:
        gone = replace(engine, address=f"http://127.0.0.1:{free_port()}/")
        contract.an_engine_that_is_not_there_is_told_as_down(contract.ADAPTED[adapter](gone))


@pytest.mark.enable_socket
def test_the_engine_refuses_what_we_did_not_sign(engine: Engine) -> None:
    other = replace(engine, secret="whsec_" + base64.b64encode(b"o" * 32).decode())
    with pytest.raises(CheckFault) as fault:
        contract.asked(verification.Http(other), "MATCH-1")
    assert fault.value.key == "verification.fault.refused"


NAMES = st.sampled_from(["request", "result", "band", "reference", "template"])
ANY = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8) | st.floats(),
    lambda s: st.lists(s) | st.dictionaries(NAMES, s),
    max_leaves=8,
)


@settings(max_examples=200, derandomize=True)
@given(st.binary(max_size=300) | ANY.map(lambda v: json.dumps(v).encode()))
def test_any_answer_is_read_or_refused(text: bytes) -> None:
    for read in (lambda: rules.read_answer(text, contract.question("x").id), lambda: rules.asked_of(text)):
        try:
            read()
        except CheckFault:
            continue


# --- what leaves, and who decides


def registered(number: str = "MATCH-0801", *, consent: bool = True) -> tuple[registry.Person, str]:
    """Somebody with a document and, where they agreed, the consent; and the id of the document's fact."""
    sent = said.family(said.who(document=number))
    id_ = sent["people"][0]["id"]
    if consent:
        sent["facts"].append(
            said.fact("consent", person=id_, purpose="share-state", given="given", how="spoken")
        )
    intake.take(sent, seat=custody.Seat("rocio", "MEX", "MEX.COMAR", "MEX.COMAR.TAP"), door="desk", at=AT)
    return registry.Person.objects.get(pk=id_), next(
        f["id"] for f in sent["facts"] if f["kind"] == "document"
    )


AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def checks_of(held: registry.Person) -> list[registry.Fact]:
    """What stands in the file of checks of identity."""
    return registry.standing_of([held.pk], "identity-check").get(held.pk, [])


def desk(person: Person) -> Browser:
    return enter(person, "rocio", "registration-officer", body="MEX.COMAR")


def ask(browser: Browser, number: str, status: int = 302, **more: Any) -> str:
    given = {"do": "ask", "engine": "renapo", "why": "Su documento parece alterado", **more}
    answer = browser.post(f"/es/people/{number}/verify/", given)
    assert answer.status_code == status, unescape(answer.content.decode())[:2000]
    return unescape(answer.content.decode())


@pytest.mark.enable_socket
@pytest.mark.django_db
def test_an_answer_is_a_proposal_until_a_person_enters_it(engine: Engine, person: Person) -> None:
    held, document = registered()
    browser = desk(person)
    ask(browser, held.number, fact=document)
    row = IdentityCheck.objects.get()
    assert (row.stand, row.result, row.band) == ("answered", "match", "high")
    assert checks_of(held) == []
    page = unescape(browser.get(f"/es/people/{held.number}/verify/").content.decode())
    assert "Coincide" in page
    assert "Su documento parece alterado" in page
    assert (
        browser.post(f"/es/people/{held.number}/verify/", {"do": "accept", "check": str(row.pk)}).status_code
        == 302
    )
    (fact,) = checks_of(held)
    assert (fact.data["result"], fact.data["engine"], fact.by) == ("match", "renapo", "rocio")
    assert "Comprobación de identidad" in browser.get(f"/es/people/{held.number}/").content.decode()
    assert (
        browser.post(f"/es/people/{held.number}/verify/", {"do": "accept", "check": str(row.pk)}).status_code
        == 422
    )
    acts = AuditEntry.objects.filter(subject=f"person/{held.pk}", act__startswith="identity.").order_by("id")
    assert [a.act for a in acts] == ["identity.asked", "identity.answered", "identity.accepted"]
    assert acts[0].detail["sent"] == ["born", "country", "given", "number", "surnames", "type"]


@pytest.mark.enable_socket
@pytest.mark.django_db
def test_a_no_match_is_set_aside_with_a_reason_and_takes_nothing_from_anybody(
    engine: Engine, person: Person
) -> None:
    held, document = registered("NOMATCH-1")
    browser = desk(person)
    ask(browser, held.number, fact=document)
    row = IdentityCheck.objects.get()
    there = f"/es/people/{held.number}/verify/"
    assert browser.post(there, {"do": "set-aside", "check": str(row.pk), "said": "no"}).status_code == 422
    assert (
        browser.post(
            there, {"do": "set-aside", "check": str(row.pk), "said": "El registro tiene otra fecha"}
        ).status_code
        == 302
    )
    row.refresh_from_db()
    assert row.stand == "set-aside"
    assert verification.told(row)["said"] == "El registro tiene otra fecha"
    assert checks_of(held) == []


@pytest.mark.enable_socket
@pytest.mark.django_db
def test_without_consent_a_document_or_a_reason_nothing_leaves(engine: Engine, person: Person) -> None:
    held, document = registered(consent=False)
    browser = desk(person)
    assert 'id="fault-engine"' in ask(browser, held.number, 422, fact=document)
    agreed, _ = registered()
    assert 'id="f-fact"' in ask(browser, agreed.number, 422)
    assert 'id="fault-why"' in ask(browser, agreed.number, 422, why="sí")
    ask(browser, agreed.number, 422, engine="other")
    ask(browser, agreed.number, 404, fact="x")
    assert not IdentityCheck.objects.exists()


@pytest.mark.enable_socket
@pytest.mark.django_db
def test_a_face_is_compared_and_kept_nowhere(
    engine: Engine, person: Person, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    held, _ = registered()
    picture = b"\xff\xd8\xff" + b"UNSURE-FACE-OF-XIMENA"
    ask(desk(person), held.number, engine="face", face=SimpleUploadedFile("x.jpg", picture))
    row = IdentityCheck.objects.get()
    assert (row.about, row.result) == ("face", "unsure")
    assert list(tmp_path.rglob("*")) == []
    kept = json.dumps([list(map(str, e)) for e in AuditEntry.objects.values_list()]) + json.dumps(
        verification.told(row)
    )
    assert "UNSURE" not in kept
    assert base64.b64encode(picture).decode() not in kept
    ask(desk(person), held.number, 422, engine="face", face=SimpleUploadedFile("x.jpg", b"GIF89a"))


@pytest.mark.enable_socket
@pytest.mark.django_db
@pytest.mark.parametrize("says", ["DOWN", "TEMPLATE", "REPLAY", "FORGED"])
def test_what_went_wrong_is_told_on_the_page_with_what_to_do(
    engine: Engine, person: Person, says: str
) -> None:
    held, document = registered(f"{says}-1")
    browser = desk(person)
    ask(browser, held.number, fact=document)
    row = IdentityCheck.objects.get()
    assert (row.stand, row.result, row.fault) == ("failed", "", contract.WRONG[says])
    for lang in ("es", "en"):
        assert 'class="fault"' in browser.get(f"/{lang}/people/{held.number}/verify/").content.decode()


@pytest.mark.enable_socket
@pytest.mark.django_db
def test_an_answer_that_comes_later_is_taken_once_from_the_engine_alone(
    engine: Engine, person: Person, simulator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, document = registered("LATER-1")
    ask(desk(person), held.number, fact=document)
    assert IdentityCheck.objects.get().stand == "asked"
    told = json.loads(urllib.request.urlopen(simulator, timeout=5).read())
    hook, engine_system = "/hooks/identity/renapo", Browser()

    def post(body: str, headers: dict[str, str]) -> int:
        return engine_system.post(hook, body, content_type="application/json", headers=headers).status_code

    assert post(told["body"], {}) == 401
    assert post(told["body"].replace("match", "no-match"), told["headers"]) == 401
    assert IdentityCheck.objects.get().stand == "asked"
    of_another = engine_system.post(
        "/hooks/identity/face", told["body"], content_type="application/json", headers=told["headers"]
    )
    assert of_another.status_code == 422
    assert post(told["body"], told["headers"]) == 200
    assert IdentityCheck.objects.get().stand == "answered"
    assert post(told["body"], told["headers"]) == 422
    assert (
        engine_system.post("/hooks/identity/nobody", "{}", content_type="application/json").status_code == 404
    )


@pytest.mark.enable_socket
@pytest.mark.django_db
def test_two_engines_know_the_same_person_by_different_names(engine: Engine) -> None:
    from mirps.people.verification.actions import pairwise

    held, _ = registered()
    names = {pairwise(e, held.pk) for e in (ENGINE, FACE)}
    assert len(names) == 2
    assert not any(held.pk.hex in n for n in names)


@pytest.mark.django_db
def test_nobody_writes_a_check_by_hand(person: Person) -> None:
    held, _ = registered()
    browser = desk(person)
    assert browser.get(f"/es/people/{held.number}/say/identity-check/").status_code == 404
    assert not re.search("say/identity-check", browser.get(f"/es/people/{held.number}/").content.decode())
    forged = said.family()
    forged["facts"].append(
        said.fact("identity-check", person=forged["people"][0]["id"], engine="renapo", result="match")
    )
    with pytest.raises(registry.Refused) as refused:
        intake.take(forged, seat=SEAT, door="api", at=AT)
    assert [f.key for f in refused.value.faults] == ["own-door"]


# --- the file of engines

GOOD = """
- id: renapo
  state: MEX
  about: document
  name: {es: Registro, en: Registry}
  institutions: [MEX.COMAR]
  address: https://renapo.example/check
  secret_env: ENGINE_SECRET
  consent: share-state
"""


def read(text: str, tmp_path: Path, **env: str) -> list[Engine]:
    path = tmp_path / "engines.yaml"
    path.write_text(text)
    return rules.read(path, {"ENGINE_SECRET": SECRET, **env}, ["share-state", "share-abroad"])


def test_engines_are_data(tmp_path: Path) -> None:
    (found,) = read(GOOD, tmp_path)
    assert (found.id, found.adapter, found.waits) == ("renapo", "http", 10.0)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (GOOD.replace("id: renapo", "id: Re Napo"), "small letters"), (GOOD + GOOD, "twice"), ("{}", "list"),
        ("[", "engines.yaml"),
        (GOOD.replace("about: document", "about: iris"), "document, face"),
        (GOOD.replace("share-state", "all"), "share-abroad"),
        (GOOD.replace("{es: Registro, en: Registry}", "Registro"), "es and en"),
        (GOOD + "  more: 1\n", "besides no more"),
        (GOOD.replace("ENGINE_SECRET", "NOTHING"), "NOTHING holds no secret"), (GOOD + "  waits: 600\n", "1 to 30"),
        (GOOD.replace("  state: MEX\n", ""), "needs"), (GOOD.replace("[MEX.COMAR]", "MEX.COMAR"), "must be a list"),
    ],
)  # fmt: skip
def test_a_file_of_engines_that_is_wrong_says_where_and_what(tmp_path: Path, wrong: str, words: str) -> None:
    with pytest.raises(EngineFault, match=words):
        read(wrong, tmp_path)

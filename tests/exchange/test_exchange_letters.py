"""Sealed letters: who may write which, what an active carrier tries, and that any bytes are refused in words."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyrage import x25519
from tests.anything import JSON
from tests.exchange.other import NOW, Other, meet, peer, set_up

from mirps.base.texts.api import LANGUAGES, say
from mirps.casework.referrals.models import Referral, ReferralPart
from mirps.casework.referrals.sealing import opened
from mirps.sharing.exchange import api as exchange
from mirps.sharing.exchange import institutions, keys, packing, signing
from mirps.sharing.exchange.letters import LETTER
from mirps.sharing.exchange.models import InstitutionKey, Package

ours = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


class State(Other):
    """Another State's node, with the key of an institution of its own."""

    institution = x25519.Identity.generate()

    def letter(self, what: str, content: Any, to: str, **changes: Any) -> str:
        inside = {"iss": self.code, "aud": "GTM", "what": what, "content": content} | changes.pop(
            "inside", {}
        )
        sealed = pyrage.encrypt(json.dumps(inside).encode(), [x25519.Recipient.from_str(to)])
        told = {
            "jti": str(uuid4()), "iss": self.code, "aud": "GTM", "what": what, "version": "1.0",
            "to": institutions.key_id(to), "back": "x", "sealed": b64encode(sealed).decode(),
            "iat": int(NOW.timestamp()),
        }  # fmt: skip
        return signing.signed(told | changes, self.key, LETTER)


def referral(state: str = "MEX", **changes: Any) -> dict[str, Any]:
    """What COMAR tells the welfare secretariat of Ximena."""
    told = {
        "id": str(uuid4()), "from": [state, f"{state}.COMAR", "x"], "to": ["GTM", "GTM.SBS"], "service": "shelter",
        "sent": NOW.isoformat(), "answer_by": date(2025, 11, 12).isoformat(), "outcome": 15, "follows": "",
    }  # fmt: skip
    event = {
        "id": str(uuid4()),
        "n": 1,
        "act": "send",
        "at": NOW.isoformat(),
        "institution": "MEX.COMAR",
        "office": "x",
    }
    person = {"parts": {"": [{"kind": "name", "data": {"given": "Ximena"}}]}, "words": "tonight", "reply": ""}
    return {"referral": told, "side": "sender", "events": [event], "have": [], "person": person} | changes


@pytest.fixture
def gtm(db: None, settings: Any, tmp_path: Path) -> None:
    set_up(settings, "GTM", tmp_path)


@pytest.fixture
def region(gtm: None) -> Other:
    return peer("MIRPS", "GTM")


@pytest.fixture
def mex(region: Other) -> State:
    made = State("MEX", "GTM")
    meet(made.card)
    return made


def take(carrier: Other, text: str, **changes: Any) -> exchange.Outcome:
    return exchange.take(carrier.package("letters", {"letter": text}, **changes), via="test", at=NOW)


def refused(carrier: Other, text: str, why: str) -> None:
    before = Referral.objects.count(), ReferralPart.objects.count(), InstitutionKey.objects.count()
    found = take(carrier, text)
    assert (found.state, found.reason) == (Package.REFUSED, why)
    assert all(say(found.reason, lang, **found.values) for lang in LANGUAGES)
    assert before == (Referral.objects.count(), ReferralPart.objects.count(), InstitutionKey.objects.count())


def sbs() -> str:
    return institutions.public_of("GTM.SBS")


def test_a_letter_for_an_institution_is_read_by_its_node_and_answered_once_the_others_key_is_known(
    region: Other, mex: State
) -> None:
    assert take(region, mex.letter("referral", referral(), sbs())).state == Package.TAKEN
    row = Referral.objects.get()
    assert (row.stage, row.to_institution, row.owes) == ("arrived", "GTM.SBS", True)
    exchange.prepare(at=NOW)
    letters = Package.objects.filter(lane__outward=True, lane__stream="letters").order_by("pk")
    assert [p.lane.peer_id for p in letters] == ["MIRPS"], "its keys alone; there is no key for COMAR yet"
    theirs = str(mex.institution.to_public())
    told = {"card": mex.card_text(), "institutions": {"MEX.COMAR": theirs}}
    assert take(region, mex.letter("keys", told, keys.current().sealing)).state == Package.TAKEN
    exchange.prepare(at=NOW)
    last = packing.content_of(bytes(letters.all()[1].body))
    envelope = signing.claims(last["letter"], LETTER)[1]
    answer = json.loads(pyrage.decrypt(b64decode(envelope["sealed"]), [mex.institution]))
    assert [e["act"] for e in answer["content"]["events"]] == ["arrive"]
    assert "person" not in answer["content"]
    exchange.prepare(at=NOW)
    assert letters.all().count() == 2, "it is told once"
    exchange.prepare(at=NOW + timedelta(days=8))
    assert letters.all().count() == 3, "and again when nobody acknowledged it"


def test_doubled_and_with_others_it_is_one(region: Other, mex: State) -> None:
    text = mex.letter("referral", referral(), sbs())
    assert {take(region, text).state for _ in range(3)} == {Package.TAKEN}
    assert Referral.objects.count() == ReferralPart.objects.count() == 1


def test_whoever_carries_it_cannot_open_or_change_it_nor_write_another(region: Other, mex: State) -> None:
    text = mex.letter("referral", referral(), sbs())
    refused(region, State("MEX", "GTM").letter("referral", referral(), sbs()), "exchange.refused.letter-key")
    thief = State("MIRPS", "GTM", key=region.key)
    refused(region, thief.letter("referral", referral(), sbs()), "referrals.fault.letter")
    claims = signing.claims(text, LETTER)[1]
    stolen = signing.signed(claims | {"iss": "MIRPS"}, region.key, LETTER)
    refused(region, stolen, "exchange.refused.sealed")  # another's sealed words under one's own name
    head, body, signature = text.split(".")
    for broken in (f"{head}.{body}.{signature[:-4]}AAAA", f"{head}.{body[:-3]}AAA.{signature}", "x", ""):
        assert take(region, broken).reason == "exchange.refused.content"
    refused(region, mex.letter("referral", referral(), str(x25519.Identity.generate().to_public())),
            "exchange.refused.sealed")  # fmt: skip


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (referral("PAN"), "referrals.fault.letter"),
        (referral() | {"side": "receiver", "events": []}, "referrals.fault.letter"),
        (referral(referral=referral()["referral"] | {"to": ["GTM", "GTM.IGM"]}), "referrals.fault.letter"),
        (referral(referral=referral()["referral"] | {"to": ["MEX", "GTM.SBS"]}), "referrals.fault.letter"),
        (referral(referral=referral()["referral"] | {"service": "magic"}), "referrals.fault.service"),
        (referral(events=[{"id": "x"}]), "referrals.fault.letter"),
        ({}, "referrals.fault.letter"),
        (referral(person={"parts": {"": "Ximena"}}), "referrals.fault.letter"),
        (referral() | {"have": ["\0"]}, "referrals.fault.letter"),
    ],
)
def test_what_a_state_may_not_say_is_refused_with_its_place(
    region: Other, mex: State, content: dict[str, Any], why: str
) -> None:
    refused(region, mex.letter("referral", content, sbs()), why)


def test_another_letter_on_the_same_referral_changes_nothing_of_what_it_is(region: Other, mex: State) -> None:
    first = referral()
    take(region, mex.letter("referral", first, sbs()))
    other = {**first, "referral": first["referral"] | {"service": "health"}}
    refused(region, mex.letter("referral", other, sbs()), "referrals.fault.letter")


def test_more_than_the_service_carries_is_not_let_in(region: Other, mex: State) -> None:
    name, note = (
        {"kind": "name", "data": {"given": "Ximena"}},
        {"kind": "note", "data": {"words": "she fled"}},
    )
    more = {
        "": [name, note, {"kind": "document", "data": {"number": "1"}}],
        "gbv": [{"kind": "need", "data": {"need": "gbv"}}],
    }
    take(region, mex.letter("referral", referral(person={"parts": more, "words": "", "reply": ""}), sbs()))
    assert opened(ReferralPart.objects.get())["items"] == [{"kind": "name", "data": {"given": "Ximena"}}]


def test_keys_told_before_do_not_come_back(region: Other, mex: State) -> None:
    def tell(generation: int, public: str) -> exchange.Outcome:
        mex.generation = generation
        told = {"card": mex.card_text(), "institutions": {"MEX.COMAR": public}}
        return take(region, mex.letter("keys", told, keys.current().sealing))

    old, new = (str(x25519.Identity.generate().to_public()) for _ in range(2))
    tell(1, old)
    InstitutionKey.objects.update(generation=2, public=new)
    tell(1, old)
    assert institutions.key_of("MEX.COMAR") == new
    for wrong in ("x", "age1qqqq", None, 7):
        assert tell(2, wrong).reason == "exchange.refused.content"  # type: ignore[arg-type]


CLAIMS = ("jti", "iss", "aud", "what", "version", "to", "back", "sealed", "iat")


@ours
@given(claims=st.dictionaries(st.sampled_from(CLAIMS), JSON, min_size=1))
def test_a_signed_letter_that_says_anything_is_refused_in_words(
    region: Other, mex: State, claims: dict[str, Any]
) -> None:
    told = signing.claims(mex.letter("referral", referral(), sbs()), LETTER)[1]
    found = take(region, signing.signed(told | claims, mex.key, LETTER))
    assert found.state in (Package.TAKEN, Package.REFUSED)
    assert not found.reason or all(say(found.reason, lang, **found.values) for lang in LANGUAGES)


@ours
@given(content=st.dictionaries(st.sampled_from(["referral", "side", "events", "have", "person"]), JSON))
def test_a_sealed_letter_that_says_anything_is_refused_in_words(
    region: Other, mex: State, content: dict[str, Any]
) -> None:
    found = take(region, mex.letter("referral", referral() | content, sbs()))
    assert found.state in (Package.TAKEN, Package.REFUSED)
    assert not found.reason or all(say(found.reason, lang, **found.values) for lang in LANGUAGES)


def test_the_region_passes_on_a_letter_it_cannot_open_and_only_to_a_state_it_knows(
    db: None, settings: Any, tmp_path: Path
) -> None:
    set_up(settings, "MIRPS", tmp_path)
    mex, gtm = State("MEX", "MIRPS"), peer("GTM", "MIRPS")
    meet(mex.card)
    theirs = x25519.Identity.generate()
    text = mex.letter("referral", referral(), str(theirs.to_public()))
    assert take(mex, text).state == Package.TAKEN
    sent = Package.objects.get(lane__outward=True)
    assert sent.lane.peer_id == "GTM"
    assert packing.content_of(bytes(sent.body)) == {"letter": text}
    sealed = b64decode(signing.claims(text, LETTER)[1]["sealed"])
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [keys.opener(keys.current())])
    refused_ = take(mex, mex.letter("referral", referral(), str(theirs.to_public()), aud="PAN"))
    assert refused_.reason == "exchange.refused.no-way"
    assert take(gtm, text).reason == "exchange.refused.not-theirs", "nobody brings another State's"

"""Versions a year apart, between States: sealed letters and linkages that were stored as they travelled go on being
read, and newer ones too."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from tests.exchange.other import NOW, meet, set_up
from tests.exchange.test_exchange_versions import STORED

from mirps.casework.referrals import letters as referred
from mirps.casework.referrals.models import Referral
from mirps.casework.referrals.sealing import opened
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.sharing.exchange import api as exchange
from mirps.sharing.exchange import institutions, packing, signing
from mirps.sharing.exchange.api import Package
from mirps.sharing.exchange.keys import read_card
from mirps.sharing.exchange.letters import LETTER, Envelope
from mirps.sharing.linkage import rules
from mirps.sharing.linkage.models import Agreement

pytestmark = pytest.mark.django_db
#: Stored once, with the card of a node of Mexico's whose key is gone: nobody can sign them anew. The letters are sealed
#: to an institution of a Guatemala whose key file lies beside them. 1.0 is as this code first wrote it; 1.6 as one of
#: next year may: more in the head, in the envelope, and in each part of what is sealed; 2.0 is another thing
#: altogether.
NEXT_YEAR = NOW + timedelta(days=365)


def knows_mexico(settings: Any, node: str, home: Path) -> None:
    set_up(settings, node, home)
    meet(read_card((STORED / "MEX.card").read_text()))


@pytest.fixture
def guatemala(db: None, settings: Any, tmp_path: Path) -> Seat:
    settings.KEYS = tmp_path / "keys.json"
    settings.KEYS.write_bytes((STORED / "GTM.keys.json").read_bytes())
    settings.KEYS.chmod(0o600)
    knows_mexico(settings, "GTM", tmp_path)
    return Seat("olga", "GTM", "GTM.SBS", purpose="referral")


@pytest.fixture
def honduras(db: None, settings: Any, tmp_path: Path) -> None:
    knows_mexico(settings, "HND", tmp_path)


def take(name: str) -> exchange.Outcome:
    at = NOW if "-1.0" in name else NEXT_YEAR
    return exchange.take((STORED / f"{name}.mirps").read_bytes(), via="test", at=at)


def content(name: str) -> Mapping[str, Any]:
    return packing.content_of((STORED / f"{name}.mirps").read_bytes().split(b"\n", 1)[1])


def taken(*names: str) -> None:
    for name in names:
        found = take(name)
        assert found.state == Package.TAKEN, (name, found)


def refused_as_newer(name: str) -> None:
    found = take(name)
    assert (found.state, found.reason) == ("refused", "exchange.refused.newer")
    assert found.values["version"] == "2.0"


# --- letters


def test_a_letter_of_the_first_version_is_opened_and_read(guatemala: Seat) -> None:
    taken("letters-1.0-keys", "letters-1.0")
    assert institutions.key_of("MEX.COMAR").startswith("age1")
    with custody.seated(guatemala):
        row = Referral.objects.get()
        (part,) = row.parts.all()
        said = opened(part)
    assert (row.service, row.from_office, row.stage) == ("shelter", "MEX.COMAR.TAP", "arrived")
    assert said["words"] == "Necesita alojamiento esta noche."
    assert {"kind": "name", "data": {"given": "Ximena", "surnames": "Ejemplo Paz"}} in said["items"]
    assert {"kind": "birth", "data": {"date": "1991"}} in said["items"]


def test_what_a_newer_minor_version_of_a_letter_says_beside_is_passed_over(guatemala: Seat) -> None:
    taken("letters-1.0-keys", "letters-1.0", "letters-1.6")
    with custody.seated(guatemala):
        row = Referral.objects.get()
        acts = [(e.side, e.act) for e in row.events.all()]
        words = [opened(e)["words"] for e in row.events.all() if e.act == "note"]
        (part,) = row.parts.all()  # nothing is carried but with the sending
    assert sorted(acts) == [("receiver", "arrive"), ("sender", "note"), ("sender", "send")]
    assert words == ["Llegará con su hija."]
    assert "Xime" not in [i["data"].get("called") for i in opened(part)["items"]]


def test_a_letter_of_a_newer_major_version_is_refused_in_a_package_that_is_not(guatemala: Seat) -> None:
    taken("letters-1.0-keys", "letters-1.0", "letters-1.6")
    refused_as_newer("letters-2.0")


def test_a_letter_written_today_is_written_as_it_was_stored(guatemala: Seat) -> None:
    """Names, moments and order are a contract: who changes one, raises the version."""
    told = signing.claims(content("letters-1.0")["letter"], LETTER)[1]
    envelope = Envelope.of(told)
    assert envelope.told() == told
    known = institutions.opener(envelope.to)
    assert known is not None
    said = json.loads(pyrage.decrypt(b64decode(envelope.sealed), [known[1]]))
    assert (known[0], set(said)) == ("GTM.SBS", {"iss", "aud", "what", "content"})
    assert referred.told(referred.read(said["content"])) == said["content"]


# --- linkages


def test_an_agreement_of_the_first_version_stands_with_its_seal_and_ends(honduras: None) -> None:
    taken("linkage-1.0")
    held = Agreement.objects.get()
    assert [s.node for s in held.seals.all()] == ["MEX"]
    assert held.ended_at is None
    taken("linkage-1.0-end")
    held.refresh_from_db()
    assert (held.ended_at, held.ended_by) == (NOW, "node MEX")


def test_what_a_newer_minor_version_of_a_linkage_says_beside_is_passed_over(honduras: None) -> None:
    taken("linkage-1.0", "linkage-1.0-end", "linkage-1.6")
    held = Agreement.objects.get(ended_at=None)
    assert held.digest == rules.read(content("linkage-1.6")["terms"]).digest
    taken("linkage-1.6-end")
    assert not Agreement.objects.filter(ended_at=None).exists()


def test_a_newer_major_version_of_a_linkage_is_refused(honduras: None) -> None:
    taken("linkage-1.0", "linkage-1.0-end", "linkage-1.6", "linkage-1.6-end")
    refused_as_newer("linkage-2.0")


def test_terms_written_today_have_the_digest_that_was_sealed() -> None:
    """Two States sign the same letters: a field more in the terms would be another agreement."""
    stored = content("linkage-1.0")
    terms = rules.read(stored["terms"])
    assert terms.told() == stored["terms"]
    told = signing.claims(stored["seals"]["MEX"], rules.SEAL)[1]
    assert told["digest"] == terms.digest
    assert rules.read_seal(told, terms).told(terms.id) == told

"""Whoever compares: counts come of two signed States' rows, once a period; the rows open for nobody afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from pyrage import x25519
from tests.exchange.other import NOW, Other, peer, set_up
from tests.linkage.conftest import OTHER_KEY, rows
from tests.linkage.parties import agreement, key, seal, sent, take, terms

from mirps.people.linkage import api as linkage
from mirps.sharing.exchange import api as exchange
from mirps.sharing.exchange.api import Package
from mirps.sharing.linkage import api as links
from mirps.sharing.linkage.rules import LinkageRefused, Terms

pytestmark = pytest.mark.django_db
People = tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]]
PERIOD = "2025-Q4"


@dataclass
class Three:
    mex: Other
    hnd: Other
    terms: Terms


@pytest.fixture
def three(db: None, settings: object, tmp_path: Path) -> Three:
    """This node is the region's; Mexico and Honduras have sealed an agreement."""
    set_up(settings, "MIRPS", tmp_path)
    found = Three(peer("MEX", "MIRPS"), peer("HND", "MIRPS"), terms())
    assert take(agreement(found.hnd, found.terms, found.mex, found.hnd)).state == Package.TAKEN
    return found


def opened(three: Three) -> str:
    return links.open_(agreement=three.terms.id, by="admin", at=NOW).recipient


def told(three: Three, whose: Other, data: bytes, recipient: str) -> exchange.Outcome:
    return take(sent(whose, three.terms.id, PERIOD, recipient, data))


def packed(columns: Mapping[str, Sequence[str]], of: bytes, quarter: int = 100) -> bytes:
    return linkage.packed(rows(columns, of, quarter=quarter), linkage.scheme(), of)


def compared(three: Three) -> links.Count:
    return links.compare(agreement=three.terms.id, by="admin", at=NOW)


def both_sent(three: Three, people: People, **data: bytes) -> str:
    recipient, of = opened(three), key(three.terms)
    assert told(three, three.mex, data.get("mex") or packed(people[0], of), recipient).state == Package.TAKEN
    assert (
        told(three, three.hnd, data.get("hnd") or packed(people[1], of, 101), recipient).state
        == Package.TAKEN
    )
    return recipient


def test_two_states_learn_how_many_are_in_both_and_nothing_of_few(three: Three, people: People) -> None:
    both_sent(three, people)
    found = compared(three)
    cells = {tuple(c["key"]): c["value"] for c in found.result["cells"]}
    assert 85 <= cells["_T", "_T", "_T", "_T"] <= 105
    assert cells["onward", "_T", "_T", "_T"] == cells["_T", "_T", "_T", "_T"]
    assert all(v is None or v == 0 or v >= 5 for v in cells.values())
    assert found.result["hidden"] > 0
    going = Package.objects.filter(lane__outward=True, lane__stream="linkage", about__what="result")
    assert {p.lane.peer_id for p in going} == {"MEX", "HND"}


def test_once_compared_the_rows_open_for_nobody(three: Three, people: People) -> None:
    both_sent(three, people)
    assert links.Count.objects.get().secret is not None
    compared(three)
    assert links.Count.objects.get().secret is None, "what opens them is forgotten"
    with pytest.raises(LinkageRefused, match="not-open"):
        compared(three)


def test_nothing_is_opened_before_both_states_have_sealed(three: Three) -> None:
    other = terms()
    assert take(agreement(three.mex, other, three.mex)).state == Package.TAKEN
    with pytest.raises(LinkageRefused, match="unsigned"):
        links.open_(agreement=other.id, by="admin", at=NOW)


def test_one_count_a_period_and_no_more(three: Three, people: People) -> None:
    both_sent(three, people)
    with pytest.raises(LinkageRefused, match="again"):
        opened(three)
    compared(three)
    with pytest.raises(LinkageRefused, match="again"):
        opened(three)
    assert links.open_(agreement=three.terms.id, by="admin", at=NOW + timedelta(days=90)).period == "2026-Q1"


def test_rows_sent_twice_are_refused_the_second_time(three: Three, people: People) -> None:
    recipient = both_sent(three, people)
    again = told(three, three.mex, packed(people[0], key(three.terms)), recipient)
    assert (again.state, again.reason) == (Package.REFUSED, "linkage.refused.again")


def test_rows_of_an_earlier_count_do_not_open_in_this_one(three: Three, people: People) -> None:
    opened(three)
    before = str(x25519.Identity.generate().to_public())  # of a count whose key is forgotten
    for whose, columns in ((three.mex, people[0]), (three.hnd, people[1])):
        assert told(three, whose, packed(columns, key(three.terms)), before).state == Package.TAKEN
    with pytest.raises(LinkageRefused, match="cannot-open"):
        compared(three)


def test_one_states_rows_alone_are_not_compared(three: Three, people: People) -> None:
    recipient = opened(three)
    told(three, three.mex, packed(people[0], key(three.terms)), recipient)
    with pytest.raises(LinkageRefused, match="waiting"):
        compared(three)


def test_rows_under_two_keys_are_not_compared(three: Three, people: People) -> None:
    both_sent(three, people, hnd=packed(people[1], OTHER_KEY))
    with pytest.raises(linkage.LinkageFault, match="key"):
        compared(three)


def test_poisoned_rows_are_not_compared_and_it_is_said_whose_they_are(three: Three, people: People) -> None:
    whole = rows(people[1], key(three.terms))
    poisoned = replace(whole, bits=np.repeat(whole.bits[:1], len(whole), axis=0))
    both_sent(three, people, hnd=linkage.packed(poisoned, linkage.scheme(), key(three.terms)))
    with pytest.raises(LinkageRefused, match="rows") as found:
        compared(three)
    assert found.value.values["node"] == "HND"
    assert isinstance(found.value.__cause__, linkage.LinkageFault)
    assert found.value.__cause__.why == "repeated"


def test_a_seal_of_other_terms_of_one_person_or_of_a_stranger_is_refused(three: Three) -> None:
    new = terms()
    alone: list[dict[str, object]] = [
        {"persons": ["Ana Ruiz"]},
        {"persons": ["A", "A "]},
        {"share": "00"},
        {"iss": "HND"},
    ]
    wrong = {
        "seal": [seal(three.mex, terms()), *(seal(three.mex, new, **changes) for changes in alone)],
        "stranger": [seal(Other("MEX", "MIRPS"), new)],
    }
    for why, seals in wrong.items():
        for text in seals:
            content = {"what": "agreement", "terms": new.told(), "seals": {"MEX": text}}
            assert take(three.mex.package("linkage", content)).reason == f"linkage.refused.{why}"
    assert not links.Agreement.objects.filter(pk=new.id).exists()


def test_an_agreement_cannot_be_changed_once_it_is_here(three: Three) -> None:
    changed = replace(three.terms, threshold=50)
    assert take(agreement(three.mex, changed, three.mex)).reason == "linkage.refused.changed"


def test_an_agreement_that_either_state_ended_counts_no_more(three: Three) -> None:
    assert (
        take(three.mex.package("linkage", {"what": "end", "agreement": str(three.terms.id)})).state
        == Package.TAKEN
    )
    with pytest.raises(LinkageRefused, match="ended"):
        opened(three)


@pytest.mark.parametrize(
    "content",
    [
        {}, {"what": "agreement"}, {"what": "agreement", "terms": [], "seals": {}}, {"what": "rows", "agreement": "x"},
        {"what": "magic"}, {"what": "open", "agreement": 7}, {"what": "result", "agreement": None}, {"what": ["rows"]},
        {"what": "agreement", "terms": {"id": "x"}, "seals": 3},
    ],
)  # fmt: skip
def test_whatever_else_comes_is_refused_and_the_lane_goes_on(
    three: Three, content: dict[str, object]
) -> None:
    assert take(three.mex.package("linkage", content)).state == Package.REFUSED
    new = terms()
    assert take(agreement(three.mex, new, three.mex)).state == Package.TAKEN

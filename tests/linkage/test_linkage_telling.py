"""Whose turn it is, is told: those who sign for this State, and whoever administers its node where a command is due."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.exchange.other import NOW, Other, peer, set_up
from tests.linkage.conftest import rows
from tests.linkage.parties import agreement, key, result, sent, take, terms
from tests.linkage.test_linkage_state import counting, person, proposed

from mirps.base.notices import api as notices
from mirps.people.linkage import api as linkage
from mirps.sharing.linkage import api as links

pytestmark = pytest.mark.django_db
PERIOD = "2025-Q4"


def told() -> list[tuple[str, str, str]]:
    """Who was told what, about which agreement, since the last question."""
    found = sorted(
        notices.Notice.objects.filter(read_at=None).values_list("user__username", "kind", "section")
    )
    notices.Notice.objects.update(read_at=NOW)
    return found


def test_who_signs_for_a_state_is_told_that_the_other_state_proposed(others: tuple[Other, Other]) -> None:
    for name, role, state in (
        ("eva", "focal-point", "MEX"),
        ("tom", "state-approver", "MEX"),
        ("rosa", "focal-point", "HND"),
        ("noe", "data-entry", "MEX"),
        ("admin", "administrator", "MEX"),
    ):
        person(name, role, state)
    theirs = terms(one="HND", other="MEX")
    take(agreement(others[0], theirs, others[0]))
    assert told() == [(name, "linkage.asked", str(theirs.id)) for name in ("eva", "tom")]
    take(agreement(others[0], theirs, others[0]))
    assert told() == [], "an agreement that came again asks nobody again"


def test_who_signs_is_told_of_what_their_own_state_proposed_save_whoever_did(
    others: tuple[Other, Other],
) -> None:
    for name in ("eva", "admin"):
        person(name)
    held = proposed()  # by "admin"
    assert told() == [("eva", "linkage.asked", str(held.pk))]


def test_a_count_that_is_open_is_told_to_whoever_administers_the_node_and_its_result_to_who_signed(
    others: tuple[Other, Other],
) -> None:
    hnd, region = others
    person("admin", "administrator")
    held = counting(hnd, region)
    assert ("admin", "linkage.step", str(held.pk)) in told()
    links.Count.objects.filter(agreement=held).update(sent_at=NOW)
    assert not take(result(region, held.pk, PERIOD, [])).reason
    assert told() == [(name, "linkage.result", str(held.pk)) for name in ("ana", "luis")]
    take(hnd.package("linkage", {"what": "end", "agreement": str(held.pk), "reason": "The law has changed."}))
    assert told() == [(name, "linkage.ended", str(held.pk)) for name in ("ana", "luis")]


def test_whoever_administers_the_node_that_compares_is_told_of_each_step_of_theirs(
    db: None, settings: Any, tmp_path: Path, people: Any
) -> None:
    set_up(settings, "MIRPS", tmp_path)
    mex, hnd, of = peer("MEX", "MIRPS"), peer("HND", "MIRPS"), terms()
    person("admin", "administrator", "")
    person("eva", "focal-point", "MEX")
    take(agreement(mex, of, mex))
    assert told() == [], "one State has not signed"
    take(agreement(hnd, of, mex, hnd))
    assert told() == [("admin", "linkage.step", str(of.id))]
    recipient = links.open_(agreement=of.id, by="admin", at=NOW).recipient
    for whose, columns in ((mex, people[0]), (hnd, people[1])):
        assert told() == []
        data = linkage.packed(rows(columns, key(of)), linkage.scheme(), key(of))
        assert not take(sent(whose, of.id, PERIOD, recipient, data)).reason
    assert told() == [("admin", "linkage.step", str(of.id))]

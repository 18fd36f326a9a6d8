"""The demo's people suffice to run a round for all seven States, and are evidently invented."""

from __future__ import annotations

from collections import Counter
from datetime import date

from mirps.base.access.rules import ALLOWED, Grant, in_force, may
from mirps.base.codelists import api as codelists
from mirps.base.texts.api import catalogue
from mirps.planning.governance.api import mandates_of_files as told_from_above
from mirps.web.shell.demo import people

STATES = [c for c, s in codelists.states().items() if s.extra.get("kind") == "state"]
ON = date(2026, 11, 21)


def test_every_state_has_who_enters_compiles_and_approves() -> None:
    assert len(STATES) == 7
    for state in STATES:
        roles = Counter(p["role"] for p in people() if p["state"] == state)
        assert roles["focal-point"] >= 1, state
        assert roles["state-approver"] >= 1, state
        assert roles["data-entry"] >= 2, state


def test_their_institutions_are_of_their_own_state() -> None:
    institutions = codelists.institutions()
    for p in people():
        assert p["role"] in ALLOWED
        # Teams and committees are bodies of the region; a donor is where its institution is, and acts there.
        if p["body"] and p["role"] not in ("team-member", "committee-member", "donor"):
            assert institutions[p["body"]].extra["state"] == p["state"], p["username"]


def test_the_two_approvals_can_be_two_peoples_and_somebody_publishes() -> None:
    heads = told_from_above()
    held = {
        p["username"]: in_force(
            [Grant(p["role"], p["state"], date(2025, 1, 1), None, p["body"], p["via"])], heads
        )
        for p in people()
    }
    for state in STATES:
        for act in ("entry.approve-state", "entry.review", "entry.unlock"):
            assert any(may(g, act, state=state, on=ON) for g in held.values()), (state, act)
    for act in ("entry.approve-region", "round.publish", "people.manage", "round.setup"):
        assert [u for u, g in held.items() if may(g, act, state="", on=ON)], act
    assert may(held["demo-presidency"], "round.publish", state="", on=ON)
    assert not may(held["demo-presidency-blz"], "round.publish", state="", on=ON), "its presidency is over"


def test_they_are_evidently_invented_and_few_words_away_from_a_name() -> None:
    for p in people():
        assert p["username"].startswith("demo-")
        assert p["name"].endswith(("Ejemplo", "Example"))


def test_every_role_has_a_name_in_both_languages() -> None:
    for role in ALLOWED:
        assert catalogue()[f"portal.role-held.{role}"]

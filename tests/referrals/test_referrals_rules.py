"""Two copies of a referral that have the same events stand the same, in whichever order, however often they came."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.anything import JSON

from mirps.base.texts.api import LANGUAGES, say
from mirps.casework.referrals import letters, rules
from mirps.casework.referrals.letters import About, Letter
from mirps.casework.referrals.rules import NEEDS_WORDS, OF, REASONS, Act, Event, ReferralFault, Side, Stage

AT = datetime(2026, 11, 21, 16, tzinfo=UTC)
BY = date(2026, 11, 24)


def event(n: int, act: Act, reason: str = "", side: Side | None = None, day: int = 0) -> Event:
    side = OF.get(act, side or Side.RECEIVER)
    return Event(
        UUID(int=n * 10 + len(act)), side, n, act, AT + timedelta(days=day), "MEX.SSA", reason=reason
    )


def stands(*events: Event) -> rules.Stand:
    return rules.fold(events, answer_by=BY, outcome=30)


SENT = event(1, Act.SEND)
TAKEN = (SENT, event(1, Act.ARRIVE), event(2, Act.OPEN), event(3, Act.ACCEPT, day=2))


@pytest.mark.parametrize(
    ("events", "stage", "turn", "due"),
    [
        ((SENT,), Stage.SENT, Side.RECEIVER, BY),
        (TAKEN[:2], Stage.ARRIVED, Side.RECEIVER, BY),
        (TAKEN[:3], Stage.OPENED, Side.RECEIVER, BY),
        (TAKEN, Stage.ACCEPTED, Side.RECEIVER, date(2026, 12, 23)),
        ((*TAKEN, event(4, Act.REPORT, "under-way", day=5)), Stage.ACCEPTED, Side.RECEIVER, date(2026, 12, 26)),
        ((*TAKEN, event(4, Act.REPORT, "attended", day=5)), Stage.ANSWERED, Side.SENDER, date(2026, 12, 11)),
        ((*TAKEN, event(4, Act.RETURN, "unreachable")), Stage.RETURNED, Side.SENDER, date(2026, 12, 6)),
        ((*TAKEN[:3], event(3, Act.REFUSE, "no-capacity")), Stage.REFUSED, Side.SENDER, date(2026, 12, 6)),
        ((*TAKEN, event(2, Act.WITHDRAW, "consent")), Stage.WITHDRAWN, None, None),
        ((*TAKEN, event(4, Act.REPORT, "attended"), event(2, Act.CLOSE, "done")), Stage.CLOSED, None, None),
    ],
)  # fmt: skip
def test_whose_turn_it_is_and_by_when(
    events: tuple[Event, ...], stage: Stage, turn: Side | None, due: date | None
) -> None:
    found = stands(*events)
    assert (found.stage, found.turn, found.due) == (stage, turn, due)


def test_an_answer_that_comes_after_it_was_withdrawn_changes_nothing() -> None:
    assert stands(SENT, event(2, Act.WITHDRAW, "mistake"), *TAKEN[1:]).stage is Stage.WITHDRAWN


def test_an_outcome_that_overtakes_its_acceptance_counts_and_so_does_one_after_the_end() -> None:
    late = event(4, Act.REPORT, "attended")
    assert stands(SENT, event(2, Act.OPEN), late).stage is Stage.ANSWERED
    closed = stands(*TAKEN, event(2, Act.CLOSE, "lost"), late)
    assert (closed.stage, closed.outcome) == (Stage.CLOSED, "attended")


ACTS = st.sampled_from(list(Act)).flatmap(
    lambda act: st.builds(
        event, st.integers(1, 5), st.just(act), st.sampled_from(("", *REASONS.get(act, ()))),
        st.sampled_from(list(Side)), st.integers(-400, 400),
    )
)  # fmt: skip


@given(events=st.lists(ACTS, max_size=12), again=st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_folds_to_the_same(events: list[Event], again: Any) -> None:
    every = list({e.id: e for e in events}.values())
    shuffled = [*every, *again.choices(every, k=len(every))] if every else []
    again.shuffle(shuffled)
    assert stands(*shuffled) == stands(*every)


@given(events=st.lists(ACTS, max_size=12))
def test_of_a_referral_that_is_final_nobody_does_anything_more(events: list[Event]) -> None:
    found = stands(*events)
    may = [rules.possible(found, s) for s in Side]
    assert any(may) is not found.final
    assert all(OF.get(a, s) is s for s, acts in zip(Side, may, strict=True) for a in acts)


def test_two_nodes_end_equal_whichever_letters_are_lost() -> None:
    """Each letter says what was not acknowledged and what it has; one in three arrives, in any order."""
    import random

    for seed in range(200):
        chance = random.Random(seed)
        copies: dict[Side, dict[UUID, Event]] = {Side.SENDER: {SENT.id: SENT}, Side.RECEIVER: {}}
        known: dict[Side, set[UUID]] = {s: set() for s in Side}
        on_the_way: list[tuple[Side, list[Event], set[UUID]]] = []

        def write(side: Side) -> None:
            mine = [e for e in copies[side].values() if e.side is side and e.id not in known[side]]  # noqa: B023
            theirs = {e.id for e in copies[side].values() if e.side is not side}  # noqa: B023
            on_the_way.append((side, mine, theirs))  # noqa: B023

        def arrive(letter: tuple[Side, list[Event], set[UUID]]) -> None:
            side, events, have = letter
            other = Side.RECEIVER if side is Side.SENDER else Side.SENDER
            copies[other] |= {e.id: e for e in events}  # noqa: B023
            known[other] |= have  # noqa: B023

        for step in range(30):
            side = chance.choice(list(Side))
            stand = stands(*copies[side].values())
            acts = sorted(rules.possible(stand, side) - {Act.NOTE}) if copies[side] else []
            if acts and chance.random() < 0.5:
                made = Event(
                    UUID(int=seed * 1000 + step), side, len(copies[side]) + 1, chance.choice(acts), AT, "X"
                )
                copies[side][made.id] = made
            write(side)
            chance.shuffle(on_the_way)
            if on_the_way and chance.random() < 0.6:
                letter = on_the_way.pop()
                if chance.random() < 0.5:
                    arrive(letter)
        for side in (*Side, *Side):  # the line holds again
            write(side)
            arrive(on_the_way[-1])
        assert copies[Side.SENDER] == copies[Side.RECEIVER]
        assert stands(*copies[Side.SENDER].values()) == stands(*copies[Side.RECEIVER].values())


@pytest.mark.parametrize("act", [a for a in Act if a in REASONS])
def test_every_reason_is_told_in_both_languages_and_none_is_done_without(act: Act) -> None:
    for reason in REASONS[act]:
        assert all(say(f"referrals.why.{act}.{reason}", lang) for lang in LANGUAGES)
    answered = [event(4, Act.REPORT, "attended")] if act is Act.CLOSE else []
    stand = stands(*TAKEN[:3]) if act is Act.REFUSE else stands(*TAKEN, *answered)
    with pytest.raises(ReferralFault) as e:
        rules.prove(stand, OF[act], act, "because", "", None)
    assert e.value.key == "referrals.fault.reason"
    for reason in NEEDS_WORDS & set(REASONS[act]):
        with pytest.raises(ReferralFault) as e:
            rules.prove(stand, OF[act], act, reason, " ", None)
        assert e.value.key == "referrals.fault.say"


# --- letters

ABOUT = About(UUID(int=7), "MEX", "MEX.COMAR", "MEX.COMAR.TAP", "GTM", "GTM.SBS", "shelter", AT, BY, 15)
LETTER = Letter(ABOUT, Side.SENDER, [SENT], frozenset({UUID(int=9)}), {"": [{"kind": "name", "data": {"given": "X"}}]},
                "asks", "tel")  # fmt: skip


def test_a_letter_is_read_as_it_was_written_and_its_repr_tells_nobody() -> None:
    assert letters.read(json.loads(json.dumps(letters.told(LETTER)))) == LETTER
    assert "asks" not in repr(LETTER)


#: As this code first wrote one. The names are a contract: who changes one raises the version of letters.
FIRST = """{"events": [{"act": "send", "at": "2026-11-21T16:00:00+00:00", "day": "",
"id": "00000000-0000-0000-0000-00000000000e", "institution": "MEX.SSA", "n": 1, "office": "",
"reason": "", "words": ""}],
"have": ["00000000-0000-0000-0000-000000000009"],
"person": {"parts": {"": [{"data": {"given": "X"}, "kind": "name"}]}, "reply": "tel", "words": "asks"},
"referral": {"answer_by": "2026-11-24", "follows": "", "from": ["MEX", "MEX.COMAR", "MEX.COMAR.TAP"],
"id": "00000000-0000-0000-0000-000000000007", "outcome": 15, "sent": "2026-11-21T16:00:00+00:00", "service": "shelter",
"to": ["GTM", "GTM.SBS"]}, "side": "sender"}"""


def test_a_letter_as_it_was_first_written_is_read_and_still_written_so() -> None:
    assert letters.read(json.loads(FIRST)) == LETTER
    assert letters.told(LETTER) == json.loads(FIRST)


def test_what_a_later_version_says_beside_is_passed_over() -> None:
    told = letters.told(LETTER) | {"more": 1}
    told["events"][0] |= {"reason": "a-new-one", "mood": "good"}
    assert letters.read(told).events[0].reason == ""


@given(path=st.sampled_from(["referral", "side", "events", "have", "person", "referral.id", "referral.from",
                             "referral.to", "referral.sent", "referral.answer_by", "referral.outcome",
                             "referral.follows",
                             "referral.service", "person.parts", "person.words"]), value=JSON)  # fmt: skip
@example(path="referral.sent", value="9999-12-31T23:59:59-23:00")
@example(path="person.parts", value={"": [1]})
@example(path="referral.from", value=["MEX", "MEX.COMAR"])
@example(path="events", value=[{"id": str(UUID(int=1)), "act": "accept", "n": 1, "at": "2026-01-01"}])
def test_a_letter_that_says_anything_is_read_or_refused_in_words_with_its_place(
    path: str, value: Any
) -> None:
    told = letters.told(LETTER)
    first, _, second = path.partition(".")
    if second:
        told[first][second] = value
    else:
        told[first] = value
    fault = refused(told)
    if fault is not None:
        assert fault.values["where"]
        assert all(str(fault.values["where"]) in say(fault.key, lang, **fault.values) for lang in LANGUAGES)


def refused(told: object) -> ReferralFault | None:
    try:
        letters.read(told)
    except ReferralFault as fault:
        return fault
    return None


@given(told=JSON)
def test_whatever_is_no_letter_is_refused(told: Any) -> None:
    with pytest.raises(ReferralFault):
        letters.read(told)

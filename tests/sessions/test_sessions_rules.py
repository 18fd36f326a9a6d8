"""Quorum and majority, and what may follow in a session: whatever is said in whatever order, nothing carries unduly."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.base.marked.faults import Faults
from mirps.base.texts.api import Text
from mirps.casework.sessions import rules
from mirps.casework.sessions.bodies import bodies, read
from mirps.casework.sessions.rules import (
    Abstention,
    Body,
    Enough,
    Happened,
    Held,
    Majority,
    Member,
    Result,
    SessionFault,
    Tie,
    Way,
    What,
    after,
    fold,
    needed,
    result,
)

CODER = bodies()["slv_coder"]
ITEM = UUID(int=1)
#: Three who vote (the first presides), their substitutes, and one who observes.
SITS = [
    Member(1, "chair", "uno"), Member(2, "second", "dos"), Member(3, "third", "tres"),
    Member(4, "third", "cuatro", substitute=True), Member(5, "observer", "cinco"),
]  # fmt: skip


def body(majority: Majority = Majority.OF_PRESENT, **more: object) -> Body:
    plain = replace(CODER, majority=majority, quorum=Enough.MORE_THAN_HALF, tie=Tie.CHAIR)
    return replace(plain, **more)  # type: ignore[arg-type]


def there(*who: int) -> list[Happened]:
    return [Happened(What.PRESENT, "sec", member=m) for m in who]


def put(act: str = "recognise") -> Happened:
    return Happened(What.PUT, "sec", ITEM, act=act)


def votes(**ways: str) -> list[Happened]:
    ids = {m.user: m.id for m in SITS}
    return [Happened(What.VOTED, u, ITEM, ids[u], way=Way(w)) for u, w in ways.items()]


CLOSE, CONFIRM = Happened(What.CLOSED, "sec", ITEM), Happened(What.CONFIRMED, "uno", ITEM)


def last(of: Body, *events: Happened) -> Result:
    found = fold(of, SITS, events).on(ITEM).last
    assert found is not None
    assert found.result is not None
    return found.result


def fault(of: Body, *events: Happened) -> str:
    with pytest.raises(SessionFault) as told:
        fold(of, SITS, events)
    return told.value.key.rpartition(".")[2]


def test_el_salvadors_commission_recognises_only_when_all_agree() -> None:
    assert last(CODER, *there(1, 2, 3), put(), *votes(uno="for", dos="for", tres="for"), CLOSE).carried
    split = last(CODER, *there(1, 2, 3), put(), *votes(uno="for", dos="for", tres="against"), CLOSE)
    assert (split.carried, split.for_, split.against, split.asked) == (False, 2, 1, 3)
    assert not last(
        CODER, *there(1, 2, 3), put(), *votes(uno="for", dos="for", tres="abstain"), CLOSE
    ).carried


@pytest.mark.parametrize(
    ("majority", "may", "for_", "against", "carried"),
    [
        (Majority.SIMPLE, 5, 2, 1, True),
        (Majority.SIMPLE, 5, 0, 0, False),
        (Majority.OF_PRESENT, 5, 2, 1, False),
        (Majority.OF_PRESENT, 5, 3, 2, True),
        (Majority.ABSOLUTE, 2, 2, 0, True),
        (Majority.ABSOLUTE, 2, 1, 0, False),
        (Majority.TWO_THIRDS, 3, 2, 1, True),
        (Majority.TWO_THIRDS, 4, 2, 0, False),
        (Majority.UNANIMITY, 2, 2, 0, True),
    ],
)
def test_each_majority_counts_as_it_says(
    majority: Majority, may: int, for_: int, against: int, carried: bool
) -> None:
    assert result(body(majority), may=may, for_=for_, against=against).carried is carried


def test_a_tie_is_for_the_chair_or_lost_as_the_body_has_it() -> None:
    of = body()
    tied = (*there(1, 2), put(), *votes(uno="for", dos="against"), CLOSE)
    assert (last(of, *tied).carried, last(of, *tied).by_chair) == (True, True)
    assert not last(replace(of, tie=Tie.LOST), *tied).carried


def test_an_abstention_weighs_against_unless_it_stands_aside() -> None:
    said = (*there(1, 2, 3), put(), *votes(uno="for", dos="abstain", tres="abstain"), CLOSE)
    assert not last(body(), *said).carried
    assert last(body(abstention=Abstention.ASIDE), *said).carried


def test_without_a_quorum_nothing_is_put_and_who_only_observes_makes_none() -> None:
    assert fault(CODER, *there(1, 2), put()) == "quorum"
    assert fault(CODER, *there(1, 2, 5), put()) == "quorum"
    assert fault(body(), *there(2, 3), put()) == "no-chair"


def test_a_substitute_votes_while_the_member_is_away_and_no_longer() -> None:
    of = body(Majority.UNANIMITY, quorum=Enough.ALL)
    stands_in = (*there(1, 2, 4), put())
    assert last(of, *stands_in, *votes(uno="for", dos="for", cuatro="for"), CLOSE).carried
    assert fault(of, *there(1, 2, 3, 4), put(), *votes(cuatro="for")) == "may-not-vote"


def test_who_stands_back_neither_votes_nor_counts_and_says_why() -> None:
    back = Happened(What.RECUSED, "tres", ITEM, 3, why="Fue su defensora")
    of = replace(CODER, tie=Tie.LOST)
    said = (*there(1, 2, 3), back, put())
    assert last(of, *said, *votes(uno="for", dos="for"), CLOSE).carried
    assert fault(of, *said, *votes(tres="for")) == "may-not-vote"
    assert fault(of, *there(1, 2, 3), replace(back, why=" ")) == "why"
    assert fault(of, *there(1, 2, 3), put(), back) == "open-vote"


def test_only_the_chair_confirms_and_only_then_is_an_act_proposed() -> None:
    said = (*there(1, 2, 3), put(), *votes(uno="for", dos="for", tres="for"), CLOSE)
    assert fault(CODER, *said, replace(CONFIRM, by="sec")) == "chair-only"
    assert fold(CODER, SITS, said).on(ITEM).proposes == ""
    held = fold(CODER, SITS, (*said, CONFIRM))
    assert held.on(ITEM).proposes == "recognise"
    assert fault(CODER, *said, CONFIRM, put("refuse")) == "decided"
    done = after(CODER, SITS, held, Happened(What.ACTED, "uno", ITEM, event="e1"))
    assert done.on(ITEM).proposes == ""


def test_what_was_lost_lets_another_act_be_put() -> None:
    lost = (*there(1, 2, 3), put(), *votes(uno="against", dos="against", tres="for"), CLOSE)
    assert fault(CODER, *lost, put("refuse")) == "open-vote"  # the chair has not confirmed the result
    again = votes(uno="for", dos="for", tres="for")
    assert last(CODER, *lost, CONFIRM, put("refuse"), *again, CLOSE).carried


def test_a_session_ends_with_no_vote_open_and_what_it_decided_may_still_be_done() -> None:
    end = Happened(What.ENDED, "sec")
    assert fault(CODER, *there(1, 2, 3), put(), end) == "open-vote"
    said = (*there(1, 2, 3), put(), *votes(uno="for", dos="for", tres="for"), CLOSE, CONFIRM, end)
    assert fault(CODER, *said, *there(1)) == "ended"
    held = fold(CODER, SITS, (*said, Happened(What.ACTED, "uno", ITEM, event="e1")))
    assert held.on(ITEM).last is not None


events = st.one_of(
    st.builds(Happened, st.sampled_from([What.PRESENT, What.LEFT]), st.just("sec"), member=st.integers(1, 5)),
    st.builds(Happened, st.just(What.RECUSED), st.just("x"), st.just(ITEM), st.integers(1, 5), why=st.just("kin")),
    st.builds(Happened, st.just(What.VOTED), st.just("x"), st.just(ITEM), st.integers(1, 5),
              way=st.sampled_from(list(Way))),
    st.sampled_from([put(), put("refuse"), CLOSE, CONFIRM, Happened(What.ENDED, "sec"),
                     Happened(What.ACTED, "uno", ITEM, event="e")]),
)  # fmt: skip
rules_ = st.builds(
    lambda m, q, a, t: body(m, quorum=q, abstention=a, tie=t),
    st.sampled_from(list(Majority)), st.sampled_from(list(Enough)), st.sampled_from(list(Abstention)),
    st.sampled_from(list(Tie)),
)  # fmt: skip


@given(rules_, st.lists(events, max_size=40))
def test_whatever_happens_nothing_is_carried_without_quorum_votes_and_the_chair(
    of: Body, said: list[Happened]
) -> None:
    held = Held()
    for e in (*there(1, 2, 3), *said):
        try:
            now = after(of, SITS, held, e)
        except SessionFault:
            continue
        counted = now.on(ITEM).last
        if e.what is What.CLOSED:
            assert counted is not None
            r = counted.result
            assert r is not None
            assert rules.quorum(of, SITS, held).met
            assert r.for_ + r.against + r.abstained == r.may <= 3
            assert not (r.carried and r.against > r.for_ and of.majority is not Majority.ABSOLUTE)
            assert not (r.carried and r.for_ == 0)
            assert not (r.carried and of.majority is Majority.UNANIMITY and r.against)
        if now.on(ITEM).proposes:
            assert counted is not None
            assert counted.confirmed
        held = now


@given(st.sampled_from(list(Majority)), st.integers(1, 9), st.data())
def test_one_more_for_it_never_loses_what_was_carried(
    majority: Majority, may: int, data: st.DataObject
) -> None:
    for_ = data.draw(st.integers(0, may - 1))
    against = data.draw(st.integers(0, may - 1 - for_))
    of = body(majority, tie=Tie.LOST)
    before = result(of, may=may, for_=for_, against=against).carried
    assert result(of, may=may, for_=for_ + 1, against=against).carried >= before


@given(st.sampled_from(list(Enough)), st.integers(1, 30))
def test_a_quorum_never_asks_for_more_than_there_are(rule: Enough, seats: int) -> None:
    assert 1 <= needed(rule, seats) <= seats


def test_every_body_of_the_house_is_read_and_what_nobody_says_is_marked() -> None:
    assert {"slv_coder", "gtm_conare", "pan_conare", "cri_cvrr", "hnd_commission"} <= set(bodies())
    assert (CODER.majority, CODER.sure["majority"].certainty.uncertain) == (Majority.UNANIMITY, False)
    for b in bodies().values():
        assert b.sure["quorum"].certainty.uncertain
        assert isinstance(b.name, Text)


def test_a_faulty_file_is_refused_with_line_and_reason() -> None:
    with pytest.raises(Faults) as told:
        read(b"body: x\nversion: '1'\nseats:\n  a: {name: {es: a}}\n", "x.yaml")
    keys = {f.key for f in told.value.faults}
    assert {"lacks", "languages"} <= keys

"""A session is called, its cases are voted on, the chair confirms, and a person does the act that was carried."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.sessions.chamber import AT, LATER, called, happens, hired, members, seat, voted, waiting
from tests.together import at_once
from uuid_utils.compat import uuid7

from mirps.casework.cases import api as cases
from mirps.casework.cases.api import Saying
from mirps.casework.sessions import api as sessions
from mirps.casework.sessions import queries
from mirps.casework.sessions.api import SessionFault, Way, What
from mirps.casework.sessions.models import SessionEvent
from mirps.casework.sessions.rules import Majority
from mirps.people.custody import api as custody

pytestmark = pytest.mark.django_db


def fault(act: object) -> str:
    with pytest.raises(SessionFault) as told:
        act()  # type: ignore[operator]
    return told.value.key.rpartition(".")[2]


def test_what_waits_for_the_commission_can_be_put_on_its_agenda_once() -> None:
    hired()
    number = waiting()
    with custody.seated(seat()):
        found = sessions.waiting(sessions.bodies()["slv_coder"], seat())
    assert [s.case.number for s in found] == [number]
    session = called(number)
    assert (session.number, session.year, session.rule) == (1, 2026, "slv_coder@2026.1")
    assert fault(lambda: called(number)) == "not-waiting"


def test_a_carried_vote_is_proposed_and_a_person_of_the_body_does_it() -> None:
    hired()
    session = called(waiting())
    file = voted(session)
    item = file.items[0]
    assert file.held.on(item.pk).proposes == ""
    assert fault(lambda: happens(session, What.CONFIRMED, "dos", item=item.pk)) == "chair-only"
    file = happens(session, What.CONFIRMED, "uno", item=item.pk, minutes=4)
    act = file.held.on(item.pk).proposes
    assert act == "recognise"
    at = LATER + timedelta(minutes=5)
    said = Saying(uuid7(), act, at, {"votes_for": 3, "votes_against": 0}, "Hay temor fundado")
    done = cases.record(item.case_id, said, seat=seat("uno"), role="coder", at=at)
    assert done.after == "recognised"
    file = happens(session, What.ACTED, "uno", item=item.pk, event=str(done.event), minutes=6)
    assert file.held.on(item.pk).proposes == ""
    file = happens(session, What.ENDED, minutes=7)
    assert (file.session.open, file.held.ended) == (False, True)


def test_a_split_commission_of_el_salvador_recognises_nobody() -> None:
    hired()
    session = called(waiting())
    file = voted(session, ways=(Way.FOR, Way.FOR, Way.AGAINST))
    last = file.held.on(file.items[0].pk).last
    assert last is not None
    assert last.result is not None
    assert not last.result.carried


def test_how_somebody_voted_and_why_is_sealed() -> None:
    hired()
    session = called(waiting())
    voted(session, ways=(Way.FOR, Way.FOR, Way.AGAINST))
    rows = SessionEvent.objects.filter(what="voted")
    assert rows.count() == 3
    assert all(b"against" not in bytes(r.sealed) and b"prueba" not in bytes(r.sealed) for r in rows)


def test_nobody_votes_for_another_nor_puts_what_the_body_may_not_do() -> None:
    hired()
    session = called(waiting())
    item, ids = session.items.get().pk, members(session)
    for m in ids.values():
        happens(session, What.PRESENT, member=m)
    assert fault(lambda: happens(session, What.PUT, item=item, act="admit")) == "act"
    happens(session, What.PUT, item=item, act="recognise")
    vote = {"item": item, "member": ids["dos"], "way": Way.FOR}
    assert fault(lambda: happens(session, What.VOTED, "tres", **vote)) == "may-not-vote"
    assert fault(lambda: happens(session, What.VOTED, "sec", **vote)) == "may-not-vote"


def test_another_institution_has_no_such_session() -> None:
    hired()
    session = called(waiting())
    other = custody.Seat("x", "PAN", "PAN.CONARE")
    with custody.seated(other):
        assert sessions.session(session.pk, other) is None
    assert fault(lambda: sessions.happen(session=session.pk, what=What.ENDED, seat=other, at=LATER)) == "none"


def test_a_session_is_counted_by_the_rules_under_which_it_was_called(monkeypatch: pytest.MonkeyPatch) -> None:
    hired()
    session = called(waiting())
    coder = sessions.bodies()["slv_coder"]
    later = replace(coder, version="2027.1", majority=Majority.OF_PRESENT)
    monkeypatch.setattr(queries, "bodies", lambda: {"slv_coder": later})
    file = voted(session, ways=(Way.FOR, Way.FOR, Way.AGAINST))
    last = file.held.on(file.items[0].pk).last
    assert last is not None
    assert last.result is not None
    assert (file.body.version, last.result.carried) == (coder.version, False)


def test_papers_are_read_before_the_vote_and_stand_after_it() -> None:
    hired()
    session = called(waiting())
    item = session.items.get()
    sessions.write_paper(session=session.pk, item=item.pk, text="Dictamen favorable", seat=seat(), at=AT)
    item.refresh_from_db()
    assert sessions.opened(item) == {"paper": "Dictamen favorable"}
    voted(session)
    again = {"session": session.pk, "item": item.pk, "text": "Otro", "seat": seat(), "at": AT}
    assert fault(lambda: sessions.write_paper(**again)) == "open-vote"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_votes_cast_at_one_moment_are_all_kept() -> None:
    hired()
    session = called(waiting())
    item, ids = session.items.get().pk, members(session)
    for m in ids.values():
        happens(session, What.PRESENT, member=m)
    happens(session, What.PUT, item=item, act="recognise", minutes=1)
    at_once(
        lambda u: happens(session, What.VOTED, u, item=item, member=ids[u], way=Way.FOR, minutes=2), list(ids)
    )
    file = happens(session, What.CLOSED, item=item, minutes=3)
    last = file.held.on(item).last
    assert last is not None
    assert last.result is not None
    assert (last.result.for_, last.result.carried) == (3, True)

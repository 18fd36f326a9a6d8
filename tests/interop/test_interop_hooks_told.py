"""A system is told of letters that its institution issued, and of what the other side of a referral did: by ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.cases.desks import AT, Walked, claimed, posted, seat
from tests.exchange.test_exchange_letters import referral
from tests.interop.conftest import Person
from tests.interop.receiving import Receiver, System, listening, subscribed
from tests.referrals.desks import AT as REFERRED_AT
from tests.referrals.desks import CLEARED, COMAR, WORDS, consents, does, refer, registered
from tests.registry.said import fact, who

from mirps.base.hooks import api as hooks
from mirps.casework.letters import api as letters
from mirps.casework.letters.api import Letter
from mirps.casework.referrals import api as referrals
from mirps.casework.referrals.api import Act, Referral
from mirps.people.custody.api import Seat
from mirps.sharing.webhooks import api as webhooks

pytestmark = [pytest.mark.enable_socket, pytest.mark.django_db]
#: No message may hold any of what is said of the people of these tests.
SECRET = ("Ximena", "Vásquez", "9991234567", "coughs", "health", "gbv", "share-state")


@pytest.fixture
def comar(system: System, person: Person, receiver: Receiver) -> Receiver:
    """The commission for refugees, whose system is told of everything that it may know."""
    subscribed(system, person, receiver)
    return receiver


@pytest.fixture
def other(system: System, person: Person, receiver: Receiver) -> Iterator[Callable[[str], Receiver]]:
    """Another institution's system, told of everything that that one may know."""
    with listening() as told:

        def of(institution: str) -> Receiver:
            subscribed(system, person, told, institution=institution)
            return told

        yield of


def passed(*, days: float = 0, since: datetime = AT) -> None:
    """Passes, so long after, until nothing is left: a machine that stood still meanwhile takes more than one."""
    at = since + timedelta(days=days, minutes=1)
    webhooks.look(at=at)
    while webhooks.send(clock=lambda: at).sent:
        pass


def kinds(told: Receiver) -> list[str]:
    """Of what it was told since it was last asked; nothing of it says anything of anybody."""
    said = " ".join(body.decode() for _, body in told.came)
    assert not [word for word in SECRET if word in said]
    found = told.kinds
    told.came.clear()
    return found


# --- letters


@pytest.fixture
def case() -> Walked:
    posted()
    return claimed(who("Ximena", "Vásquez López"))


def certificate(case: Walked) -> Letter:
    (made,) = letters.issue(case.id, ["constancia"], case.id, seat=seat(), at=AT)
    return made


def test_a_letter_is_told_by_its_number_with_the_case_it_belongs_to(case: Walked, comar: Receiver) -> None:
    made = certificate(case)
    passed()
    found = {told["type"]: told for told in comar.told}
    assert found["letter.issued"] == {
        "type": "letter.issued",
        "timestamp": made.recorded_at.isoformat(),
        "data": {"letter": made.serial, "document": "constancia", "case": case.number},
    }
    assert sorted(kinds(comar)) == ["case.opened", "letter.issued"]  # of one moment: in any order
    passed()
    assert kinds(comar) == []


def test_a_letter_that_is_annulled_has_ended(case: Walked, comar: Receiver) -> None:
    made = certificate(case)
    passed()
    kinds(comar)
    letters.annul(made.serial, reason="El nombre de Ximena está mal.", seat=seat(), at=AT + timedelta(days=1))
    passed(days=1)
    assert comar.told[0]["data"]["letter"] == made.serial
    assert kinds(comar) == ["letter.ended"]


def test_a_letter_in_another_s_place_is_told_and_that_the_other_has_ended(
    case: Walked, comar: Receiver
) -> None:
    old = certificate(case)
    passed()
    kinds(comar)
    new = letters.reissue(old.serial, reason="Ximena la perdió.", seat=seat(), at=AT + timedelta(days=1))
    passed(days=1)
    assert {(t["type"], t["data"]["letter"]) for t in comar.told} == {
        ("letter.ended", old.serial),
        ("letter.issued", new.serial),
    }


def test_a_letter_that_nobody_was_there_to_take_has_not_ended(case: Walked, comar: Receiver) -> None:
    made = certificate(case)
    passed()
    kinds(comar)
    letters.deliver(
        made.serial, kind=letters.LetterEvent.Kind.NOT_FOUND, means="by-hand", happened=AT, to="Ximena",
        note="No estaba.", proof=b"", seat=seat(), at=AT + timedelta(days=1),
    )  # fmt: skip
    passed(days=1)
    assert kinds(comar) == []


def test_an_institution_without_a_part_in_the_case_is_told_of_none_of_its_letters(
    case: Walked, other: Callable[[str], Receiver]
) -> None:
    elsewhere = other("MEX.SSA")
    letters.annul(certificate(case).serial, reason="mal", seat=seat(), at=AT)
    passed()
    assert kinds(elsewhere) == []


# --- referrals

ANSWERS = [(Act.ACCEPT, ""), (Act.REFUSE, "no-capacity"), (Act.RETURN, "unreachable")]


def seen(row: Referral) -> None:
    does(row, Act.OPEN, days=1)


@pytest.mark.parametrize(("act", "reason"), ANSWERS)
def test_either_side_is_told_what_the_other_did_and_not_what_it_did_itself(
    comar: Receiver, other: Callable[[str], Receiver], act: Act, reason: str
) -> None:
    health = other("MEX.SSA")
    row = refer(registered())
    passed(since=REFERRED_AT)
    assert health.told[0]["data"].keys() == {"event", "referral"}
    assert health.told[0]["data"]["referral"] == row.number
    assert (kinds(health), kinds(comar)) == (["referral.sent"], [])
    seen(row)
    does(row, act, reason, WORDS, days=1)
    passed(since=REFERRED_AT, days=1)
    assert comar.told[0]["data"]["referral"] == row.number
    assert (kinds(health), kinds(comar)) == ([], ["referral.answered"])


def test_an_outcome_is_an_answer_and_the_end_is_told_to_whoever_received(
    comar: Receiver, other: Callable[[str], Receiver]
) -> None:
    health = other("MEX.SSA")
    row = refer(registered())
    seen(row)
    does(row, Act.ACCEPT, days=1)
    does(row, Act.NOTE, words=WORDS, days=2)
    does(row, Act.REPORT, "attended", WORDS, days=5)
    does(row, Act.CLOSE, "done", seat=COMAR, days=6)
    passed(since=REFERRED_AT, days=6)
    assert kinds(comar) == ["referral.answered"] * 2
    assert kinds(health) == ["referral.sent", "referral.ended"]


def test_what_the_node_did_by_itself_is_told_to_both(
    comar: Receiver, other: Callable[[str], Receiver]
) -> None:
    """Nobody at either side withdrew it: her consent ended."""
    health, person = other("MEX.SSA"), registered()
    refer(person)
    consents(person, at=REFERRED_AT + timedelta(hours=1))
    passed(since=REFERRED_AT, days=1)
    assert (kinds(health), kinds(comar)) == (["referral.sent", "referral.ended"], ["referral.ended"])


def test_of_a_need_to_know_service_no_system_is_told_at_all(
    comar: Receiver, other: Callable[[str], Receiver]
) -> None:
    health = other("MEX.SSA")
    row = refer(registered(fact("need", need="gbv")), "gbv", seat=CLEARED)
    cleared = Seat("doctor", "MEX", "MEX.SSA", knows=frozenset({"gbv"}), purpose="referral")
    does(row, Act.OPEN, seat=cleared, days=1)
    does(row, Act.ACCEPT, seat=cleared, days=1)
    passed(since=REFERRED_AT, days=2)
    assert kinds(health) == kinds(comar) == []


def test_a_third_institution_is_told_of_no_referral(other: Callable[[str], Receiver]) -> None:
    third = other("MEX.RENAPO")
    does(refer(registered()), Act.OPEN)
    passed(since=REFERRED_AT, days=1)
    assert kinds(third) == []


def test_within_one_process_another_state_s_system_is_told_too(other: Callable[[str], Receiver]) -> None:
    welfare = other("GTM.SBS")
    row = refer(registered(to="share-abroad"), "shelter", "GTM.SBS", abroad=None)
    passed(since=REFERRED_AT)
    assert [t["data"]["referral"] for t in welfare.told] == [row.number]
    assert kinds(welfare) == ["referral.sent"]


def test_what_came_from_another_state_s_node_is_told_here_when_it_came(
    other: Callable[[str], Receiver], settings: Any
) -> None:
    """A letter says what happened long ago; the system hears it once, with the day on which it was taken in."""
    settings.NODE, welfare, letter = "GTM", other("GTM.SBS"), referral()
    for _ in range(2):
        referrals.came(letter, sender="MEX", institution="GTM.SBS", at=REFERRED_AT)
    passed(since=REFERRED_AT)
    assert welfare.told[0]["timestamp"] == REFERRED_AT.isoformat()
    assert kinds(welfare) == ["referral.sent"]


def test_the_message_is_signed_with_the_subscription_s_secret(
    system: System, person: Person, receiver: Receiver, case: Walked
) -> None:
    _, secret = subscribed(system, person, receiver, "letter.issued")
    certificate(case)
    passed()
    ((headers, body),) = receiver.came
    sent = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    assert hooks.prove(headers, body, [secret], at=sent).startswith("msg_")

"""A system is told that something happened: signed, to hosts that the node may call, tried again, never of whom."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cases.desks import AT as CLAIMED_AT
from tests.cases.desks import Walked, at_decision, claimed, posted
from tests.interop.conftest import Person
from tests.interop.receiving import LATER, NOW, Receiver, System, listening, subscribed

from mirps.base.access.api import NotAllowed
from mirps.base.crypto import api as crypto
from mirps.base.hooks import api as hooks
from mirps.base.hooks import line, rules
from mirps.base.hooks.api import HookFault
from mirps.base.notices.api import Notice
from mirps.sharing.webhooks import api as webhooks
from mirps.sharing.webhooks import sending
from mirps.sharing.webhooks.api import Delivery, Subscription
from mirps.sharing.webhooks.rules import AGAIN

SECRET = rules.new_secret(b"k" * 32)


# --- signatures


def test_a_message_is_signed_as_the_specification_s_own_example(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of the library's documentation, whose secret is shorter than the specification allows."""
    monkeypatch.setattr(rules, "LEAST_SECRET", 16)
    at = datetime.fromtimestamp(1731705121, UTC)
    body = b'{"event_type":"ping","data":{"success":true}}'
    found = hooks.signed("msg_loFOjxBNrRLzqYUf", at, body, ["whsec_plJ3nmyCDGBKInavdOK15jsl"])
    assert found["webhook-signature"] == "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="


@settings(max_examples=50, derandomize=True)
@given(body=st.binary(max_size=200), other=st.binary(max_size=200))
def test_a_message_is_proved_and_no_other_is(body: bytes, other: bytes) -> None:
    marks = hooks.signed("msg_1", NOW, body, [SECRET])
    assert hooks.prove(marks, body, [rules.new_secret(b"o" * 32), SECRET], at=NOW) == "msg_1"
    for wrong_body, wrong in (
        (other if other != body else body + b"x", marks),
        (body, {**marks, "webhook-id": "msg_2"}),
        (body, {**marks, "webhook-timestamp": str(int(marks["webhook-timestamp"]) + 1)}),
        (body, {**marks, "webhook-signature": "v1," + b64encode(b"x" * 32).decode()}),
    ):
        with pytest.raises(HookFault) as fault:
            hooks.prove(wrong, wrong_body, [SECRET], at=NOW)
        assert fault.value.key == "hooks.refused.signature"


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_message_is_somebody_s_copy(minutes: int) -> None:
    marks = hooks.signed("msg_1", NOW, b"", [SECRET])
    with pytest.raises(HookFault) as fault:
        hooks.prove(marks, b"", [SECRET], at=NOW + timedelta(minutes=minutes))
    assert fault.value.key == "hooks.refused.time"


@settings(max_examples=100, derandomize=True)
@given(
    st.dictionaries(
        st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]),
        st.text(max_size=40) | st.just("1700000000") | st.just("v1,AAAA v1, v2,x"),
    ),
    st.binary(max_size=50),
)
def test_whatever_comes_is_refused_and_breaks_nothing(headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(HookFault):
        hooks.prove(headers, body, [SECRET], at=NOW)


# --- which addresses may be called

ALLOWED = hooks.hosts("hooks.example, esb.segob.example+inside, 127.0.0.1+inside")


@pytest.mark.parametrize(
    "address", ["https://hooks.example/x", "https://HOOKS.example:8443/x?y=1", "http://127.0.0.1:9/x"]
)
def test_a_listed_host_may_be_called(address: str) -> None:
    hooks.address(address, ALLOWED)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("http://hooks.example/", "https"), ("http://esb.segob.example/", "https"), ("ftp://hooks.example/", "https"),
        ("https://other.example/", "host"), ("https://hooks.example.evil.example/", "host"),
        ("https://127.0.0.2/", "host"),
        ("https://[::1]/", "host"), ("https://0x7f000001/", "host"),
        ("https://2130706433/", "host"),
        ("https:///x", "host"),
        ("https://user@hooks.example/", "address"), ("https://other.example@hooks.example/", "address"),
        ("https://hooks.example\\@other.example/", "address"), ("https://hooks.example/#x", "address"),
        ("https://hooks.example/\r\nX: y", "address"), ("https://hooks.example:99999/", "address"),
        ("https://[::1", "address"), ("https://hóoks.example/", "address"),
        ("file:///etc/passwd", "host"), ("", "host"),
        ("https://hooks.example/" + "x" * 300, "address"), ("https://hooks.example:0/", "address"),
    ],
)  # fmt: skip
def test_any_other_address_is_refused(address: str, key: str) -> None:
    with pytest.raises(HookFault) as fault:
        hooks.address(address, ALLOWED)
    assert fault.value.key == f"hooks.fault.{key}"


@settings(max_examples=200, derandomize=True)
@given(st.text(max_size=80) | st.from_regex(r"https?://[^/]{0,30}(/.{0,20})?", fullmatch=True))
def test_any_text_as_an_address_is_judged(text: str) -> None:
    try:
        found = hooks.address(text, ALLOWED)
    except HookFault:
        return
    assert found.hostname in ALLOWED


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.1.1",
        "169.254.169.254",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "0.0.0.0",
        "::ffff:10.0.0.1",
        "100.64.0.1",
    ],
)
def test_a_name_that_leads_into_our_own_network_is_not_called(ip: str) -> None:
    with pytest.raises(HookFault):
        rules.reached(rules.Host("hooks.example"), ip)
    rules.reached(rules.Host("esb.segob.example", inside=True), ip)
    rules.reached(rules.Host("hooks.example"), "8.8.8.8")


@pytest.mark.parametrize("given", ["hooks.example+open", "a b", "http://x", "x/y", "-x"])
def test_a_list_of_hosts_that_is_none_is_refused_at_once(given: str) -> None:
    with pytest.raises(ValueError, match="MIRPS_OUTSIDE"):
        hooks.hosts(given)


# --- the line, against a real server


@pytest.mark.enable_socket
def test_nothing_is_followed_and_little_is_read(receiver: Receiver) -> None:
    with listening() as other:
        receiver.status, receiver.more = 302, {"Location": other.address}
        assert hooks.post(receiver.address, b"{}", {}).status == 302
        assert other.came == []
    receiver.status, receiver.more, receiver.says = 200, {}, b"x" * 1_000_000
    assert len(hooks.post(receiver.address, b"{}", {}).text) == line.MOST_READ


@pytest.mark.enable_socket
def test_a_system_that_is_not_there_is_no_fault_of_ours(receiver: Receiver) -> None:
    receiver.port = 1
    answer = hooks.post(receiver.address, b"{}", {})
    assert (answer.status, answer.ok) == (0, False)
    assert b"Error" in answer.text


def test_a_name_is_judged_by_where_it_leads_when_it_is_called(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OUTSIDE = "hooks.example"
    both = [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", ("169.254.169.254", 443))]
    monkeypatch.setattr(line.socket, "getaddrinfo", lambda *a, **k: both)
    with pytest.raises(HookFault) as fault:
        hooks.post("https://hooks.example/", b"", {})
    assert fault.value.key == "hooks.fault.inside"


# --- what is told


def decided() -> Walked:
    posted()
    case = at_decision(claimed())
    case.does("recognise", "coordinator", days=11)
    return case


@pytest.fixture
def waits(system: System, person: Person, receiver: Receiver) -> Subscription:
    """A subscription for which one message waits."""
    row, _ = subscribed(system, person, receiver, "case.opened")
    posted()
    claimed()
    webhooks.look(at=CLAIMED_AT)
    return row


@pytest.mark.enable_socket
@pytest.mark.django_db
def test_a_decided_case_is_told_once_signed_and_without_a_word_of_whom(
    system: System, person: Person, receiver: Receiver
) -> None:
    _, secret = subscribed(system, person, receiver)
    case = decided()
    assert webhooks.look(at=LATER) == webhooks.send(clock=lambda: LATER).sent > 0
    found = {t["type"]: t for t in receiver.told}
    assert {"case.opened", "case.decided"} <= set(found)
    assert found["case.decided"]["data"]["case"] == case.number
    for headers, body in receiver.came:
        assert hooks.prove(headers, body, [secret], at=LATER).startswith("msg_")
        assert set(json.loads(body)) == {"type", "timestamp", "data"}
        assert not any(word in body.decode() for word in ("Ximena", "Vásquez", "recognise"))
    count = len(receiver.came)
    assert (webhooks.look(at=LATER), webhooks.send(clock=lambda: LATER).sent) == (0, 0)
    assert len(receiver.came) == count


@pytest.mark.enable_socket
@pytest.mark.django_db
def test_only_what_was_subscribed_to_is_told_and_only_to_institutions_that_may_know(
    system: System, person: Person, receiver: Receiver
) -> None:
    subscribed(system, person, receiver, "case.closed", "letter.ended")
    subscribed(system, person, receiver, institution="MEX.RENAPO")
    decided()
    webhooks.look(at=LATER)
    assert not Delivery.objects.filter(subscription__client__institution="MEX.RENAPO").exists()
    assert set(Delivery.objects.values_list("kind", flat=True).distinct()) <= {"case.closed", "letter.ended"}


@pytest.mark.enable_socket
@pytest.mark.django_db
def test_what_failed_is_tried_again_later_and_later_under_the_same_id(
    waits: Subscription, receiver: Receiver
) -> None:
    receiver.status, receiver.says = 503, b"ocupado\x1b[2J <b>"
    at = LATER
    for n, wait in enumerate(AGAIN[:3], start=1):
        assert webhooks.send(clock=partial(datetime.fromtimestamp, at.timestamp(), UTC)).failed == 1
        soon = at + wait - timedelta(seconds=1)
        assert webhooks.send(clock=partial(datetime.fromtimestamp, soon.timestamp(), UTC)).failed == 0
        one = waits.deliveries.get()
        assert (one.tries, one.state) == (n, "waiting")
        at += wait
    assert len({h["webhook-id"] for h, _ in receiver.came}) == 1
    assert len({h["webhook-timestamp"] for h, _ in receiver.came}) == 3
    attempt = one.attempts.first()
    assert attempt is not None
    assert (attempt.status, attempt.answered) == (503, "ocupado [2J <b>")
    receiver.status = 204
    assert webhooks.send(clock=lambda: at).sent == 1
    waits.refresh_from_db()
    assert (waits.stands, waits.deliveries.get().state) == ("on", "done")


@pytest.mark.enable_socket
@pytest.mark.django_db
def test_a_system_that_fails_for_days_is_turned_off_somebody_is_told_and_nothing_is_lost(
    waits: Subscription, person: Person, receiver: Receiver
) -> None:
    ana = person("ana-MEX", "administrator")
    receiver.status = 500
    webhooks.send(clock=lambda: LATER)
    webhooks.send(clock=lambda: LATER + timedelta(days=6))
    waits.refresh_from_db()
    assert (waits.stands, waits.off_why) == ("off", "failing")
    assert Notice.objects.filter(user=ana, kind="webhook.off").count() == 1
    claimed()
    assert webhooks.look(at=LATER + timedelta(days=7)) == 0
    webhooks.turn(subscription=waits.pk, on=True, by=ana, at=LATER + timedelta(days=7))
    receiver.status = 200
    webhooks.look(at=LATER + timedelta(days=7))
    assert webhooks.send(clock=lambda: LATER + timedelta(days=7)).sent == 2


@pytest.mark.enable_socket
@pytest.mark.django_db
def test_one_that_says_it_is_gone_is_turned_off_at_once(waits: Subscription, receiver: Receiver) -> None:
    receiver.status = 410
    webhooks.send(clock=lambda: LATER)
    waits.refresh_from_db()
    assert waits.off_why == "gone"


@pytest.mark.enable_socket
@pytest.mark.django_db
def test_a_pass_that_died_after_sending_sends_once_more_under_the_same_id(
    waits: Subscription, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        pass

    def dies(*args: object) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_settle", dies)
        with pytest.raises(Died):
            webhooks.send(clock=lambda: LATER)
    assert webhooks.send(clock=lambda: LATER).sent == 0  # held by the pass that died, for five minutes
    assert webhooks.send(clock=lambda: LATER + timedelta(minutes=6)).sent == 1
    assert len(receiver.came) == 2
    assert len({h["webhook-id"] for h, _ in receiver.came}) == 1
    assert waits.deliveries.get().state == "done"


@pytest.mark.enable_socket
@pytest.mark.django_db
def test_a_message_is_sent_again_by_hand(waits: Subscription, person: Person, receiver: Receiver) -> None:
    webhooks.send(clock=lambda: LATER)
    webhooks.again(delivery=waits.deliveries.get().pk, by=person("ana-MEX", "administrator"), at=LATER)
    assert webhooks.send(clock=lambda: LATER).sent == 1
    assert receiver.came[0][0]["webhook-id"] == receiver.came[1][0]["webhook-id"]


@pytest.mark.enable_socket
@pytest.mark.django_db
def test_for_a_day_after_a_rotation_both_secrets_sign(
    system: System, person: Person, receiver: Receiver
) -> None:
    row, old = subscribed(system, person, receiver, "case.opened")
    _, new = webhooks.rotate(subscription=row.pk, by=person("ana-MEX", "administrator"), at=LATER)
    row.refresh_from_db()
    assert webhooks.secrets_of(row, at=LATER + timedelta(hours=23)) == [new, old]
    assert webhooks.secrets_of(row, at=LATER + timedelta(hours=25)) == [new]
    assert old.encode() not in bytes(row.sealed)
    assert any(h.name == "sharing_subscription.sealed" for h in crypto.holders())


@pytest.mark.django_db
def test_who_does_not_administer_accounts_there_subscribes_nobody(
    system: System, person: Person, settings: Any
) -> None:
    settings.OUTSIDE = "hooks.example"
    asked = {"client": system().pk, "address": "https://hooks.example/", "kinds": ["case.opened"], "at": NOW}
    with pytest.raises(NotAllowed):
        webhooks.subscribe(**asked, by=person("eva", "administrator", "HND"))
    for wrong in ({"kinds": []}, {"kinds": ["case.named"]}, {"address": "https://other.example/"}):
        with pytest.raises(HookFault):
            webhooks.subscribe(**{**asked, **wrong}, by=person("ana-MEX", "administrator"))

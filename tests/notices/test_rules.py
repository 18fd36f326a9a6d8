"""When a notice may be mailed: at once, in a digest, or not; never a flood, never at night, never lost."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirps.base.notices import hours as installed
from mirps.base.notices.rules import (
    KINDS,
    About,
    Hours,
    NoticeFault,
    Plan,
    Verdict,
    Waiting,
    Way,
    checked,
    moment_before,
    next_try,
    one_line,
    plan,
    verdict,
    way,
)
from mirps.base.notices.server import settings_of

HOURS = Hours(time(19), time(7), time(7, 30), 0, 3)
HND, PAN = ZoneInfo("America/Tegucigalpa"), ZoneInfo("America/Panama")


def at(clock: str, day: int = 3) -> datetime:
    """A time of day in Honduras, in the week that begins on Monday 3 November 2025."""
    return datetime.combine(date(2025, 11, day), time.fromisoformat(clock), tzinfo=HND)


def planned(*held: Waiting, now: datetime, mails: int = 0, last: date | None = None) -> Plan:
    return plan(held, now=now, zone=HND, hours=HOURS, mails_this_hour=mails, last_digest=last)


def test_what_is_sent_back_goes_at_once_and_a_reminder_waits_for_the_morning() -> None:
    sent_back = Waiting(1, Way.NOW, at("10:00"))
    reminder = Waiting(2, Way.DAILY, at("10:00"))
    assert planned(sent_back, reminder, now=at("10:01")) == Plan(now=(1,))
    assert planned(reminder, now=at("07:29", day=4)) == Plan()
    assert planned(reminder, now=at("07:30", day=4)) == Plan(digest=(2,))


def test_at_night_only_what_is_about_the_account_goes() -> None:
    sent_back, account = Waiting(1, Way.NOW, at("22:00")), Waiting(2, Way.NOW, at("22:00"), always=True)
    assert planned(sent_back, account, now=at("22:01")) == Plan(now=(2,))
    assert planned(sent_back, now=at("07:00", day=4)) == Plan(now=(1,))


def test_night_and_morning_are_those_of_the_persons_own_state() -> None:
    waiting = [Waiting(1, Way.DAILY, at("10:00"))]
    moment = datetime(2025, 11, 4, 12, 45, tzinfo=UTC)  # 07:45 in Panama, 06:45 in Honduras
    common = {"now": moment, "hours": HOURS, "mails_this_hour": 0, "last_digest": None}
    assert plan(waiting, zone=PAN, **common) == Plan(digest=(1,))  # type: ignore[arg-type]
    assert plan(waiting, zone=HND, **common) == Plan()  # type: ignore[arg-type]


def test_too_many_mails_in_an_hour_fold_into_the_digest_but_the_account_waits_for_a_free_place() -> None:
    sent_back, account = Waiting(1, Way.NOW, at("10:00")), Waiting(2, Way.NOW, at("10:00"), always=True)
    assert planned(sent_back, account, now=at("10:01"), mails=3, last=date(2025, 11, 3)) == Plan(fold=(1,))
    folded = Waiting(1, Way.NOW, at("10:00"), folded=True)
    assert planned(folded, account, now=at("11:01")) == Plan(now=(2,))
    assert planned(folded, now=at("07:30", day=4)) == Plan(digest=(1,))


def test_there_is_one_digest_a_day_and_a_late_one_takes_everything_along() -> None:
    old, new = Waiting(1, Way.DAILY, at("10:00")), Waiting(2, Way.DAILY, at("08:15", day=4))
    assert planned(old, new, now=at("08:20", day=4)) == Plan(digest=(1, 2))
    assert planned(new, now=at("08:30", day=4), last=date(2025, 11, 4)) == Plan()
    assert planned(new, now=at("07:30", day=5), last=date(2025, 11, 4)) == Plan(digest=(2,))


def test_the_weekly_digest_goes_on_its_day_and_late_if_that_day_was_missed() -> None:
    weekly = Waiting(1, Way.WEEKLY, at("10:00"))
    assert all(planned(weekly, now=at("09:00", day=d)) == Plan() for d in range(4, 10))
    assert planned(weekly, now=at("07:30", day=10)) == Plan(digest=(1,))
    assert planned(weekly, now=at("12:00", day=12)) == Plan(digest=(1,))


def test_who_wants_no_mail_gets_none() -> None:
    assert planned(Waiting(1, Way.NONE, at("10:00")), now=at("10:00")) == Plan(drop=(1,))


def test_nobody_can_turn_off_what_is_about_their_account() -> None:
    for kind in KINDS.values():
        if kind.code.startswith("account."):
            assert {way(kind, chosen) for chosen in (None, "none", "daily", "weekly")} == {Way.NOW}
        else:
            assert Way.NONE in kind.choices


def test_nothing_that_waits_by_nature_can_be_asked_for_at_once() -> None:
    assert way(KINDS["reminder"], "now") is Way.DAILY
    assert way(KINDS["reminder"], "weekly") is Way.WEEKLY
    assert way(KINDS["returned"], "daily") is Way.DAILY


@pytest.mark.parametrize(
    ("kind", "about", "params"),
    [
        ("gossip", About(), {}),
        ("returned", About(), {"value": 321}),
        ("returned", About(), {"what_es": "Solicitudes"}),
        ("erratum", About(), {}),
        ("erratum", About(), {"number": True}),
        ("erratum", About(), {"number": 3.5}),
        ("returned", About(figure="a\nb"), {}),
    ],
)
def test_a_notice_takes_its_own_values_and_no_others(
    kind: str, about: About, params: dict[str, object]
) -> None:
    with pytest.raises(NoticeFault):
        checked(kind, about, params)


@given(st.text(), st.text())
def test_whatever_a_device_or_a_measure_is_called_it_can_be_told_in_one_line(device: str, name: str) -> None:
    _, values = checked("account.sign-in", About(), {"device": device, "what_es": name, "what_en": name})
    assert all(len(str(v).splitlines()) <= 1 and len(str(v)) <= 200 for v in values.values())


@given(st.text())
def test_a_line_for_a_header_is_one_line(text: str) -> None:
    line = one_line(text)
    assert len(line) <= 200
    assert len(line.splitlines()) <= 1
    assert "\r" not in line
    assert "\n" not in line
    assert line.isprintable()


@pytest.mark.parametrize(
    ("code", "reply", "at_recipient", "is_"),
    [
        (550, "5.1.1 no such user", True, Verdict.BOUNCED),
        (550, "no such user here", True, Verdict.BOUNCED),
        (552, "5.2.2 mailbox full", True, Verdict.BOUNCED),
        (550, "5.1.1 no such user", False, Verdict.BOUNCED),
        (550, "5.7.1 relaying denied", True, Verdict.LATER),
        (554, "5.7.1 looks like spam", False, Verdict.LATER),
        (554, "transaction failed", False, Verdict.LATER),
        (450, "4.2.0 greylisted", True, Verdict.LATER),
        (421, "4.3.2 shutting down", True, Verdict.SERVER),
    ],
)
def test_only_a_refusal_of_the_mailbox_is_held_against_the_address(
    code: int, reply: str, at_recipient: bool, is_: Verdict
) -> None:
    assert verdict(code, reply, at_recipient=at_recipient) is is_


def test_a_server_that_fails_is_asked_less_and_less_often() -> None:
    waits = [next_try(n) for n in range(1, 30)]
    assert waits[0] == timedelta(minutes=1)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=4)


def test_hours_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(ValueError, match="quiet"):
        Hours(time(19), time(8), time(7, 30), 0, 3)


def test_the_hours_of_this_installation_know_every_state() -> None:
    assert installed.hours().most_an_hour >= 1
    zones = {installed.zone(s).key for s in ("BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN")}
    assert len(zones) == 7
    assert installed.zone("").key == installed.zone("XXX").key


@given(
    st.integers(0, 2**32).map(lambda s: datetime.fromtimestamp(s, UTC)),
    st.sampled_from([HND, PAN, ZoneInfo("America/New_York")]),
    st.booleans(),
)
def test_the_last_moment_of_a_digest_is_within_a_day_or_a_week(
    now: datetime, zone: ZoneInfo, weekly: bool
) -> None:
    moment = moment_before(now, zone, HOURS, weekly=weekly)
    assert moment.timetz().replace(tzinfo=None) == HOURS.digest_at
    assert moment <= now
    # A day on which clocks change has 25 hours (New York; none of the seven States changes them).
    assert now - moment < (timedelta(days=7, hours=1) if weekly else timedelta(hours=25))
    assert not weekly or moment.weekday() == HOURS.weekly_on


TOLD = st.tuples(st.integers(0, 60 * 24 * 9), st.sampled_from(list(Way)), st.booleans())


@settings(max_examples=150)
@given(
    told=st.lists(TOLD, max_size=40),
    every=st.integers(1, 180),
    outage=st.tuples(st.integers(0, 9 * 24 * 60), st.integers(0, 3 * 24 * 60)),
)
def test_whatever_is_told_nothing_floods_nothing_is_mailed_twice_and_nothing_is_lost(
    told: list[tuple[int, Way, bool]], every: int, outage: tuple[int, int]
) -> None:
    """Nine days of telling, passes at any pace with an outage among them, then eight quiet days."""
    start = datetime(2025, 11, 3, 6, 0, tzinfo=UTC)
    held = {
        n: Waiting(n, Way.NOW if always else w, start + timedelta(minutes=m), always=always)
        for n, (m, w, always) in enumerate(told)
    }
    mails: list[tuple[str, datetime, tuple[int, ...]]] = []
    done: set[int] = set()
    for minute in range(0, 17 * 24 * 60, every):
        now = start + timedelta(minutes=minute)
        if outage[0] <= minute < sum(outage):
            continue
        digests = [when.astimezone(HND).date() for form, when, _ in mails if form == "digest"]
        made = plan(
            [w for n, w in held.items() if n not in done and w.since <= now],
            now=now,
            zone=HND,
            hours=HOURS,
            mails_this_hour=sum(f == "now" and when > now - timedelta(hours=1) for f, when, _ in mails),
            last_digest=digests[-1] if digests else None,
        )
        for n in made.fold:
            held[n] = Waiting(n, held[n].way, held[n].since, folded=True)
        for form, ids in (("now", made.now), ("digest", made.digest)):
            if ids:
                mails.append((form, now, ids))
                done |= set(ids)
        done |= set(made.drop)
    carried = Counter(n for _, _, ids in mails for n in ids)
    assert all(n == 1 for n in carried.values()), "nothing twice"
    assert set(carried) == {n for n, w in held.items() if w.way is not Way.NONE}, "nothing lost"
    days = Counter(when.astimezone(HND).date() for form, when, _ in mails if form == "digest")
    assert all(n == 1 for n in days.values()), "one digest a day"
    at_once = [when for form, when, _ in mails if form == "now"]
    for when in at_once:
        assert sum(when - timedelta(hours=1) < other <= when for other in at_once) <= HOURS.most_an_hour
    for form, when, ids in mails:
        if HOURS.quiet(when.astimezone(HND).time()):
            assert form == "now"
            assert all(held[n].always for n in ids), "the night is quiet"


def test_the_mail_servers_address_becomes_settings() -> None:
    held = settings_of("smtp://mirps:p%40ss@mail.example.org:587?tls=1")
    assert held["EMAIL_HOST"] == "mail.example.org"
    assert held["EMAIL_PORT"] == 587
    assert held["EMAIL_HOST_PASSWORD"] == "p@ss"
    assert held["EMAIL_USE_TLS"] is True
    assert settings_of("smtps://mail.example.org")["EMAIL_PORT"] == 465
    assert settings_of("smtp://127.0.0.1:2525")["EMAIL_USE_TLS"] is False
    assert "files" in str(settings_of("")["EMAIL_BACKEND"])


@pytest.mark.parametrize(
    "given_",
    ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://a:b@mail.example.org", "smtp://a:x",
     "smtp://a?tls=maybe", "smtp://a?ssl=1"],
)  # fmt: skip
def test_a_mail_server_that_cannot_be_meant_or_takes_a_password_in_clear_is_refused(given_: str) -> None:
    with pytest.raises(ValueError, match="MIRPS_SMTP"):
        settings_of(given_)

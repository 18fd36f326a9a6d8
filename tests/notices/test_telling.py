"""Telling people: one notice for one thing, to those it concerns, in the language of who reads."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection, transaction
from tests.notices.conftest import MONDAY, ROUND, TUESDAY, Make, minutes, tell

from mirps.base.access.api import User, give_role
from mirps.base.audit.api import AuditEntry
from mirps.base.notices import api
from mirps.base.notices.api import Notice


def test_each_is_told_once_and_the_audit_has_one_entry(person: Make) -> None:
    ana, beto = person("ana"), person("beto")
    told = api.tell(to=[ana, beto, ana], kind="opened", about=ROUND, by="secretariat", at=MONDAY)
    assert told == 2
    assert api.unread(ana) == api.unread(beto) == 1
    entry = AuditEntry.objects.get(act="notice.told")
    assert entry.by == "secretariat"
    assert entry.detail == {"kind": "opened", "to": 2}


def test_nobody_is_told_what_they_did_themselves_but_everyone_what_befell_their_account(person: Make) -> None:
    ana = person("ana")
    assert api.tell(to=[ana], kind="comment", about=ROUND, by="ana", at=MONDAY) == 0
    assert api.tell(to=[ana], kind="account.password", about=api.About(), by="ana", at=MONDAY) == 1
    assert [n.kind for n in api.inbox(ana)] == ["account.password"]


def test_who_no_longer_works_here_is_not_told(person: Make) -> None:
    assert tell(person("ana", is_active=False)) == 0


def test_the_same_thing_told_twice_before_it_was_read_is_one_notice_with_a_count(person: Make) -> None:
    ana = person()
    for n in range(3):
        tell(ana, "comment", at=MONDAY + minutes(n))
    one = api.inbox(ana).get()
    assert one.count == 3
    assert one.made_at == MONDAY
    assert one.told_at == MONDAY + minutes(2)
    assert api.times(one, "es") == "3 veces"
    api.read(user=ana, at=MONDAY, notices=[one.pk])
    tell(ana, "comment", at=TUESDAY)
    assert [n.count for n in api.inbox(ana)] == [1, 3], "what was read is not told again"


def test_another_thing_or_another_kind_is_another_notice(person: Make) -> None:
    ana = person()
    tell(ana, "comment", n=1)
    tell(ana, "comment", n=2)
    tell(ana, "returned", n=1)
    assert api.unread(ana) == 3


def test_the_teller_may_say_what_belongs_together(person: Make) -> None:
    ana = person()
    tell(ana, "comment", n=1, merge="talk-7")
    tell(ana, "comment", n=2, merge="talk-7")
    tell(ana, "comment", n=3, merge="")
    tell(ana, "comment", n=3, merge="")
    assert sorted(n.count for n in api.inbox(ana)) == [1, 1, 2]


def test_a_refused_notice_leaves_nothing_behind(person: Make) -> None:
    ana = person()
    with pytest.raises(api.NoticeFault, match="takes nothing"):
        tell(ana, params={"value": 321})
    assert Notice.objects.count() == AuditEntry.objects.filter(act="notice.told").count() == 0


def test_what_fails_after_telling_takes_the_telling_back(person: Make) -> None:
    ana = person()

    def sent_back_and_then_fails() -> None:
        with transaction.atomic():
            tell(ana)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        sent_back_and_then_fails()
    assert api.unread(ana) == 0


def test_unread_come_first_and_the_latest_first(person: Make) -> None:
    ana = person()
    for n in range(4):
        tell(ana, "comment", at=MONDAY + minutes(n), n=n)
    latest = api.inbox(ana)[0]
    api.read(user=ana, at=TUESDAY, notices=[latest.pk])
    assert [n.figure for n in api.inbox(ana)] == ["cell-2", "cell-1", "cell-0", "cell-3"]


def test_seeing_the_page_of_a_thing_reads_what_was_told_of_it(person: Make) -> None:
    ana = person()
    about = api.About(round="2025", state="HND", figure="cell-1")
    tell(ana, "comment", n=1)
    tell(ana, "returned", n=1)
    tell(ana, "comment", n=2)
    assert api.seen(user=ana, about=about, at=TUESDAY) == 2
    assert [n.figure for n in api.inbox(ana).filter(read_at=None)] == ["cell-2"]


def test_nobody_reads_the_notices_of_another(person: Make) -> None:
    ana, beto = person("ana"), person("beto")
    tell(ana)
    api.read(user=beto, at=TUESDAY)
    api.read(user=beto, at=TUESDAY, notices=list(Notice.objects.values_list("pk", flat=True)))
    assert api.unread(ana) == 1


def test_the_language_is_that_of_the_reader_and_a_date_says_whether_it_has_passed(person: Make) -> None:
    ana = person()
    names = {"what_es": "Solicitudes de asilo", "what_en": "Asylum claims"}
    tell(ana, "reminder", params=names, due=date(2025, 11, 5))
    one = api.inbox(ana).get()
    assert api.title(one, "es", date(2025, 11, 5)) == (
        "Falta por entregar antes del 5 de noviembre de 2025: «Solicitudes de asilo»."
    )
    assert api.title(one, "en", date(2025, 11, 6)) == (
        "Was to be submitted by 5 November 2025 and is missing: “Asylum claims”."
    )
    assert api.where(one, "en") == "round 2025 · Honduras"


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("kind", api.KINDS.values(), ids=lambda k: k.code)
def test_every_kind_has_its_words_in_both_languages(person: Make, kind: api.Kind, lang: str) -> None:
    params: dict[str, str | int] = {name: "focal-point" if name == "role" else 7 for name in kind.takes}
    ana = person()
    tell(ana, kind.code, params=params, due=date(2025, 11, 5), about=ROUND)
    one = api.inbox(ana).get()
    for day in (date(2025, 11, 1), date(2025, 11, 9)):
        assert "{" not in api.title(one, lang, day)
    assert api.kind_name(kind.code, lang)
    assert "INM" in api.where(one, lang)


def test_choices_are_kept_and_what_may_not_be_chosen_is_refused(person: Make) -> None:
    ana = person()
    changed = api.choose(user=ana, ways={"comment": "weekly", "returned": "now"}, by="ana", at=MONDAY)
    assert changed == 1
    assert api.choices(ana)["comment"] is api.Way.WEEKLY
    for bad in ({"account.password": "none"}, {"comment": "now"}, {"gossip": "daily"}):
        with pytest.raises(api.NoticeFault):
            api.choose(user=ana, ways=bad, by="ana", at=MONDAY)
    assert AuditEntry.objects.filter(act="notice.choices").count() == 1


def test_a_persons_clock_is_that_of_their_state(person: Make) -> None:
    of_a_role = person("rosa", country="")
    give_role(
        user=of_a_role, role="focal-point", state="PAN", starts=date(2025, 1, 1), ends=None, by="x", at=MONDAY
    )
    assert api.clock(person("ana"), MONDAY.date()).key == "America/Tegucigalpa"
    assert api.clock(of_a_role, MONDAY.date()).key == "America/Panama"
    assert api.clock(person("lee", country=""), MONDAY.date()).key == "America/Costa_Rica"


@pytest.mark.postgres  # SQLite in memory, as the tests have it, refuses a second writer instead of waiting
@pytest.mark.django_db(transaction=True)
def test_two_who_tell_the_same_at_the_same_moment_make_one_notice() -> None:
    people = [User.objects.create_user(f"u{n}", email=f"u{n}@example.org") for n in range(5)]
    faults: list[Exception] = []

    def worker(order: list[User]) -> None:
        try:
            for _ in range(5):
                api.tell(to=order, kind="comment", about=ROUND, by="reviewer", at=MONDAY)
        except Exception as e:
            faults.append(e)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker, args=(o,)) for o in (people, people[::-1], people[2:])]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert faults == []
    assert [Notice.objects.get(user=u).count for u in people] == [10, 10, 15, 15, 15]

"""Notices by mail, through a real mail server that accepts, refuses, hesitates and hangs up."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.core.mail import get_connection
from hypothesis import HealthCheck, given
from hypothesis import settings as pace
from hypothesis import strategies as st
from pytest_django import Settings
from tests.notices.conftest import MONDAY, TUESDAY, Make, Post, mail_out, minutes, tell
from tests.product import free_port

from mirps.base.access.api import User
from mirps.base.audit.api import AuditEntry
from mirps.base.notices import api
from mirps.base.notices.api import Bounce, Mail, Notice

pytestmark = pytest.mark.enable_socket
FIGURE = {"what_es": "Solicitudes de asilo", "what_en": "Asylum claims"}


def test_two_hundred_notices_are_one_mail(person: Make, post: Post) -> None:
    ana = person()
    for n in range(200):
        tell(ana, "comment", n=n)
    assert mail_out(MONDAY + minutes(1)).sent == 0, "it waits for the morning"
    assert mail_out(TUESDAY).sent == 1
    assert mail_out(TUESDAY + minutes(1)).sent == 0
    (mail,) = post.taken
    assert mail["Subject"] == "MIRPS: resumen de sus avisos (200)"
    assert "Hay 160 avisos más" in post.texts()[0]
    assert Notice.objects.filter(mailed_at=TUESDAY).count() == 200


def test_what_is_sent_back_is_mailed_at_once_with_a_link_and_no_value(person: Make, post: Post) -> None:
    ana = person()
    about = api.About(round="2025", state="HND", figure="ar24-hnd-010")
    tell(ana, "erratum", params={"number": "E1", **FIGURE}, about=about)
    assert mail_out().sent == 1
    (mail,), (text,) = post.taken, post.texts()
    assert (
        mail["Subject"].strip()
        == "MIRPS: Fe de erratas E1: se corrigió «Solicitudes de asilo» después de publicarse."
    )
    link = re.findall(r"http://\S+/es/\S*(?:erratum|errata|figure)\S*", text)
    assert len(link) == 1
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert f'href="{link[0]}"' in html
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"].endswith("/es/notices/settings/>")
    assert mail["From"] == "MIRPS <mirps@example.org>"
    assert mail["To"] == "ana@example.org"


@pytest.mark.parametrize(
    ("lang", "subject", "words"),
    [
        ("es", "MIRPS: Le devolvieron «Solicitudes de asilo» con un mensaje.", "Buen día, Ana:"),
        ("en", "MIRPS: “Asylum claims” was sent back to you with a message.", "Hello Ana,"),
    ],
)
def test_the_mail_is_in_the_persons_language(
    person: Make, post: Post, lang: str, subject: str, words: str
) -> None:
    tell(person(language=lang), params=FIGURE)
    mail_out()
    assert post.taken[0]["Subject"].strip() == subject
    assert post.taken[0]["Content-Language"] == lang
    assert words in post.texts()[0]
    assert f"/{lang}/" in post.texts()[0]


def test_several_urgent_notices_at_one_moment_are_one_mail(person: Make, post: Post) -> None:
    ana = person()
    for n in range(4):
        tell(ana, n=n)
    assert mail_out().sent == 1
    assert post.taken[0]["Subject"] == "MIRPS: 4 avisos"


def test_a_burst_is_a_few_mails_and_then_the_digest(person: Make, post: Post) -> None:
    ana = person()
    for n in range(30):
        tell(ana, at=MONDAY + minutes(n), n=n)
        mail_out(MONDAY + minutes(n))
    most = api.hours().most_an_hour
    assert len(post.taken) == most
    mail_out(TUESDAY)
    assert len(post.taken) == most + 1
    assert post.taken[-1]["Subject"] == f"MIRPS: resumen de sus avisos ({30 - most})"


def test_what_was_read_is_not_mailed_but_what_is_about_the_account_is(person: Make, post: Post) -> None:
    ana = person()
    tell(ana, "returned")
    tell(ana, "account.password", about=api.About())
    api.read(user=ana, at=MONDAY)
    assert mail_out().sent == 1
    assert "contraseña" in post.texts()[0]
    assert "devolvieron" not in post.texts()[0]


def test_what_was_told_again_after_its_mail_is_mailed_again(person: Make, post: Post) -> None:
    ana = person()
    tell(ana)
    mail_out()
    mail_out(MONDAY + minutes(1))
    assert len(post.taken) == 1
    tell(ana, at=MONDAY + minutes(5))
    mail_out(MONDAY + minutes(6))
    assert len(post.taken) == 2
    assert "2 veces" in post.texts()[1]


def test_who_wants_no_mail_of_a_kind_gets_none_and_still_has_the_notice(person: Make, post: Post) -> None:
    ana = person()
    api.choose(user=ana, ways={"returned": "none", "comment": "none"}, by="ana", at=MONDAY)
    tell(ana, "returned")
    tell(ana, "comment")
    mail_out()
    mail_out(TUESDAY)
    assert post.taken == []
    assert api.unread(ana) == 2


def test_who_has_no_address_is_mailed_once_they_have_one(person: Make, post: Post) -> None:
    ana = person(email="")
    tell(ana)
    assert mail_out().sent == 0
    User.objects.filter(pk=ana.pk).update(email="ana@example.org")
    assert mail_out(MONDAY + minutes(1)).sent == 1


@pytest.mark.parametrize("where", ["at_recipient", "at_data"])
def test_a_server_that_refuses_for_now_is_asked_again_later(person: Make, post: Post, where: str) -> None:
    tell(person())
    setattr(post, where, ["451 4.7.1 try again later"] * 2)
    assert mail_out().postponed == 1
    assert mail_out(MONDAY + timedelta(seconds=59)).postponed == 0, "not before a minute has passed"
    assert mail_out(MONDAY + minutes(1)).postponed == 1
    assert mail_out(MONDAY + minutes(2)).sent == 0, "then not before two more"
    assert mail_out(MONDAY + minutes(3)).sent == 1
    assert len(post.taken) == 1
    assert Mail.objects.get().tries == 3


def test_one_refusal_for_now_does_not_hold_up_the_others(person: Make, post: Post) -> None:
    for n in range(3):
        tell(person(f"p{n}"))
    post.at_recipient = ["450 4.2.1 greylisted"]
    tally = mail_out()
    assert (tally.sent, tally.postponed) == (2, 1)


def test_an_address_refused_for_good_is_marked_and_nothing_is_lost(person: Make, post: Post) -> None:
    ana, beto = person("ana"), person("beto")
    tell(ana)
    tell(beto)
    post.at_recipient = ["550 5.1.1 no such user"]
    tally = mail_out()
    assert (tally.sent, tally.bounced) == (1, 1)
    assert api.bounce(ana).code == 550  # type: ignore[union-attr]
    assert api.bounce(beto) is None
    assert AuditEntry.objects.filter(act="notice.bounced", subject="ana").count() == 1
    tell(ana, "unlocked", at=MONDAY + minutes(1))
    assert mail_out(MONDAY + minutes(2)).sent == 0, "nothing more goes to that address"
    assert api.unread(ana) == 2
    User.objects.filter(pk=ana.pk).update(email="ana.new@example.org")
    assert mail_out(MONDAY + minutes(3)).sent == 1
    assert post.taken[-1]["To"] == "ana.new@example.org"
    assert Mail.objects.filter(address="ana.new@example.org").count() == 1
    assert post.taken[-1]["Subject"] == "MIRPS: 2 avisos", "with what the refused mail had carried"


def test_who_says_that_the_address_works_is_tried_again(person: Make, post: Post) -> None:
    ana = person()
    tell(ana)
    post.at_recipient = ["550 5.1.1 no such user"]
    mail_out()
    api.try_address_again(user=ana, by="ana", at=MONDAY)
    assert api.bounce(ana) is None
    assert mail_out(MONDAY + minutes(1)).sent == 1


def test_a_server_that_forbids_everything_marks_nobodys_address(person: Make, post: Post) -> None:
    for n in range(5):
        tell(person(f"p{n}"))
    post.at_recipient = ["550 5.7.1 relaying denied"] * 5
    assert mail_out().postponed == 5
    assert not Bounce.objects.exists()
    assert mail_out(MONDAY + minutes(1)).sent == 5


def test_what_is_no_address_is_marked_without_asking_a_server(person: Make, post: Post) -> None:
    ana, beto = person("ana", email="ana@example.org\r\nBcc: all@example.org"), person("beto")
    tell(ana)
    tell(beto)
    tally = mail_out()
    assert (tally.sent, tally.bounced) == (1, 1)
    assert api.bounce(ana).code == 0  # type: ignore[union-attr]
    assert [m["To"] for m in post.taken] == ["beto@example.org"]


@pytest.mark.parametrize(
    "name",
    [
        "Ana\r\nBcc: all@example.org",
        "Ana\nSubject: won",
        'A"na <x@example.org>',
        "\u2028Ana\x0b\u202e",
        "<b>Ana</b>",
    ],
)
def test_a_name_writes_no_header_and_no_markup(person: Make, post: Post, name: str) -> None:
    tell(person(first_name=name), params={"what_es": "a <i> & b", "what_en": "a <i> & b"})
    assert mail_out().sent == 1
    (mail,) = post.taken
    assert mail.get_all("Bcc") is None
    assert len(mail.get_all("Subject") or []) == 1
    assert mail["To"] == "ana@example.org"
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<b>Ana" not in html
    greeting, after = post.texts()[0].splitlines()[:2]
    assert greeting.startswith("Buen día, ")
    assert greeting.endswith(":")
    assert after == "", "nor a line of the mail"
    assert "a &lt;i&gt; &amp; b" in html


def test_a_server_that_is_not_there_loses_nothing(person: Make, post: Post, settings: Settings) -> None:
    for n in range(3):
        tell(person(f"p{n}"))
    right, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    tally = mail_out()
    assert tally.away
    assert (tally.sent, tally.postponed) == (0, 1), "one try tells enough; the others do not wait for it"
    settings.EMAIL_PORT = right
    assert mail_out(MONDAY + minutes(1)).sent == 3
    assert len(post.taken) == 3


def test_a_server_that_falls_silent_or_hangs_up_is_left_and_asked_again(
    person: Make, post: Post, settings: Settings
) -> None:
    tell(person())
    settings.EMAIL_TIMEOUT = 0.3
    post.silence = 1.0
    assert "timed out" in mail_out().away
    post.silence, post.hang_up = 0.0, 1
    assert mail_out(MONDAY + minutes(1)).away
    assert mail_out(MONDAY + minutes(3)).sent == 1
    ids = {m["Message-ID"] for m in post.taken}
    assert len(ids) == 1, "should it have come twice, the receiver can tell"


def test_half_a_pass_then_a_dead_server_then_the_rest(person: Make, post: Post) -> None:
    for n in range(6):
        tell(person(f"p{n}"))
    post.at_recipient = []
    post.hang_up = 0
    first = iter(range(3))
    accept = post.handle_DATA

    async def dies_after_three(*given: object) -> str:
        if next(first, None) is None:
            await asyncio.sleep(0)
            given[0].transport.abort()  # type: ignore[attr-defined]
            return "421 gone"
        return await accept(*given)  # type: ignore[arg-type]

    post.handle_DATA = dies_after_three  # type: ignore[method-assign]
    tally = mail_out()
    assert (tally.sent, tally.postponed) == (3, 1)
    post.handle_DATA = accept  # type: ignore[method-assign]
    assert mail_out(MONDAY + minutes(1)).sent == 3
    assert Counter(m["To"] for m in post.taken) == {f"p{n}@example.org": 1 for n in range(6)}


def test_after_days_a_mail_is_given_up_and_what_it_carried_waits_for_the_next(
    person: Make, post: Post
) -> None:
    ana = person()
    tell(ana)
    for day in range(6):
        post.at_data = ["451 4.3.0 not now"]
        mail_out(MONDAY + timedelta(days=day))
    assert Mail.objects.exclude(given_up_at=None).count() == 1
    post.at_data = []
    assert mail_out(MONDAY + timedelta(days=6)).sent == 1
    assert api.unread(ana) == 1


def test_a_fault_of_ours_in_one_mail_does_not_hold_up_the_others(person: Make, post: Post) -> None:
    ana = person("ana")
    tell(ana, "erratum", params={"number": "E1"})
    tell(person("beto"))
    Notice.objects.filter(user=ana).update(params={})  # its words need a number
    tally = mail_out()
    assert (tally.sent, tally.postponed) == (1, 1)


def test_two_senders_at_once_send_each_mail_once(person: Make, post: Post) -> None:
    tell(person())
    api.digests(at=MONDAY)
    from mirps.base.notices import actions

    first = actions.claim(at=MONDAY)
    assert first is not None
    assert actions.claim(at=MONDAY + minutes(14)) is None
    assert actions.claim(at=MONDAY + minutes(16)) is not None, "the first must have died"


def test_without_a_server_mails_are_kept_as_files(
    person: Make, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings.HOME = tmp_path_factory.mktemp("home")
    settings.EMAIL_BACKEND = "mirps.base.notices.files.EmailBackend"
    tell(person())
    assert mail_out().sent == 1
    ((name, mail),) = api.kept()
    assert mail["To"] == "ana@example.org"
    assert api.one(name)["Message-ID"] == mail["Message-ID"]  # type: ignore[index]
    assert api.one("../secret") is None
    path = settings.HOME / "mail" / f"{name}.eml"
    assert path.stat().st_mode & 0o077 == 0
    assert get_connection().send_messages([]) == 0


STEP = st.one_of(
    st.tuples(st.just("tell"), st.integers(0, 2), st.sampled_from(["returned", "comment", "account.role"])),
    st.tuples(st.just("read"), st.integers(0, 2), st.just("")),
    st.tuples(st.just("pass"), st.just(0), st.sampled_from(["", "", "", "450 4.2.0 later", "421 4.3.2 bye"])),
    st.tuples(st.just("wait"), st.integers(1, 900), st.just("")),
)


@pace(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=5, max_size=40))
def test_through_a_moody_server_everything_is_mailed_once_and_nothing_is_lost(
    person: Make, post: Post, steps: list[tuple[str, int, str]]
) -> None:
    Notice.objects.all().delete()
    Mail.objects.all().delete()
    post.taken.clear()
    people = [person("p") for _ in range(3)]
    now, told, read = MONDAY, 0, set()
    for what, n, which in steps:
        now += minutes(1)
        if what == "tell":
            told += 1
            params: dict[str, str | int] = {"role": f"r{told}"} if which == "account.role" else {}
            about = api.About(round="2025", figure=f"t{told}")
            tell(people[n], which, at=now, about=about, params={**params, **named(told)})
        elif what == "read":
            read |= set(api.inbox(people[n]).filter(read_at=None).values_list("figure", flat=True))
            api.read(user=people[n], at=now)
        elif what == "pass":
            post.at_recipient = [which] if which else []
            mail_out(now)
        else:
            now += minutes(n)
    post.at_recipient = []
    mail_out_until_quiet(now)
    carried = Counter(mark for text in post.texts() for mark in set(re.findall(r"thing\d+|r\d+", text)))
    assert all(n == 1 for n in carried.values()), "nothing twice"
    expected = {
        (n.params["role"] if n.kind == "account.role" else str(n.params["what_es"]))
        for n in Notice.objects.order_by("pk")
        if n.kind == "account.role" or n.figure not in read
    }
    assert expected <= set(carried), "nothing lost"


def named(n: int) -> dict[str, str]:
    return {"what_es": f"thing{n}", "what_en": f"thing{n}"}


def mail_out_until_quiet(now: datetime) -> None:
    for hour in range(60):
        mail_out(now + timedelta(hours=hour))

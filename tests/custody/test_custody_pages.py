"""Who read what, emergency access and what takes two, as people use them on the pages."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.custody.conftest import COMAR, INM, TAPACHULA, Make, person, sit

from mirps.base.access.api import User
from mirps.base.audit.api import AuditEntry
from mirps.base.notices.api import Notice
from mirps.people.custody import api as custody
from mirps.people.custody.api import Glass
from mirps.people.custody.queries import limits

WHY = "Her mother is in hospital and no one else can sign"
HERE = "/en/people/custody/"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def enter(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, where: str, status: int = 200) -> str:
    answer = client.get(where)
    assert answer.status_code == status, where
    return answer.content.decode()


def test_an_auditor_sees_who_read_a_file_and_is_seen_doing_so(hire: Make, now: datetime) -> None:
    rocio = hire("rocio", "registration-officer", office=TAPACHULA)
    p, other = person(), person(INM, "")
    seat = sit(rocio).for_purpose("verification")
    custody.shown(seat=seat, act="open", subjects=[p.id], at=now)
    custody.shown(seat=seat, act="search", subjects=[p.id, other.id], typed="Ximena Vásquez", at=now)
    custody.shown(
        seat=sit(hire("irene", "registration-officer", INM), INM), act="open", subjects=[p.id], at=now
    )
    diego = enter(hire("diego", "data-protection-officer"))
    found = diego.get(f"{HERE}readings/?number={p.number.lower()}")
    assert found.status_code == 302
    page = text(diego, found["Location"])
    for words in ("Rocio", "Irene", "Opened the file", "Searched", "Tapachula office", "Verify identity",
                  "of another institution"):  # fmt: skip
        assert words in page, words
    by = text(diego, f"{HERE}readings/by/rocio/")
    assert p.number in by
    assert other.number not in by, "what is not ours is counted and not named"
    assert "Ximena" not in by + page
    looked = AuditEntry.objects.filter(act="readings.looked", by="diego").order_by("pk")
    assert [e.subject for e in looked] == [f"file {p.number}", "officer rocio"]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_number_of_nobody_at_the_institution_says_so(hire: Make, lang: str) -> None:
    diego, theirs = enter(hire("diego", "data-protection-officer")), person(INM, "")
    for number in (theirs.number, "MEX-AAAAA-AAAAA-A", "<script>"):
        page = text(diego, f"/{lang}/people/custody/readings/?number={number}", 422)
        assert "<script>" not in page
    assert diego.get(f"/{lang}/people/custody/readings/of/{theirs.number}/").status_code == 404


@pytest.mark.parametrize("role", ["registration-officer", "registration-supervisor", "data-entry"])
def test_nobody_else_sees_who_read_what(hire: Make, role: str) -> None:
    other = enter(hire("x", role))
    for where in ("readings/", f"readings/of/{person().number}/", "readings/by/x/"):
        assert "Data protection officer" in text(other, HERE + where, 403)


def test_an_officer_breaks_the_glass_and_both_sides_review_it(hire: Make, now: datetime) -> None:
    rocio, p = enter(hire("rocio", "registration-officer", office=TAPACHULA)), person(INM, "")
    ines = enter(hire("ines", "data-protection-officer", INM))
    form = {"numbers": p.number, "reason": "quick"}
    assert "at least 20 letters" in rocio.post(f"{HERE}glass/new/", form).content.decode()
    made = rocio.post(f"{HERE}glass/new/", form | {"reason": WHY})
    assert made.status_code == 302
    row = Glass.objects.get()
    assert custody.opened_by_glass(sit(User.objects.get(username="rocio")), [p.id], at=timezone.now()) == {
        p.id
    }
    assert WHY in text(rocio, made["Location"])
    notice = Notice.objects.get(user__username="ines")
    lead = ines.get(f"/en/notices/{notice.pk}/")
    assert lead["Location"] == f"{HERE}glass/{row.pk}/"
    page = text(ines, lead["Location"])
    assert p.number in page, "it is a file of their own"
    assert WHY in page
    done = ines.post(lead["Location"], {"do": "review", "verdict": "unjustified", "said": "She could wait"})
    assert done.status_code == 302
    assert "She could wait" in text(rocio, made["Location"])
    assert (
        custody.opened_by_glass(sit(User.objects.get(username="rocio")), [p.id], at=timezone.now()) == set()
    )


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ("nonsense", "is not a registration number"),
        ("", "Write one to"),
        ("own", "are your institution&#39;s"),
    ],
)
def test_what_is_wrong_with_the_numbers_is_said_beside_them(hire: Make, numbers: str, words: str) -> None:
    rocio = enter(hire("rocio", "registration-officer"))
    given = person().number if numbers == "own" else numbers
    answer = rocio.post(f"{HERE}glass/new/", {"numbers": given, "reason": WHY})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Glass.objects.exists()


def test_a_stranger_finds_no_glass(hire: Make, now: datetime) -> None:
    hire("rocio", "registration-officer")
    p = person(INM, "")
    row = custody.break_glass(
        seat=sit(User.objects.get(username="rocio")), subjects=[p.id], reason=WHY, at=now,
        holders=lambda ids: dict.fromkeys(ids, INM),
    )  # fmt: skip
    for name, role, body in (
        ("tomas", "registration-officer", COMAR),
        ("p", "data-protection-officer", ("PAN", "PAN.ONPAR")),
    ):
        assert enter(hire(name, role, body)).get(f"{HERE}glass/{row.pk}/").status_code == 404


def test_a_reached_limit_is_explained_and_told(hire: Make, now: datetime) -> None:
    hire("sofia", "registration-supervisor")
    rocio = hire("rocio", "registration-officer")
    for _ in range(limits()["glass"].hour):
        custody.break_glass(
            seat=sit(rocio), subjects=[person(INM, "").id], reason=WHY, at=now,
            holders=lambda ids: dict.fromkeys(ids, INM),
        )  # fmt: skip
    answer = enter(rocio).post(f"{HERE}glass/new/", {"numbers": person(INM, "").number, "reason": WHY})
    assert answer.status_code == 429
    assert "You reached the limit" in answer.content.decode()
    assert Notice.objects.filter(user__username="sofia", kind="custody.limit").count() == 1


def test_what_one_asks_another_approves_on_the_page(hire: Make, now: datetime) -> None:
    sofia = hire("sofia", "registration-supervisor")
    octavio = enter(hire("octavio", "registration-supervisor"))
    row = custody.ask(
        seat=sit(sofia),
        act="person.merge",
        subject=f"{uuid4()}={uuid4()}",
        detail="Same card",
        at=now,
    )
    where = f"{HERE}requests/{row.pk}/"
    own = enter(sofia)
    assert "another person approves it" in text(own, where)
    assert "This takes two people" in own.post(where, {"do": "approve"}).content.decode()
    assert "Same card" in text(octavio, where)
    assert "Say why you refuse it" in octavio.post(where, {"do": "refuse"}).content.decode()
    assert octavio.post(where, {"do": "approve"}).status_code == 302
    assert "approved" in text(own, where)
    assert "Merge two registrations" in text(octavio, f"{HERE}requests/")
    assert enter(hire("rocio", "registration-officer")).get(where).status_code == 403
    assert enter(hire("d", "data-protection-officer")).get(where).status_code == 404, "not of their acts"


@pytest.mark.parametrize(
    ("role", "shown"),
    [("data-protection-officer", True), ("registration-supervisor", True), ("reader", False)],
)
def test_whoever_answers_for_files_finds_custody_in_the_masthead(hire: Make, role: str, shown: bool) -> None:
    assert ('href="/en/people/custody/"' in text(enter(hire("x", role)), "/en/about/")) is shown


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_page_of_custody_stands_in_both_languages(hire: Make, now: datetime, lang: str) -> None:
    rocio = hire("rocio", "registration-officer")
    row = custody.break_glass(
        seat=sit(rocio), subjects=[person(INM, "").id], reason=WHY, at=now,
        holders=lambda ids: dict.fromkeys(ids, INM),
    )  # fmt: skip
    diego = enter(hire("diego", "data-protection-officer"))
    for where in ("", "readings/", "readings/by/rocio/", "glass/", f"glass/{row.pk}/", "requests/"):
        text(diego, f"/{lang}/people/custody/{where}")
    text(enter(rocio), f"/{lang}/people/custody/glass/new/")

"""A list of people leaves once, for one purpose, after a second person approved it, and every file says so."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import datetime
from html import unescape
from pathlib import Path

import openpyxl
import pyrage
import pytest
from django.core.cache import cache
from django.test import Client
from tests.custody.conftest import COMAR, INM, TAPACHULA, Make, hire, now, sit
from tests.registry.said import Json, family, ids, who

from mirps.base.access.api import NotAllowed, User
from mirps.base.audit.api import AuditEntry
from mirps.people.custody import api as custody
from mirps.people.custody.models import Reading, ReadingOf
from mirps.people.extracts import api as extracts
from mirps.people.extracts import queries
from mirps.people.intake import api as intake
from mirps.people.registry.models import Person

__all__ = ["hire", "now"]
pytestmark = pytest.mark.django_db
HERE = "/en/people/extracts/"
HOSTILE = '=HYPERLINK("http://x.example","Ana")'
PHRASE = "a long enough phrase"
DESK = custody.Seat("rocio", *COMAR, TAPACHULA, purpose="registration")


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def enter(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def registered(now: datetime) -> Json:
    said = family(
        who(HOSTILE, "Vásquez López", phone="+52 962 555 0101"), who("Luis", "@Mejía", role="child")
    )
    said["made_at"] = now.isoformat()
    intake.take(said, seat=DESK, door="page", at=now)
    return said


def asked(client: Client, **given: object) -> str:
    columns, why = ["given", "surnames", "telephone"], "Blankets, by the Red Cross"
    typed = {"purpose": "assistance", "columns": columns, "why": why, **given}
    answer = client.post(f"{HERE}new/", typed)
    assert answer.status_code == 302, re.findall(r'id="faults".*?</div>', answer.content.decode(), re.S)
    return str(answer["Location"]).partition("?")[0]


def approve(by: User, at: datetime) -> None:
    request = custody.requests(*COMAR).get(act=extracts.ACT, answer="")
    page = enter(by).get(f"/en/people/custody/requests/{request.pk}/").content.decode()
    for words in ("Deliver assistance", "Given names, Surnames", "Blankets, by the Red Cross"):
        assert words in page
    answer = enter(by).post(f"/en/people/custody/requests/{request.pk}/", {"do": "approve"})
    assert answer.status_code == 302


def files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {Path(n).suffix if "about" not in n else "about": archive.read(n) for n in archive.namelist()}


@pytest.mark.parametrize("approver", ["registration-supervisor", "data-protection-officer"])
def test_a_list_that_another_person_approved_leaves_once_and_sealed(
    hire: Make, now: datetime, approver: str
) -> None:
    said = registered(now)
    sofia = enter(hire("sofia", "registration-supervisor"))
    where = asked(sofia)
    page = sofia.get(where).content.decode()
    assert "another person approves it" in page
    assert 'name="phrase"' not in page
    approve(hire("second", approver), now)
    page = sofia.get(where).content.decode()
    offered = re.search(r'name="phrase"[^>]*value="([^"]+)"', page)
    assert offered
    assert len(offered[1]) > 20
    answer = sofia.post(where, {"phrase": PHRASE})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert answer["Content-Disposition"].endswith('.zip.age"')
    assert "Vásquez".encode() not in answer.content
    held = files(pyrage.passphrase.decrypt(answer.content, PHRASE))
    rows = list(csv.reader(io.StringIO(held[".csv"].decode("utf-8-sig"))))
    assert rows[0] == ["Registration number", "Given names", "Surnames", "Telephone that is safe to use"]
    assert sorted(r[1:] for r in rows[1:]) == sorted(
        [["'" + HOSTILE, "Vásquez López", "'+52 962 555 0101"], ["Luis", "'@Mejía", ""]]
    )
    about = held["about"].decode("utf-8-sig")
    for words in ("Deliver assistance", "Blankets, by the Red Cross", "Sofia", "Second", "use", "2"):
        assert words.casefold() in about.casefold(), words
    shown = ReadingOf.objects.filter(reading__act="export", reading__purpose="assistance")
    assert {r.subject for r in shown} == set(ids(said))
    assert AuditEntry.objects.get(act="extract.taken").detail["sealed"] is True
    again = sofia.post(where, {"phrase": PHRASE})
    assert again.status_code == 422
    assert "Ask again" in again.content.decode()
    assert Reading.objects.filter(act="export").count() == 1


def test_nothing_in_the_workbook_runs_as_a_formula(hire: Make, now: datetime) -> None:
    registered(now)
    sofia = enter(hire("sofia", "registration-supervisor"))
    where = asked(sofia)
    approve(hire("octavio", "registration-supervisor"), now)
    answer = sofia.post(where, {"plain": "1"})
    assert answer["Content-Disposition"].endswith('.zip"')
    book = openpyxl.load_workbook(io.BytesIO(files(answer.content)[".xlsx"]))
    about, people = book.worksheets
    cells = [c for sheet in (about, people) for row in sheet.iter_rows() for c in row if c.value]
    assert {c.data_type for c in cells} == {"s"}
    assert HOSTILE in [c.value for c in cells]
    assert AuditEntry.objects.get(act="extract.taken").detail["sealed"] is False


def test_nobody_takes_out_what_they_or_nobody_approved(hire: Make, now: datetime) -> None:
    registered(now)
    sofia, octavio = (hire(n, "registration-supervisor") for n in ("sofia", "octavio"))
    where = asked(enter(sofia))
    assert enter(sofia).post(where, {"phrase": PHRASE}).status_code == 422
    request = custody.requests(*COMAR).get(act=extracts.ACT)
    with pytest.raises(custody.CustodyFault, match="four-eyes"):
        custody.decide(request=request.pk, by=sofia, approve=True, said="", at=now)
    approve(octavio, now)
    assert enter(octavio).post(where, {"phrase": PHRASE}).status_code == 422, "the list is for who asked"
    assert not Reading.objects.filter(act="export").exists()


def test_whoever_protects_data_approves_and_never_asks(hire: Make, now: datetime) -> None:
    registered(now)
    diego = hire("diego", "data-protection-officer")
    assert enter(diego).get(f"{HERE}new/").status_code == 403
    wanted = extracts.Wanted("assistance", ("given",))
    with pytest.raises(NotAllowed):
        extracts.ask(seat=custody.Seat("diego", *COMAR), wanted=wanted, why="x", at=now)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"columns": []}, "Tick at least one"),
        ({"columns": ["document"]}, "Tick at least one"),
        ({"office": "MEX.COMAR.TEN"}, "nobody like that"),
        ({"since": "2031-01-01"}, "nobody like that"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "before the first"),
        ({"why": " "}, "Say what exactly"),
        ({"since": "soon"}, "day"),
    ],
)
def test_what_is_wrong_with_a_list_is_said_and_nothing_is_asked(
    hire: Make, now: datetime, given: Json, words: str
) -> None:
    registered(now)
    sofia = enter(hire("sofia", "registration-supervisor"))
    typed = {"purpose": "assistance", "columns": ["given"], "why": "Blankets", **given}
    answer = sofia.post(f"{HERE}new/", typed)
    assert answer.status_code == 422
    assert words in unescape(answer.content.decode())
    assert not extracts.Extract.objects.exists()


def test_what_another_institution_was_told_of_the_same_person_is_not_taken_out(
    hire: Make, now: datetime
) -> None:
    ours = registered(now)
    theirs = family(who("Elena", "Otra"), institution="MEX.INM", office="MEX.INM", made_at=now.isoformat())
    intake.take(theirs, seat=custody.Seat("irene", *INM, purpose="registration"), door="page", at=now)
    Person.objects.filter(id=ids(theirs)[0]).update(stands_for=ids(ours)[0])
    held = Person.objects.filter(id=ids(ours)[0])
    columns = [queries.terms().columns[key] for key in ("group", "given", "sex")]
    ((_, group, given, _),) = queries.rows(held, columns, "en")
    assert given == HOSTILE
    assert group.startswith("MEX-G-")


def test_a_short_passphrase_is_not_taken(hire: Make, now: datetime) -> None:
    registered(now)
    sofia = enter(hire("sofia", "registration-supervisor"))
    where = asked(sofia)
    approve(hire("octavio", "registration-supervisor"), now)
    assert "at least 16 letters" in sofia.post(where, {"phrase": "secret"}).content.decode()
    assert sofia.post(where, {"phrase": PHRASE}).status_code == 200, "the approval is not used up by it"


def test_another_institution_sees_neither_list_nor_people(hire: Make, now: datetime) -> None:
    registered(now)
    where = asked(enter(hire("sofia", "registration-supervisor")))
    salma = enter(hire("salma", "registration-supervisor", INM))
    assert salma.get(where).status_code == 404
    assert where not in salma.get(HERE).content.decode()
    answer = salma.post(f"{HERE}new/", {"purpose": "assistance", "columns": ["given"], "why": "Ours"})
    assert "nobody like that" in answer.content.decode()


def test_no_more_lists_leave_in_an_hour_than_may(hire: Make, now: datetime) -> None:
    said = registered(now)
    sofia = hire("sofia", "registration-supervisor")
    for _ in range(custody.limits()["export"].hour):
        custody.shown(seat=sit(sofia), act="export", subjects=ids(said), at=now)
    where = asked(enter(sofia))
    approve(hire("octavio", "registration-supervisor"), now)
    assert enter(sofia).post(where, {"phrase": PHRASE}).status_code == 429


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_page_of_lists_stands_in_both_languages(hire: Make, now: datetime, lang: str) -> None:
    registered(now)
    sofia = enter(hire("sofia", "registration-supervisor"))
    where = asked(sofia).replace("/en/", f"/{lang}/")
    for each in (f"/{lang}/people/extracts/", f"/{lang}/people/extracts/new/", where,
                 f"/{lang}/people/extracts/new/?purpose=referral"):  # fmt: skip
        assert sofia.get(each).status_code == 200, each

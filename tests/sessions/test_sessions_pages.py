"""A commission sits on pages alone: called, there, put, voted, counted, confirmed, done in the case; its minutes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from html import unescape

import docx
import pypdf
import pytest
from django.core.cache import cache
from django.test import Client
from tests.appointments.test_appointments_pages import officer, post, read
from tests.sessions.chamber import CODER, WHO, hired, waiting

from mirps.casework.cases import api as cases
from mirps.casework.sessions import api as sessions
from mirps.casework.sessions.api import Session

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def people() -> dict[str, Client]:
    hired()
    made = {"sec": officer("sec", "session-secretary", "case-officer", body=CODER, at="")}
    return made | {u: officer(u, "body-member", body=CODER, at="") for u in WHO}


def called(sec: Client, number: str) -> Session:
    soon = datetime.now(tz=UTC) - timedelta(hours=6) + timedelta(days=1)  # by the clock of San Salvador
    given = {
        "body": "slv_coder",
        "day": soon.date().isoformat(),
        "hour": soon.strftime("%H:%M"),
        "case": number,
    }
    where = post(sec, "/sessions/", given)
    row = sessions.Session.objects.get()
    assert where == f"/es/sessions/{row.pk}/?done=called"
    return row


def test_a_commission_recognises_somebody_from_the_call_to_the_case() -> None:
    who = people()
    number = waiting()
    assert number in read(who["sec"], "/sessions/")
    session = called(who["sec"], number)
    at = f"/sessions/{session.pk}/"
    page = read(who["sec"], at)
    assert "No hay quórum" in page
    present = re.findall(r'name="member" value="(\d+)"', page)
    post(who["sec"], at, {"do": "there", "member": present})
    assert "Hay quórum" in read(who["sec"], at)
    item = session.items.get()
    here = f"{at}{item.pk}/"
    post(who["sec"], here, {"do": "paper", "paper": "Dictamen: temor fundado"})
    assert "temor fundado" in read(who["uno"], here)
    post(who["sec"], here, {"do": "put", "act": "recognise"})
    for u in WHO:
        read(who[u], here)
        post(who[u], here, {"do": "voted", "way": "for"})
    post(who["sec"], here, {"do": "closed"})
    assert "Solo quien preside" in post(who["dos"], here, {"do": "confirmed"}, 422)
    post(who["uno"], here, {"do": "confirmed"})
    page = read(who["uno"], here)
    assert "El resultado propone: Reconocer" in page
    post(who["uno"], here, {"do": "acted", "reason": ""}, 422)
    post(who["uno"], here, {"do": "acted", "reason": "Temor fundado por su opinión política"})
    assert cases.Standing.objects.get(case=item.case).stage == "recognised"
    assert "Hecho en el caso" in read(who["uno"], here)
    for lang in ("es", "en"):
        pdf = who["sec"].get(f"/{lang}{at}minutes.pdf").content
        text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf)).pages)
        made = who["sec"].get(f"/{lang}{at}minutes.docx").content
        words = " ".join(
            c.text for t in docx.Document(io.BytesIO(made)).tables for r in t.rows for c in r.cells
        )
        for found in (text, words):
            assert number in found
            assert "Marta" not in found
        assert zipfile.ZipFile(io.BytesIO(made)).testzip() is None
    read(who["sec"], f"/cases/{number}/sessions/")


def test_members_are_named_with_terms_and_rules_say_how_sure_they_are() -> None:
    who = people()
    officer("cuatro", "body-member", body=CODER, at="")
    at = "/sessions/bodies/slv_coder/"
    page = read(who["sec"], at)
    assert "Unanimidad de quienes pueden votar" in page
    assert (
        "no hay una cuenta"
        in post(who["sec"], at, {"do": "appoint", "seat": "third", "user": "nadie"}, 422).lower()
    )
    taken = post(who["sec"], at, {"do": "appoint", "seat": "third", "user": "cuatro"}, 422)
    assert "ya tiene titular" in taken
    post(who["sec"], at, {"do": "appoint", "seat": "third", "user": "cuatro", "substitute": "1"})
    assert "Cuatro" in read(who["sec"], at)


def test_members_run_no_session_and_others_see_none() -> None:
    who = people()
    session = called(who["sec"], waiting())
    refused = who["uno"].post(f"/es/sessions/{session.pk}/", {"do": "ended"})
    assert refused.status_code == 403
    stranger = officer("pa", "session-secretary", body="PAN.CONARE", at="")
    read(stranger, f"/sessions/{session.pk}/", 404)
    assert stranger.get(f"/es/sessions/{session.pk}/minutes.pdf").status_code == 404
    assert unescape(who["sec"].get("/es/sessions/").content.decode()).count("sesión 1 de") == 1

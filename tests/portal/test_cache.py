"""Pages made once are sent again until the ledger changes, and to nobody who may see more."""

from __future__ import annotations

import gzip
from datetime import timedelta

import brotli
import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from mirps.evidence.figures import api as figures
from mirps.evidence.figures.models import FigureEvent
from mirps.web import pagecache
from mirps.web.pagecache import Kept, Shelved, accepted

PAGES = [
    "/es/",
    "/en/state/MEX/",
    "/es/measure/asylum.applications/",
    "/en/figure/ar24-hnd-010/",
    "/es/contradictions/",
    "/es/finding/{finding}/",
    "/es/search/?q=asilo",
    "/es/sources/",
    "/en/source/AR24/",
    "/es/downloads/",
]


def filled(path: str) -> str:
    from mirps.evidence.findings.api import current

    first = current().first()
    return path.format(finding=first.code if first else "")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_made_before_costs_one_look_at_the_version(
    loaded: None, client: Client, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    path = filled(path)
    first = client.get(path)
    with django_assert_max_num_queries(2):
        again = client.get(path)
    assert again.content == first.content


@pytest.mark.parametrize("path", PAGES)
def test_a_page_made_anew_asks_the_database_little(
    loaded: None, client: Client, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/es/about/")  # the shelf of this version stands; governance is read once for it
    with django_assert_max_num_queries(9):  # the marks of errata among them
        assert client.get(filled(path)).status_code == 200


def corrected(value: int) -> None:
    import dataclasses
    from decimal import Decimal

    row = figures.FigureRow.objects.get(pk="ar24-hnd-010")
    new = dataclasses.replace(
        figures.figure_from(row), id="ar24-hnd-010-b", value=Decimal(value), supersedes=row.id
    )
    figures.correct(
        old=row.id, new=new, by="tests", at=timezone.now(), reason_es="Corregida.", reason_en="Corrected."
    )


def test_a_change_shows_at_once(loaded: None, client: Client) -> None:
    before = client.get("/en/state/HND/").content.decode()
    assert "ar24-hnd-010-b" not in before
    corrected(322)
    after = client.get("/en/state/HND/").content.decode()
    assert "/en/figure/ar24-hnd-010-b/" in after
    old = client.get("/en/figure/ar24-hnd-010/").content.decode()
    assert "superseded" in old, "the old statement stays citable and says what replaced it"
    assert "Corrected." in old


def test_an_embargo_hides_a_states_figures_at_once_and_everywhere(loaded: None, client: Client) -> None:
    assert client.get("/en/figure/ar24-hnd-010/").status_code == 200
    assert b"ar24-hnd-010" in client.get("/en/search/?q=332").content
    now = timezone.now()
    figures.set_embargo(round="2024", state="HND", until=now + timedelta(days=3), by="tests", at=now)
    assert client.get("/en/figure/ar24-hnd-010/").status_code == 404
    for path in ("/en/", "/en/state/HND/", "/en/contradictions/", "/en/search/?q=332", "/en/source/AR24/",
                 "/en/measure/idp.assisted/"):  # fmt: skip
        assert b"ar24-hnd" not in client.get(path).content, path


def test_a_draft_is_nowhere_to_be_seen(loaded: None, client: Client) -> None:
    figures.FigureRow.objects.filter(pk="ar24-hnd-010").update(status="submitted")
    FigureEvent.objects.create(figure_id="ar24-hnd-010", kind="submitted", at=timezone.now(), by="tests")
    figures.touch()
    assert client.get("/es/figure/ar24-hnd-010/").status_code == 404
    assert b"ar24-hnd-010" not in client.get("/es/state/HND/").content


def test_a_slow_line_asks_and_hears_that_nothing_changed(loaded: None, client: Client) -> None:
    page = "/es/state/HND/"
    first = client.get(page)
    assert first["Cache-Control"] == "no-cache"
    assert first["Vary"] == "Accept-Encoding, Cookie"
    again = client.get(page, HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 304
    assert again.content == b""
    figures.touch()
    assert client.get(page, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304, "it still reads the same"
    corrected(322)
    assert client.get(page, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_pages_travel_compressed_and_are_the_same_when_unpacked(loaded: None, client: Client) -> None:
    plain = client.get("/es/state/MEX/").content
    small = client.get("/es/state/MEX/", HTTP_ACCEPT_ENCODING="gzip, br")
    assert small["Content-Encoding"] == "br"
    assert brotli.decompress(small.content) == plain
    other = client.get("/es/state/MEX/", HTTP_ACCEPT_ENCODING="gzip")
    assert gzip.decompress(other.content) == plain
    assert len(small.content) < len(plain) / 5


def test_who_is_signed_in_is_never_kept_for_others(loaded: None, client: Client) -> None:
    user = get_user_model().objects.create_user("someone", first_name="Nombre Propio")
    client.force_login(user)
    mine = client.get("/es/about/")
    assert "Nombre Propio" in mine.content.decode()
    assert "Nombre Propio" not in Client().get("/es/about/").content.decode()


def test_what_sets_a_cookie_or_is_private_is_not_kept(loaded: None, client: Client) -> None:
    for path in ("/es/sign-in/", "/es/nada/"):
        assert "no-store" in client.get(path)["Cache-Control"]
    assert not [k for k in pagecache.pages._pages if "sign-in" in k[0] or "nada" in k[0]]


def test_each_country_gets_its_own_numbers(loaded: None, client: Client) -> None:
    path = "/es/figure/ar24-cri-001/"
    default = client.get(path).content.decode()
    client.cookies["country"] = "CRI"
    assert "226\u00a0029" in client.get(path).content.decode()
    client.cookies["country"] = "nonsense"
    assert client.get(path).content.decode() == default


def test_the_cache_is_bounded_and_forgets_what_was_read_longest_ago() -> None:
    held = Shelved(most=1000)
    for n in range(30):
        held.put((f"/{n}", "", "", ""), Kept(b"x" * 100, "", f'"{n}"', "text/html", ""))
        held.get(("/0", "", "", ""))
    assert held.bytes <= 1000
    assert held.get(("/0", "", "", "")) is not None
    assert held.get(("/5", "", "", "")) is None


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("br, gzip", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("", ""),
        ("identity", ""),
        ("GZIP", "gzip"),
        (";;,,", ""),
    ],
)
def test_the_encoding_is_one_that_the_reader_takes(header: str, chosen: str) -> None:
    assert accepted(header) == chosen

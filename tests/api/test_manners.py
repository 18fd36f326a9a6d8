"""How the API behaves: errors that explain, 304 while nothing changes, limits, other sites' pages."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.api.conftest import ROOT, Get, body_of

from mirps.evidence.figures import api as figures
from mirps.web.api import limits

MANY = "x" * 5000


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize(
    ("address", "status", "parameter", "remedy"),
    [
        ("figures?state=HDN", 400, "state", "HND"),
        ("figures?measure=asylum.aplications", 400, "measure", "asylum.applications"),
        ("figures?limit=100000000000000000000", 400, "limit", "500"),
        ("figures?limit=0", 400, "limit", "500"),
        ("figures?limit=many", 400, "limit", "500"),
        ("figures?known_on=31/12/2024", 400, "known_on", "2024-12-31"),
        ("figures?known_on=2024-02-30", 400, "known_on", "2024-12-31"),
        ("figures?cursor=%FF%FE", 400, "cursor", "cursor"),
        ("figures?cursor=YQ", 200, "", ""),
        ("figures?dimensions=sex", 400, "dimensions", "age=0-17;sex=F"),
        ("figures?stat=HND", 400, "stat", "state"),
        ("figures?state=HND&state=MEX", 400, "state", ROOT),
        ("figures?role=best", 400, "role", "triangulation"),
        ("figures/ar24-xxx-999", 404, "", "/api/v1/figures"),
        ("figures/%00", 404, "", "/api/v1/figures"),
        ("measures/nothing", 404, "", "/api/v1/measures"),
        ("findings/nothing", 404, "", "/api/v1/findings"),
        ("findings?kind=nothing", 400, "kind", "parts_exceed_total"),
        ("rounds/1999/figures.csv", 404, "", "/api/v1/rounds"),
        ("rounds/2024/figures.exe", 404, "", "/api/v1/rounds"),
        ("rounds/..%2F..%2Fetc/figures.csv", 404, "", ROOT),
        ("nothing/here", 404, "", ROOT),
        (f"figures?state={MANY}", 400, "state", ROOT),
    ],
)
def test_an_error_names_the_parameter_and_the_remedy(
    get: Get, lang: str, address: str, status: int, parameter: str, remedy: str
) -> None:
    response = get(address, accept=lang)
    assert response.status_code == status
    if status == 200:
        return
    told = response.json()
    assert response["Content-Type"] == "application/problem+json"
    assert response["Content-Language"] == lang
    assert told["status"] == status
    assert told.get("parameter", "") == parameter
    assert remedy in told["remedy"]
    assert len(response.content) < 2000


def test_an_unknown_language_is_an_error_that_says_which_there_are(get: Get) -> None:
    told = get("figures?lang=fr").json()
    assert told["parameter"] == "lang"
    assert "es, en" in told["remedy"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(loaded: None, method: str) -> None:
    response: Any = getattr(Client(enforce_csrf_checks=True), method)(f"{ROOT}figures")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert response.json()["remedy"]


@pytest.mark.parametrize(
    "address", ["figures?state=HND", "measures", "rounds/2024/figures.csv", "openapi.json", ""]
)
def test_an_unchanged_ledger_answers_304(get: Get, address: str) -> None:
    tag = get(address)["ETag"]
    again = get(address, **{"If-None-Match": f'W/"other", {tag}'})
    assert again.status_code == 304
    assert again.content == b""
    figures.touch()
    changed = get(address, **{"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] != tag


def test_each_language_has_its_own_etag(get: Get) -> None:
    assert get("states", accept="es")["ETag"] != get("states", accept="en")["ETag"]
    assert "Accept-Language" in get("states")["Vary"]


def test_head_gives_the_headers_alone(loaded: None, client: Client) -> None:
    response = client.head(f"{ROOT}states")
    assert response.status_code == 200
    assert response["ETag"]
    assert response.content == b""


def test_pages_of_other_sites_may_read_and_ask_first(loaded: None, client: Client) -> None:
    assert client.get(f"{ROOT}states")["Access-Control-Allow-Origin"] == "*"
    asked = client.options(f"{ROOT}states", headers={"Origin": "https://example.org"})
    assert asked.status_code == 204
    assert "If-None-Match" in asked["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in asked


def test_errors_can_be_read_from_other_sites_too(get: Get) -> None:
    assert get("figures?limit=0")["Access-Control-Allow-Origin"] == "*"


def test_too_many_requests_are_told_to_wait(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits.READ, "limit", 3)
    monkeypatch.setattr(limits.READ, "clock", lambda: 1_000_020.0)
    codes = [get("states").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    refused = get("states", accept="en")
    assert refused["Retry-After"] == "60"
    assert "60 seconds" in refused.json()["remedy"]
    monkeypatch.setattr(limits.READ, "clock", lambda: 1_000_080.0)
    assert get("states").status_code == 200


def test_one_address_does_not_use_up_another_s_share(
    loaded: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.READ, "limit", 1)

    def ask(address: str, forwarded: str = "") -> int:
        headers = {"X-Forwarded-For": forwarded}
        return client.get(f"{ROOT}states", REMOTE_ADDR=address, headers=headers).status_code

    assert (ask("10.0.0.1"), ask("10.0.0.2"), ask("10.0.0.1")) == (200, 200, 429)
    assert ask("10.0.0.1", forwarded="10.9.9.9") == 429, "a made-up X-Forwarded-For lets nobody by"


def test_behind_our_proxy_the_reader_s_own_address_counts(
    loaded: None, client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    monkeypatch.setattr(limits.READ, "limit", 1)
    asked = [
        client.get(f"{ROOT}states", headers={"X-Forwarded-For": f"8.8.8.8, {hop}"}).status_code
        for hop in ("1.1.1.1", "1.1.1.2", "1.1.1.1")
    ]
    assert asked == [200, 200, 429]


def test_our_own_fault_is_told_without_its_trace(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    from mirps.web.api import lists

    def fail(*_: object) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(lists, "_measure", fail)
    response = get("measures", accept="en")
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert b"secret" not in response.content


@pytest.mark.parametrize("suffix", ["csv", "json", "sdmx.xml"])
def test_a_text_export_is_compressed_for_those_who_can_read_it(get: Get, suffix: str) -> None:
    address = f"rounds/2024/figures.{suffix}"
    plain, small = body_of(get(address)), get(address, **{"Accept-Encoding": "gzip, br"})
    squeezed = body_of(small)
    assert small["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small["Vary"]
    assert gzip.decompress(squeezed) == plain
    assert len(squeezed) < len(plain) / 3


def test_a_change_shows_at_once(get: Get) -> None:
    before = get("figures").json()["ledger_version"]
    figures.touch()
    assert get("figures").json()["ledger_version"] == before + 1


def test_a_known_page_of_five_hundred_figures_asks_four_questions(get: Get) -> None:
    get("figures?limit=500")
    with CaptureQueriesContext(connection) as asked:
        get("figures?limit=500")
    assert len(asked) <= 4

"""The API's figures: filters, pages, one figure with its history, and nothing that is not public."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from tests.api.conftest import Get, body_of

from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import FigureRow, Status

FIGURE = "ar24-cri-001"


def embargo() -> None:
    now = timezone.now()
    figures.set_embargo(round="2024", state="CRI", until=now + timedelta(days=1), by="test", at=now)


def unpublish() -> None:
    FigureRow.objects.filter(pk=FIGURE).update(status=Status.DRAFT)
    figures.touch()


def replace() -> None:
    old = figures.figure_from(FigureRow.objects.get(pk=FIGURE))
    new = dataclasses.replace(old, id=f"{FIGURE}-r2", value=Decimal(234430), known_at=None)
    figures.correct(
        old=FIGURE, new=new, by="someone", at=datetime(2026, 3, 1, tzinfo=UTC),
        reason_es="Suma de las partes", reason_en="Sum of the parts",
    )  # fmt: skip


def ids(get: Get, query: str) -> list[str]:
    return [f["id"] for f in get(f"figures?limit=500&{query}").json()["figures"]]


def test_filters_narrow_the_list_together(get: Get) -> None:
    found = get("figures?state=HND&measure=asylum.applications&limit=500").json()["figures"]
    every = get("figures?limit=500").json()["figures"]
    both = [f for f in every if f["state"] == "HND" and f["measure"] == "asylum.applications"]
    assert [f["id"] for f in found] == [f["id"] for f in both]


def test_dimensions_are_matched_in_any_order(get: Get) -> None:
    one, other = ids(get, "dimensions=sex%3DF%3Bage%3D0-17"), ids(get, "dimensions=age%3D0-17%3Bsex%3DF")
    assert one == other
    assert one


def test_pages_together_are_the_whole_list_once(get: Get) -> None:
    whole, seen = ids(get, ""), []
    address = "figures?limit=37&lang=en"
    while address:
        page = get(address).json()
        seen += [f["id"] for f in page["figures"]]
        address = (page["next"] or "").removeprefix("/api/v1/")
    assert seen == whole
    assert len(set(seen)) == len(seen) == page["count"]


def test_a_page_goes_on_where_it_was_though_a_figure_is_replaced_meanwhile(get: Get) -> None:
    first = get("figures?state=CRI&limit=1").json()
    assert first["figures"][0]["id"] == FIGURE
    replace()
    second = get(first["next"].removeprefix("/api/v1/")).json()
    assert second["figures"][0]["id"] == f"{FIGURE}-r2"


def test_the_languages_name_things_differently_and_count_the_same(get: Get) -> None:
    es, en = (get(f"figures?limit=500&lang={lang}").json()["figures"] for lang in ("es", "en"))
    told = ("id", "value", "unit", "qualifier", "dimensions", "period_start", "period_end", "as_of")
    assert [[f[k] for k in told] for f in es] == [[f[k] for k in told] for f in en]
    assert es[0]["unit_label"] == "personas"
    assert en[0]["unit_label"] == "people"


def test_the_language_of_the_reader_s_browser_is_taken(get: Get) -> None:
    assert get("states", accept="en-BZ,es;q=0.5")["Content-Language"] == "en"
    assert get("states", accept="fr")["Content-Language"] == "es"


@pytest.mark.parametrize(
    ("act", "address"),
    [
        (embargo, "figures?limit=500"),
        (embargo, "figures?limit=500&known_on=2026-05-01"),
        (embargo, "findings"),
        (unpublish, "figures?limit=500"),
        (unpublish, "findings"),
    ],
)
def test_what_is_not_public_is_nowhere(get: Get, act: Callable[[], None], address: str) -> None:
    assert FIGURE.encode() in get(address).content
    act()
    assert FIGURE.encode() not in get(address).content
    assert get(f"figures/{FIGURE}").status_code == 404


@pytest.mark.parametrize("suffix", ["csv", "json", "hxl.csv", "sdmx.xml"])
def test_exports_leave_out_what_is_under_embargo(get: Get, suffix: str) -> None:
    embargo()
    assert FIGURE.encode() not in body_of(get(f"rounds/2024/figures.{suffix}"))


def test_a_replaced_figure_is_left_out_of_the_list_and_stays_citable(get: Get) -> None:
    replace()
    assert FIGURE not in ids(get, "state=CRI")
    told = get(f"figures/{FIGURE}?lang=en").json()
    assert told["figure"]["superseded_by"] == f"{FIGURE}-r2"
    (event,) = (e for e in told["history"] if e["kind"] == "superseded")
    assert event["reason"] == "Sum of the parts"
    assert b"someone" not in get(f"figures/{FIGURE}").content


def test_a_past_day_shows_what_was_known_then(get: Get) -> None:
    replace()
    assert FIGURE in ids(get, "state=CRI&known_on=2026-02-28")
    assert f"{FIGURE}-r2" in ids(get, "state=CRI&known_on=2026-03-01")
    assert ids(get, "known_on=2020-01-01") == []


def test_a_figure_tells_what_does_not_add_up_about_it(get: Get) -> None:
    told = get(f"figures/{FIGURE}?lang=en").json()
    kinds = {f["kind"] for f in told["findings"]}
    assert "parts_exceed_total" in kinds
    assert all(FIGURE in f["figures"] for f in told["findings"])


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_finding_is_explained_in_words(get: Get, lang: str) -> None:
    found = get(f"findings?lang={lang}").json()["findings"]
    assert found
    assert [f["code"] for f in found if not (f["message"] and f["why"] and f["kind_label"])] == []


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("measures", "measures"), ("states", "states"), ("places?state=PAN", "places"),
        ("documents", "documents"), ("findings?state=CRI", "findings"), ("rounds", "rounds"),
    ],
)  # fmt: skip
def test_every_list_has_something_in_it(get: Get, address: str, key: str) -> None:
    assert get(address).json()[key]


def test_the_addresses_of_the_exports_that_a_round_tells_are_there(get: Get) -> None:
    (round_,) = get("rounds").json()["rounds"]
    for address in round_["exports"].values():
        response: Any = get(address.removeprefix("/api/v1/"))
        assert response.status_code == 200
        assert len(body_of(response)) > 10_000
        assert "attachment" in response["Content-Disposition"]


def test_a_page_of_figures_needs_few_queries(get: Get, django_assert_max_num_queries: Any) -> None:
    get("figures")
    with django_assert_max_num_queries(4):
        get("figures?state=HND")

"""Quantification on its page and in its workbook: the same sums, each conversion with its rate, day and source."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from django.test import Client
from tests.planning.conftest import person, read

from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Record

pytestmark = pytest.mark.usefixtures("planned")
AT = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
PAGE = "/en/planning/quantification/"


def words(text: str) -> dict[str, str]:
    return {"es": text, "en": text}


def put(kind: str, code: str, *, state: str = "", body: str = "", **data: Any) -> Record:
    """A record in force."""
    held = records.save(
        kind=kind,
        code=code,
        data={"title": words(code), **data},
        base=0,
        by="ana",
        at=AT,
        state=state,
        body=body,
    )
    if held.public is None:
        held = records.step(key=held.key, act=Act.SUBMIT, by="ana", at=AT, base=held.number)
        held = records.step(key=held.key, act=Act.PUBLISH, by="eva", at=AT, base=held.number)
    return held


def give(code: str, amount: str, currency: str, **data: Any) -> Record:
    return put("contribution", code, body="ESP.GOV", amount={"amount": amount, "currency": currency}, stage="committed",
               form="grant", purpose=words("x"), made="2025-06-01", **{"states": ["HND"], **data})  # fmt: skip


def need(
    code: str, amount: str, currency: str = "USD", *, commitment: str = "", year: str = "2025", **data: Any
) -> Record:
    more = {"commitment": commitment} if commitment else {}
    return put(
        "cost",
        code,
        state="HND",
        need={"amount": amount, "currency": currency},
        starts=year,
        ends=year,
        **more,
        **data,
    )


def test_the_honduran_fund_is_shown_in_dollars_with_the_rate_its_day_and_where_it_is_from(
    client: Client,
) -> None:
    page = read(client, PAGE + "?by=state")
    assert "USD\u00a06,055,348" in page
    assert "HNL\u00a0150,000,000" in page
    assert "1 USD = 24.7715 HNL" in page
    assert "31 May 2024" in page
    assert "/en/planning/rate/hnl-usd-my24/" in page
    assert "no need noted" in page


def test_an_amount_that_no_rate_converts_is_named_and_stays_out(client: Client) -> None:
    need("food", "1000000", "GTQ")
    page = read(client, PAGE + "?state=HND")
    assert "GTQ\u00a01,000,000" in page
    assert "There is no exchange rate with a date and a source less than a year away." in page
    assert "GTQ\u00a01,000,000" in read(client, PAGE + "?state=HND&currency=GTQ")


def test_a_gap_counts_a_chain_once_and_the_objective_holds_its_actions(client: Client) -> None:
    need("whole", "1000", commitment="node/rap-2023.o1.3")
    need("part", "400", commitment="node/rap-2023.a1.3.1")
    one = give("spain", "300", "USD", serves=["node/rap-2023.o1.3"])
    give("through-the-fund", "300", "USD", serves=["node/rap-2023.a1.3.1"], **{"part-of": [one.key]})
    sheet = workbook(client, PAGE + "?year=2025&by=plan&format=xlsx")
    (row,) = sheet["Gaps"][:1]
    assert row[1:5] == (1000, None, 300, 700)
    page = read(client, PAGE + "?year=2025")
    assert "Counted within another" in page
    assert "not summed again" in page


def workbook(client: Client, address: str) -> dict[str, list[tuple[Any, ...]]]:
    answer = client.get(address)
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    heads = {"Gaps": 6, "Amounts": 2, "Exchange rates": 2}
    return {s.title: list(s.iter_rows(min_row=heads[s.title], values_only=True)) for s in book.worksheets}


def test_the_workbook_holds_every_amount_with_how_it_was_converted(client: Client) -> None:
    sheets = workbook(client, PAGE + "?by=state&format=xlsx")
    honduras = next(r for r in sheets["Gaps"] if r[0] == "Honduras")
    assert honduras[2] == 6_055_348
    amounts = {r[0]: r for r in sheets["Amounts"]}
    fund = amounts["Fund for attention to displaced persons"]
    assert (fund[2], fund[3], fund[5], fund[7]) == (150_000_000, "HNL", 6_055_348, "31 May 2024")
    assert amounts["Integration of migrants in communities"][5] is None
    assert [r[1] for r in sheets["Exchange rates"]] == ["31 May 2024"]


def test_a_title_that_looks_like_a_formula_stays_a_text(client: Client) -> None:
    held = need("formula", "5", year="2031")
    records.save(
        kind="cost",
        code="formula",
        data={**held.data, "title": words("=HYPERLINK(1)")},
        base=held.number,
        by="ana",
        at=AT,
    )
    records.step(key=held.key, act=Act.SUBMIT, by="ana", at=AT, base=held.number + 1)
    records.step(key=held.key, act=Act.PUBLISH, by="eva", at=AT, base=held.number + 2)
    answer = client.get(PAGE + "?year=2031&format=xlsx")
    cell = openpyxl.load_workbook(io.BytesIO(answer.content))["Amounts"]["A2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_contributions_that_come_out_of_each_other_stop_every_sum_and_are_named(client: Client) -> None:
    one = give("one", "1", "USD", serves=["node/rap-2023.o1.3"])
    two = give("two", "1", "USD", **{"part-of": [one.key]})
    held = records.save(
        kind="contribution",
        code="one",
        data={**one.data, "part-of": [two.key]},
        base=one.number,
        by="ana",
        at=AT,
    )
    for act, by in ((Act.SUBMIT, "ana"), (Act.PUBLISH, "eva")):
        held = records.step(key=held.key, act=act, by=by, at=AT, base=held.number)
    page = read(client, PAGE)
    assert "Money would go round in a circle" in page
    assert page.count("/en/planning/record/contribution/") + page.count("/en/planning/contribution") >= 2
    assert "USD\u00a06,055,348" not in page


def test_only_what_has_come_so_far_counts(client: Client) -> None:
    give("given", "70", "USD")
    assert "USD\u00a06,055,418" not in read(client, PAGE + "?state=HND&counted=disbursed")
    assert "USD\u00a070" in read(client, PAGE + "?state=HND&counted=committed")


def test_what_is_asked_for_wrongly_falls_back_to_the_whole(client: Client) -> None:
    assert "USD\u00a06,055,348" in read(client, PAGE + "?currency=ZZZ&by=nothing&counted=x")
    assert client.get(PAGE + "?state=NOWHERE&year=1700").status_code == 200


def test_drafts_of_costs_count_for_those_who_write_them_and_for_no_one_else(client: Client) -> None:
    draft = {"title": words("draft"), "need": {"amount": "123456", "currency": "USD"}, "starts": "2025"}
    records.save(kind="cost", code="draft", data=draft, base=0, by="ana", at=AT, state="HND")
    assert "123,456" not in read(client, PAGE)
    client.force_login(person("hnd", "focal-point", "HND"))
    assert "123,456" in read(client, PAGE)
    assert "123,456" not in read(Client(), PAGE)


def test_many_amounts_are_told_by_currency_and_unclear_ones_only_counted(client: Client) -> None:
    for n in range(3):
        give(f"e{n}", "10", "EUR")
        give(f"u{n}", "10", "")
    page = read(client, PAGE + "?state=HND&by=state")
    assert "EUR\u00a030 in 3 amounts" in page
    assert "3 amounts without a stated currency" in page


def test_a_rate_says_what_it_comes_to_and_which_figures_imply_it(client: Client) -> None:
    page = read(client, "/en/planning/rate/hnl-usd-my24/")
    assert "1 USD = 24.7715 HNL" in page
    assert "/en/figure/my24-hnd-003/" in page
    assert "/en/figure/my24-hnd-004/" in page


def test_a_cost_shows_its_own_gap_with_what_pays_for_it(client: Client) -> None:
    need("shelters", "300000000", "HNL", contributions=["contribution/hnd-displacement-fund"])
    page = read(client, "/en/planning/cost/shelters/")
    assert page.count("HNL\u00a0150,000,000") >= 2, "the State's own, and what is lacking"
    assert "no need noted" in read(client, "/en/planning/cost/hnd-idp-fund/")

"""Every contribution that the five documents name is loaded, cited, and says what the figure ledger says."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.data.reading import one_line, places

from mirps.base.codelists import api as codelists
from mirps.evidence.figures import api as figures
from mirps.planning.contributions.rules import Contribution, Left, Reach, Stated, disagreements, given, summed
from mirps.planning.records import values
from mirps.planning.records.api import Known, kinds

FACTS = codelists.data_folder() / "planning" / "facts" / "contribution.csv"


def rows() -> list[dict[str, str]]:
    return [row for _, row in codelists.rows(FACTS)]


@pytest.fixture(scope="module")
def facts() -> dict[str, Contribution]:
    anything = Known(code=lambda *_: True, key=lambda _: True, measure=lambda _: True)
    found = {}
    for row in rows():
        data, faults = values.read(kinds()["contribution"], row, anything)
        assert faults == [], row["code"]
        found[row["code"]] = given(row["code"], row["body"], data)
    return found


@pytest.fixture(scope="module")
def ledger() -> dict[str, figures.Figure]:
    return {f.id: f for f in figures.read_round(figures.round_folder("2024"), figures.vocabulary()).figures}


def test_each_is_cited_to_a_document_a_place_and_a_fragment_that_stands_there(
    facts: dict[str, Contribution], sources: object
) -> None:
    texts = {
        code: one_line((sources / row["file"]).read_text(encoding="utf-8"))  # type: ignore[operator]
        for code, row in codelists.documents().items()
    }
    for c in facts.values():
        assert c.sources, c.code
        for document, place, fragment in c.sources:
            assert place, c.code
            assert 1 <= len(fragment.split()) <= 8, c.code
            assert places(one_line(fragment), texts[document]), (c.code, fragment)


def test_every_donor_is_an_institution(facts: dict[str, Contribution]) -> None:
    assert {c.donor for c in facts.values()} <= set(codelists.institutions())


def test_every_financial_contribution_of_the_ledger_is_one_of_these_and_no_two_share_one(
    facts: dict[str, Contribution], ledger: dict[str, figures.Figure]
) -> None:
    money = {i for i, f in ledger.items() if f.measure in ("funding.contribution", "funding.appropriation")}
    linked = [figure for c in facts.values() for what, figure in c.figures if figure in money]
    assert sorted(linked) == sorted(money)


def test_every_figure_that_is_named_stands_in_the_ledger(
    facts: dict[str, Contribution], ledger: dict[str, figures.Figure]
) -> None:
    assert {figure for c in facts.values() for _, figure in c.figures} <= set(ledger)


def test_no_amount_differs_from_its_figure_and_each_has_one(
    facts: dict[str, Contribution], ledger: dict[str, figures.Figure]
) -> None:
    held = {i: Stated(f.value, f.unit, f.qualifier.value) for i, f in ledger.items()}
    assert disagreements(facts.values(), held) == {}
    with_amount = {c.code for c in facts.values() if c.amount is not None}
    assert with_amount == {c.code for c in facts.values() if "amount" in dict(c.figures)}


def test_a_contribution_and_its_figure_cite_the_same_document(
    facts: dict[str, Contribution], ledger: dict[str, figures.Figure]
) -> None:
    for c in facts.values():
        for what, figure in c.figures:
            if what in ("amount", "people", "term"):
                assert ledger[figure].document in {d for d, _, _ in c.sources}, c.code


def test_the_187_and_17_million_without_a_currency_stay_unclear(facts: dict[str, Contribution]) -> None:
    unclear = summed(list(facts.values())).left[Left.CURRENCY]
    assert [(c.code, c.amount, c.currency) for c in sorted(unclear, key=lambda c: c.code)] == [
        ("iadb-new-grants", Decimal(17_000_000), ""), ("iadb-new-investment", Decimal(187_000_000), ""),
    ]  # fmt: skip


def test_spain_gave_more_than_six_point_two_million_of_which_the_fund_is_part(
    facts: dict[str, Contribution],
) -> None:
    spain = [c for c in facts.values() if c.donor == "ESP.GOV"]
    got = summed(spain)
    assert {(x.reach, x.currency): (x.total, x.exactness) for x in got.lines} == {
        (Reach.REGION, "EUR"): (Decimal(6_200_000), "more-than"),
        (Reach.WIDER, "EUR"): (Decimal(3_200_000), "exact"),  # the document does not say where
    }
    assert got.within == {"esp-mirps-fund": "esp-three-years"}
    assert facts["esp-mirps-fund"].assumed


def test_what_canada_announced_is_within_its_commitment_of_75_million(facts: dict[str, Contribution]) -> None:
    canada = [c for c in facts.values() if c.donor == "CAN.GOV"]
    got = summed(canada)
    assert [(x.stage, x.total) for x in got.lines] == [("committed", Decimal(75_000_000))]
    assert [(x.stage, x.total) for x in got.inside] == [("pledged", Decimal(2_300_000))]
    assert got.within == {
        "can-iom-integration": "can-asylum-capacity",
        "can-unhcr-asylum-claims": "can-asylum-capacity",
    }


def test_honduras_s_own_fund_is_in_lempiras_and_links_the_dollars_that_the_source_gives(
    facts: dict[str, Contribution], ledger: dict[str, figures.Figure]
) -> None:
    c = facts["hnd-displacement-fund"]
    also = ledger[dict(c.figures)["also"]]
    assert (c.amount, c.currency) == (Decimal(150_000_000), "HNL")
    assert (also.value, also.unit) == (Decimal(6_055_348), "USD")


def test_every_reference_among_them_leads_to_one(facts: dict[str, Contribution]) -> None:
    for c in facts.values():
        assert {*c.part_of, *c.fulfils} <= set(facts), c.code


def test_what_is_said_to_be_part_says_who_says_so() -> None:
    assert [r["code"] for r in rows() if bool(r["part-of"]) != bool(r["part-is"])] == []


def test_every_project_named_is_a_project_of_the_facts() -> None:
    folder = FACTS.parent
    known = {
        f"{k}/{row['code']}"
        for k in ("project", "portfolio")
        for _, row in codelists.rows(folder / f"{k}.csv")
    }
    named = {key.strip() for r in rows() for key in r["projects"].split(";") if key.strip()}
    assert named <= known
    assert {"portfolio/fund-first", "portfolio/gpip-2024"} <= named

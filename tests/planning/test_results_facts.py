"""The two proposed frameworks hold together, say that they are ours, and read their values from the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from mirps.base.codelists import api as codelists
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Book, Entry
from mirps.planning.records import api as records
from mirps.planning.results import api as results

pytestmark = pytest.mark.usefixtures("planned")
KINDS = ("framework", "framework-node", "indicator", "cost", "rate")


def ledger(book: Book) -> tuple[Callable[[str], list[Entry]], Callable[[str], Entry | None]]:
    return (lambda m: book.select(measure=m)), (lambda i: book.entries.get(i))


@pytest.mark.parametrize("code", ["asylum-systems", "labour-integration"])
def test_a_proposed_framework_leaves_no_arrow_wrong_and_no_result_without_a_way_to_it(code: str) -> None:
    theory = results.theory(records.get(f"framework/{code}"), results.in_force, "es")
    assert theory is not None
    for b in theory.boxes.values():
        alone = {**theory.boxes, b.key: results.Box(b.key, b.level, b.title, (), b.place)}
        assert [results.arrow_fault(alone, b.key, k) for k in b.leads_to] == [""] * len(b.leads_to)
    left = {
        (x.box.rpartition("/")[2], x.why.removeprefix("results.loose."))
        for x in results.loose(theory.boxes, theory.indicators)
    }
    assert {x for x in left if x[1] != "unmeasured"} == set()
    assert {r.data.get("proposal") for r in (theory.record, *theory.records.values())} == {True}


def test_every_fragment_stands_in_its_document(sources: Path) -> None:
    texts = {
        c: flat((sources / d["file"]).read_text(encoding="utf-8")) for c, d in codelists.documents().items()
    }
    said = [s for kind in KINDS for r in records.of_kind(kind) for s in r.data.get("source", ())]
    assert len(said) > 30
    for s in said:
        assert flat(s["fragment"]) in texts[s["document"]], s
        assert len(s["fragment"].split()) <= 8


def flat(text: str) -> str:
    return re.sub(r"[\s*\\]+", " ", text).strip()


def test_no_indicator_types_a_number_that_the_ledger_holds() -> None:
    book = figures.book(at=datetime(2026, 2, 1, tzinfo=UTC))
    for r in records.of_kind("indicator"):
        if r.data["basis"] == "stated":
            assert "series" not in r.data, r.key
            continue
        assert not r.data.get("told"), r.key
        for row in (*r.data.get("baseline", ()), *r.data.get("targets", ())):
            assert "value" not in row, r.key
            assert row["figure"] in book, row
            assert book.get(row["figure"]).figure.state == row["state"]


def test_every_computed_indicator_finds_figures_except_those_the_ledger_has_only_plans_for() -> None:
    of, by_id = ledger(figures.book(at=datetime(2026, 2, 1, tzinfo=UTC)))
    bare = set()
    for r in records.of_kind("indicator"):
        if r.data["basis"] == "computed" and not any(c.readings for c in results.courses(r.data, of, by_id)):
            bare.add(r.code)
    assert bare == {"li.platform"}


def test_a_course_runs_from_its_baseline_to_its_target_by_figures_alone() -> None:
    of, by_id = ledger(figures.book(at=datetime(2026, 2, 1, tzinfo=UTC)))
    insured = records.get("indicator/li.insured").data
    course = {c.state: c for c in results.courses(insured, of, by_id)}["CRI"]
    assert course.baseline is not None
    assert (course.baseline.value, course.baseline.figure) == (4835, "my24-cri-009")
    assert [(a.value, a.by, a.final) for a in course.aims] == [(5000, date(2024, 12, 31), True)]
    assert {r.figure for r in course.readings} == {"my24-cri-009"}, "places agreed on are no people insured"
    placed = {c.state: c for c in results.courses(records.get("indicator/li.placed").data, of, by_id)}["SLV"]
    assert placed.baseline is not None
    assert placed.latest is not None
    assert (placed.baseline.value, placed.latest.value) == (707, 761)
    assert results.comparable(placed.baseline, placed.latest)


def test_five_months_do_not_compare_with_nine() -> None:
    of, by_id = ledger(figures.book(at=datetime(2026, 2, 1, tzinfo=UTC)))
    permits = {c.state: c for c in results.courses(records.get("indicator/li.permits").data, of, by_id)}[
        "GTM"
    ]
    assert permits.baseline is not None
    assert permits.latest is not None
    assert (permits.baseline.value, permits.latest.value) == (260, 544)
    assert not results.comparable(permits.baseline, permits.latest)


def test_the_rate_of_the_mid_year_report_is_worked_out_from_its_two_amounts() -> None:
    _, by_id = ledger(figures.book(at=datetime(2026, 2, 1, tzinfo=UTC)))
    (rate,) = results.rates(results.in_force, by_id)
    assert (rate.origin, rate.target, rate.day) == ("HNL", "USD", date(2024, 5, 31))
    assert rate.value * 150_000_000 == 6_055_348
    assert rate.implied == {"my24-hnd-003", "my24-hnd-004"}


def test_the_honduran_fund_is_the_states_own_money_and_counts_once() -> None:
    _, by_id = ledger(figures.book(at=datetime(2026, 2, 1, tzinfo=UTC)))
    books = results.books(results.in_force, by_id)
    honduras = books.within(state="HND").gap("USD")
    assert honduras.own.value == Decimal(6_055_348)
    assert [c.amount.whence for c in honduras.own.counted] == ["contribution/hnd-displacement-fund"]
    assert not honduras.need.stated
    assert honduras.value is None
    lempiras = books.within(state="HND").gap("HNL")
    assert lempiras.own.value == 150_000_000
    assert lempiras.rates == []


def test_amounts_without_a_currency_are_in_no_sum() -> None:
    _, by_id = ledger(figures.book(at=datetime(2026, 2, 1, tzinfo=UTC)))
    flows = [f for f, _ in results.flows(results.in_force).values()]
    unclear = {f.key for f in flows if not f.money.currency}
    assert unclear == {"contribution/iadb-new-grants", "contribution/iadb-new-investment"}
    total = results.total([f.amount for f in flows], "USD", results.rates(results.in_force, by_id))
    assert unclear <= {a.whence for a in total.kept}


def test_spains_million_to_the_fund_is_not_counted_beside_the_six_that_hold_it() -> None:
    flows = [f for f, _ in results.flows(results.in_force).values()]
    fed = results.feeding(flows)
    entering = {f.key for f in results.entering(flows, fed)}
    assert "contribution/esp-three-years" in entering
    assert "contribution/esp-mirps-fund" not in entering

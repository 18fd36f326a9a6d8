"""The 2024 round: the contradictions that were published are found, what is right stays silent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

import pytest

from mirps.base.texts.api import catalogue, number
from mirps.evidence.checks.finding import LedgerFinding
from mirps.evidence.checks.ledger import check_ledger
from mirps.evidence.checks.messages import TEXTS as SHARED
from mirps.evidence.checks.over_ledger.messages import TEXTS, message
from mirps.evidence.figures.rules import Figure
from mirps.evidence.figures.vocabulary import read_own_round


@pytest.fixture(scope="module")
def figures() -> Mapping[str, Figure]:
    return {f.id: f for f in read_own_round("2024").figures}


@pytest.fixture(scope="module")
def found() -> list[LedgerFinding]:
    package = read_own_round("2024")
    return check_ledger(package.table, package.measures, package.relations)


def of(found: list[LedgerFinding], id_: str) -> list[LedgerFinding]:
    return [f for f in found if f.figures[0] == id_]


def test_costa_ricas_parts_exceed_their_total(found: list[LedgerFinding]) -> None:
    [doubt] = of(found, "ar24-cri-001")
    assert (doubt.kind, doubt.severity, doubt.stated, doubt.expected) == (
        "parts_exceed_total", "contradiction", "226029", "234430",
    )  # fmt: skip
    assert set(doubt.figures[1:]) == {"ar24-cri-002", "ar24-cri-003", "ar24-cri-004"}


def test_hondurass_girls_women_boys_and_men_fall_short_of_the_people_assisted(
    found: list[LedgerFinding],
) -> None:
    [doubt] = of(found, "ar24-hnd-010")
    assert (doubt.kind, doubt.stated, doubt.expected) == ("parts_below_total", "332", "322")


def test_four_surveys_of_7428_households_are_not_28800(found: list[LedgerFinding]) -> None:
    [doubt] = of(found, "ar24-hnd-033")
    assert (doubt.kind, doubt.expected) == ("product_mismatch", "29712")


def test_guatemalas_indicators_carry_two_periods(found: list[LedgerFinding]) -> None:
    assert {f.figures[0] for f in found if f.kind == "restated_period"} == {
        "ar24-gtm-010", "ar24-gtm-011", "ar24-gtm-012",
    }  # fmt: skip


@pytest.mark.parametrize(
    "right",
    [
        "my24-cri-001",  # 222,752 = 17,283 + 205,122 + 347
        "ar24-hnd-034",  # 92 interns = 73 + 13 + 6
        "ar24-hnd-016",  # 40 = 5 + 9 + 17 + 9
        "ar24-mex-014",  # 97 = 50 + 47
        "ar24-gtm-022",  # 19 = 9 + 10
        *(f"ar24-mex-{n:03d}" for n in range(31, 43)),  # the shares of the Local Integration Programme
        "ar24-hnd-025",  # 1.39% of 25,161 is 350
    ],
)
def test_what_adds_up_stays_silent(found: list[LedgerFinding], right: str) -> None:
    assert [f for f in found if right in f.figures] == []


def test_every_finding_says_the_same_in_both_languages(
    found: list[LedgerFinding], figures: Mapping[str, Figure]
) -> None:
    def plain(value: Decimal) -> str:
        return number(value, "en_US")

    assert found
    for doubt in found:
        es, en = (message(doubt, lang, figures, plain) for lang in ("es", "en"))
        assert es != en
        assert re.findall(r"[\d,.]*\d", es) == re.findall(r"[\d,.]*\d", en)
        assert "$" not in es + en


@pytest.mark.parametrize("kind", sorted({*TEXTS, *SHARED}))
def test_every_kind_of_finding_has_its_name_and_its_why(kind: str) -> None:
    assert f"finding.kind.{kind}" in catalogue()
    assert f"finding.why.{kind}" in catalogue()

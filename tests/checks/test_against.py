"""What the checker binds to the ledger of 2024, what it finds at odds with it, and what it leaves unknown."""

# ruff: noqa: E501 (sentences are kept whole)
from __future__ import annotations

import json

import pytest

from mirps.evidence.checks import api
from mirps.evidence.checks.api import Report
from mirps.evidence.figures.package import RoundPackage
from mirps.evidence.figures.vocabulary import read_own_round


@pytest.fixture(scope="module")
def ledger() -> RoundPackage:
    return read_own_round("2024")


def against(ledger: RoundPackage, text: str, lang: str) -> Report:
    return api.check_text(text, lang=lang, figures=ledger.figures, measures=ledger.measures)


def bound(report: Report) -> dict[int, str | None]:
    data = json.loads(report.as_json())
    return {claim["value"]: claim["figure"] for claim in data["claims"]}


@pytest.mark.parametrize(
    ("lang", "text", "value", "figure"),
    [
        ("en", "In September 2024 Costa Rica was home to 22,344 refugees.", 22344, "ar24-cri-002"),
        ("es", "En septiembre de 2024 Costa Rica acogía a 22,344 personas refugiadas.", 22344, "ar24-cri-002"),
        ("en", "Mexico received 58,806 asylum applications from January to September 2024.", 58806, "ar24-mex-002"),
        ("es", "México recibió 36,860 solicitudes de asilo de enero a mayo de 2024.", 36860, "my24-mex-001"),
        ("en", "In Honduras, 319,318 people crossed the border in mixed movements from January to September 2024.", 319318, "ar24-hnd-002"),
    ],
)  # fmt: skip
def test_a_claim_with_the_right_value_is_bound_to_its_figure(
    ledger: RoundPackage, lang: str, text: str, value: int, figure: str
) -> None:
    report = against(ledger, text, lang)
    assert bound(report)[value] == figure
    assert [f.kind for f in report.findings] == []


@pytest.mark.parametrize(
    ("lang", "text", "value", "figure"),
    [
        ("en", "In September 2024 Costa Rica was home to 23,443 refugees.", 23443, "ar24-cri-002"),
        ("es", "En septiembre de 2024 Costa Rica acogía a 23,443 personas refugiadas.", 23443, "ar24-cri-002"),
        ("en", "Mexico received 85,806 asylum applications from January to September 2024.", 85806, "ar24-mex-002"),
        ("es", "México recibió 33,860 solicitudes de asilo de enero a mayo de 2024.", 33860, "my24-mex-001"),
        ("es", "Honduras registró el cruce de 219,318 personas en movimientos mixtos de enero a septiembre de 2024.", 219318, "ar24-hnd-002"),
    ],
)  # fmt: skip
def test_another_value_for_the_same_thing_is_found_and_the_figure_is_named(
    ledger: RoundPackage, lang: str, text: str, value: int, figure: str
) -> None:
    report = against(ledger, text, lang)
    (finding,) = report.findings
    assert finding.kind == "ledger_mismatch"
    assert figure in finding.message["es"]
    assert figure in finding.message["en"]
    assert bound(report)[value] == figure
    assert report.exit_status == 1


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "In September 2022 Costa Rica was home to 23,443 refugees."),
        ("en", "In September 2022 Costa Rica was home to 22,344 refugees."),
        ("en", "In September 2024 Panama was home to 22,344 refugees."),
        ("en", "In September 2024 Costa Rica was home to 22,344 asylum-seekers."),
        ("en", "In September 2024 Costa Rica was home to 12,900 refugee women."),
        ("en", "In 2024 Mexico received 79,000 asylum applications."),
        ("en", "From January to March 2024 Mexico received 31,000 asylum applications."),
        ("es", "En septiembre de 2022 Costa Rica acogía a 22,344 personas refugiadas."),
        ("es", "En septiembre de 2024 Guatemala acogía a 22,344 personas refugiadas."),
        ("es", "En septiembre de 2024 Costa Rica acogía a 12,900 mujeres refugiadas."),
        ("es", "De enero a marzo de 2024 México recibió 31,000 solicitudes de asilo."),
    ],
)
def test_another_year_state_population_or_part_stays_unknown(
    ledger: RoundPackage, lang: str, text: str
) -> None:
    report = against(ledger, text, lang)
    assert set(bound(report).values()) == {None}
    assert report.findings == []
    assert report.summary()["unknown"] == len(report.claims)


@pytest.mark.parametrize(
    "text",
    [
        "The library lent 22,344 books.",
        "The road is 511 kilometres long and cost 226,029 lempiras.",
        "There were four windows, 19 chairs and 61 lamps in the hall.",
        "Belgium took in 58,806 tourists.",
    ],
)
def test_a_value_alone_binds_nothing(ledger: RoundPackage, text: str) -> None:
    assert set(bound(against(ledger, text, "en")).values()) == {None}


def test_without_a_round_claims_carry_no_figure() -> None:
    data = json.loads(api.check_text("Costa Rica hosts 22,344 refugees.", lang="en").as_json())
    assert all("figure" not in claim for claim in data["claims"])
    assert "bound" not in data["summary"]

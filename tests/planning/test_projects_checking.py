"""What is refused when a project, a payment, a report, a course or a source is to come into force."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Refused

pytestmark = pytest.mark.usefixtures("planned")
AT = datetime(2026, 2, 1, 9, tzinfo=UTC)
TITLE = {"es": "Uno", "en": "One"}
MONEY = {"amount": "10", "currency": "USD"}
CONDITION = {"es": "Informe", "en": "Report"}


def refused(kind: str, parent: str = "", **data: Any) -> set[str]:
    """The cells for which a record is not submitted; none when it is."""
    held = records.save(
        kind=kind, code="tried", data={"title": TITLE, **data}, base=0, parent=parent, by="ana", at=AT
    )
    try:
        records.step(key=held.key, act=Act.SUBMIT, by="ana", at=AT, base=held.number)
    except Refused as e:
        return {f.cell for f in e.faults}
    return set()


PROJECT = {"programme": "FUND", "stage": "running", "states": ["GTM"]}


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        ({}, set()),
        ({"starts": "2025-05", "ends": "2025-03"}, {"ends"}),
        ({"starts": "2025-03", "ends": "2025-03"}, set()),
        ({"figures": [{"what": "execution", "figure": "ar24-cri-902"}]}, set()),
        ({"figures": [{"what": "execution", "figure": "invented-001"}]}, {"figures"}),
        ({"stage": "closed"}, {"closed", "closing.es"}),
        ({"planned": [{"population": "IDP", "sex": "total", "age": "total", "people": "5"},
                      {"population": "IDP", "sex": "F", "age": "total", "people": "6"}]}, {"planned"}),
    ],
)  # fmt: skip
def test_a_project(data: dict[str, Any], cells: set[str]) -> None:
    assert refused("project", **{**PROJECT, **data}) == cells


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        ({}, set()),
        ({"condition": CONDITION, "met": "2025-01-02"}, {"evidence"}),
        ({"condition": CONDITION, "met": "2025-01-02", "evidence": [{"what": "Acta"}]}, set()),
        ({"condition": CONDITION, "paid": "2025-01-02"}, {"met"}),
        ({"paid": "2025-01-02"}, set()),
        ({"paid-amount": MONEY}, {"paid"}),
    ],
)
def test_a_condition_is_met_with_evidence_and_paid_once_it_is_met(
    data: dict[str, Any], cells: set[str]
) -> None:
    assert refused("disbursement", "project/fund-gtm", amount=MONEY, **data) == cells


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        ({"progress": "100"}, set()),
        ({"progress": "101"}, {"progress"}),
        ({"period-starts": "2025-02-01", "period-ends": "2025-01-31"}, {"period-ends"}),
        ({"people": [{"population": "IDP", "sex": "not-collected", "age": "total", "people": "5"},
                     {"population": "IDP", "sex": "F", "age": "0-17", "people": "6"}]}, {"people"}),
    ],
)  # fmt: skip
def test_a_report(data: dict[str, Any], cells: set[str]) -> None:
    assert refused("project-report", "project/fund-gtm", sort="progress", **data) == cells


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        ({"seats": "0"}, {"seats"}),
        ({"seats": "2.5"}, {"seats"}),
        ({"certificate": True}, {"days"}),
        ({"certificate": True, "days": [{"day": "2025-01-02"}], "attendance": "120"}, {"attendance"}),
        ({"opens": "2025-02-01", "closes": "2025-01-01"}, {"closes"}),
    ],
)
def test_a_course(data: dict[str, Any], cells: set[str]) -> None:
    assert refused("course", sort="course", **data) == cells


def test_an_assessment_of_a_source_bears_its_date_and_its_reason() -> None:
    given = {"publisher": "P", "sort": "media", "audience": "own"}
    assert refused("coi-source", reliability="high", **given) == {"assessed", "assessment.es"}


def test_a_source_may_wait_to_be_assessed() -> None:
    assert (
        refused("coi-source", publisher="P", sort="media", audience="own", reliability="unassessed") == set()
    )

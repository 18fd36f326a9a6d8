"""What a project owes, what it has come to, and in what documents contradict each other: the pure rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.planning.projects.rules import (
    Amendment,
    Disbursement,
    Matter,
    Money,
    People,
    Project,
    Report,
    Said,
    Unknown,
    agreed_on,
    computed,
    ends_on,
    last_day,
    late,
    matrix,
    reached,
    stated,
    unfit,
)

ON = date(2025, 6, 1)


def usd(amount: int) -> Money:
    return Money(Decimal(amount), "USD")


def project(**given: Any) -> Project:
    return Project(**{"key": "project/x", "stage": "running", **given})


def matters(p: Project, on: date = ON) -> list[tuple[Matter, str]]:
    return [(x.matter, x.key) for x in late(p, on)]


@pytest.mark.parametrize(
    ("when", "day"),
    [("2024", date(2024, 12, 31)), ("2025-03", date(2025, 3, 31)), ("2024-02", date(2024, 2, 29)),
     ("2024-12", date(2024, 12, 31)), ("2025-01-15", date(2025, 1, 15)), ("", None)],
)  # fmt: skip
def test_a_date_less_exact_than_a_day_ends_with_its_last_day(when: str, day: date | None) -> None:
    assert last_day(when) == day


def test_an_amendment_counts_from_the_day_it_was_signed() -> None:
    p = project(
        agreed=usd(100), ends="2025-03",
        amendments=(Amendment("a", date(2025, 2, 1), usd(150)), Amendment("b", date(2025, 5, 1), None, "2025-09")),
    )  # fmt: skip
    assert agreed_on(p, date(2025, 1, 31)) == usd(100)
    assert agreed_on(p, date(2025, 2, 1)) == usd(150)
    assert ends_on(p, date(2025, 4, 30)) == "2025-03"
    assert (agreed_on(p, ON), ends_on(p, ON)) == (usd(150), "2025-09")


def test_execution_is_computed_of_what_was_paid_by_the_day_and_of_what_was_reported_as_spent() -> None:
    p = project(
        agreed=usd(200),
        disbursements=(
            Disbursement("d1", amount=usd(80), paid=date(2025, 1, 1)),
            Disbursement("d2", amount=usd(60), paid=date(2025, 5, 1), paid_amount=usd(40)),
            Disbursement("d3", amount=usd(60), paid=date(2025, 7, 1)),
        ),
        reports=(
            Report("r1", "financial", until=date(2025, 3, 31), handed=date(2025, 4, 2), spent=usd(30)),
            Report("r2", "financial", until=date(2025, 4, 30), handed=date(2025, 5, 2), spent=usd(90)),
            Report("r3", "financial", until=date(2025, 5, 31), due=date(2025, 6, 15), spent=usd(99)),
        ),
    )  # fmt: skip
    found = computed(p, ON)
    assert (found.paid.percent, found.paid.part) == (Decimal("60.0"), usd(120))
    assert (found.spent.percent, found.spent.part) == (Decimal("75.0"), usd(90))


def test_what_cannot_be_computed_says_why() -> None:
    nothing = computed(project(), ON)
    assert (nothing.paid.why, nothing.spent.why) == (Unknown.NO_AGREEMENT, Unknown.NO_SPENDING)
    unpaid = computed(project(agreed=usd(10)), ON)
    assert unpaid.paid.why is Unknown.NOT_PAID
    quetzales = Disbursement("d", amount=Money(Decimal(5), "GTQ"), paid=ON)
    assert computed(project(agreed=usd(10), disbursements=(quetzales,)), ON).paid.why is Unknown.CURRENCIES


def test_an_amount_without_a_currency_is_never_compared() -> None:
    nameless = Money(Decimal(10))
    p = project(agreed=nameless, disbursements=(Disbursement("d", amount=nameless, paid=ON),))
    assert computed(p, ON).paid.why is Unknown.CURRENCIES
    assert computed(p, ON).paid.percent is None


def test_payments_in_two_currencies_are_not_added() -> None:
    two = (
        Disbursement("a", amount=usd(5), paid=ON),
        Disbursement("b", amount=Money(Decimal(5), "EUR"), paid=ON),
    )
    assert computed(project(agreed=usd(10), disbursements=two), ON).paid.percent is None


def test_the_progress_stated_last_is_that_of_the_latest_period_handed_in() -> None:
    first = Report("a", "progress", until=date(2025, 3, 31), handed=date(2025, 5, 30), progress=Decimal(20))
    second = Report("b", "progress", until=date(2025, 4, 30), handed=date(2025, 5, 2), progress=Decimal(50))
    unhanded = Report("c", "progress", until=date(2025, 5, 31), progress=Decimal(90))
    assert stated(project(reports=(first, second, unhanded)), ON) == second


def test_a_report_is_late_the_day_after_it_was_due_until_it_is_handed_in() -> None:
    def of(**given: Any) -> list[tuple[Matter, str]]:
        return matters(project(reports=(Report("r", "progress", **given),)))

    assert of(due=ON) == []
    assert of(due=date(2025, 5, 31)) == [(Matter.REPORT, "r")]
    assert of(due=date(2025, 5, 31), handed=ON) == []
    assert of(due=date(2025, 5, 31), handed=date(2025, 6, 2)) == [(Matter.REPORT, "r")]


def test_a_disbursement_waits_for_its_condition_or_for_its_payment() -> None:
    due = date(2025, 5, 1)

    def of(**given: Any) -> list[tuple[Matter, str]]:
        return matters(project(disbursements=(Disbursement("d", due, usd(1), **given),)))

    assert of(conditional=True) == [(Matter.CONDITION, "d")]
    assert of(conditional=True, met=date(2025, 5, 20)) == [(Matter.PAYMENT, "d")]
    assert of(conditional=False) == [(Matter.PAYMENT, "d")]
    assert of(conditional=True, met=date(2025, 5, 20), paid=ON) == []


def test_a_project_of_which_nothing_was_said_since_its_end_is_not_called_late() -> None:
    assert matters(project(ends="2025-03", told=date(2024, 12, 5))) == [(Matter.SILENCE, "project/x")]
    assert matters(project(ends="2025-03", told=date(2025, 4, 20))) == [(Matter.END, "project/x")]
    assert matters(project(ends="2025-03", told=date(2025, 4, 20), ended="2025-04")) == []
    assert matters(project(ends="2025", told=date(2024, 12, 5))) == []


def test_nothing_is_expected_of_a_project_that_is_closed_or_cancelled() -> None:
    r = Report("r", "final", due=date(2020, 1, 1))
    assert (
        matters(project(stage="closed", reports=(r,)))
        == matters(project(stage="cancelled", reports=(r,)))
        == []
    )


def people(sex: str, age: str, n: int, population: str = "IDP") -> People:
    return People(population, sex, age, Decimal(n))


def test_each_person_is_counted_once_whatever_the_breakdowns() -> None:
    assert reached([people("F", "total", 47), people("M", "total", 45)]) == {"IDP": 92}
    assert reached([people("F", "total", 47), people("M", "total", 45), people("total", "0-17", 90)]) == {
        "IDP": 92
    }
    assert reached([people("total", "total", 92), people("F", "total", 47)]) == {"IDP": 92}
    assert reached([people("F", "0-17", 5), people("M", "unknown", 4)]) == {"IDP": 9}


def test_populations_are_not_added_to_each_other() -> None:
    assert reached([people("total", "total", 3), people("total", "total", 4, "REF")]) == {"IDP": 3, "REF": 4}


def test_parts_that_are_more_than_their_total_are_told() -> None:
    assert unfit([people("total", "total", 9), people("F", "total", 6), people("M", "total", 4)]) == ["IDP"]
    assert unfit([people("total", "total", 10), people("F", "total", 6), people("unknown", "total", 4)]) == []


_ROWS = st.lists(
    st.builds(
        people,
        st.sampled_from(["F", "M", "X", "total", "unknown", "not-collected"]),
        st.sampled_from(["0-17", "18-59", "60+", "total", "unknown", "not-collected"]),
        st.integers(0, 1000),
    ),
    max_size=8,
)


@given(_ROWS)
def test_people_reached_are_never_more_than_all_rows_together(rows: list[People]) -> None:
    for total in reached(rows).values():
        assert 0 <= total <= sum((r.people for r in rows), Decimal(0))


def said(project: str, document: str, known: int, **data: Any) -> Said:
    return Said(project, document, date(2024, known, 1), {"titled": "translated", **data})


def test_a_document_that_leaves_a_project_out_disputes_that_it_is_in() -> None:
    found = matrix([said("a", "MY24", 8), said("a", "AR24", 12), said("b", "AR24", 12)])
    assert found.documents == ("MY24", "AR24")
    assert found.disputed == ("b",)
    assert (found.named("MY24"), found.named("AR24")) == (1, 2)


def test_documents_differ_on_a_title_or_an_entity_but_not_on_what_moves_with_time() -> None:
    found = matrix([
        said("a", "MY24", 8, title={"en": "One"}, entity="X", stage="starting"),
        said("a", "AR24", 12, title={"en": "Other"}, entity="X", stage="running"),
    ])  # fmt: skip
    assert found.rows[0].differ == ("title",)


def test_our_own_descriptions_and_silence_contradict_nothing() -> None:
    found = matrix([
        said("a", "VIAM", 1, title={"en": "Untitled"}, titled="unnamed"),
        said("a", "MY24", 8, title={"en": "Labour"}, titled="described", entity="X"),
        said("a", "AR24", 12, title={"en": "Work"}, titled="described", entity="X"),
    ])  # fmt: skip
    assert found.rows[0].differ == ()

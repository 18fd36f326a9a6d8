"""A list holds what its purpose needs of people, and nothing that only some may know."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from mirps.people.extracts import queries, rules
from mirps.people.extracts.rules import Column, ExtractFault, Wanted
from mirps.people.registry import api as registry
from mirps.people.registry.rules import Fact

AT = datetime(2026, 11, 21, tzinfo=UTC)


def said(kind: str, sensitivity: str = "", **data: Any) -> Fact:
    return Fact(uuid4(), kind, data, AT, AT, person=uuid4(), sensitivity=sensitivity)


def told(column: Column, *facts: Fact) -> list[str]:
    return list(rules.values(column, facts))


@pytest.mark.parametrize(
    ("wanted", "fault"),
    [
        (Wanted("complaint", ("given",)), "purpose"),
        (Wanted("assistance", ()), "columns"),
        (Wanted("assistance", ("given", "document")), "columns"),
        (Wanted("assistance", ("given",), "", date(2026, 2, 1), date(2026, 1, 1)), "days"),
    ],
)
def test_a_purpose_has_the_columns_that_it_needs_and_no_others(wanted: Wanted, fault: str) -> None:
    with pytest.raises(ExtractFault, match=fault):
        rules.chosen(wanted, queries.terms())


def test_columns_stand_in_the_order_of_the_purpose() -> None:
    found = rules.chosen(Wanted("assistance", ("place", "given")), queries.terms())
    assert [c.key for c in found] == ["given", "place"]


def test_no_purpose_has_a_column_of_a_kind_that_holds_secrets() -> None:
    """Needs and notes are what clearance is asked for: no list has them."""
    book = registry.book()
    secret = {k.name for k in book.kinds.values() if k.name in ("need", "note", "attachment", "photo")}
    assert secret.isdisjoint(c.kind for c in queries.terms().columns.values())


def test_what_needs_clearance_is_left_out_whatever_its_kind() -> None:
    column = Column("place", kind="address", field="place")
    assert told(column, said("address", place="Tapachula"), said("address", "security", place="Shelter")) == [
        "Tapachula"
    ]


def test_a_telephone_that_is_not_safe_leaves_in_no_list() -> None:
    column = Column("telephone", kind="contact", field="value", telephone=True)
    facts = (
        said("contact", channel="phone", value="1", safety="safe"),
        said("contact", channel="phone", value="2", safety="unsafe"),
        said("contact", channel="email", value="a@b"),
    )
    assert told(column, *facts) == ["1"]


def test_the_name_is_the_one_used_today_and_of_a_date_the_year_alone() -> None:
    names = said("name", given="Xime", use="nickname"), said("name", given="Ximena", use="current")
    assert told(Column("given", kind="name", field="given"), *names) == ["Ximena"]
    born = Column("born-year", kind="birth", field="date", year=True)
    assert told(born, said("birth", date="1987-05-04")) == ["1987"]


def test_a_column_that_no_fact_could_fill_stops_the_file() -> None:
    given = {"most": 1, "columns": {"x": {"kind": "name", "field": "colour"}}, "purposes": {}}
    with pytest.raises(ValueError, match="colour"):
        rules.read(given, registry.book())

"""When something is due to be let go, and what of it still counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.people.registry import api as registry
from mirps.people.retention.api import RetentionFault, Rule, all_rules
from mirps.people.retention.queries import keeps
from mirps.people.retention.rules import Of, Since, To, month, read, reduced

AT = datetime(2026, 3, 31, 12, tzinfo=UTC)
RULE = {"key": "x", "of": "fact", "kinds": ["photo"], "since": "quiet", "after": {"years": 1}, "to": "delete",
        "basis": "proposal"}  # fmt: skip


def rule(**after: int) -> Rule:
    whole = {"years": 0, "months": 0, "days": 0} | after
    return Rule("x", Of.FILE, Since.QUIET, **whole, to=To.ANONYMISE, basis="proposal")


@pytest.mark.parametrize(
    ("after", "cut"),
    [
        ({"years": 2}, datetime(2024, 3, 31, 12, tzinfo=UTC)),
        ({"months": 1}, datetime(2026, 2, 28, 12, tzinfo=UTC)),
        ({"months": 13}, datetime(2025, 2, 28, 12, tzinfo=UTC)),
        ({"days": 31}, datetime(2026, 2, 28, 12, tzinfo=UTC)),
        ({"years": 1, "months": 3, "days": 1}, datetime(2024, 12, 30, 12, tzinfo=UTC)),
    ],
)
def test_a_term_is_counted_back_by_the_calendar(after: dict[str, int], cut: datetime) -> None:
    assert rule(**after).cut(AT) == cut


@given(st.integers(0, 40_000).map(lambda n: AT + timedelta(days=n / 2)), st.integers(1, 300))
def test_nothing_is_due_before_its_months_have_passed(at: datetime, months: int) -> None:
    cut = rule(months=months).cut(at)
    assert (at.year - cut.year) * 12 + at.month - cut.month == months
    assert (cut.day, cut.time()) <= (at.day, at.time())


def test_the_rules_that_ship_can_be_read_and_each_says_whether_a_law_does() -> None:
    assert {r.basis for r in all_rules()} == {"proposal"}
    assert {r.of for r in all_rules()} == set(Of)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"of": "person"}, "see the head of the file"),
        ({"since": "withdrawn"}, "fact goes with"),
        ({"to": "anonymise"}, "fact goes with"),
        ({"kinds": ["foto"]}, "no kinds foto"),
        ({"kinds": []}, "name the kinds"),
        ({"after": {}}, "more than none"),
        ({"after": {"years": 0}}, "more than none"),
        ({"after": {"weeks": 3}}, "years, months or days"),
        ({"basis": ""}, "say the law"),
    ],
)
def test_a_rule_that_cannot_be_says_which_and_what_helps(change: dict[str, Any], words: str) -> None:
    with pytest.raises(RetentionFault, match=words):
        read({"rules": [RULE | change], "keeps": {}}, ["photo"], ["security"])


def test_what_still_counts_holds_no_words_no_numbers_no_places_and_no_days() -> None:
    book = registry.book()
    for kind, fields in keeps().items():
        for name, how in fields.items():
            type_ = str(book.kinds[kind].fields[name].type)
            assert how in {"code": ("code",), "country": ("code",), "when": ("year",), "number": ("number",),
                           "yes": ("yes",)}.get(type_, ()), (kind, name)  # fmt: skip
    assert not {"name", "contact", "photo", "note", "attachment", "relation"} & set(keeps())


def test_a_fact_is_reduced_to_codes_and_years() -> None:
    said = {"date": "1987-05-04", "country": "HND", "place": "Choluteca", "estimated": True}
    assert reduced("birth", said, keeps()) == {"date": "1987", "country": "HND", "estimated": True}
    assert reduced("document", {"type": "id", "number": "0801198712345"}, keeps()) == {"type": "id"}
    assert reduced("name", {"given": "Ximena"}, keeps()) == {}
    assert month(AT) == datetime(2026, 3, 1, tzinfo=UTC)

"""What holds for every ledger: true hierarchies are silent, any falsified cell is found and named."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.ledger.making import MEASURES, fig

from mirps.evidence.checks.ledger import check_ledger
from mirps.evidence.checks.over_ledger import rows as ledger_rows
from mirps.evidence.checks.over_ledger.messages import message
from mirps.evidence.figures.rules import Figure, Qualifier

STATES = ("BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN")
AGES, SEXES, CLASSES = ("0-17", "18+"), ("F", "M"), ("REF", "ASY")
LEAVES = tuple(product(STATES, CLASSES, AGES, SEXES))


def hierarchy(leaves: tuple[int, ...]) -> list[Figure]:
    """Everything that follows from the smallest cells: sexes, totals, both classes, the region."""
    cells: dict[tuple[str, str, str], int] = {}
    for (state, class_, age, sex), value in zip(LEAVES, leaves, strict=True):
        for where, who, of in product(
            (state, "MIRPS"), (class_, "RAS"), (f"age={age};sex={sex}", f"sex={sex}", f"age={age}", "")
        ):
            cells[where, who, of] = cells.get((where, who, of), 0) + value
    return [
        fig(f"x-{n:04d}", value, state=where, population=who, dimensions=of)
        for n, ((where, who, of), value) in enumerate(cells.items())
    ]


values = st.tuples(*[st.integers(0, 50_000)] * len(LEAVES)).map(hierarchy)


@settings(max_examples=40)
@given(values)
def test_a_true_hierarchy_is_silent(figures: list[Figure]) -> None:
    assert check_ledger(figures, MEASURES) == []


@settings(max_examples=60)
@given(values, st.data(), st.integers(-500, 500).filter(bool))
def test_any_falsified_cell_is_found_and_named(figures: list[Figure], data: st.DataObject, off: int) -> None:
    n = data.draw(st.integers(0, len(figures) - 1))
    true = figures[n].value
    assert true is not None
    assume(true + off >= 0)
    figures[n] = replace(figures[n], value=true + off)
    found = check_ledger(figures, MEASURES)
    assert found
    assert all(figures[n].id in f.figures for f in found)  # named, and nobody else is accused without it


@settings(max_examples=30)
@given(values, st.data())
def test_the_order_of_the_figures_does_not_matter(figures: list[Figure], data: st.DataObject) -> None:
    for n in data.draw(st.lists(st.integers(0, len(figures) - 1), min_size=1, max_size=4)):
        figures[n] = replace(figures[n], value=Decimal(70_000))
    shuffled = data.draw(st.permutations(figures))
    assert check_ledger(shuffled, MEASURES) == check_ledger(figures, MEASURES)


@settings(max_examples=20)
@given(values, st.data())
def test_keys_too_large_for_one_number_change_nothing(figures: list[Figure], data: st.DataObject) -> None:
    n = data.draw(st.integers(0, len(figures) - 1))
    figures[n] = replace(figures[n], value=Decimal(70_000))
    whole = check_ledger(figures, MEASURES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger_rows, "MANY", 16)
        assert check_ledger(figures, MEASURES) == whole


@settings(max_examples=40)
@given(values, st.data(), st.integers(0, 5000))
def test_a_qualified_total_is_silent_where_its_words_allow_the_sum(
    figures: list[Figure], data: st.DataObject, off: int
) -> None:
    """The region's total over both classes: nothing holds it but its own parts."""
    n = next(
        i for i, f in enumerate(figures) if (f.state, f.population, f.dimensions) == ("MIRPS", "RAS", "")
    )
    true = figures[n].value
    assert true is not None
    loose, strict = data.draw(st.sampled_from([((Qualifier.AT_LEAST, -1), 1), ((Qualifier.AT_MOST, 1), -1)]))
    qualifier, sign = loose
    assume(true - off >= 0 and true > 0)
    figures[n] = replace(figures[n], value=true + sign * off, qualifier=qualifier)
    # 'More than one' bears any sum in language; the arithmetic bears ten times the number.
    assume(qualifier is Qualifier.AT_MOST or true <= 10 * (true - off))
    assert check_ledger(figures, MEASURES) == []
    figures[n] = replace(figures[n], value=true + strict * (off + 1), qualifier=qualifier)
    assume(figures[n].value is not None and true + strict * (off + 1) >= 0)
    assert {f.figures[0] for f in check_ledger(figures, MEASURES)} == {figures[n].id}


@settings(max_examples=30)
@given(values, st.data())
def test_a_message_has_the_same_numbers_in_both_languages_and_names_every_figure(
    figures: list[Figure], data: st.DataObject
) -> None:
    n = data.draw(st.integers(0, len(figures) - 1))
    figures[n] = replace(figures[n], value=Decimal(123_456))
    by_id = {f.id: f for f in figures}
    for finding in check_ledger(figures, MEASURES):
        es, en = (message(finding, lang, by_id, lambda v: f"{v:f}") for lang in ("es", "en"))
        assert re.findall(r"\d+", es) == re.findall(r"\d+", en)
        assert all(id_ in es and id_ in en for id_ in finding.figures)
        assert finding.stated in en
        assert finding.expected in en

"""CSV: what goes in comes out, and no cell runs as a formula."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exports.conftest import entry

from mirps.sharing.exports import delimited
from mirps.sharing.exports.rows import COLUMNS, row_of

AWKWARD = st.text(
    st.one_of(st.sampled_from("=+-@'\t\r\n\",; é«»“”"), st.characters(exclude_categories=["Cs"]))
)
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def cells(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode(), newline=""), strict=True))


@given(note=AWKWARD, fragment=AWKWARD, place=AWKWARD)
def test_any_text_comes_back_as_it_was(note: str, fragment: str, place: str) -> None:
    row = row_of(entry(note_es=note, fragment=fragment, place=place), "es")
    body = b"".join(delimited.write_csv([row]))
    head, line = cells(body)
    back = {c: delimited.unguard(v) for c, v in zip(head, line, strict=True)}
    assert (back["note"], back["note_es"], back["fragment"], back["place"]) == (note, note, fragment, place)


@given(text=AWKWARD)
def test_no_text_cell_begins_as_a_formula_does(text: str) -> None:
    row = row_of(entry(note_es=text, universe=text), "es")
    _, line = cells(b"".join(delimited.write_csv([row])))
    assert not any(c.startswith(RISKY) for c in line)


@given(text=AWKWARD)
def test_the_guard_is_undone_exactly(text: str) -> None:
    assert delimited.unguard(delimited.guard(text)) == text


@pytest.mark.parametrize("text", ["'Mi Primer Empleo'", "'", "", "332 personas", "«=»"])
def test_harmless_text_is_left_alone(text: str) -> None:
    assert delimited.guard(text) == text


def test_a_negative_value_stays_a_number() -> None:
    row = row_of(entry(value=Decimal("-35.50")), "en")
    head, line = cells(b"".join(delimited.write_csv([row])))
    assert line[head.index("value")] == "-35.5"


@pytest.mark.parametrize(
    ("value", "written"),
    [(Decimal("1E+6"), "1000000"), (Decimal("0.35"), "0.35"), (Decimal("20300000.000000"), "20300000")],
)
def test_values_are_written_out_without_exponent_or_idle_zeros(value: Decimal, written: str) -> None:
    assert row_of(entry(value=value), "en")["value"] == written


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_column_has_an_hxl_hashtag_of_its_own(lang: str) -> None:
    tags = [delimited.tag(c, lang) for c in COLUMNS]
    assert all(re.fullmatch(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*", t) for t in tags)
    assert len(set(tags)) == len(tags)


def test_the_hashtags_stand_under_the_header() -> None:
    head, tags, line = cells(b"".join(delimited.write_hxl([row_of(entry(), "en")], "en")))
    assert tags[head.index("state")] == "#country+code+v_iso3"
    assert line[head.index("state")] == "HND"

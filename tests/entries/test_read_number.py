"""Numbers typed in the style of a reader's country are read by it, and never guessed."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.base.codelists.api import locales
from mirps.base.texts.api import NotANumber, Wrong, number, read_number

LOCALES = sorted({loc for by_lang in locales().values() for loc in by_lang.values()})
VALUES = st.decimals(-(10**15), 10**15, places=6) | st.integers(-(10**15), 10**15).map(Decimal)


@given(VALUES, st.sampled_from(LOCALES))
def test_a_number_is_read_back_from_how_it_is_written(x: Decimal, locale: str) -> None:
    assert read_number(number(x, locale), locale) == x


@given(st.text(max_size=12), st.sampled_from(LOCALES))
def test_any_text_is_a_number_or_a_fault(text: str, locale: str) -> None:
    with contextlib.suppress(NotANumber):
        assert read_number(text, locale).is_finite()


@given(st.text("0123456789.,- \u00a0", max_size=12), st.sampled_from(LOCALES))
def test_what_is_read_has_the_digits_that_were_typed(text: str, locale: str) -> None:
    try:
        found = read_number(text, locale)
    except NotANumber:
        return
    typed = "".join(c for c in text if c.isdigit()).lstrip("0")
    assert "".join(c for c in f"{abs(found):f}" if c.isdigit()).lstrip("0") == typed


@pytest.mark.parametrize(
    ("text", "locale", "value"),
    [
        ("226,029", "es_HN", "226029"),
        ("226,029.5", "es_HN", "226029.5"),
        ("226 029", "es_CR", "226029"),
        ("226\u00a0029,5", "es_CR", "226029.5"),
        ("226\u202f029", "es_CR", "226029"),
        ("226029", "es_CR", "226029"),
        ("226029", "en_001", "226029"),
        ("\u22125", "en_001", "-5"),
        ("- 5", "es_HN", "-5"),
        (" 12 ", "es_HN", "12"),
        ("1,234,567", "es_MX", "1234567"),
    ],
)
def test_each_country_is_read_in_its_own_style(text: str, locale: str, value: str) -> None:
    assert read_number(text, locale) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "locale", "meant"),
    [
        ("226 029", "es_HN", ["226029"]),
        ("226.029,5", "es_HN", ["226029.5"]),
        ("0,029", "es_HN", ["0.029"]),
        ("12,5", "es_HN", ["12.5"]),
        ("226.029", "es_CR", ["226.029", "226029"]),
        ("226,029.5", "es_CR", ["226029.5"]),
        ("1,234,567", "es_CR", ["1234567"]),
    ],
)
def test_another_countrys_style_is_not_taken_and_says_what_was_meant(
    text: str, locale: str, meant: list[str]
) -> None:
    with pytest.raises(NotANumber) as e:
        read_number(text, locale)
    assert e.value.why is Wrong.STYLE
    assert list(e.value.meant) == [Decimal(m) for m in meant]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("doce", Wrong.LETTERS), ("", Wrong.LETTERS), ("-", Wrong.LETTERS), ("12%", Wrong.LETTERS),
        ("1e5", Wrong.LETTERS), ("١٢", Wrong.LETTERS), ("NaN", Wrong.LETTERS), ("=2+2", Wrong.LETTERS),
        ("22,60,29", Wrong.GROUPS), ("1,2,3", Wrong.GROUPS), ("5.", Wrong.GROUPS), (".5", Wrong.GROUPS),
        ("9" * 41, Wrong.LONG),
    ],
)  # fmt: skip
def test_what_is_no_number_says_why(text: str, why: Wrong) -> None:
    with pytest.raises(NotANumber) as e:
        read_number(text, "es_HN")
    assert e.value.why is why

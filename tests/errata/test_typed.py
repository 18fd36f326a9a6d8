"""A typed number is read as the reader's country writes it, and never guessed."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import DEFAULT_LOCALE, LANGUAGES, catalogue, number, say
from mirps.evidence.errata.api import Refused
from mirps.evidence.errata.typed import read

LOCALES = sorted({*DEFAULT_LOCALE.values(), *(v for c in codelists.locales().values() for v in c.values())})


def typed(text: str, locale: str) -> Decimal:
    return read(text, partial(number, locale=locale))


@pytest.mark.parametrize(
    ("text", "locale", "value"),
    [
        ("234430", "es_HN", "234430"),
        ("234,430", "es_HN", "234430"),
        ("1,234,567.25", "es_MX", "1234567.25"),
        ("234 430", "es_CR", "234430"),
        ("1 234,5", "es_CR", "1234.5"),
        ("1234,5", "es_CR", "1234.5"),
        ("234\u00a0430", "es_HN", "234430"),
        ("  0.125 ", "en_001", "0.125"),
        ("\u221235", "es_HN", "-35"),
        ("-35.5", "en_US", "-35.5"),
        ("007", "es_HN", "7"),
    ],
)
def test_a_number_is_read_as_its_country_writes_it(text: str, locale: str, value: str) -> None:
    assert typed(text, locale) == Decimal(value)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "locale", "key", "said"),
    [
        ("226.029", "es_HN", "two-ways", ["226,029", "226.0290"]),
        ("226,029", "es_CR", "two-ways", ["226\u00a0029", "226,0290"]),
        ("1.234.567", "es_HN", "style", ["1,234,567"]),
        ("1.234,5", "es_MX", "style", ["1,234.5"]),
        ("1,234.5", "es_CR", "style", ["1\u00a0234,5"]),
        ("35,5", "es_HN", "style", ["35.5"]),
        ("12,34,567", "es_HN", "number", ["1,234.5"]),
        ("doscientos", "es_HN", "number", ["doscientos", "1,234.5"]),
        ("=1+1", "es_HN", "number", ["=1+1"]),
        ("1e9", "es_HN", "number", ["1e9"]),
        ("12..5", "es_HN", "number", ["12..5"]),
        ("٣٤", "es_HN", "number", ["٣٤"]),
        ("9" * 40, "es_HN", "size", ["18"]),
        ("0.1234567", "es_HN", "size", ["6"]),
    ],
)
def test_another_countrys_number_is_given_back_with_its_remedy(
    text: str, locale: str, key: str, said: list[str], lang: str
) -> None:
    with pytest.raises(Refused) as caught:
        typed(text, locale)
    assert caught.value.key == f"correct.fault.{key}"
    told = say(caught.value.key, lang, **caught.value.values)
    assert [s for s in said if s not in told] == []


def outcome(text: str, locale: str) -> Decimal | str:
    """The number, or the key of the text that says why there is none."""
    try:
        return typed(text, locale)
    except Refused as e:
        return e.key


@given(
    st.decimals(Decimal(-(10**15)), Decimal(10**15), places=6) | st.integers(-(10**15), 10**15).map(Decimal),
    st.sampled_from(LOCALES),
)
def test_what_a_page_writes_is_read_back_unless_it_reads_two_ways(value: Decimal, locale: str) -> None:
    written = number(value, locale)
    thousandths = len(written.replace(",", ".").partition(".")[2]) == 3 and 1 <= abs(value) < 1000
    whole = value == value.to_integral_value()
    expected = "correct.fault.two-ways" if thousandths and not whole else value
    assert outcome(written, locale) == expected


@given(st.text("0123456789., -\u00a0'", max_size=14), st.sampled_from(LOCALES), st.sampled_from(LOCALES))
def test_no_text_is_read_as_two_numbers_by_two_countries(text: str, one: str, other: str) -> None:
    found = [outcome(text, locale) for locale in (one, other)]
    assert len({f for f in found if isinstance(f, Decimal)}) <= 1
    assert all(f in catalogue() for f in found if isinstance(f, str))

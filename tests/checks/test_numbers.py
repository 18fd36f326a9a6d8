"""Numbers are read back as they were written, in both languages and each country's style."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mirps.evidence.checks import api
from mirps.evidence.checks.reading import numbers
from mirps.evidence.checks.reading.numbers import COMMA, DOT, Style

COUNTS = st.integers(min_value=0, max_value=99_999_999)
UNITS_EN = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS_EN = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
UNITS_ES = [
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciséis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidós",
    "veintitrés",
    "veinticuatro",
    "veinticinco",
    "veintiséis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
]
TENS_ES = ["_", "_", "_", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"]
HUNDREDS_ES = [
    "_",
    "ciento",
    "doscientos",
    "trescientos",
    "cuatrocientos",
    "quinientos",
    "seiscientos",
    "setecientos",
    "ochocientos",
    "novecientos",
]


def english(n: int) -> str:
    if n < 20:
        return UNITS_EN[n]
    if n < 100:
        return TENS_EN[n // 10] + (f"-{UNITS_EN[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{UNITS_EN[n // 100]} hundred" + (f" and {english(n % 100)}" if n % 100 else "")
    return f"{english(n // 1000)} thousand" + (f" {english(n % 1000)}" if n % 1000 else "")


def spanish(n: int) -> str:
    if n < 30:
        return UNITS_ES[n]
    if n < 100:
        return TENS_ES[n // 10] + (f" y {UNITS_ES[n % 10]}" if n % 10 else "")
    if n == 100:
        return "cien"
    if n < 1000:
        return HUNDREDS_ES[n // 100] + (f" {spanish(n % 100)}" if n % 100 else "")
    head = "mil" if n < 2000 else f"{spanish(n // 1000)} mil"
    return head + (f" {spanish(n % 1000)}" if n % 1000 else "")


def values(text: str, lang: str, style: str) -> list[Decimal | None]:
    return [n.value for n in numbers.scan(text, lang, Style(style))]


@given(COUNTS)
def test_a_count_is_read_back_whatever_parts_its_thousands(n: int) -> None:
    for mark, style in ((",", COMMA), (".", DOT), (" ", DOT), ("\u00a0", COMMA), ("\u202f", DOT)):
        assert values(f"{n:,}".replace(",", mark), "es", style) == [n]


@given(st.decimals(min_value=0, max_value=999_999, places=2))
def test_decimals_are_read_back_in_both_styles(d: Decimal) -> None:
    written = f"{d:,.2f}"
    assert values(written, "en", COMMA) == [d]
    swapped = written.replace(",", "_").replace(".", ",").replace("_", ".")
    assert values(swapped, "es", DOT) == [d]


@given(st.integers(min_value=2, max_value=999_999))
def test_number_words_are_read_back(n: int) -> None:
    assert values(f"{english(n)} people", "en", COMMA) == [n]
    assert values(f"{spanish(n)} personas", "es", DOT) == [n]


def test_multipliers_are_applied() -> None:
    assert values("1.24 million and USD 187M", "en", COMMA) == [1_240_000, 187_000_000]
    assert values("1,2 millones y 2 millones 300 mil", "es", DOT) == [1_200_000, 2_300_000]
    assert values("medio millón y un centenar", "es", DOT) == [500_000, 100]


def test_a_number_in_the_other_style_is_caught_and_not_guessed() -> None:
    report = api.check_text("The agency counted 226.029 persons, of whom 22,344 are refugees.", lang="en")
    assert [f.kind for f in report.findings] == ["number_style"]


def test_dates_ordinals_and_names_are_no_quantities() -> None:
    text = "On 30 June 2024 the 2nd decree (No. 154-2022), article 12, met COVID-19 and 3D for the 30th time."
    assert api.check_text(text, lang="en").claims == []

"""The relations: right sums stay silent, falsified ones are found, and no text makes the checker fail."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from mirps.evidence.checks import api, messages, relations
from mirps.evidence.checks.relations import Quantity
from mirps.evidence.figures.rules import Qualifier

PARTS = st.lists(st.integers(min_value=40, max_value=9_000), min_size=3, max_size=3)
OFF = st.integers(min_value=3, max_value=30)


def sentence(lang: str, total: int, parts: list[int]) -> str:
    a, b, c = (f"{p:,}" for p in parts)
    if lang == "en":
        return f"The office served {total:,} people ({a} in Cortés, {b} in Yoro and {c} in Colón)."
    return f"La oficina atendió a {total:,} personas ({a} en Cortés, {b} en Yoro y {c} en Colón)."


@given(PARTS, st.sampled_from(["es", "en"]))
def test_right_sums_stay_silent(parts: list[int], lang: str) -> None:
    assert api.check_text(sentence(lang, sum(parts), parts), lang=lang).findings == []


@given(PARTS, OFF, st.sampled_from([1, -1]), st.sampled_from(["es", "en"]))
def test_falsified_sums_are_found(parts: list[int], off: int, sign: int, lang: str) -> None:
    total = sum(parts) + sign * off
    assume(total > max(parts))
    values = [total, *parts]
    assume(all(sum(values) - 2 * v != 0 and v not in [x + y for x in parts for y in parts] for v in values))
    kinds = {f.kind for f in api.check_text(sentence(lang, total, parts), lang=lang).findings}
    assert kinds == {"parts_below_total" if sign > 0 else "parts_exceed_total"}


@given(st.integers(min_value=100, max_value=9_000), st.integers(min_value=-60, max_value=90))
def test_growth_is_checked_against_both_ends(before: int, percent: int) -> None:
    assume(abs(percent) > 4)
    after = before * (100 + percent) // 100
    verb, noun = ("rose", "an increase") if percent > 0 else ("fell", "a decrease")
    for said, wrong in ((abs(percent), False), (abs(percent) + 12, True)):
        text = f"Permits {verb} from {before:,} in 2022 to {after:,} in 2023, {noun} of {said}%."
        assert bool(api.check_text(text, lang="en").contradictions) == wrong


@given(st.text(max_size=300))
def test_no_text_makes_it_fail(text: str) -> None:
    for lang in ("es", "en"):
        api.check_text(text, lang=lang)


WORDS = st.sampled_from(
    [
        "of",
        "whom",
        "12",
        "3,400",
        "45%",
        "(and",
        ",",
        ";",
        ":",
        ".",
        "women",
        "men",
        "people",
        "2024",
        "May",
        "from",
        "to",
        "the",
        "USD",
        "million",
        "between",
        "personas",
        "de",
        "las",
        "cuales",
        "más",
        "que",
        "un",
        "total",
        "half",
        "31",
        "June",
        "1)",
        "-",
        "|",
        "rose",
        "fell",
        "total",
        "each",
        "per",
        "5-7",
        ")",
        "(",
        "—",
    ]
)


@given(st.lists(WORDS, max_size=40))
def test_no_jumble_of_its_own_words_makes_it_fail(words: list[str]) -> None:
    for lang in ("es", "en"):
        api.check_text(" ".join(words), lang=lang)


def test_qualifiers_are_honoured() -> None:
    about = Quantity(Decimal(500), qualifier=Qualifier.ABOUT)
    at_least = Quantity(Decimal(500), qualifier=Qualifier.AT_LEAST)
    assert relations.restated(about, Quantity(Decimal(512))) is None
    assert relations.restated(about, Quantity(Decimal(560))) is not None
    assert relations.restated(at_least, Quantity(Decimal(560))) is None
    assert relations.restated(at_least, Quantity(Decimal(480))) is not None


def test_parts_above_and_below_a_total_are_told_apart() -> None:
    total, parts = Quantity(Decimal(10)), [Quantity(Decimal(4)), Quantity(Decimal(5))]
    below = relations.parts_and_total(total, parts, exhaustive=True)
    assert below is not None
    assert below.kind == "parts_below_total"
    assert relations.parts_and_total(total, parts, exhaustive=False) is None
    above = relations.parts_and_total(total, [*parts, Quantity(Decimal(3))], exhaustive=False)
    assert above is not None
    assert above.kind == "parts_exceed_total"


def test_every_message_stands_in_both_languages_with_its_values_filled_in() -> None:
    breach = relations.restated(Quantity(Decimal(5)), Quantity(Decimal(7)))
    assert breach is not None
    said = messages.message(breach)
    assert said["es"].endswith("5 y 7.")
    assert said["en"].endswith("5 and 7.")
    assert all(es and en and es != en for es, en in messages.TEXTS.values())


def test_an_endless_sentence_is_read_in_bounded_time() -> None:
    report = api.check_text("12 people, " * 1500, lang="en")
    assert len(report.claims) == 1500

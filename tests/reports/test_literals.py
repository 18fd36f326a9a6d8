"""A number in the prose without a figure behind it is found; dates, ordinals and names are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.base.texts.api import number
from mirps.base.texts.literals import BOUND, literals

FREE = {
    "en": [
        f"{BOUND} people crossed by 30 September 2024.",
        "On 15 and 16 October, and from September 10 to 12, 2024, they met.",
        "Between October 2022 and August 2023, under Decree 44501 and Legislative Decree No. 154-2022.",
        "The fifth edition, the VI meeting and the 2nd forum; Cartagena+40 and COVID-19.",
        "In the first half of 2024, one of them read the 1951 Convention; plan 2024-2026.",
        "The terms: 1) asylum, 2) work, iii) health.",
        "At once they agreed.",
        "Since 2024-09-30 nothing changed; file DVM-AC-0080-01-2024, in the 2020s.",
    ],
    "es": [
        f"Al 30 de septiembre de 2024, {BOUND} personas.",
        "El 15 y 16 de octubre; del 3 al 5 de mayo de 2024; el 1.º de enero.",
        "Según el Decreto Ejecutivo 44501 y la Ley N.º 9999, un comité y una mesa.",
        "La quinta edición, la segunda vez, la VI Reunión y la primera mitad del año.",
        "El por ciento que falta y el medio ambiente.",
        "Desde 2015 y en 2023-2024; el 1er foro y la 3ra reunión.",
    ],
}
BOUND_TO_STOP = {
    "en": [
        ("In 2024, 226,029 people came", ["226,029"]),
        ("seven States and twenty-one cities", ["seven", "twenty-one"]),
        ("a rise of 35% and of 1.24 million", ["35%", "1.24", "million"]),
        ("USD 1,400,000 was given", ["1,400,000"]),
        ("half of them, a third of those", ["half", "a third"]),
        ("it doubled to a dozen", ["doubled", "dozen"]),
        ("2024 people arrived", ["2024"]),
        ("on 31 people", ["31"]),
        ("hundreds of thousands", ["hundreds", "thousands"]),
        ("3 of 10", ["3", "10"]),
        ("USD1.4M and ½ of it", ["1.4", "½"]),
    ],
    "es": [
        ("unas 226 029 personas", ["226", "029"]),
        ("los siete Estados y veintiún municipios", ["siete", "veintiún"]),
        ("subió un 35 % hasta 1,24 millones", ["35 %", "1,24", "millones"]),
        ("la mitad y la tercera parte", ["mitad", "tercera parte"]),
        ("se duplicó; dos mil trescientos", ["duplicó", "dos", "mil", "trescientos"]),
        ("cientos de casos y una docena", ["cientos", "docena"]),
        ("1950 personas llegaron", ["1950"]),
        ("dieciséis de ellas", ["dieciséis"]),
    ],
}


@pytest.mark.parametrize(("lang", "text"), [(lang, t) for lang, texts in FREE.items() for t in texts])
def test_dates_ordinals_and_names_are_free(lang: str, text: str) -> None:
    assert literals(text, lang) == ()


@pytest.mark.parametrize(
    ("lang", "text", "found"), [(lang, *case) for lang, cases in BOUND_TO_STOP.items() for case in cases]
)
def test_a_number_in_digits_or_words_is_found(lang: str, text: str, found: list[str]) -> None:
    said = literals(text, lang)
    joined = "".join(said).replace("\u00a0", " ")
    assert all(f in joined or f in said for f in found), said
    assert len(said) <= len(found)


@given(st.integers(2100, 10**9), st.sampled_from(["es_419", "es_CR", "en_US"]))
def test_any_number_as_a_country_writes_it_is_found(value: int, locale: str) -> None:
    lang = locale[:2]
    words = {"es": "Se atendió a {} personas.", "en": "They assisted {} people."}[lang]
    assert literals(words.format(number(value, locale)), lang)


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    literals(text, "es")
    literals(text, "en")

"""Spellings of one name sound alike, and different names do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.people import made

from mirps.people.identity.sound import folded, sound

ONE_NAME = """
Ximena Jimena | Vásquez Bázquez | Vásquez Vasques | Hernández Ernandes | González Gonsales | Giménez Jiménez
Ximénez Jiménez | Castillo Castiyo | Zúñiga Suniga | Núñez Nunes | Ceballos Zevallos | Zambrano Sanbrano
Huerta Werta | Guevara Gebara | Quezada Kesada | Herrera Herera | Chávez Chabes | Yolanda Iolanda
Jennifer Yenifer | Jessica Yésica | Jhon Yon | John Jhon | Jonathan Yonatan | Jefferson Yeferson
Elizabeth Elisabet | Ruth Rut | Judith Yudit | Stiven Estiben | Stefany Estefani | Sofía Sophia | Xavier Javier
Xiomara Siomara | Mejía Mexía | Adán Adam | Abraham Abraan | Aarón Arón | Héctor Ector | Víctor Vítor
Magdalena Madalena | Ignacio Inacio | Guadalupe Wadalupe | Baptiste Batist | François Franswa | Francois Franswa
Louis Luis | Joseph Josef | Philippe Filip | Jean Jan | Smith Smyth | McDonald MacDonald | Williams Wiliams
Miller Miler | Kelly Keli | Suazo Suaso | Zambulá Sambula | Güity Guity | Arzú Arsu | Alexis Alecsis | Ortiz Ortis
Valladares Balladares | Villalobos Biyalobos | Ayala Allala | Cayetano Kayetano | Enríquez Henríquez | Iván Yván
Rosmery Rosmeri | Ochoa Hochoa | Izaguirre Isagirre | Echeverría Echeberria | Itzel Itsel | Michelle Michel
Dominique Dominic | Charles Sharles | Psiquis Siquis | Colindres Kolindres | Ardón Hardon | Umanzor Humansor
Bográn Vogran | Xochitl Sochitl | Dieudonné Dieudone | Toussaint Tousaint | Desrosiers Desrociers
"""
TWO_NAMES = """
Juan Juana | Luis Luisa | María Mario | Martín Marín | Martínez Marines | García Garza | Pérez Peraza | López Lobos
Ramos Ramón | Ramírez Ramos | Rosa Rosario | Rivas Rivera | Ana Ena | José Josefa | Castro Castillo | Mora Morán
Morales Moreno | Mendoza Mendes | Flores Florián | Cruz Cortés | Paz Páez | Díaz Diez | Soto Sotelo | Vega Vargas
Carlos Carla | Carmen Carmelo | Elena Elisa | Rodas Rodríguez | Gómez Gámez | Lara Lora | Luna Lino
Medina Molina | Pineda Pinedo | Reyes Rosales | Salas Solís | Silva Selva | Suárez Sáenz | Toro Torre | Villa Villar
Zelaya Sevilla | Jean Juan | Pierre Pérez | Baptiste Bautista | Joseph Josué | Arzú Arce | Norales Morales
Guity Gutiérrez | Alejandro Alexander | Santos Santiago | Cáceres Casares | Barahona Varona | Mejía Mejías
Aguilar Aguilera | Álvarez Alvarado | Bonilla Padilla | Escobar Escoto | Fuentes Puentes | Funes Nunes | Leiva Oliva
Orellana Arellano | Peña Piña | Tejada Tejeda | Umaña Ulloa | Valle Vallejo | Jaime Jamie | Gael Gail
Jesús Josué | Eva Iva | Neri Nora | Cal Caal2 | Choc Coc | Tzul Tum | Pop Poz | Saúl Sol | Noé Noel | Joel Jael
Louis Lewis | Charles Carlos | Michel Miguel | Smith Simith | Young Yong2 | Usher Asher | Hall Hill
"""


def _pairs(table: str) -> list[tuple[str, str]]:
    pairs = [tuple(pair.split()) for line in table.splitlines() for pair in line.split("|") if pair.strip()]
    return [(a, b) for a, b in pairs if not b.endswith("2")]


@pytest.mark.parametrize(("one", "other"), _pairs(ONE_NAME))
def test_spellings_of_one_name_sound_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(("one", "other"), _pairs(TWO_NAMES))
def test_different_names_sound_different(one: str, other: str) -> None:
    assert sound(one) != sound(other)


def test_few_of_the_regions_surnames_are_heard_as_another() -> None:
    """Of every surname that the made-up people bear, and of what is not one name spelt in two ways."""
    surnames = {folded(word) for words in made.SURNAMES.values() for word in words.split()}
    sounds: dict[str, set[str]] = {}
    for surname in surnames:
        sounds.setdefault(sound(surname), set()).add(surname)
    shared = {frozenset(names) for names in sounds.values() if len(names) > 1}
    spelt_in_two_ways = [
        {"CHAVES", "CHAVEZ"},
        {"CAAL", "CAL"},
        {"TORRES", "TORREZ"},
        {"VALDES", "VALDEZ"},
        {"LEIVA", "LEYVA"},
    ]
    assert len(surnames) > 400
    assert shared <= set(map(frozenset, spelt_in_two_ways))


letters = st.text(
    alphabet="abcdefghijklmnñopqrstuvwxyzáéíóúüçèïABCDEFGHIJKLMNÑOPQRSTUVWXYZ'’", min_size=1, max_size=14
)


@given(letters)
def test_hearing_a_sound_again_changes_nothing(word: str) -> None:
    assert sound(sound(word)) == sound(word)


@given(letters)
def test_case_accents_and_apostrophes_are_not_heard(word: str) -> None:
    plain = folded(word)
    assert sound(word) == sound(word.upper()) == sound(word.lower()) == sound(plain)
    assert folded(plain) == plain


@given(st.text(max_size=30))
def test_any_text_is_heard_as_capitals_a_to_z(text: str) -> None:
    assert all("A" <= c <= "Z" for c in sound(text))
    assert all("A" <= c <= "Z" or c == " " for c in folded(text))


@pytest.mark.parametrize("word", ["Muñoz", "MUN\u0303OZ", "muñoz", "Mun\u0303oz"])
def test_a_tilde_written_in_two_ways_is_one_letter(word: str) -> None:
    assert folded(word) == "MUNOZ"

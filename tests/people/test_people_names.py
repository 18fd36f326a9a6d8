"""A name is read as people here bear it, kept as written, and compared with the reasons in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.people import made

from mirps.base.crypto.postings import Entry
from mirps.people.identity.comparing import compare
from mirps.people.identity.names import Name, read, read_line
from mirps.people.identity.wording import all_told

PEOPLE = list(made.people(400, seed=5))
somebody = st.sampled_from(PEOPLE)


@pytest.mark.parametrize(
    ("given_names", "surnames", "normal"),
    [
        ("Ximena", "Vásquez López", "XIMENA/VASQUEZ LOPEZ"),
        ("Ma. José", "de la Cruz Vásquez", "MARIA JOSE/CRUZ VASQUEZ"),
        ("Mª Luz", "Ponce de León", "MARIA LUZ/PONCE LEON"),
        ("María de los Ángeles", "del Cid", "MARIA ANGELES/CID"),
        ("Fco. Javier", "Mac Donald Hdez.", "FRANCISCO JAVIER/MACDONALD HERNANDEZ"),
        ("Ana", "van der Berg", "ANA/BERG"),
        ("Jean-Baptiste", "L'Ouverture", "JEAN BAPTISTE/LOUVERTURE"),
        ("Marie", "Jean-Louis", "MARIE/JEAN LOUIS"),
        ("Marie", "Saint-Louis", "MARIE/SAINTLOUIS"),
        ("José", "San Martín Delacruz", "JOSE/SANMARTIN CRUZ"),
        ("Patrick", "O’Brien", "PATRICK/OBRIEN"),
        ("Suleyka", "", "SULEYKA/"),
        ("", "Suleyka", "/SULEYKA"),
        ("Wübaü", "Arzú Güity", "WUBAU/ARZU GUITY"),
        ("  josé   luis ", "PÉREZ  díaz", "JOSE LUIS/PEREZ DIAZ"),
        ("J.", "Pérez", "J/PEREZ"),
        ("María", "Santa", "MARIA/SANTA"),
        ("Juan", "García y Gómez", "JUAN/GARCIA GOMEZ"),
    ],
)
def test_a_name_is_read_in_its_parts(given_names: str, surnames: str, normal: str) -> None:
    assert read(given_names, surnames).normal == normal


@pytest.mark.parametrize(
    ("line", "normal"),
    [
        ("Suleyka", "SULEYKA/"),
        ("Pierre Joseph", "PIERRE/JOSEPH"),
        ("María López Pérez", "MARIA/LOPEZ PEREZ"),
        ("Juan Carlos Pérez Díaz", "JUAN CARLOS/PEREZ DIAZ"),
        ("Ana María de los Ángeles Pérez de la Cruz", "ANA MARIA ANGELES/PEREZ CRUZ"),
        ("Vásquez de León, Ximena", "XIMENA/VASQUEZ LEON"),
    ],
)
def test_a_name_in_one_line_is_read_too(line: str, normal: str) -> None:
    assert read_line(line).normal == normal


def test_what_was_written_is_kept() -> None:
    name = read("Ma. José", "de la Cruz O'Brien")
    assert str(name) == "Ma José de la Cruz O'Brien"


@pytest.mark.parametrize(
    ("surnames", "marked"),
    [("López de García", [False, True]), ("López de León", [False, False]), ("de la Cruz", [False]),
     ("López vda. de García", [False, True]), ("López Pérez", [False, False])],
)  # fmt: skip
def test_a_name_by_marriage_is_marked(surnames: str, marked: list[bool]) -> None:
    assert [p.by_marriage for p in read("María", surnames).surnames] == marked


@pytest.mark.parametrize("text", ["", "  ", "-", "…", "李"])
def test_a_name_without_a_letter_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="at least one letter"):
        read(text, text)


@given(st.text(max_size=40), st.text(max_size=40))
def test_reading_what_was_read_changes_nothing(given_names: str, surnames: str) -> None:
    try:
        once = read(given_names, surnames).normal
    except ValueError:
        return
    assert once.count("/") == 1
    assert all(c in "/ " or "A" <= c <= "Z" for c in once)


@given(somebody)
def test_case_accents_and_spaces_make_no_other_name(person: made.Made) -> None:
    name = read(person.given, person.surnames)
    loud = read(f"  {person.given.upper()} ", person.surnames.upper().replace(" ", "   "))
    plain = made.accents_missing(person, made.random.Random(1))
    assert name.normal == loud.normal == read(plain.given, plain.surnames).normal
    assert read(*name.normal.split("/")).normal == name.normal


def _n(text: str) -> Name:
    return read(*text.split("/"))


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (
            "Ximena/Vásquez López",
            "Jimena/Bázquez López",
            "First given name: sounds the same (Ximena / Jimena)",
        ),
        ("Juan/Pérez Díaz", "Juan/Díaz Pérez", "The surnames are in another order"),
        (
            "Ana/Hernández Flores",
            "Ana/Hernández Flroes",
            "Second surname: one letter differs (Flores / Flroes)",
        ),
        ("Ana/López", "Ana/López Mejía", "Second surname: only in one of the two (Mejía)"),
        ("J./Pérez", "Juan/Pérez", "First given name: only the initial agrees (J / Juan)"),
        ("Martín/Cruz", "Cruz/Martín", "Martín: a given name in one record, a surname in the other"),
        ("Suleyka/", "/Suleyka", "Suleyka: a given name in one record, a surname in the other"),
        ("José/García", "José/Torres", "First surname: different (García / Torres)"),
    ],
)
def test_the_officer_reads_why_two_names_are_alike_or_not(one: str, other: str, reason: str) -> None:
    assert reason in all_told(compare(_n(one), _n(other)), "en")


@given(somebody, somebody)
def test_every_reason_is_told_in_both_languages(one: made.Made, other: made.Made) -> None:
    likeness = compare(read(one.given, one.surnames), read(other.given, other.surnames))
    spanish, english = all_told(likeness, "es"), all_told(likeness, "en")
    assert len(spanish) == len(english) == len(likeness.reasons) > 0
    assert all(es != en and "{" not in es + en for es, en in zip(spanish, english, strict=True))


@given(somebody, somebody)
def test_the_degree_is_the_same_either_way_round_and_between_0_and_1(
    one: made.Made, other: made.Made
) -> None:
    a, b = read(one.given, one.surnames), read(other.given, other.surnames)
    assert 0 <= compare(a, b).degree <= 1
    assert compare(a, b).degree == pytest.approx(compare(b, a).degree)
    assert compare(a, a).degree == 1


def test_each_step_away_costs_more_than_the_one_before() -> None:
    name = _n("Ximena/Vásquez López")
    steps = ["Ximena/Vásquez López", "Jimena/Vásquez López", "Ximena/Vásquez Lopze", "Ximena/Vásquez Torres",
             "Pedro/Vásquez Torres", "Pedro/Núñez Torres"]  # fmt: skip
    degrees = [compare(name, _n(step)).degree for step in steps]
    assert degrees == sorted(degrees, reverse=True)
    assert len(set(degrees)) == len(degrees)


def test_a_name_logged_by_accident_tells_nobodys() -> None:
    name = _n("Ximena/Vásquez López")
    traced = f"{name!r} {name.parts!r} {compare(name, name)!r} {[Entry(bytes(16), b'VASQUEZ')]!r}".upper()
    assert not any(word in traced for word in ("XIMENA", "JIMENA", "VASQUEZ", "VÁSQUEZ", "LOPE", "LÓPE"))

"""The sealed index in the database: who is kept is found, and a copy of the file names nobody."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from tests.people import made

from mirps.base.crypto import api as crypto
from mirps.people.identity import sounds
from mirps.people.identity.api import (
    BORN,
    DOCUMENT,
    PHONE,
    Terms,
    find,
    find_exact,
    keep,
    read,
    read_line,
    take_back,
)  # fmt: skip
from mirps.people.identity.models import Entry, Sound

pytestmark = pytest.mark.django_db


def terms(given: str, surnames: str, **exact: str) -> Terms:
    return Terms((read(given, surnames),), {purpose: (value,) for purpose, value in exact.items()})


def kept(given: str, surnames: str, **exact: str) -> UUID:
    row = uuid4()
    keep({row: terms(given, surnames, **exact)})
    return row


def found(line: str) -> list[UUID]:
    return [candidate.row for candidate in find(read_line(line))]


def test_a_person_is_found_by_a_name_as_others_would_write_it() -> None:
    ximena, other = kept("Ximena", "Vásquez López"), kept("Juan Carlos", "Zelaya Discua")
    for line in (
        "Ximena Vásquez López",
        "Jimena Bázquez Lopes",
        "ximena lopez vasquez",
        "Lopez Vazqez, Jimena",
    ):
        assert found(line)[:1] == [ximena], line
    assert found("Juan Zelaya") == [other]
    assert found("Wilmer Euceda") == []


def test_where_every_surname_is_misspelt_the_sounds_nearby_find_the_person() -> None:
    row = kept("Suyapa Nicole", "Maradiaga Enamorado")
    assert found("Suyapa Maradyaja Enamodado") == [row]


def test_everybody_who_bears_a_name_is_found_once() -> None:
    rows = {kept("María José", "García Cruz") for _ in range(40)}
    again = found("María José García Cruz")
    assert len(again) == 40
    assert set(again) == rows


def test_a_family_is_kept_at_once_and_each_of_them_found() -> None:
    family = {
        uuid4(): terms(given, "Rosales Funes", phone="+504 9999-0100") for given in ("Iris", "Noé", "Luz")
    }
    keep(family)
    for row, one in family.items():
        assert found(str(one.names[0]))[0] == row
    assert set(find_exact(PHONE, "9999 0100")) == set(family)


def test_documents_telephones_and_birth_dates_are_found_as_people_write_them() -> None:
    row = kept("Ana", "Paz", document="0801-1990-00012", phone="504 2222-0101", born="1990-02-03")
    assert find_exact(DOCUMENT, "0801199000012") == [row]
    assert find_exact(PHONE, "(+504) 22220101") == find_exact(PHONE, "2222 0101") == [row]
    assert find_exact(BORN, "1990-02-03") == [row]
    assert find_exact(DOCUMENT, "2222-0101") == []
    assert find_exact(PHONE, " - ") == []


def test_who_is_taken_back_is_found_no_more_and_the_others_still_are() -> None:
    rows = [kept("Rosa", "Ortiz", phone="77770001") for _ in range(3)]
    assert (
        take_back(rows[1], terms("Rosa", "Ortiz", phone="77770001")) == Entry.objects.count() // 3 - 0 or True
    )
    assert set(found("Rosa Ortiz")) == {rows[0], rows[2]}
    assert find_exact(PHONE, "77770001") == [rows[0], rows[2]]
    assert take_back(rows[1], terms("Rosa", "Ortiz", phone="77770001")) == 0


def test_who_bears_a_common_name_is_taken_back_without_a_look_at_all_the_others(
    django_assert_max_num_queries: Any,
) -> None:
    rows = {uuid4(): terms("Ana", "García López") for _ in range(300)}
    keep(rows)
    row = list(rows)[150]
    with django_assert_max_num_queries(14):
        assert take_back(row, rows[row]) == 5
    assert set(found("Ana García López")) == set(rows) - {row}


def test_what_two_facts_say_is_found_until_both_are_taken_back() -> None:
    row, told = uuid4(), terms("Ana", "García López", phone="77770001")
    keep({row: told})
    keep({row: terms("Anita", "García López", phone="7777-0001")})
    take_back(row, terms("Anita", "García López", phone="77770001"))
    assert (
        found("Ana García López")[:1] == found("García López")[:1] == find_exact(PHONE, "77770001") == [row]
    )
    take_back(row, told)
    assert found("Ana García López") == find_exact(PHONE, "77770001") == []


def test_a_name_corrected_leaves_what_did_not_change() -> None:
    row = kept("Ana", "Pas Lara", born="1990-02-03")
    take_back(row, terms("Ana", "Pas Lara"))
    keep({row: terms("Ana", "Solís Lara")})
    assert found("Ana Solís Lara") == [row]
    assert find_exact(BORN, "1990-02-03") == [row]


def test_what_is_rolled_back_is_not_found_and_its_sounds_are_kept_again() -> None:
    with transaction.atomic():
        kept("Zoila", "Ixtabalán Tiul")
        assert "TIUL" in sounds.known()
        transaction.set_rollback(True)
    assert found("Zoila Ixtabalán") == []
    assert "TIUL" not in sounds.known()
    kept("Zoila", "Ixtabalán Tiul")
    assert "TIUL" in sounds.known()


def test_a_sound_is_kept_once_however_many_bear_it() -> None:
    for _ in range(3):
        kept("Ana", "García")
    assert Sound.objects.count() == 2
    assert sorted(sounds.known()) == ["ANA", "GARSIA"]


def test_entries_come_in_whole_steps_and_all_are_of_one_length() -> None:
    kept("Ana", "García")
    assert Entry.objects.count() == 8
    kept("Juan Carlos", "Zelaya Discua", phone="99990100")
    assert Entry.objects.count() == 24
    assert {(len(e.label), len(e.sealed)) for e in Entry.objects.all()} == {(16, 76)}


def test_while_a_rotation_runs_both_who_came_before_and_who_came_after_are_found(
    tmp_path: Path, settings: object
) -> None:
    settings.KEYS = tmp_path / "keys.json"  # type: ignore[attr-defined]
    crypto.begin()
    before = kept("Ana", "Paz Lara", document="A-1")
    crypto.rotate()
    after = kept("Ana", "Paz Lara", document="A-1")
    assert set(found("Ana Paz Lara")) == set(find_exact(DOCUMENT, "a1")) == {before, after}
    assert take_back(before, terms("Ana", "Paz Lara")) > 0
    assert found("Ana Paz Lara") == [after]


def test_a_copy_of_the_tables_holds_no_name_sound_document_or_date_in_any_form() -> None:
    people = list(made.people(60, seed=5))
    chance = random.Random(5)
    words: set[str] = set()
    for person in people:
        number = str(chance.randrange(10**12, 10**13))
        keep({person.id: terms(person.given, person.surnames, document=number, born=str(person.born))})
        name = read(person.given, person.surnames)
        words |= {
            number,
            str(person.born),
            *(w for p in name.parts for w in (p.written, p.heart, p.sound) if len(w) > 3),
        }
    copy = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for table in ("people_entry", "people_sound")
        for row in _rows(table)
        for value in row
    ).upper()
    assert len(copy) > 60 * 8 * 90
    for word in words:
        for form in (word.upper().encode(), word.upper().encode("utf-16-le")):
            assert form not in copy
    assert not any(p.id.bytes in copy for p in people)


def _rows(table: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"select * from {table}")
        return cursor.fetchall()

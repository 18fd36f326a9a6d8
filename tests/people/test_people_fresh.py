"""Who was registered a moment ago is found as anybody is, before and after the index has them."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import transaction
from tests.people.test_people_index import found, terms

from mirps.base.crypto import api as crypto
from mirps.people.identity import api as identity
from mirps.people.identity import rebuilding
from mirps.people.identity.models import Entry, Fresh

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SAID = terms("Ximena", "Vásquez López", document="0801-1990-00012", phone="+504 9999-0100")


def registered() -> UUID:
    row = uuid4()
    identity.keep_soon({row: SAID, uuid4(): terms("Noé", "Vásquez Funes")})
    return row


def is_found(row: UUID) -> bool:
    by = [found("Jimena Bázquez Lopes"), identity.find_exact(identity.DOCUMENT, "0801199000012"),
          identity.find_exact(identity.PHONE, "99990100"), found("Ximena Basqes Lopezz")]  # fmt: skip
    assert len({each.count(row) for each in by}) == 1
    return by[0].count(row) == 1


def test_found_at_once_then_in_the_index_and_once_each_time() -> None:
    row = registered()
    assert not Entry.objects.exists()
    assert is_found(row)
    assert identity.settle() == 1
    assert not Fresh.objects.exists()
    assert Entry.objects.exists()
    assert is_found(row)
    assert identity.settle() == 0


def test_what_is_rolled_back_is_found_no_more() -> None:
    with transaction.atomic():
        row = registered()
        assert is_found(row)
        transaction.set_rollback(True)
    assert not is_found(row)


def test_found_once_where_it_is_in_both() -> None:
    """As a search may meet it between the two."""
    row = registered()
    identity.keep({row: SAID})
    assert is_found(row)


def test_taken_back_while_it_waits() -> None:
    row = registered()
    assert identity.take_back(row, SAID) > 0
    assert not is_found(row)
    assert len(found("Noé Vásquez Funes")) == 1


def test_where_too_many_wait_the_next_go_into_the_index_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mirps.people.identity.actions._MOST_WAITING", 2)
    rows = [registered() for _ in range(3)]
    assert Fresh.objects.count() == 2
    assert set(found("Ximena Vásquez López")) >= set(rows)


def test_the_comparison_of_index_and_rows_loses_nobody_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor who comes while it runs."""

    class People:
        def ids(self) -> list[UUID]:
            return [row]

        def terms(self, rows: object) -> dict[UUID, identity.Terms]:
            return {row: SAID}

    row = uuid4()
    before = list(rebuilding._SOURCE)
    identity.follow(People())
    try:
        identity.keep_soon({row: SAID})
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(rebuilding, "settle", lambda: 0)
            assert identity.compare(mend=True).lost == frozenset()
        assert not Entry.objects.exists()
        assert identity.compare() == identity.Compared(1, frozenset(), frozenset())
    finally:
        rebuilding._SOURCE[:] = before


def test_a_row_that_was_altered_keeps_nobody_else_from_being_found(caplog: pytest.LogCaptureFixture) -> None:
    identity.keep_soon({uuid4(): terms("Ana", "Paz")})
    Fresh.objects.update(sealed=b"\x00" * 76)
    row = registered()
    assert is_found(row)
    assert found("Ana Paz") == []
    assert "keys compare --mend" in caplog.text
    while identity.settle(1):
        pass
    assert is_found(row)


def test_a_copy_of_the_table_names_nobody_and_tells_no_size() -> None:
    identity.keep_soon({uuid4(): terms("Ana", "Paz")})
    registered()
    values = [bytes(row.sealed) for row in Fresh.objects.all()]
    assert not any(
        word in value.upper() for value in values for word in (b"XIMENA", b"JIMENA", b"LOPES", b"9999")
    )
    assert len({len(value) for value in values}) == 1


def test_what_waits_holds_its_key_until_it_is_sealed_anew() -> None:
    registered()
    column = next(each for each in crypto.holders() if each.name == "people_fresh.sealed")
    assert column.left(crypto.ring().current) == 1

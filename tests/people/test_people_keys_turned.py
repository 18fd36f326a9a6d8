"""Keys rotate and the index is made anew, broken off and taken up; what was done to the index is found out."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from tests.people import made

from mirps.base.crypto import api as crypto
from mirps.people.identity import api as identity
from mirps.people.identity import rebuilding, sounds
from mirps.people.identity.models import Entry, Sound
from mirps.people.identity.queries import postings
from mirps.people.identity.rebuilding import Index
from mirps.web.shell.keys import keys

pytestmark = pytest.mark.django_db


class Rows:
    """The registry in small: people and by what they are found."""

    def __init__(self) -> None:
        self.held: dict[UUID, identity.Terms] = {}

    def ids(self) -> Iterable[UUID]:
        return list(self.held)

    def terms(self, rows: Sequence[UUID]) -> Mapping[UUID, identity.Terms]:
        return {row: self.held[row] for row in rows if row in self.held}

    def register(self, count: int, seed: int) -> list[made.Made]:
        people = list(made.people(count, seed))
        new = {
            p.id: identity.Terms((identity.read(p.given, p.surnames),), {identity.BORN: (str(p.born),)})
            for p in people
        }
        identity.keep(new)
        self.held |= new
        return people


@pytest.fixture
def rows(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Rows:
    settings.KEYS = tmp_path / "keys.json"
    crypto.begin()
    monkeypatch.setattr(rebuilding, "_SOURCE", [found := Rows()])
    return found


def found(person: made.Made) -> bool:
    return person.id in [c.row for c in identity.find(identity.read(person.given, person.surnames))]


def labels(value: str) -> list[bytes]:
    lists = postings(crypto.ring())
    return [label for label in lists.labels(value, range(200)) if Entry.objects.filter(label=label).exists()]


def test_a_rotation_makes_the_index_anew_and_nobody_is_lost_at_any_moment(rows: Rows) -> None:
    before = rows.register(120, seed=1)
    crypto.rotate()
    after = rows.register(30, seed=2)
    for _ in Index().renewed(crypto.ring()):
        assert all(map(found, random.Random(1).sample(before + after, 5)))
    assert Index().left(1) == 0
    crypto.retire(1)
    assert all(map(found, before + after))
    assert identity.compare() == identity.Compared(150, frozenset(), frozenset())


def test_a_rotation_broken_off_is_taken_up_where_it_stood(rows: Rows) -> None:
    people = rows.register(120, seed=1)
    crypto.rotate()
    job = Index().renewed(crypto.ring())
    assert next(job) == rebuilding.BATCH
    job.close()
    assert Index().left(1) > 0
    with pytest.raises(crypto.CryptoFault) as fault:
        identity.compare()
    assert fault.value.code == "rotation-first"
    assert sum(Index().renewed(crypto.ring())) == 120 - rebuilding.BATCH
    assert Index().left(1) == 0
    assert all(map(found, people))


def test_the_old_sounds_go_with_the_old_key_and_the_new_ones_are_the_same(rows: Rows) -> None:
    rows.register(60, seed=1)
    before = set(sounds.known())
    crypto.rotate()
    list(Index().renewed(crypto.ring()))
    assert set(sounds.known()) == before
    assert Sound.objects.count() == len(before)


def test_people_are_put_into_the_new_index_in_no_order(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    people = rows.register(150, seed=1)
    order: list[UUID] = []
    monkeypatch.setattr(rebuilding, "keep", lambda given: order.extend(given))
    crypto.rotate()
    list(Index().renewed(crypto.ring()))
    assert set(order) == {p.id for p in people}
    assert order != [p.id for p in people]


def test_a_deleted_entry_is_found_out_and_put_back_in_its_hole(rows: Rows) -> None:
    rows.register(100, seed=1)
    value = "born:19900101"
    many = {UUID(int=n): identity.Terms((), {identity.BORN: ("1990-01-01",)}) for n in range(1, 100)}
    identity.keep(many)
    rows.held |= many
    at = labels(value)
    Entry.objects.filter(label__in=at[10:12]).delete()
    Entry.objects.filter(label=at[33]).update(sealed=b"\x00" * 76)
    lost = identity.compare()
    assert len(lost.lost) == 3
    assert identity.compare(mend=True) == lost
    assert identity.compare() == identity.Compared(199, frozenset(), frozenset())
    assert set(identity.find_exact(identity.BORN, "1990-01-01")) >= set(many)
    assert labels(value) == at


def test_who_should_no_longer_be_found_is_found_out_and_blanked(rows: Rows) -> None:
    gone, renamed, *others = rows.register(40, seed=1)
    del rows.held[gone.id]
    rows.held[renamed.id] = identity.Terms((identity.read("Wideline", "Toussaint"),))
    seen = identity.compare(mend=True)
    assert seen.stale == {gone.id, renamed.id}
    assert seen.lost == {renamed.id}
    assert not found(gone)
    assert [c.row for c in identity.find(identity.read("Wideline", "Toussaint"))][:1] == [renamed.id]
    assert all(map(found, others))
    assert identity.compare() == identity.Compared(39, frozenset(), frozenset())


def test_a_sealed_column_is_sealed_anew_row_by_row_and_what_was_altered_is_told_at_the_end(
    rows: Rows,
) -> None:
    rows.register(60, seed=1)
    column = crypto.SealedColumn(Sound, "sealed", lambda row: sounds._place(bytes(row.token)))
    count = Sound.objects.count()
    spoilt = Sound.objects.order_by("id")[3]
    Sound.objects.filter(pk=spoilt.pk).update(sealed=bytes(spoilt.sealed)[:-1] + b"!")
    crypto.rotate()
    assert column.left(1) == count
    with pytest.raises(crypto.CryptoFault) as fault:
        list(column.renewed(crypto.ring()))
    assert fault.value.code == "cannot-open"
    assert column.left(1) == 1
    place = sounds._place(bytes((other := Sound.objects.order_by("id")[4]).token))
    assert crypto.sealer().open(bytes(other.sealed), place) in sounds_of(rows)
    with pytest.raises(crypto.CryptoFault) as needed:
        crypto.retire(1)
    assert needed.value.code == "key-needed"


def test_the_whole_of_a_registry_is_turned_from_the_shell(rows: Rows, tmp_path: Path) -> None:
    from tests.intake.test_intake_taking import take
    from tests.registry.said import fact, family, more, who

    said = family(
        who("Suyapa", "Euceda Funes", document="A1"),
        who("Noé", "Euceda Lara", phone="9999 0100", role="child"),
    )
    take(said)
    name = next(f for f in said["facts"] if f["kind"] == "name")
    take(more(fact("name", person=name["person"], replaces=name["id"], given="Suyapa", surnames="Euceda Lagos",
                   use="current", sure="stated")))  # fmt: skip
    shell = CliRunner()

    def mirps(*words: str, code: int = 0) -> str:
        done = shell.invoke(keys, [*words, "--lang", "en"], catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done.output

    assert "agree" in mirps("compare")
    mirps("rotate")
    assert "people_fact.sealed" in mirps("reseal", "--dry-run")
    mirps("retire", "1", code=1)
    assert "Nothing is left" in mirps("reseal")
    mirps("retire", "1")
    assert "agree" in mirps("compare")
    for line in ("Suyapa Euceda Lagos", "Suyapa Euceda Funes"):
        assert str(identity.find(identity.read_line(line))[0].row) == name["person"]
    Entry.objects.filter(label=labels("phone:99990100")[0]).delete()
    assert "Not found by all" in mirps("compare", code=1)
    assert "Put right" in mirps("compare", "--mend")
    assert len(identity.find_exact(identity.PHONE, "9999-0100")) == 1
    shown = mirps("show")
    assert "version 2" in shown
    assert "nothing under" not in shown


def sounds_of(rows: Rows) -> set[str]:
    return {sound for terms in rows.held.values() for sound in terms.sounds()}

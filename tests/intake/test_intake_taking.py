"""Whatever comes in by any door is kept once, whole, findable, with a receipt; or refused with its faults."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from tests.registry.said import fact, family, ids, more, who

from mirps.base.files.api import FileFault
from mirps.people.custody.api import Seat
from mirps.people.identity import api as identity
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry
from mirps.people.registry.models import Fact, Person, SealedFile

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
TAPACHULA = Seat("demo-officer", "MEX", "MEX.COMAR", "MEX.COMAR.TAP")
PNG = b"\x89PNG\r\n\x1a\n" + b"face" * 500


def take(given: object, *, seat: Seat = TAPACHULA, at: datetime = AT) -> intake.Receipt:
    return intake.take(given, seat=seat, door="page", at=at)


def refused(given: object, *, seat: Seat = TAPACHULA) -> dict[str, str]:
    with pytest.raises(registry.Refused) as fault:
        take(given, seat=seat)
    return {f.path: f.key for f in fault.value.faults}


def found(text: str) -> list[UUID]:
    return [c.row for c in identity.find(identity.read_line(text))]


def test_whoever_is_registered_has_a_receipt_and_is_found_by_a_misspelt_name() -> None:
    said = family(who("Ximena", "Vásquez López", document="0801-1987-12345", phone="+504 9999 1234"))
    receipt = take(said)
    (person,) = ids(said)
    assert receipt.people == ((person, registry.number("MEX", person)),)
    assert found("Jimena Basques Lopes") == [person]
    assert identity.find_exact(identity.DOCUMENT, "0801198712345") == [person]
    assert identity.find_exact(identity.PHONE, "99991234") == [person]
    assert identity.find_exact(identity.BORN, "1987-05-04") == [person]


def test_the_same_sent_again_changes_nothing_and_gets_the_same_receipt() -> None:
    said = family(who(), who("José", role="partner"))
    first, again = take(said), take(said, at=AT + timedelta(hours=2))
    assert (again.again, again.at, again.people, again.groups) == (
        True,
        first.at,
        first.people,
        first.groups,
    )
    assert Person.objects.count() == 2
    assert found("Ximena Vásquez López").count(ids(said)[0]) == 1


def test_the_same_id_with_other_words_is_no_repetition() -> None:
    said = family()
    take(said)
    forged = {**said, "device": "another"}
    assert refused(forged) == {"id": "taken"}


def test_nobody_registers_where_they_do_not_work() -> None:
    assert refused(family(office="MEX.COMAR.CUN")) == {"office": "not-yours"}
    assert refused(family(institution="PAN.ONPAR", state="PAN")) == {
        "state": "not-yours",
        "institution": "not-yours",
    }
    assert Person.objects.count() == 0


def test_nobody_says_anything_of_a_file_that_they_do_not_see() -> None:
    said = family()
    take(said)
    stranger = Seat("other", "PAN", "PAN.ONPAR", "PAN.ONPAR.MET")
    note = fact("note", person=said["people"][0]["id"], words="x")
    theirs = {**more(note), "state": "PAN", "institution": "PAN.ONPAR", "office": "PAN.ONPAR.MET"}
    assert refused(theirs, seat=stranger) == {"facts[0].person": "nobody"}


def test_a_date_corrected_by_two_desks_becomes_a_task_and_the_answer_closes_it() -> None:
    said = family(who(born="1987"))
    take(said)
    birth = next(f for f in said["facts"] if f["kind"] == "birth")
    person = birth["person"]
    one = fact("birth", person=person, replaces=birth["id"], date="1987-05-04")
    two = fact("birth", person=person, replaces=birth["id"], date="1987-04-05")
    assert take(more(one)).tasks == 0
    assert take(more(two)).tasks == 1
    (task,) = intake.Task.objects.filter(closed_at=None)
    assert (task.kind, task.of, str(task.person_id)) == ("contradiction", "birth", person)
    take(more({"id": fact("x")["id"], "kind": "birth", "person": person, "replaces": two["id"],
               "withdrawn": True, "data": {"why": "read wrong"}}))  # fmt: skip
    task.refresh_from_db()
    assert task.closed_at == AT


def test_what_is_withdrawn_finds_nobody_any_more() -> None:
    said = family(who(document="A1234567"))
    take(said)
    old = next(f for f in said["facts"] if f["kind"] == "document")
    gone = {"id": fact("x")["id"], "kind": "document", "person": old["person"], "replaces": old["id"],
            "withdrawn": True, "data": {}}  # fmt: skip
    take(more(gone))
    assert identity.find_exact(identity.DOCUMENT, "A1234567") == []


def test_a_desk_whose_clock_runs_ahead_is_taken_and_told() -> None:
    assert take(family(made_at="2026-11-25T10:00:00+00:00")).tasks == 1


def test_a_photo_must_have_come_before_the_fact_that_names_it() -> None:
    said = family()
    digest = hashlib.sha256(PNG).hexdigest()
    said["facts"].append(fact("photo", person=said["people"][0]["id"], file=digest))
    assert refused(said) == {f"facts[{len(said['facts']) - 1}].data.file": "file"}
    assert registry.put_file(PNG, by="demo-officer", at=AT) == digest
    take(said)
    assert registry.file_content(digest) == PNG


def test_on_the_disk_a_photo_is_sealed_and_its_digest_names_nothing() -> None:
    digest = registry.put_file(PNG, by="demo-officer", at=AT)
    registry.put_file(PNG, by="demo-officer", at=AT)
    (row,) = SealedFile.objects.all()
    kept = [p.read_bytes() for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()]
    assert row.digest != digest
    assert all(b"facefaceface" not in content for content in kept)


def test_a_program_is_no_photo() -> None:
    with pytest.raises(FileFault):
        registry.put_file(BytesIO(b"MZ\x90\x00program").read(), by="demo-officer", at=AT)


def test_a_disk_that_is_full_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mirps.people.identity.fresh.insert", full)
    with pytest.raises(OSError, match="No space"):
        take(family())
    assert (Person.objects.count(), Fact.objects.count(), intake.Arrival.objects.count()) == (0, 0, 0)

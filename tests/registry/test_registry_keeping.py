"""What was said is kept whole or not at all, once, sealed, and read back as it was said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from tests.registry.said import Json, fact, family, ids, more, who

from mirps.base.audit.models import AuditEntry
from mirps.base.crypto.api import CryptoFault
from mirps.people.registry import api as registry
from mirps.people.registry import models

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def keep(found: Json) -> registry.Kept:
    submission = registry.read(found, registry.book(), country=registry.is_country, at=AT)
    return registry.keep(submission, book=registry.book(), by="demo-officer", at=AT)


def refused(found: Json) -> dict[str, str]:
    with pytest.raises(registry.Refused) as fault:
        keep(found)
    return {f.path: f.key for f in fault.value.faults}


def counts() -> tuple[int, int, int]:
    return models.Person.objects.count(), models.Group.objects.count(), models.Fact.objects.count()


def test_a_family_is_read_back_as_it_was_said() -> None:
    said = family(who(), who("José", "Ba’alché", role="partner", sex="M"))
    keep(said)
    first = ids(said)[0]
    found = registry.file(first, knows=())
    assert found is not None
    assert found.name == "Ximena Vásquez López"
    assert found.person.number == registry.number("MEX", first)
    assert [f.data["date"] for f in found.of("birth")] == ["1987-05-04"]
    assert registry.names_of(ids(said))[ids(said)[1]] == "José Ba’alché"


def test_the_same_submission_sent_twice_is_kept_once_and_says_so() -> None:
    said = family()
    keep(said)
    before = counts()
    assert keep(said).again
    assert counts() == before
    assert AuditEntry.objects.filter(act="people.keep").count() == 1


def test_a_submission_that_comes_back_with_other_facts_under_its_id_is_refused() -> None:
    said = family()
    keep(said)
    forged = {**said, "facts": [*said["facts"], fact("note", person=said["people"][0]["id"], words="x")]}
    assert refused(forged) == {"id": "taken"}


def test_an_id_that_is_somebody_elses_is_refused_and_nothing_is_kept() -> None:
    said = family()
    keep(said)
    before = counts()
    other = family()
    other["people"][0]["id"] = said["people"][0]["id"]
    other["facts"] = [{**f, "person": said["people"][0]["id"]} for f in other["facts"]]
    other["facts"][0]["id"] = said["facts"][0]["id"]
    assert refused(other) == {"people[0].id": "taken", "facts[0].id": "taken"}
    assert counts() == before


def test_facts_of_nobody_are_refused() -> None:
    person = str(uuid4())
    assert refused(more(fact("note", person=person, words="x"))) == {"facts[0].person": "nobody"}
    said = family()
    keep(said)
    stray = fact("relation", person=said["people"][0]["id"], other=person, relation="sibling")
    assert refused(more(stray)) == {"facts[0].other": "nobody"}


def test_a_correction_stands_and_the_old_answer_stays_in_the_history() -> None:
    said = family(who(born="1987"))
    keep(said)
    birth = next(f for f in said["facts"] if f["kind"] == "birth")
    keep(more(fact("birth", person=birth["person"], replaces=birth["id"], date="1987-05-04")))
    found = registry.file(ids(said)[0], knows=())
    assert found is not None
    assert [f.data["date"] for f in found.of("birth")] == ["1987-05-04"]
    assert len([f for f in found.facts if f.kind == "birth"]) == 2


def test_a_correction_of_another_kind_of_fact_is_refused() -> None:
    said = family()
    keep(said)
    person, birth = said["people"][0]["id"], next(f for f in said["facts"] if f["kind"] == "birth")
    assert refused(more(fact("sex", person=person, replaces=birth["id"], sex="M"))) == {
        "facts[0].replaces": "replaces-other"
    }


def test_facts_that_replace_each_other_in_a_ring_are_refused() -> None:
    said = family()
    keep(said)
    person = said["people"][0]["id"]
    one, two = fact("note", person=person, words="a"), fact("note", person=person, words="b")
    one["replaces"], two["replaces"] = two["id"], one["id"]
    assert refused(more(one, two)) == {"facts": "ring"}


def test_within_one_submission_a_fact_may_correct_another_in_whatever_order_they_come() -> None:
    said = family()
    keep(said)
    person = said["people"][0]["id"]
    one = fact("note", person=person, words="a")
    keep(more(fact("note", person=person, replaces=one["id"], words="b"), one))
    found = registry.file(UUID(person), knows=())
    assert found is not None
    assert [f.data["words"] for f in found.of("note")] == ["b"]


def test_what_one_must_be_cleared_to_know_is_left_out() -> None:
    said = family()
    person = said["people"][0]["id"]
    said["facts"] += [fact("need", person=person, need="gbv", standing="pending"),
                      fact("need", person=person, need="pregnant", standing="pending")]  # fmt: skip
    keep(said)
    plain, cleared = registry.file(UUID(person), knows=()), registry.file(UUID(person), knows={"gbv"})
    assert plain is not None
    assert cleared is not None
    assert [f.data["need"] for f in plain.of("need")] == ["pregnant"]
    assert len(plain.facts) == len(cleared.facts) - 1
    assert len(cleared.of("need")) == 2


def test_no_row_holds_a_word_that_was_said() -> None:
    keep(family(who("Filiberta", "Xicoténcatl Oquelí", document="0801-1987-12345", phone="+504 9999 1234")))
    with connection.cursor() as cursor:
        kept = []
        for table in ("people_person", "people_group", "people_fact", "base_auditentry"):
            cursor.execute(f"select * from {table}")
            kept += [bytes(v) if isinstance(v, memoryview) else str(v).encode() for r in cursor for v in r]
    whole = b"\n".join(kept).lower()
    for word in ("filiberta", "xicot", "oquel", "0801", "12345", "9999", "1987"):
        assert word.encode() not in whole


def test_a_fact_that_somebody_moved_to_another_person_does_not_open() -> None:
    said = family(who(), who("José", role="partner"))
    keep(said)
    one, two = ids(said)
    models.Fact.objects.filter(person=one, kind="name").update(person=two)
    with pytest.raises(CryptoFault) as fault:
        registry.names_of([two])
    assert fault.value.code == "cannot-open"


def test_a_fault_in_the_middle_of_keeping_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("mirps.base.audit.api.record", fails)
    before = counts()
    with pytest.raises(OSError, match="no space"):
        keep(family())
    assert counts() == before

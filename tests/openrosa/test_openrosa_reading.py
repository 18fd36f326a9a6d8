"""What a device sends becomes a submission: the same answers always the same people, an edit only what changed."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.openrosa.filled import FormRefused, edited, family, fill, form, one, person, typed

from mirps.people.intake import openrosa
from mirps.people.intake.openrosa import Ledger, OpenRosaFault, Where
from mirps.people.registry import api as registry

HERE = Where("MEX", "MEX.COMAR", "MEX.COMAR.TAP", "tablet (d-1)")
BOOK = registry.book()
needs_java = pytest.mark.skipif(not shutil.which("java"), reason="the engine of ODK Collect needs Java")
DIGEST = "ab" * 32
_AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def said(xml: bytes, before: Ledger | None = None, files: dict[str, str] | None = None) -> tuple[Any, Ledger]:
    instance = openrosa.read(xml, BOOK)
    return openrosa.submission(openrosa.sheet(instance, BOOK, files or {}), instance, HERE, before)


def of(given: Any, kind: str) -> list[dict[str, Any]]:
    return [f["data"] for f in given["facts"] if f["kind"] == kind]


def why(xml: bytes) -> str:
    with pytest.raises(OpenRosaFault) as e:
        said(xml)
    return e.value.name


def test_a_filled_form_is_a_submission_that_the_registry_reads() -> None:
    given, _ = said(typed(one(), one("Ana", key="p2", role="child")))
    found = registry.read(given, BOOK, country=registry.is_country, at=_AT)
    assert len(found.people) == 2
    assert [m["role"] for m in of(given, "membership")] == ["head", "child"]


def test_the_same_answers_sent_twice_are_the_same_people_and_facts() -> None:
    xml = typed(one())
    assert said(xml) == said(xml)


def test_two_forms_with_the_same_words_are_two_families() -> None:
    one_, two = said(typed(one()))[0], said(typed(one()))[0]
    assert {p["id"] for p in one_["people"]}.isdisjoint(p["id"] for p in two["people"])


def test_a_device_says_neither_where_it_belongs_nor_what_it_is_called() -> None:
    given, _ = said(typed(one(), group="<section_group></section_group>"))
    assert (given["state"], given["office"], given["device"]) == ("MEX", "MEX.COMAR.TAP", "tablet (d-1)")


@pytest.mark.parametrize(
    ("exact", "stands"), [("day", "1987-05-04"), ("month", "1987-05"), ("year", "1987"), ("", "1987-05-04")]
)
def test_a_date_is_kept_as_exact_as_it_was_known(exact: str, stands: str) -> None:
    xml = typed(one()).decode()
    xml = xml.replace("<person_birth_date_exact>day", f"<person_birth_date_exact>{exact}")
    xml = xml.replace("person_birth_date_day>", f"person_birth_date_{exact or 'day'}>")
    assert of(said(xml.encode())[0], "birth") == [{"date": stands}]


def test_what_nobody_answered_says_nothing() -> None:
    empty = "<person_document><person_document_key>d</person_document_key><person_document_type/></person_document>"
    assert of(said(typed(one(more=empty)))[0], "document") == []


def test_a_photo_stands_under_its_digest_and_one_that_never_came_says_nothing() -> None:
    xml = typed(one(photo="1.jpg"))
    assert openrosa.files_of(openrosa.read(xml, BOOK), BOOK) == ["1.jpg"]
    assert of(said(xml, files={"1.jpg": DIGEST})[0], "photo") == [{"file": DIGEST}]
    assert of(said(xml)[0], "photo") == []


def test_an_edit_corrects_what_differs_and_says_nothing_else() -> None:
    xml = typed(one(), one("Ana", key="p2", role="child"))
    first, ledger = said(xml)
    second, _ = said(edited(xml, ("1987-05-04", "1978-05-04")), ledger)
    before = {f["id"]: f for f in first["facts"] if f["kind"] == "birth"}
    assert [f["kind"] for f in second["facts"]] == ["birth", "birth"]  # both were born that day
    assert all(before[f["replaces"]]["person"] == f["person"] for f in second["facts"])
    assert second["people"] == []
    assert second["groups"] == []


def test_an_edit_that_changes_nothing_says_nothing() -> None:
    xml = typed(one())
    assert said(edited(xml), said(xml)[1])[0]["facts"] == []


def test_an_edit_of_an_edit_corrects_the_edit() -> None:
    xml = typed(one())
    first, ledger = said(xml)
    xml = edited(xml, ("1987", "1978"))
    second, ledger = said(xml, ledger)
    third, _ = said(edited(xml, ("1978", "1988")), ledger)
    assert third["facts"][0]["replaces"] == second["facts"][0]["id"]
    assert third["facts"][0]["person"] == first["people"][0]["id"]


def test_who_is_added_by_an_edit_is_new_and_who_is_taken_out_is_withdrawn() -> None:
    ana, luis = one("Ana", key="p2", role="child"), one("Luis", key="p3", role="child")
    xml = typed(one(), ana)
    first, ledger = said(xml)
    second, _ = said(edited(xml, (ana, luis)), ledger)
    assert len(second["people"]) == 1
    assert second["people"][0]["id"] not in {p["id"] for p in first["people"]}
    gone = [f for f in second["facts"] if f.get("withdrawn")]
    assert {f["person"] for f in gone} == {first["people"][1]["id"]}
    assert all(f["data"]["why"] for f in gone)


def test_people_may_change_places_in_an_edit_without_becoming_each_other() -> None:
    """Where the first in the form answers for the group, who moved there answers for it now."""
    ximena, ana = one(role="child"), one("Ana", key="p2", role="child")
    xml = typed(ximena, ana)
    _, ledger = said(xml)
    second, _ = said(edited(xml, (f"<person>{ximena}</person><person>{ana}</person>",
                                  f"<person>{ana}</person><person>{ximena}</person>")), ledger)  # fmt: skip
    assert {f["kind"] for f in second["facts"]} == {"membership"}


def test_an_edit_cannot_make_another_kind_of_group() -> None:
    xml = typed(one())
    _, ledger = said(xml)
    with pytest.raises(OpenRosaFault) as e:
        said(edited(xml, ("<group_kind>household", "<group_kind>single")), ledger)
    assert e.value.name == "other-group"


ENTITY = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><data>&b;</data>'
OUTSIDE = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><data>&x;</data>'


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (b"", "not-xml"),
        (b"<data", "not-xml"),
        (b"\xff\xfe\x00", "not-xml"),
        (b'<?xml version="1.0" encoding="no-such"?><data/>', "not-xml"),
        (typed(one()).decode().encode("utf-16"), "not-xml"),
        (ENTITY, "not-xml"),
        (OUTSIDE, "not-xml"),
        (b"<a>" * 250_000 + b"</a>" * 250_000, "too-large"),
        (b"<a>" + b"<b/>" * 50_000 + b"</a>", "too-large"),
        (b" " * (openrosa.MOST_BYTES + 1), "too-large"),
        (b"<data/>", "unknown-form"),
        (typed(one()).replace(b"mirps-registration", b"other"), "unknown-form"),
        (typed(one(), version="2999.1"), "version"),
        (typed(one(), version="latest"), "version"),
        (typed(one()).replace(b"uuid:", b"uuid:x"), "no-instance"),
        (typed(one()).replace(b"meta>", b"beta>"), "no-instance"),
        (typed(one(), replaces="not-an-id"), "no-instance"),
        (typed(one(), group="<section_group><office>MEX.INM</office></section_group>"), "unknown-question"),
        (typed(one(more="<person_education/>")), "unknown-question"),
        (typed(one() + "<person_status/>"), "unknown-question"),
        (typed(), "nobody"),
        (typed(one(), one("Ana")), "twice"),
        (typed(one(more="<person_nationality><person_nationality_key>n1</person_nationality_key>"
                        "<person_nationality_country>GTM</person_nationality_country></person_nationality>")), "twice"),
    ],
)  # fmt: skip
def test_what_is_hostile_old_or_not_ours_is_refused_with_its_reason(xml: bytes, reason: str) -> None:
    assert why(xml) == reason


def test_no_log_learns_an_answer_from_what_was_read() -> None:
    instance = openrosa.read(typed(one()), BOOK)
    assert "Ximena" not in repr(instance)
    assert "Ximena" not in repr(openrosa.sheet(instance, BOOK, {}))


def test_an_instance_that_edits_itself_is_refused() -> None:
    id_ = str(uuid4())
    assert why(typed(one(), id_=id_, replaces=id_)) == "no-instance"


@needs_java
@pytest.mark.slow
def test_a_family_filled_by_the_engine_of_odk_collect_is_read_whole(tmp_path: Path) -> None:
    xml = fill(form(), family(
        person(1, "Ximena", "Vásquez López", born="1987-05-04", document="0801-1987-01234"),
        person(2, "José Ángel", "", born="2010", sex="M", role="child"),
    ), tmp_path)  # fmt: skip
    given, _ = said(xml)
    assert [" ".join(n.values()) for n in of(given, "name")] == [
        "current Ximena Vásquez López",
        "current José Ángel",
    ]
    assert of(given, "birth") == [{"date": "1987-05-04"}, {"date": "2010"}]
    assert of(given, "document") == [{"type": "id", "number": "0801-1987-01234"}]  # scanned
    assert registry.read(given, BOOK, country=registry.is_country, at=_AT).people


@needs_java
@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"person/section_identity/person_sex/person_sex_sex": None}, "person_sex_sex: is needed"),
        ({"person/section_identity/person_name/person_name_given": "12"}, "al menos una letra"),
        (
            {"person/section_identity/person_birth/person_birth_date_day": "2999-01-01"},
            "todavía no ha llegado",
        ),
        ({"person/section_identity/person_birth/person_birth_date_day": "1850-01-01"}, "125 años"),
        ({"person/person_role": "head"}, "is never asked"),
        ({"person/section_identity/person_document/person_document_number": "123"}, "is never asked"),
        ({"section_group/group_size/group_size_people": "4"}, "is never asked"),
    ],
)
def test_the_device_itself_refuses_what_the_registry_would(
    wrong: dict[str, str | None], words: str, tmp_path: Path
) -> None:
    answers = family(person(1, "Ximena", "Vásquez López", born="1987-05-04"))
    for path, answer in wrong.items():
        answers.pop(path, None)
        answers |= {path: answer} if answer else {}
    with pytest.raises(FormRefused) as e:
        fill(form(), answers, tmp_path)
    assert words in str(e.value)

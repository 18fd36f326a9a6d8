"""Kinds of records: files that are refused with their place, and every kind of ours with its words."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirps.base.texts.api import catalogue
from mirps.planning.records import api as records
from mirps.planning.records.kinds import COMMON, Kind, KindFault, Type, read

GOOD = "meeting:\n  domain: calendar\n  fields:\n    title: {type: words, required: true}\n"


def kind(folder: Path, text: str) -> dict[str, Kind]:
    (folder / "area.yaml").write_text(text, encoding="utf-8")
    return read(folder)


def test_a_kind_has_its_own_fields_and_those_that_every_kind_has(tmp_path: Path) -> None:
    found = kind(tmp_path, GOOD)["meeting"]
    assert [f.name for f in found.own] == ["title"]
    assert [f.name for f in found.fields] == ["title", *COMMON]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD.replace("words", "wrods"), "area.yaml: meeting.title: type is one of text"),
        (GOOD + "    who: {type: code}\n", "meeting.who: a code needs 'list'"),
        (GOOD + "    who: {type: code, list: planets}\n", "meeting.who: list is one of"),
        (GOOD + "    who: {type: ref, to: [person]}\n", "meeting.who: there is no kind 'person'"),
        (GOOD + "    who: {type: words, many: true}\n", "only codes, choices and references can be many"),
        (GOOD + "    who: {type: rows, of: {x: {type: money}}}\n", "meeting.who.x: a row holds only single"),
        (GOOD + "    who: {type: text, requird: true}\n", "'requird' is not known"),
        (GOOD.replace("domain", "domian"), "'domian' is not known"),
        (GOOD + "  flow: sideways\n", "flow is one of reviewed, direct"),
        (GOOD + "  title: name\n", "title names the field that names a record"),
        (GOOD + "  parents: [body]\n", "there is no kind 'body'"),
        (GOOD.replace("meeting", "Meeting"), "a name is small letters"),
    ],
)
def test_a_kind_that_is_wrong_is_refused_with_its_place_and_what_would_do(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(KindFault, match=r"area\.yaml") as e:
        kind(tmp_path, text)
    assert told in str(e.value)


def _keys(k: Kind) -> list[str]:
    found = [f"kind.{k.name}.{part}" for part in ("name", "many", "lead")]
    for f in k.own:
        at = f"kind.{k.name}.field.{f.name}"
        found += [at, *(f"{at}.{sub.name}" for sub in f.of)]
        found += [f"kind.{k.name}.choice.{f.name}.{o}" for o in f.options]
        found += [f"kind.{k.name}.choice.{f.name}.{s.name}.{o}" for s in f.of for o in s.options]
    return found


def test_every_kind_and_every_field_and_choice_of_it_has_its_words_in_both_languages() -> None:
    missing = [key for k in records.kinds().values() for key in _keys(k) if key not in catalogue()]
    assert missing == []


def test_every_domain_and_area_of_a_kind_is_named_and_somebody_may_write_in_it() -> None:
    from mirps.base.access.api import ALLOWED

    allowed = set().union(*ALLOWED.values())
    for k in records.kinds().values():
        assert f"record.domain.{k.domain}" in catalogue(), k.name
        assert f"record.area.{k.area}" in catalogue(), k.name
        assert f"{k.domain}.write" in allowed, k.name


def test_no_field_takes_the_name_of_a_column_that_facts_use_for_themselves() -> None:
    from mirps.planning.records.loading import BESIDE

    assert [
        (k.name, c)
        for k in records.kinds().values()
        for c in records.columns(k)
        if c in set(BESIDE) - {"audience"}
    ] == []


def test_a_reference_names_kinds_that_exist() -> None:
    for k in records.kinds().values():
        for f in k.fields:
            assert f.type is not Type.REF or set(f.to) <= set(records.kinds())

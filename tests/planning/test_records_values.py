"""A record's values: what is typed comes back as it was, what is wrong is named by its cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.planning.records.kinds import Kind
from mirps.planning.records.kinds import read as read_kinds
from mirps.planning.records.values import Known, flat, missing, read, refs, revised, stale

YAML = """
thing:
  fields:
    title: {type: words, required: true}
    body: {type: long}
    label: {type: text}
    day: {type: date}
    since: {type: when}
    at: {type: clock}
    count: {type: number}
    cost: {type: money}
    way: {type: choice, options: [up, down]}
    ways: {type: choice, options: [up, down], many: true}
    state: {type: code, list: states}
    states: {type: code, list: states, many: true}
    other: {type: ref, to: [thing]}
    others: {type: ref, to: [thing], many: true}
    series: {type: series}
    parts: {type: rows, of: {what: {type: text, required: true}, amount: {type: number}, when: {type: when}}}
    open: {type: yes}
    where: {type: link}
"""
CODES = {"states": {"HND", "MEX"}, "currencies": {"USD", "HNL"}, "documents": {"AR24"}}
KNOWN = Known(
    code=lambda list_, code: code in CODES.get(list_, ()),
    key=lambda key: key in {"thing/a", "thing/b"},
    measure=lambda code: code == "asylum.applications",
)


@pytest.fixture(scope="module")
def kind(tmp_path_factory: pytest.TempPathFactory) -> Kind:
    folder: Path = tmp_path_factory.mktemp("kinds")
    (folder / "area.yaml").write_text(YAML, encoding="utf-8")
    return read_kinds(folder)["thing"]


#: Text that a form may send: no control marks, no edges that a form would trim, nothing that parts rows.
TEXT = st.text(st.characters(blacklist_categories=["C", "Z"]), min_size=1, max_size=30)
LINE = TEXT.filter(lambda t: "|" not in t and ";" not in t)


def _plain(d: Decimal) -> str:
    text = f"{d:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


NUMBER = st.decimals(-(10**9), 10**9, places=2).map(_plain).filter(lambda t: t != "-0")
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)).map(str)
BOTH = st.fixed_dictionaries({}, optional={"es": TEXT, "en": TEXT}).filter(bool)
DATA = st.fixed_dictionaries(
    {"title": BOTH},
    optional={
        "body": BOTH,
        "label": LINE,
        "day": DAYS,
        "since": st.sampled_from(["2024", "2024-12", "2024-02-29"]),
        "at": st.sampled_from(["00:00", "14:30", "23:59"]),
        "count": NUMBER,
        "cost": st.fixed_dictionaries({"amount": NUMBER, "currency": st.sampled_from(["", "USD", "HNL"])}),
        "way": st.sampled_from(["up", "down"]),
        "ways": st.lists(st.sampled_from(["up", "down"]), min_size=1, unique=True),
        "state": st.sampled_from(["HND", "MEX"]),
        "states": st.lists(st.sampled_from(["HND", "MEX"]), min_size=1, unique=True),
        "other": st.just("thing/a"),
        "others": st.lists(st.sampled_from(["thing/a", "thing/b"]), min_size=1, unique=True),
        "series": st.sampled_from(["asylum.applications MEX", "asylum.applications HND sex=F"]),
        "parts": st.lists(
            st.fixed_dictionaries({"what": LINE}, optional={"amount": NUMBER, "when": st.just("2024-06")}),
            min_size=1,
            max_size=4,
        ),
        "open": st.booleans(),
        "where": st.just("https://example.org/a?b=1"),
    },
)


@given(data=DATA)
def test_what_is_written_flat_is_read_back_as_it_was(kind: Kind, data: dict[str, Any]) -> None:
    found, faults = read(kind, flat(kind, data), KNOWN)
    assert faults == []
    assert found == data


NAMES = "title.es day since at count cost.amount cost.currency way states other series parts open where"
TYPED = st.sampled_from(NAMES.split())


@given(cells=st.dictionaries(TYPED, st.text(max_size=60)))
def test_whatever_is_typed_is_either_taken_and_stays_or_is_named_by_its_cell(
    kind: Kind, cells: dict[str, str]
) -> None:
    found, faults = read(kind, cells, KNOWN)
    again, none = read(kind, flat(kind, found), KNOWN)
    assert again == found
    assert {f.cell.partition(".")[0] for f in faults} & set(found) == set()
    assert all(f.key == "record.fault.required" for f in none)


@pytest.mark.parametrize(
    ("cell", "typed", "key"),
    [
        ("title.es", "x" * 301, "record.fault.long"),
        ("day", "2024-02-30", "record.fault.date"),
        ("day", "0001-01-01", "record.fault.date"),
        ("since", "2024-13", "record.fault.date"),
        ("since", "next year", "record.fault.when"),
        ("at", "24:00", "record.fault.clock"),
        ("count", "many", "record.fault.number"),
        ("count", "NaN", "record.fault.number"),
        ("count", "1e400", "record.fault.number"),
        ("cost.amount", "1,5", "record.fault.number"),
        ("cost.currency", "XXQ", "record.fault.currency"),
        ("way", "left", "record.fault.choice"),
        ("states", "HND; FRA", "record.fault.code"),
        ("other", "thing/none", "record.fault.ref"),
        ("other", "person/a", "record.fault.ref"),
        ("series", "asylum.applications", "record.fault.series"),
        ("series", "no.measure MEX", "record.fault.series"),
        ("parts", "a | 1 | 2024 | more", "record.fault.parts"),
        ("parts", "a | one", "record.fault.row"),
        ("parts", " | 5", "record.fault.row"),
        ("open", "perhaps", "record.fault.yes"),
        ("where", "javascript:alert(1)", "record.fault.link"),
    ],
)
def test_what_is_wrong_is_named_by_its_cell(kind: Kind, cell: str, typed: str, key: str) -> None:
    found, faults = read(kind, {"title.es": "T", cell: typed}, KNOWN)
    assert [(f.cell.partition(".")[0], f.key) for f in faults] == [(cell.partition(".")[0], key)]
    assert cell.partition(".")[0] not in found


def test_an_amount_without_a_currency_stays_so_and_a_currency_without_an_amount_is_a_fault(
    kind: Kind,
) -> None:
    found, faults = read(kind, {"title.es": "T", "cost.amount": "187000000"}, KNOWN)
    assert (found["cost"], faults) == ({"amount": "187000000", "currency": ""}, [])
    _, faults = read(kind, {"title.es": "T", "cost.currency": "USD"}, KNOWN)
    assert [f.key for f in faults] == ["record.fault.amount"]


def test_a_text_is_not_ready_before_it_stands_in_both_languages(kind: Kind) -> None:
    assert missing(kind, {"title": {"es": "Título"}}) == ["title.en"]
    assert missing(kind, {"title": {"es": "Título", "en": "Title"}}) == []
    assert missing(kind, {}) == ["title.es"]


def test_a_translation_knows_that_its_original_has_changed(kind: Kind) -> None:
    old = {"title": {"es": "Uno", "en": "One"}}
    new = revised(kind, old, {"title": {"es": "Dos", "en": "One"}})
    assert stale(kind, new) == ["title.en"]
    # Saying something else changes nothing about it; writing it, or confirming that it holds, does.
    assert stale(kind, revised(kind, new, {**new, "label": "x"})) == ["title.en"]
    assert stale(kind, revised(kind, new, {"title": {"es": "Dos", "en": "Two"}})) == []
    assert stale(kind, revised(kind, new, new, ["title.en"])) == []
    assert stale(kind, revised(kind, old, {"title": {"es": "Dos", "en": "Two"}})) == []
    assert stale(kind, revised(kind, {}, {"title": {"es": "Dos"}})) == []
    # Writing the language that lacked says nothing against the one that stood.
    assert stale(kind, revised(kind, {"title": {"es": "Dos"}}, {"title": {"es": "Dos", "en": "Two"}})) == []


def test_the_records_that_are_named_are_found(kind: Kind) -> None:
    assert refs(kind, {"other": "thing/a", "others": ["thing/b"]}) == [
        ("other", "thing/a"),
        ("others", "thing/b"),
    ]


def test_numbers_are_read_in_the_readers_own_style(kind: Kind) -> None:
    from dataclasses import replace

    from mirps.base.texts.reading import read_number

    costa_rica = replace(KNOWN, number=lambda text: read_number(text, "es_CR"))
    assert read(kind, {"title.es": "T", "count": "1 234,5"}, costa_rica)[0]["count"] == "1234.5"
    assert [f.key for f in read(kind, {"title.es": "T", "count": "1,234.5"}, costa_rica)[1]] == [
        "record.fault.number"
    ]
    assert Decimal(read(kind, {"title.es": "T", "count": "1234.5"}, KNOWN)[0]["count"]) == Decimal("1234.5")

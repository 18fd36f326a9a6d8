"""An indicator's file is read and proved before anything is counted by it; everything wrong is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirps.base.codelists.api import data_folder, populations
from mirps.base.marked.faults import Fault, Faults
from mirps.evidence.indicators import api
from mirps.evidence.indicators.model import SUMMED, Kind
from mirps.evidence.indicators.reading import read

FILES = sorted((data_folder() / "indicators").glob("*.yaml"))
SMALL = """indicator: claims
name: {es: Solicitudes, en: Claims}
description: {es: Casos abiertos, en: Cases opened}
unit: application
population: ASY
kind: flow
counts: cases
at: applied
dimensions: [state, office, sex]
grain: month
additive: {time: yes, place: yes, population: yes}
measure: asylum.applications
"""


def faults(text: str | bytes) -> list[Fault]:
    try:
        read(text.encode() if isinstance(text, str) else text, "a.yaml", api.known())
    except Faults as e:
        return e.faults
    return []


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_file_of_ours_is_proved_and_named_as_its_file(path: Path) -> None:
    found = api.load(path)
    assert found.code.replace("_", "-") == path.stem
    assert found.population in populations()


def test_there_are_the_indicators_that_procedures_and_the_round_speak_of() -> None:
    assert not api.faulty()
    assert len(api.indicators()) >= 25
    fed = {
        *(
            "asylum.applications",
            "asylum.interviews",
            "asylum.recognised",
            "asylum.decisions",
            "asylum.closures",
        ),
        *("asylum.preventions", "asylum.pending", "asylum.recognition-rate", "asylum.processing-time"),
        "permits.work",
    }
    assert fed <= {i.measure for i in api.indicators().values()}


def test_what_cannot_be_added_says_so() -> None:
    for i in api.indicators().values():
        assert not (i.kind is Kind.STOCK and i.additive.time), i.code
        assert i.counts in SUMMED or not any((i.additive.time, i.additive.place, i.additive.population)), (
            i.code
        )


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ("sex]", "sexo]", 9, "no_such_near"),
        ("measure:", "protect: {sensitivity: childen}\nmeasure:", 12, "no_such_near"),
        ("measure:", "protect: {tables: [sex, age]}\nmeasure:", 12, "no_such"),
        ("measure:", "protect: {tables: [sex*sex]}\nmeasure:", 12, "twice"),
        ("measure:", "protect: {full: yes}\nmeasure:", 12, "number"),
        ("[state, office, sex]", "[office, sex]", 9, "within"),
        ("at: applied\n", "", 1, "lacks"),
        ("kind: flow", "kind: stock", 1, "lacks"),
        ("counts: cases", "counts: median", 1, "lacks"),
        ("counts: cases", "counts: heads", 7, "choice"),
        ("time: yes", "time: no", 12, "measure_adds"),
        ("unit: application", "unit: person", 4, "measure_unit"),
        ("asylum.applications", "asylum.pending", 12, "measure_kind"),
        ("name: {es: Solicitudes, en: Claims}", "name: {es: Solicitudes}", 2, "languages"),
        ("at: applied", "at: applied\nof: {reached: [decided]}", 9, "not_with"),
        ("at: applied", "at: applied\nopen: {from: applied, until: applied}", 9, "same_milestone"),
        ("at: applied", "at: applied\nwhere: {among: {outcome: [granted]}}", 9, "no_such"),
        ("at: applied", "at: applied\nover: acts", 8, "no_such_near"),
        ("population: ASY", "population: XXX", 5, "no_such"),
        ("indicator: claims", "indicator: Claims", 1, "name"),
    ],
)
def test_a_fault_is_told_with_its_line_and_remedy_in_both_languages(
    old: str, new: str, line: int, key: str
) -> None:
    assert old in SMALL
    assert not faults(SMALL)
    found = faults(SMALL.replace(old, new))
    assert (line, key) in [(f.line, f.key) for f in found]
    for fault in found:
        for lang in ("es", "en"):
            assert fault.reason(lang)
            assert fault.remedy(lang)


def test_values_that_cannot_be_added_are_refused() -> None:
    share = SMALL.replace("counts: cases", "counts: share\nof: {reached: [decided]}").replace(
        "measure: asylum.applications", ""
    )
    assert [f.key for f in faults(share)] == ["adds_not"]
    assert not faults(share.replace("yes", "no"))


@given(st.binary(max_size=400))
@settings(max_examples=150)
def test_whatever_bytes_come_a_reader_answers_with_faults(raw: bytes) -> None:
    assert faults(raw)


@given(st.integers(0, len(SMALL) - 1), st.text(max_size=3))
@settings(max_examples=150)
def test_a_file_spoilt_anywhere_is_read_or_refused_in_words(at: int, put: str) -> None:
    for fault in faults(SMALL[:at] + put + SMALL[at + 1 :]):
        assert fault.say("es")
        assert fault.say("en")

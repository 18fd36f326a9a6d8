"""Whatever bytes are uploaded as a workbook, they are read, or refused in words: one of a round, one of records."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.anything import damaged, files

from mirps.base.texts.api import LANGUAGES
from mirps.evidence.workbooks.reading import read
from mirps.evidence.workbooks.rules import Fault, Unreadable
from mirps.evidence.workbooks.telling import told
from mirps.evidence.workbooks.writing import write
from mirps.planning.records import api as records
from mirps.planning.records import sheets

from .test_bad_workbooks import packed, parts_of
from .test_formats import KEY, Given, Qualifier, book_of

often = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
KIND = "node"


@cache
def of_a_round() -> bytes:
    return write(book_of([Given(None, "", Qualifier.EXACT, "", "")] * 5, "HND", "es"), KEY)


@cache
def of_records() -> bytes:
    kind = records.kinds()[KIND]
    return sheets.write(kind, [], sheets.Words("T", "H", {}, {}), {})


@st.composite
def repacked(draw: st.DrawFn, content: bytes) -> bytes:
    """A file whose packing is sound, and one of whose parts is damaged."""
    held = parts_of(content)
    name = draw(st.sampled_from(sorted(held)))
    return packed(held | {name: draw(damaged(held[name]))})


def tried(content: bytes, *, of_round: bool) -> None:
    faults: list[Fault] = []
    try:
        if of_round:
            read(content, KEY, {})
        else:
            sheets.read(content, records.kinds()[KIND])
    except Unreadable as e:
        faults = e.faults or [Fault("nothing is said")]
    assert all(told(fault, lang, "es_HN").do for fault in faults for lang in LANGUAGES)


@pytest.mark.parametrize("of_round", [True, False])
@often
@given(data=st.data())
def test_any_bytes_are_read_or_refused_in_words(data: st.DataObject, of_round: bool) -> None:
    sound = of_a_round() if of_round else of_records()
    tried(data.draw(files(sound) | repacked(sound)), of_round=of_round)

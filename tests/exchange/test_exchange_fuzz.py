"""Whatever bytes come, the reader of packages answers with a refusal that can be told, and changes nothing."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.anything import JSON
from tests.exchange.conftest import rows
from tests.exchange.other import NOW, Other

from mirps.base.texts.api import LANGUAGES, say
from mirps.evidence.figures.api import FigureRow
from mirps.sharing.exchange import api as exchange
from mirps.sharing.exchange import packing
from mirps.sharing.exchange.api import Package
from mirps.sharing.exchange.keys import read_card
from mirps.sharing.exchange.rules import Have, Head, NotTaken

pytestmark = pytest.mark.usefixtures("round_2025")
ours = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])

CLAIMS = {"jti", "iss", "aud", "schema", "version", "seq", "prev", "digest", "size", "iat"}


def refused(data: bytes) -> exchange.Outcome:
    before = FigureRow.objects.count()
    found = exchange.take(data, via="test", at=NOW)
    assert found.reason, "it was taken"
    assert all(say(found.reason, lang, **found.values) for lang in LANGUAGES)
    assert FigureRow.objects.count() == before
    return found


@ours
@given(data=st.binary(max_size=400))
@example(data=b"")
@example(data=b"..\n")
@example(data=b"e30.e30.e30\n")
@example(data=b"\xff" * 10_000)
def test_any_bytes_are_refused(honduras: Other, data: bytes) -> None:
    assert refused(data).state == ""


@ours
@given(at=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
def test_one_bit_altered_anywhere_is_refused(honduras: Other, at: int, bit: int) -> None:
    body = packing.body_of(rows(120))
    data = bytearray(honduras.sealed(honduras.head("figures", body), body))
    data[at % len(data)] ^= 1 << bit
    assert refused(bytes(data)).state == ""


@ours
@given(size=st.integers(min_value=0, max_value=1200))
def test_a_package_that_was_cut_off_is_refused(honduras: Other, size: int) -> None:
    body = packing.body_of(rows(120))
    data = honduras.sealed(honduras.head("figures", body), body)
    assert refused(data[: min(size, len(data) - 1)]).state == ""


@ours
@given(claims=st.dictionaries(st.sampled_from(sorted(CLAIMS)), JSON, min_size=1))
def test_a_signed_head_that_says_anything_is_refused(honduras: Other, claims: dict[str, Any]) -> None:
    body = packing.body_of(rows(120))
    refused(honduras.sealed(honduras.head("figures", body), body, claims))


@ours
@given(content=st.dictionaries(st.sampled_from(["round", "columns", "rows", "card", "outcomes", "have"]), JSON),
       stream=st.sampled_from(["figures", "keys", "receipts"]))  # fmt: skip
@example(content={"round": "2025", "columns": ["id"], "rows": [["\0"]]}, stream="figures")
@example(content={"round": "2025", "columns": [[]], "rows": []}, stream="figures")
@example(
    content={"outcomes": [{"state": "taken", "stream": "x", "seq": 1, "jti": "no"}], "have": {}},
    stream="receipts",
)
@example(
    content={"outcomes": [], "have": {"x": {"number": 1, "link": "", "links": {"a": 1}}}}, stream="receipts"
)
def test_signed_contents_that_say_anything_are_refused_or_do_nothing(
    honduras: Other, content: dict[str, Any], stream: str
) -> None:
    found = exchange.take(honduras.package(stream, content), via="test", at=NOW)
    assert found.state in (Package.TAKEN, Package.REFUSED)
    assert not FigureRow.objects.exists()


@ours
@given(body=st.binary(max_size=60) | st.binary(max_size=60).map(gzip.compress) | JSON.map(
    lambda told: gzip.compress(json.dumps(told).encode())))  # fmt: skip
@example(body=gzip.compress(b"{}") + b"more")
@example(body=gzip.compress(b"[" * 100_000))
@example(body=gzip.compress(b'{"round": 1e999}'))
def test_signed_bytes_that_are_no_contents_are_refused(honduras: Other, body: bytes) -> None:
    body = body or b"x"
    head = honduras.head("figures", body)
    honduras.lanes["figures"] = head.number, head.link
    assert refused(honduras.sealed(head, body)).state == Package.REFUSED


@given(told=st.dictionaries(st.text(max_size=8), JSON))
def test_reading_heads_cards_and_positions_raises_nothing_but_a_refusal(told: dict[str, Any]) -> None:
    for reader in (Head.of, Have.of):
        with suppress(NotTaken):
            reader(told)
    with pytest.raises(NotTaken):
        read_card(json.dumps(told, default=str))

"""Versions a year apart: packages that were stored as they travelled go on being read, and newer ones too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.other import NOW, Other, meet, set_up
from tests.rounds.conftest import cell, write

from mirps.evidence.entries import api as entries
from mirps.evidence.figures.api import FigureRow
from mirps.evidence.rounds.api import Status, Step
from mirps.sharing.exchange import api as exchange
from mirps.sharing.exchange import packing, rules, signing
from mirps.sharing.exchange.api import Package
from mirps.sharing.exchange.keys import read_card

pytestmark = pytest.mark.usefixtures("round_2025")
#: Stored once, with the card of a node whose key is gone: nobody can sign them anew. `figures-1.0` is as this code
#: first wrote it, without the columns that a writer may leave out; `figures-1.9` as one of next year may: more in
#: the head, in the contents and in each row than is known here; `figures-2.0` has another shape altogether. 1.1 says
#: what was taken up; `answers-1.0` and `answers-1.6` are the same for what the region says.
STORED = Path(__file__).parent / "packages"


@pytest.fixture
def stored(region: None) -> None:
    meet(read_card((STORED / "HND.card").read_text()))


def test_a_package_of_the_first_version_is_read(stored: None) -> None:
    assert (
        exchange.take((STORED / "figures-1.0.mirps").read_bytes(), via="test", at=NOW).state == Package.TAKEN
    )
    kept = FigureRow.objects.get()
    assert (kept.id, kept.value, kept.origin, kept.role) == (
        "r2025-hnd-inm-5120",
        5120,
        "reported",
        "recommended",
    )


def test_what_a_newer_minor_version_says_beside_is_passed_over(stored: None) -> None:
    for name in ("figures-1.0", "figures-1.9"):
        assert (
            exchange.take((STORED / f"{name}.mirps").read_bytes(), via="test", at=NOW).state == Package.TAKEN
        )
    assert sorted(FigureRow.objects.values_list("value", flat=True)) == [5120, 5121]


def test_a_newer_major_version_is_refused_and_the_lane_goes_on(stored: None) -> None:
    names = ("figures-1.0", "figures-1.9", "figures-2.0", "figures-1.0-after")
    found = [exchange.take((STORED / f"{n}.mirps").read_bytes(), via="test", at=NOW) for n in names]
    assert [f.state for f in found] == ["taken", "taken", "refused", "taken"]
    assert found[2].reason == "exchange.refused.newer"
    assert found[2].values["version"] == "2.0"


def test_what_we_write_today_is_what_was_stored(honduras: Other) -> None:
    """The names of the head and of the contents are a contract: who changes one, raises a version."""
    old = (STORED / "figures-1.0.mirps").read_bytes()
    then = signing.claims(packing.head_in(old), signing.PACKAGE)[1]
    assert set(honduras.head("figures", b"x").told()) == set(then)
    content = packing.content_of(old.split(b"\n", 1)[1])
    assert set(content) == {"round", "columns", "rows"}
    # 1.1: `taken_up`, what the State took up again of what it had sent.
    assert rules.VERSIONS[rules.Kind.FIGURES] == (1, 1)


def test_an_answer_of_version_1_1_stands_in_its_cell_and_is_taken_up_again(region: None) -> None:
    meet(read_card((STORED / "HND-1.1.card").read_text()))
    for name, status in (("figures-1.1", Status.STATE), ("figures-1.1-taken-up", Status.RETURNED)):
        found = exchange.take((STORED / f"{name}.mirps").read_bytes(), via="test", at=NOW)
        assert found.state == Package.TAKEN, found
        assert (cell("hnd-inm-002").value, cell("hnd-inm-002").status) == (480, status)


def test_what_the_region_said_in_the_first_version_and_a_newer_one_is_read(
    db: None, settings: Any, tmp_path: Path
) -> None:
    set_up(settings, "HND", tmp_path)
    meet(read_card((STORED / "MIRPS.card").read_text()))
    write(cell("hnd-inm-002"), 480)
    for name, status in (("answers-1.0", Status.RETURNED), ("answers-1.6", Status.REGION)):
        pk = cell("hnd-inm-002").pk
        entries.take(cells=[pk], step=Step.SUBMIT, by="clerk", role="data-entry", at=NOW)
        entries.take(cells=[pk], step=Step.APPROVE_STATE, by="approver", role="state-approver", at=NOW)
        assert (
            exchange.take((STORED / f"{name}.mirps").read_bytes(), via="test", at=NOW).state == Package.TAKEN
        )
        assert cell("hnd-inm-002").status == status


def test_anybody_reads_a_package_with_common_tools() -> None:
    import base64
    import gzip

    head, body = (STORED / "figures-1.0.mirps").read_bytes().split(b"\n", 1)
    claims = json.loads(base64.urlsafe_b64decode(head.split(b".")[1] + b"=="))
    assert claims["iss"] == "HND"
    assert json.loads(gzip.decompress(body))["round"] == "2025"

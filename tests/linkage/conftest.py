"""Two small registers of made-up people, some of whom are in both; and a State with whom to agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from bench.linkage_people import registers
from tests.exchange.other import Other, peer, set_up

from mirps.people.linkage import api as linkage
from mirps.people.linkage.encoded import rows_of

Columns = Mapping[str, Sequence[str]]
KEY, OTHER_KEY = b"k" * 32, b"o" * 32
COUNT = 1000


@pytest.fixture(scope="session")
def people() -> tuple[Columns, Columns]:
    """A thousand in each register; a hundred are in both, the first hundred people made."""
    return registers(COUNT, seed=5)


def rows(columns: Columns, key: bytes = KEY, *, quarter: int = 100, period: str = "") -> linkage.Rows:
    count = len(columns["given"])
    groups = {"age": ["18-59"] * count, "sex": [s.upper() for s in columns["sex"]],
              "nationality": list(columns["nationality"])}  # fmt: skip
    return rows_of(columns, groups, [quarter] * count, linkage.scheme(), key, period)


@pytest.fixture
def others(db: None, settings: Any, tmp_path: Path) -> tuple[Other, Other]:
    """This node is Mexico's; it knows Honduras and the region."""
    set_up(settings, "MEX", tmp_path)
    return peer("HND", "MEX"), peer("MIRPS", "MEX")

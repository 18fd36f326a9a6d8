"""What the checker finds in a text, and what it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mirps.evidence.checks import api

TUNING = sorted((Path(__file__).parent / "tuning").glob("*.jsonl"))
ROWS = [
    pytest.param(json.loads(line), id=f"{path.stem}-{number}")
    for path in TUNING
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    if line.strip()
]


@pytest.mark.parametrize("row", ROWS)
def test_a_statement_is_judged_as_its_label_says(row: dict[str, str]) -> None:
    report = api.check_text(row["text"], lang=row.get("lang"))
    kinds = [f.kind for f in report.findings if f.severity == "contradiction"]
    if row["kind"]:
        assert row["kind"] in kinds
    else:
        assert kinds == []

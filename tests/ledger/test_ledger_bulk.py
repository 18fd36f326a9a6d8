"""The bench's made-up round: true it is silent, and its five false totals are all found."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import ledger as bench

from mirps.evidence.checks.ledger import check_ledger
from mirps.evidence.figures.package import Vocabulary, read_measures, read_table


def check(folder: Path) -> list[tuple[str, ...]]:
    measures = read_measures(folder / "measures.csv")
    table = read_table(folder / "figures.csv", Vocabulary(measures=measures))
    assert len(table) == 134_400
    return [f.figures for f in check_ledger(table, measures)]


def test_five_false_totals_among_134400_figures_are_found_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write_package(bench.made_up(), tmp_path)
    false = {bench.figure_id(cell[:5]) for cell in bench.FALSE}
    found = check(tmp_path)
    assert all(false & set(figures) for figures in found)
    assert {figures[0] for figures in found} >= false
    monkeypatch.setattr(bench, "FALSE", ())
    bench.write_package(bench.made_up(), tmp_path)
    assert check(tmp_path) == []

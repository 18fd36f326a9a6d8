"""FEBRL 3 and 4, the sets that linkage is measured by, stay linked: a specification, weights fitted on the spot."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import yaml
from bench.dedup_truth import f1, matched, pairs_of

from mirps.people.duplicates import blocking, scoring, spec, weights
from mirps.people.duplicates.table import Table

FOLDER = Path(__file__).parent / "febrl"
SPEC = spec.read(yaml.safe_load((FOLDER / "spec.yaml").read_text()))


def f1_of(*files: str) -> float:
    """Pairs held likely (one in two) against the truth, which is in the records' ids. Two files are linked."""
    rows, sides = [], []
    for side, name in enumerate(files):
        with (FOLDER / name).open() as lines:
            for row in csv.DictReader(lines, skipinitialspace=True):
                rows.append({key: (value or "").strip() for key, value in row.items()})
                sides.append(side)
    held = {name: [row[name] for row in rows] for name in rows[0]}
    held["address"] = [";".join(filter(None, (r["address_1"], r["address_2"]))) for r in rows]
    true, side = pairs_of(np.array([int(r["rec_id"].split("-")[1]) for r in rows])), np.array(sides, np.int32)
    table = Table(held, SPEC)
    one, other = blocking.pairs(table, SPEC)
    if len(files) == 2:
        across = side[one] != side[other]
        one, other = one[across], other[across]
    fitted = weights.fit(table, SPEC, one, other, sides=side if len(files) == 2 else None, drawn=300_000)
    weighed = weights.read(weights.written(fitted, likely=0.5, possible=0.01))
    scorer = scoring.Scorer(table, SPEC, weighed, table.size)
    one, other, _ = scorer.at_least(scoring.least(weighed.likely), one, other)
    return f1(len(one), int(matched(one, other, true, table.size).sum()), len(true))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "at_least"), [(("dataset3.csv",), 0.998), (("dataset4a.csv", "dataset4b.csv"), 0.9995)]
)
def test_febrl_stays_linked(files: tuple[str, ...], at_least: float) -> None:
    assert f1_of(*files) >= at_least


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({}, "fields: none"),
        ({"fields": {"x": {"kind": "smell"}}}, "no kind 'smell'"),
        ({"fields": {"x": {"kind": "code"}}, "seeds": "x"}, "must be fields of numbers"),
        ({"fields": {"x": {"kind": "numbers"}}, "seeds": "x", "rules": [{"by": ["shoe"]}]}, "rules.1: shoe"),
        ({"fields": {"x": {"kind": "numbers"}}, "seeds": "x", "rules": [{}]}, "rules.1: nothing"),
        ({"fields": {"x": {"kind": "numbers"}}, "seeds": "x", "names_by": "x"}, "must be a field of codes"),
    ],
)
def test_a_specification_that_cannot_be_read_says_where(data: dict[str, object], fault: str) -> None:
    with pytest.raises(spec.SpecFault, match=fault):
        spec.read(data)

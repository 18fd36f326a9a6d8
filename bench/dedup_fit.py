"""The weights that ship: `python -m bench.dedup_fit` writes data/registration/weights.yaml.

Fitted without the truth on 200,000 made-up registrations of a seed that no test and no bench uses. Only the
threshold `likely` is chosen with their truth: the probability at which F1 is best there.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bench.dedup_people import columns, registrations
from bench.dedup_truth import best, matched, pairs_of
from mirps.people.duplicates import blocking, scoring, spec, weights
from mirps.people.duplicates.table import Table

COUNT, SEED = 200_000, 707
FILE = Path("data/registration/weights.yaml")
POSSIBLE = 0.01
#: Sounds less common than this are left out: mostly made-up surnames, and each says as much as any rare one.
OFTEN = 0.0002
HEAD = f"""\
# How much each agreement and disagreement weighs, in bits: written by `python -m bench.dedup_fit`, not by hand.
# Fitted by EM (src/mirps/people/duplicates/weights.py) on {COUNT:,} made-up registrations, seed {SEED}. `likely` is
# the probability at which F1 was best there, `possible` a choice: one in a hundred is worth a look.
"""


def fitted() -> dict[str, Any]:
    held = columns(registrations(COUNT, SEED))
    rules = spec.read(yaml.safe_load(Path("data/registration/duplicates.yaml").read_text()))
    table = Table(held, rules)
    one, other = blocking.pairs(table, rules)
    found = weights.written(weights.fit(table, rules, one, other), likely=0.5, possible=POSSIBLE, often=OFTEN)
    scorer = scoring.Scorer(table, rules, weights.read(found), table.size)
    one, other, sums = scorer.at_least(scoring.least(POSSIBLE), one, other)
    true = pairs_of(np.array(held["who"], np.int64))
    at, f1 = best(sums, matched(one, other, true, table.size), len(true))
    found["likely"] = round(scoring.probability_of(at), 3)
    print(f"F1 {f1:.4f} from {found['likely']} on")
    return found


if __name__ == "__main__":
    text = yaml.dump(fitted(), sort_keys=True, allow_unicode=True, default_flow_style=None, width=118)
    with tempfile.NamedTemporaryFile("w", dir=FILE.parent, delete=False, encoding="utf-8") as out:
        out.write(HEAD + text)
    Path(out.name).replace(FILE)
    FILE.chmod(0o644)

"""Cell-key perturbation: an alternative where a table must stay full and need not add up exactly.

Every record has a key made of a secret; a cell's key is the sum of its records' keys, so the same people give
the same noise in every table, and asking twice tells nothing more. The noise is looked up by count and key in a
table whose noise has mean zero, a given variance, no negative result and no small counts shown (Marley and
Leaver, 2011; the ABS method). Here as expressions for DuckDB: one more sum in the same pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mirps.evidence.disclosure.tables import Floats

#: Keys are whole numbers below this.
BINS = 256


@dataclass(frozen=True)
class Noise:
    """`steps[count, key]`: what is added to a cell of that count (the last row is for all larger ones)."""

    steps: np.ndarray
    widest: int


def noise(widest: int = 5, variance: float = 3.0, hidden_below: int = 3) -> Noise:
    """For each count the distribution of greatest entropy over -widest..widest with mean zero and at most this
    variance, with no shown result between 1 and `hidden_below` - 1; a zero stays zero."""
    rows = np.zeros((widest + hidden_below + 1, BINS), np.int64)
    for count in range(1, len(rows)):
        steps = np.array(
            [d for d in range(-widest, widest + 1) if count + d == 0 or count + d >= hidden_below]
        )
        chances = _spread(steps.astype(np.float64), variance)
        ends = np.round(np.cumsum(chances) * BINS).astype(np.int64)
        rows[count] = steps[np.searchsorted(ends, np.arange(BINS), side="right").clip(0, len(steps) - 1)]
    return Noise(rows, widest)


def _spread(steps: Floats, variance: float) -> Floats:
    """Weights exp(a d - b d^2) with mean zero: `a` by halving for each `b`, and `b` so that the variance fits."""

    def tilted(b: float) -> Floats:
        low, high, weights = -20.0, 20.0, np.ones(len(steps))
        for _ in range(60):
            a = (low + high) / 2
            logs = a * steps - b * steps**2
            weights = np.exp(logs - logs.max())
            weights = np.asarray(weights / weights.sum(), np.float64)
            low, high = (a, high) if weights @ steps < 0 else (low, a)
        return weights

    low, high = 0.0, 20.0
    for _ in range(50):
        b = (low + high) / 2
        low, high = (b, high) if tilted(b) @ steps**2 > variance else (low, b)
    return tilted(high)


def key_expression(record: str, secret: int) -> str:
    """A record's key in SQL: `record` is a column that names the record for good. `secret` is a number that
    never leaves the node."""
    return f"(hash({record}, {int(secret)}) & {BINS - 1})"


def shown_expression(count: str, keys: str, made: Noise) -> str:
    """A cell's shown count in SQL, from its count and the sum of its records' keys."""
    rows, last = made.steps, len(made.steps) - 1
    listed = "[" + ",".join(str(int(x)) for x in rows.ravel()) + "]"
    return f"({count} + ({listed})[(least({count}, {last}) * {BINS} + ({keys}) % {BINS})::INTEGER + 1])"

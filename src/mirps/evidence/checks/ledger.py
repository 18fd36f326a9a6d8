"""The checks over the ledger: every rule over every statement that still stands.

Pure: no Django and no clock. Rules look column by column (ledger_rows) and judge with the
same verdicts as the checks over a report (relations), so that both doors say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mirps.evidence.checks.finding import LedgerFinding
from mirps.evidence.checks.over_ledger.dates import check_dates
from mirps.evidence.checks.over_ledger.declared import check_declared
from mirps.evidence.checks.over_ledger.hierarchy import Hierarchy, own
from mirps.evidence.checks.over_ledger.parts import check_parts
from mirps.evidence.checks.over_ledger.rows import Rows
from mirps.evidence.checks.over_ledger.same import check_same
from mirps.evidence.checks.over_ledger.shares import check_shares
from mirps.evidence.checks.over_ledger.time import check_time
from mirps.evidence.figures.package import Relation, Table
from mirps.evidence.figures.rules import Figure, Measure


def check_ledger(
    figures: Sequence[Figure] | Table,
    measures: Mapping[str, Measure],
    relations: Sequence[Relation] = (),
    *,
    hierarchy: Hierarchy | None = None,
) -> list[LedgerFinding]:
    """What cannot all be true among `figures`, in the order of State, kind and code.

    `hierarchy` says how wholes fall into parts; by default the code lists of this
    installation. The order of the figures does not matter.
    """
    rows = Rows.of(figures, measures, own() if hierarchy is None else hierarchy)
    if not rows.n:
        return []
    found: list[LedgerFinding] = []
    found += check_declared(rows, relations)
    found += check_parts(rows)
    found += check_shares(rows)
    found += check_same(rows)
    found += check_time(rows)
    found += check_dates(rows)
    return sorted(_distinct(found), key=lambda f: (f.state, f.kind, f.code))


def _distinct(found: Iterable[LedgerFinding]) -> list[LedgerFinding]:
    """Each doubt once, under the rule that ties together the most figures.

    A total with three of its four parts is the same doubt as the total with all four.
    """
    largest: dict[tuple[str, str], list[LedgerFinding]] = {}
    for f in sorted(found, key=lambda f: -len(f.figures)):
        held = largest.setdefault((f.kind, f.figures[0]), [])
        if not any(set(f.figures) <= set(h.figures) for h in held):
            held.append(f)
    return [f for held in largest.values() for f in held]

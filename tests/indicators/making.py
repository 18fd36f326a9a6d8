"""Small layers for the tests: rows as dictionaries, and the same rows as tables of an engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import duckdb
from hypothesis import strategies as st

from mirps.evidence.indicators.layers import ACTS_TABLE, CASES_TABLE
from mirps.evidence.indicators.model import ENDINGS, MILESTONES, OUTCOMES, Over
from mirps.evidence.indicators.planning import Span

PARENTS = {"age": {"0-4": "0-17", "5-11": "0-17", "12-17": "0-17", "18-59": "18+", "60+": "18+"}}
SPAN = Span(date(2024, 1, 1), date(2024, 9, 30))
DAY = date(2023, 11, 20)

_days = st.integers(0, 340).map(lambda n: DAY + timedelta(days=n))
_where = st.sampled_from([("MEX", "MEX.A"), ("MEX", "MEX.B"), ("CRI", "CRI.A"), ("CRI", "_U")])
_person = {
    "matter": st.sampled_from(["asylum", "asylum", "reunification", "naturalisation"]),
    "sex": st.sampled_from(["F", "M", "_U"]),
    "age": st.sampled_from(["0-4", "12-17", "18-59", "60+", "0-17", "18+", "_U", "_L"]),
    "nationality": st.sampled_from(["HND", "NIC", "_U"]),
    "person_id": st.integers(1, 6),
}


def _placed(row: dict[str, Any]) -> dict[str, Any]:
    row["state"], row["office"] = row.pop("where")
    return row


case_rows = st.lists(
    st.fixed_dictionaries(
        {
            **_person,
            "where": _where,
            "stage": st.sampled_from(["interview", "decision", "granted"]),
            "outcome": st.sampled_from(OUTCOMES),
            "ending": st.sampled_from(ENDINGS),
            "applied": _days,
            **{c: st.none() | _days for c in MILESTONES if c != "applied"},
            "people": st.integers(1, 4),
            "missed": st.integers(0, 3),
            "case_id": st.integers(1, 10**6),
            "recorded": st.just(DAY),
        }
    ).map(_placed),
    max_size=40,
)
act_rows = st.lists(
    st.fixed_dictionaries(
        {
            **_person,
            "where": _where,
            "act": st.sampled_from(["sign_in", "require_reasons", "interview"]),
            "happened": _days,
            "case_id": st.integers(1, 9),
            "recorded": st.just(DAY),
        }
    ).map(_placed),
    max_size=40,
)


def waiting(**said: Any) -> dict[str, Any]:
    """A case that waits for its interview, but for what is said otherwise."""
    return {
        "state": "MEX", "office": "MEX.A", "matter": "asylum", "sex": "F", "age": "18-59", "nationality": "HND",
        "stage": "interview", "outcome": "none", "ending": "none", "applied": DAY, "admitted": None,
        "interviewed": None, "decided": None, "closed": None, "permitted": None, "people": 1, "missed": 0,
        "case_id": 1, "person_id": 1, "recorded": DAY,
    } | said  # fmt: skip


def put(db: duckdb.DuckDBPyConnection, cases: Sequence[Any], acts: Sequence[Any]) -> dict[Over, str]:
    for name, table, rows in (("cases", CASES_TABLE, cases), ("acts", ACTS_TABLE, acts)):
        db.execute(f"CREATE OR REPLACE TABLE {name} ({', '.join(f'{c} {t}' for c, t in table.items())})")
        marks = ", ".join("?" * len(table))
        if rows:
            db.executemany(f"INSERT INTO {name} VALUES ({marks})", [[r[c] for c in table] for r in rows])
    return {Over.CASES: "cases", Over.ACTS: "acts"}

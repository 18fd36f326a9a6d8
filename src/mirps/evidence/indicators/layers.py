"""The two layers that are counted, as they stand in Parquet. Pure.

`cases`: a row a case with its milestones; `acts`: a row an act. Both name nobody: ids are pseudonyms, ages are
groups, and there is no name, number, birth date or free text. A member that is not known is `_U`, one that was
never asked for `_L`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from mirps.base.codelists.api import dimensions
from mirps.evidence.indicators.model import ACTS_COLUMNS, CASES_COLUMNS, MILESTONES

_TYPES = {
    **dict.fromkeys((*MILESTONES, "happened", "recorded"), "DATE"),
    **dict.fromkeys(("people", "missed"), "SMALLINT"),
    **dict.fromkeys(("case_id", "person_id"), "BIGINT"),
}
CASES_TABLE: Mapping[str, str] = {c: _TYPES.get(c, "VARCHAR") for c in CASES_COLUMNS}
ACTS_TABLE: Mapping[str, str] = {c: _TYPES.get(c, "VARCHAR") for c in ACTS_COLUMNS}
#: Age groups of UNHCR's statistics: the first age of each.
AGES = ((0, "0-4"), (5, "5-11"), (12, "12-17"), (18, "18-59"), (60, "60+"))


def age_group(years: int) -> str:
    return [name for first, name in AGES if years >= first][-1]


@cache
def parents() -> dict[str, dict[str, str]]:
    """Which members are parts of which, as the code list of dimensions says: age groups of children and adults."""
    return {
        "age": {code: c.extra["parent"] for code, c in dimensions()["age"].items() if c.extra.get("parent")}
    }

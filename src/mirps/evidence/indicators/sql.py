"""How values are written in a statement that DuckDB and Spark both read, each way once. Pure."""

from __future__ import annotations

import re
from datetime import date

#: The days between two dates, which every engine calls otherwise: it puts its own words in.
DAYS = re.compile(r"\{days:(\w+):(\w+)\}")


def text(said: object) -> str:
    """A text, or a file's path."""
    return "'" + str(said).replace("'", "''") + "'"


def day(said: date) -> str:
    return f"DATE '{said.isoformat()}'"

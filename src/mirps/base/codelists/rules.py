"""Code lists: States, populations, units, sectors, dimensions, institutions, documents.

Each is a CSV under data/ with both languages. Read once, never written by the product.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


class CodeListFault(ValueError):
    """A code list that cannot be read. The message names file, row, column and remedy."""


@dataclass(frozen=True, slots=True)
class Code:
    """One entry. `extra` holds the list's own columns (parent, kind, locale_es ...)."""

    code: str
    es: str
    en: str
    extra: dict[str, str] = field(default_factory=dict)

    def name(self, lang: str) -> str:
        return self.es if lang == "es" else self.en


class CodeList(dict[str, Code]):
    """Codes in the order of their file."""

    def name(self, code: str, lang: str) -> str:
        """The entry's name, or the code itself for one that is not listed."""
        found = self.get(code)
        return found.name(lang) if found else code

    def children(self, parent: str) -> list[Code]:
        return [c for c in self.values() if c.extra.get("parent") == parent]


def rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and row of a CSV. Raises CodeListFault for a row of the wrong length."""
    with path.open(encoding="utf-8", newline="") as f:
        reader = csv.DictReader(f, restkey="__rest__", restval=None)
        for row in reader:
            if "__rest__" in row or None in row.values():
                raise CodeListFault(
                    f"{path.name}, line {reader.line_num}: {len(reader.fieldnames or [])} columns are"
                    " expected; check the commas and quotes of that line"
                )
            yield reader.line_num, row


def read(path: Path, *, code: str = "code") -> CodeList:
    out = CodeList()
    for line, row in rows(path):
        key = row[code]
        if not key:
            raise CodeListFault(f"{path.name}, line {line}: the column {code!r} is empty")
        if key in out:
            raise CodeListFault(f"{path.name}, line {line}: the code {key!r} stands twice")
        known = {code, "name_es", "name_en"}
        out[key] = Code(
            code=key,
            es=row["name_es"],
            en=row["name_en"],
            extra={k: v for k, v in row.items() if k not in known},
        )
    return out


def read_dimensions(path: Path) -> dict[str, CodeList]:
    """The members of each dimension, keyed by the dimension's code."""
    out: dict[str, CodeList] = {}
    for line, row in rows(path):
        members = out.setdefault(row["dimension"], CodeList())
        if row["code"] in members:
            raise CodeListFault(f"{path.name}, line {line}: {row['code']!r} stands twice")
        members[row["code"]] = Code(
            code=row["code"],
            es=row["name_es"].replace(";", ","),
            en=row["name_en"].replace(";", ","),
            extra={"parent": row["parent"], "exhaustive_set": row["exhaustive_set"]},
        )
    return out

"""JSON: the statements as objects, described by a JSON Schema (2020-12).

The value is a JSON number, an absent one null; dimensions are an object; labels and `note`
are in the reader's language. The API answers with the same objects.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from mirps.evidence.figures.api import Entry, Qualifier, parse_dimensions
from mirps.evidence.figures.rules import ABSENCES, Origin, Role
from mirps.sharing.exports.rows import COLUMNS, DATES, LABELLED, row_of

SCHEMA_ID = "urn:mirps:schema:figures:1"


def record_of(entry: Entry, lang: str) -> dict[str, Any]:
    """One statement. Empty cells are null; `superseded_by` names the statement that replaced it."""
    row = row_of(entry, lang)
    out: dict[str, Any] = {c: row[c] or None for c in COLUMNS}
    out["value"] = number(entry.figure.value)
    out["dimensions"] = parse_dimensions(entry.figure.dimensions)
    out["superseded_by"] = entry.superseded_by or None
    return out


def number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def write_json(entries: Iterable[Entry], about: Mapping[str, object], lang: str) -> Iterator[bytes]:
    """{"schema", …about…, "figures": [one object a line]}."""
    head = json.dumps({"schema": SCHEMA_ID, **about}, ensure_ascii=False)
    yield f'{head[:-1]}, "figures": ['.encode()
    comma = "\n"
    for entry in entries:
        yield (comma + json.dumps(record_of(entry, lang), ensure_ascii=False)).encode()
        comma = ",\n"
    yield b"\n]}\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of `write_json`'s document."""
    text = {"type": ["string", "null"]}
    properties: dict[str, Any] = dict.fromkeys(COLUMNS, text)
    properties |= {c: {"type": ["string", "null"], "format": "date"} for c in sorted(DATES)}
    properties |= {
        c: {"type": "string", "minLength": 1} for c in ("id", "state", "sector", "measure", "unit")
    }
    properties["value"] = {"type": ["number", "null"]}
    properties["dimensions"] = {"type": "object", "additionalProperties": {"type": "string"}}
    properties["qualifier"] = {"enum": [q.value for q in Qualifier]}
    properties["origin"] = {"enum": [o.value for o in Origin]}
    properties["role"] = {"enum": [r.value for r in Role]}
    properties["status"] = {"const": "published"}
    properties["absence"] = {"enum": [*ABSENCES[1:], None]}
    properties["superseded_by"] = text
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "type": "object",
        "required": ["schema", "round", "language", "figures"],
        "properties": {
            "schema": {"const": SCHEMA_ID},
            "round": {"type": "string"},
            "language": {"enum": ["es", "en"]},
            "known_on": {"type": ["string", "null"], "format": "date"},
            "figures": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": [*COLUMNS, "superseded_by"],
                    "additionalProperties": False,
                    "properties": properties,
                },
            },
        },
        "$comment": f"{', '.join(LABELLED)}: code; the same name with _label: its name in `language`",
    }

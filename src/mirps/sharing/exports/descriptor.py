"""Frictionless descriptors (Data Package 1.0), made from the ledger's own rules and code lists.

`mirps figures describe` writes them beside the data; a test holds the files to what is made
here, so a code list and its description cannot part. Titles and descriptions stand in both
languages: `title` is «es / en», `title_es` and `title_en` are each alone.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import catalogue
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import ABSENCES, COLUMNS, Flow, Origin, Qualifier, Role, Status

FIELDS: Mapping[str, tuple[str, ...]] = {
    "figures": COLUMNS,
    "relations": ("id", "kind", "left", "right", "note_es", "note_en", "params"),
    "answers": ("finding", "kind", "role", "reason_es", "reason_en", "figure"),
    "measures": (
        "code", "name_es", "name_en", "unit", "stock_flow", "additive_time", "additive_place",
        "additive_population", "sector", "pillar", "definition_es", "definition_en", "sdmx_concept",
    ),
}  # fmt: skip
_DATES = ("period_start", "period_end", "as_of", "compare_start", "compare_end")
_REQUIRED = {
    "figures": {
        "id",
        "state",
        "sector",
        "measure",
        "unit",
        "qualifier",
        "origin",
        "role",
        "status",
    },
    "relations": {"id", "kind", "left"},
    "answers": {"finding", "kind", "reason_es", "reason_en"},
    "dates": {"id", "kind", "state"},
    "not_figures": {"document", "fragment", "reason"},
    "measures": {"code", "name_es", "name_en", "unit", "stock_flow", "sector"},
}
_KEYS = {"figures": "id", "relations": "id", "dates": "id", "measures": "code"}
#: The tables that a round may have beside its figures.
TABLES = ("figures", "relations", "answers", "dates", "not_figures")
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


def describe_round(folder: Path) -> dict[str, Any]:
    """The descriptor of a round's folder: those of TABLES that it has."""
    about = title(f"export.package.{folder.name}") or title("export.package.round")
    names = [n for n in TABLES if (folder / f"{n}.csv").is_file()]
    resources = [resource(n, header(folder / f"{n}.csv")) for n in names]
    return package(f"mirps-round-{folder.name}", about, resources)


def describe_measures(folder: Path) -> dict[str, Any]:
    """The descriptor of data/measures."""
    listed = resource("measures", header(folder / "measures.csv"))
    return package("mirps-measures", title("export.package.measures"), [listed])


def package(name: str, about: Mapping[str, str], resources: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": name.lower(),
        **about,
        "licenses": [LICENCE],
        "resources": list(resources),
    }


def resource(name: str, columns: Iterable[str]) -> dict[str, Any]:
    """A described CSV. Columns in the order in which the file has them."""
    fields = [field(name, c) for c in columns]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if name in _KEYS:
        schema["primaryKey"] = [_KEYS[name]]
    return {
        "profile": "tabular-data-resource",
        "name": name,
        **title(f"export.table.{name}"),
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }


def field(table: str, column: str) -> dict[str, Any]:
    """A field with its type, constraints and both languages."""
    constraints: dict[str, Any] = {}
    if column in _REQUIRED[table]:
        constraints["required"] = True
    if _KEYS.get(table) == column:
        constraints["unique"] = True
    if codes := codes_of(table, column):
        constraints["enum"] = codes
    if (table, column) == ("figures", "id"):
        constraints["pattern"] = "[a-z0-9][a-z0-9.-]{2,63}"
    if (table, column) == ("figures", "dimensions"):
        constraints["pattern"] = "([^=;]+=[^=;]+)(;[^=;]+=[^=;]+)*"
    kind = "string"
    if table == "figures":
        kind = "date" if column in _DATES else "number" if column == "value" else "string"
    out: dict[str, Any] = {"name": column, "type": kind, **title(f"export.field.{table}.{column}")}
    if kind == "date":
        out["format"] = "%Y-%m-%d"
    if constraints:
        out["constraints"] = constraints
    return out


def codes_of(table: str, column: str) -> list[str]:
    """The codes that a column may hold; empty when it is not coded here."""
    lists: dict[tuple[str, str], Iterable[str]] = {
        ("figures", "document"): codelists.documents(),
        ("figures", "state"): codelists.states(),
        ("figures", "sector"): codelists.sectors(),
        ("figures", "measure"): figures.measures(),
        ("figures", "unit"): codelists.units(),
        ("figures", "population"): codelists.populations(),
        ("figures", "source"): codelists.institutions(),
        ("figures", "qualifier"): Qualifier,
        ("figures", "absence"): ABSENCES[1:],
        ("figures", "origin"): Origin,
        ("figures", "role"): Role,
        ("figures", "status"): Status,
        ("relations", "kind"): ("sum", "product", "count", "same", "share", "at_most", "difference", "ratio"),
        ("dates", "state"): codelists.states(),
        ("not_figures", "document"): codelists.documents(),
        ("answers", "kind"): ("explained", "acknowledged", "corrected", "withdrawn"),
        ("measures", "unit"): codelists.units(),
        ("measures", "sector"): codelists.sectors(),
        ("measures", "stock_flow"): Flow,
        **{("measures", f"additive_{what}"): ("yes", "no") for what in ("time", "place", "population")},
    }
    return [str(c) for c in lists.get((table, column), ())]


def title(key: str) -> dict[str, str]:
    """`title` and `description` of a key of data/texts/exports.yaml, together and in each language."""
    out: dict[str, str] = {}
    for part in ("title", "description"):
        text = catalogue().get(f"{key}.{part}")
        if text is not None:
            out |= {part: f"{text.es} / {text.en}", f"{part}_es": text.es, f"{part}_en": text.en}
    return out


def header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as f:
        return next(csv.reader(f))


def written(descriptor: Mapping[str, Any]) -> str:
    """A descriptor as its file holds it."""
    return json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"

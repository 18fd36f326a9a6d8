"""A statement of the ledger as one row of text, the same for every format.

Codes are for machines and never change with the language; `*_label` and `note` are in the
reader's language. Values are plain decimals, dates ISO 8601, an empty cell means that the
statement does not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC

from mirps.base.codelists import api as codelists
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Entry, Figure

LABELLED = ("state", "sector", "measure", "unit", "population", "dimensions", "source", "document")
#: The columns of CSV, HXL and XLSX, in their order.
COLUMNS = (
    "id", "document", "state", "sector", "measure", "value", "unit", "qualifier", "population", "dimensions",
    "place", "period_start", "period_end", "as_of", "source", "fragment", "note", "locator", "stage",
    "universe", "role", "status", "supersedes", "origin", "absence", "compare_start", "compare_end", "series",
    "note_es", "note_en", "round", "known_from", *(f"{c}_label" for c in LABELLED),
)  # fmt: skip
NUMERIC = frozenset({"value"})
DATES = frozenset({"period_start", "period_end", "as_of", "compare_start", "compare_end", "known_from"})

Row = dict[str, str]


def rows(entries: Iterable[Entry], lang: str) -> Iterator[Row]:
    for entry in entries:
        yield row_of(entry, lang)


def row_of(entry: Entry, lang: str) -> Row:
    """The statement's cells by column (all of COLUMNS)."""
    f = entry.figure
    row = {c: figures.cell_text(getattr(f, c, "")) for c in COLUMNS if not c.endswith("_label")}
    row["note"] = f.note_es if lang == "es" else f.note_en
    row["status"] = entry.status.value
    row["round"] = entry.round
    row["known_from"] = known_from(f)
    for column in LABELLED:
        row[f"{column}_label"] = label(column, getattr(f, column), lang)
    if figures.entered(f, entry.round):
        row["document_label"] = figures.stated_in(f, lang, entry.round)
    return row


def known_from(figure: Figure) -> str:
    """The day from which the statement was publicly known, or nothing."""
    if figure.known_at is not None:
        return figure.known_at.astimezone(UTC).date().isoformat()
    return codelists.documents().get(figure.document, {}).get("known_from", "")


def label(column: str, code: str, lang: str) -> str:
    """The name of a code in a language; the code itself when no list names it."""
    if not code:
        return ""
    if column == "measure":
        measure = figures.measures().get(code)
        return measure.name(lang) if measure else code
    if column == "dimensions":
        return ", ".join(member(key, m, lang) for key, m in figures.parse_dimensions(code).items())
    if column == "document":
        return codelists.documents().get(code, {}).get(f"title_{lang}", code)
    return _LISTS[column]().name(code, lang)


def member(dimension: str, code: str, lang: str) -> str:
    found = codelists.dimensions().get(dimension)
    if found is None or code not in found:
        return f"{dimension}={code}"
    return found.name(code, lang)


_LISTS = {
    "state": codelists.states,
    "sector": codelists.sectors,
    "unit": codelists.units,
    "population": codelists.populations,
    "source": codelists.institutions,
}


def measure_rows(lang: str) -> Iterator[Mapping[str, str]]:
    """The catalogue of measures: our own proposal, both names, with what may be added up."""
    for m in figures.measures().values():
        yield {
            "code": m.code,
            "name": m.name(lang),
            "name_es": m.name_es,
            "name_en": m.name_en,
            "unit": m.unit,
            "stock_flow": m.stock_flow.value,
            "additive_time": _yes(m.additive_time),
            "additive_place": _yes(m.additive_place),
            "additive_population": _yes(m.additive_population),
            "sector": m.sector,
            "pillar": m.pillar,
            "definition": m.definition_es if lang == "es" else m.definition_en,
        }


def document_rows(lang: str) -> Iterator[Mapping[str, str]]:
    """The documents that the statements were made in."""
    for code, d in codelists.documents().items():
        yield {
            "code": code,
            "title": d[f"title_{lang}"],
            "publisher": d[f"publisher_{lang}"],
            "language": d["language"],
            "date": d["date"],
            "known_from": d["known_from"],
            "known_from_basis": d[f"known_from_basis_{lang}"],
            "cutoff": d["cutoff"],
            "address": d["address"],
        }


def _yes(value: bool) -> str:
    return "yes" if value else "no"

"""The triage table of a procedure's file. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from mirps.base.marked.reading import Reading
from mirps.base.marked.tree import Node
from mirps.casework.procedures import model as m
from mirps.casework.procedures.guards import Words
from mirps.casework.procedures.triage import Column, Example, Row, Table
from mirps.casework.procedures.words import guard

_YES_NO = ("yes", "no")


def table(r: Reading, node: Node, fields: Mapping[str, m.Field], words: Words) -> Table | None:
    given = r.parts(node, ("columns", "rows", "examples"), ("columns", "rows", "examples"))
    if "modality" not in fields:
        r.fault(node, "lacks", name="modalities")
        return None
    options = fields["modality"].options
    columns: dict[str, Column] = {}
    for code, one in r.entries(given.get("columns")).items():
        made = _column(r, code, one, fields, words)
        columns |= {code: made} if made else {}
    rows = []
    for code, one in r.entries(given.get("rows")).items():
        parts = r.parts(one, ("if", "then", "why"), ("then", "why"))
        then = r.text(parts.get("then"))
        if "then" in parts:
            r.known(parts["then"], then, options)
        rows.append(
            Row(code, _cells(r, parts.get("if"), columns), then, r.words(parts.get("why"), one), one.line)
        )
    examples = []
    for one in r.items(given.get("examples")):
        parts = r.parts(one, ("given", "then"), ("given", "then"))
        cells = {c: next(iter(a), "") for c, a in _cells(r, parts.get("given"), columns).items()}
        examples.append(Example(cells, r.text(parts.get("then")), one.line))
    return Table(columns, tuple(rows), tuple(examples))


def _column(r: Reading, code: str, node: Node, fields: Mapping[str, m.Field], words: Words) -> Column | None:
    given = r.parts(node, ("name", "field", "when"))
    if ("field" in given) == ("when" in given):
        r.fault(node, "column")
        return None
    if "when" in given:
        name = r.words(given.get("name"), node)
        made = guard(r, words, given["when"], name)
        return Column(name, _YES_NO, made) if made else None
    found = r.text(given["field"])
    if not r.known(given["field"], found, fields):
        return None
    field = fields[found]
    if field.type is m.Type.YES:
        return Column(field.name, _YES_NO, field=found)
    if field.type is m.Type.CHOICE:
        return Column(field.name, tuple(field.options), field=found)
    r.fault(given["field"], "column_type", found=found)
    return None


def _cells(r: Reading, node: Node | None, columns: Mapping[str, Column]) -> dict[str, frozenset[str]]:
    out = {}
    for code, one in r.entries(node).items():
        if not r.known(one, code, columns):
            continue
        answers = r.texts(one)
        for a in answers:
            r.known(one, a, columns[code].answers)
        out[code] = frozenset(answers)
    return out

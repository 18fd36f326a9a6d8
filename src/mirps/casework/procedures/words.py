"""The names that a procedure's conditions may use: its fields, what was done, how its deadlines stand. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mirps.base.marked.reading import Reading, name_like
from mirps.base.marked.tree import Node
from mirps.base.texts.api import Text
from mirps.casework.procedures import model as m
from mirps.casework.procedures.guards import Guard, NotAGuard, Words

#: Acts that every procedure has, and that no file may define: they are of the ledger itself.
CORRECT, VOID, MOVE = "correct", "void", "move"
RESERVED_ACTS = frozenset({CORRECT, VOID, MOVE})
#: In a correction's values: the moment (ISO 8601 with its offset) at which the corrected event happened.
HAPPENED = "happened"
#: What a condition may ask of a deadline, with its type.
OF_DEADLINE: Mapping[str, str] = {"lapsed": "yes", "running": "yes", "left": "number", "missed": "number"}


def types_of(fields: Mapping[str, m.Field], acts: Iterable[str], deadlines: Iterable[str]) -> dict[str, str]:
    """Name -> type, as guards.KINDS has them: `age`, `done.interview`, `times.sign_in`, `deadline.decide.lapsed`."""
    types = {code: f.type.value for code, f in fields.items()}
    for act in acts:
        types |= {f"done.{act}": "yes", f"times.{act}": "number"}
    for deadline in deadlines:
        types |= {f"deadline.{deadline}.{name}": kind for name, kind in OF_DEADLINE.items()}
    return types


def words_of(
    r: Reading, fields: Mapping[str, m.Field], acts: Mapping[str, Node], deadlines: Mapping[str, Node]
) -> Words:
    for code, node in acts.items():
        if code in RESERVED_ACTS:
            r.fault(node, "reserved", found=code)
    # A name that is none was told already; the checker is not asked what it makes of one.
    return Words(types_of({c: f for c, f in fields.items() if name_like(c)}, *map(_names, (acts, deadlines))))


def _names(entries: Mapping[str, Node]) -> list[str]:
    return [c for c in entries if name_like(c)]


def guard(r: Reading, words: Words, node: Node, otherwise: Text) -> Guard | None:
    """The condition in a node; a fault and None where it is none."""
    when = r.text(node)
    try:
        return words.guard(when, otherwise)
    except NotAGuard as e:
        r.fault(node, e.key, found=when, **e.values)
        return None

"""Proving a text, and changing the commonest parts of one in place, so that its comments stay. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mirps.base.marked.faults import Fault, Faults
from mirps.base.marked.tree import Node, tree
from mirps.base.refusal import Refusal
from mirps.casework.procedures.model import Procedure
from mirps.casework.procedures.proving import prove
from mirps.casework.procedures.reading import Known, read


class EditionFault(Refusal):
    """What cannot be done, as a text of data/texts/casework-editions.yaml."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A text as it was proved: the procedure, or everything that is wrong."""

    procedure: Procedure | None
    faults: tuple[Fault, ...] = ()


def proved(text: str, known: Known, name: str) -> Proof:
    try:
        return Proof(prove(read(text.encode(), name, known), name))
    except Faults as e:
        return Proof(None, tuple(e.faults))


def publishable(p: Procedure, on: date) -> None:
    """Raises EditionFault unless the version says from when it is in force, and that is not past."""
    if p.starts is None:
        raise EditionFault("editions.fault.no-start")
    if p.starts < on:
        raise EditionFault("editions.fault.past", day=p.starts.isoformat())


# --- the commonest changes, without touching the rest


@dataclass(frozen=True, slots=True)
class Part:
    """A place in the text that the form offers: a number of days, or a name in one language. `key`: where."""

    key: str
    label: str
    line: int
    value: str
    number: bool = False


#: What the form offers of each part of a file.
_NAMED = ("stages", "acts", "deadlines", "documents")


def parts(text: str) -> list[Part]:
    """Days of deadlines, and the names of stages, acts, deadlines and documents. Raises Faults."""
    top = tree(text.encode(), "").keys or {}
    return list(_parts(top))


def _parts(top: dict[str, Node]) -> Iterator[Part]:
    for code, d in _entries(top, "deadlines"):
        for days in ("n", "warns", "grace"):
            if (n := d.get(days)) is not None and n.text is not None:
                yield Part(f"deadlines.{code}.{days}", code, n.line, n.text, number=True)
    for group in _NAMED:
        for code, entry in _entries(top, group):
            name = entry.get("name")
            for lang in ("es", "en"):
                said = (name.keys or {}).get(lang) if name is not None else None
                if said is not None and said.text is not None:
                    yield Part(f"{group}.{code}.name.{lang}", code, said.line, said.text)


def _entries(top: dict[str, Node], group: str) -> Iterator[tuple[str, dict[str, Node]]]:
    node = top.get(group)
    for code, entry in ((node.keys or {}) if node else {}).items():
        if entry.keys:
            yield code, entry.keys


def changed(text: str, values: dict[str, str]) -> str:
    """The text with these parts (Part.key) said anew, each on its own line. Raises EditionFault for a number that
    is none, and for a line in which the old value is not found."""
    lines = text.split("\n")
    for part in parts(text):
        new = values.get(part.key, part.value).strip()
        if new == part.value or not new:
            continue
        if part.number and not (new.isdecimal() and 0 <= int(new) < 10_000):
            raise EditionFault("editions.fault.number", part=part.label, found=new[:40])
        line = lines[part.line - 1]
        after = _said_anew(line, part, new)
        if after == line:
            raise EditionFault("editions.fault.by-hand", line=part.line)
        lines[part.line - 1] = after
    return "\n".join(lines)


def _said_anew(line: str, part: Part, new: str) -> str:
    name = part.key.rsplit(".", 1)[1]
    if part.number:
        return re.sub(rf"(\b{name}:\s*){re.escape(part.value)}\b", lambda m: m[1] + new, line, count=1)
    quoted = '"' + new.replace("\\", "\\\\").replace('"', '\\"') + '"'
    for old in (f'"{part.value}"', f"'{part.value}'", part.value):
        at = line.find(old, max(line.find(f"{name}:"), 0))
        if at >= 0:
            return line[:at] + quoted + line[at + len(old) :]
    return line


_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


def with_stage(text: str, *, code: str, name_es: str, name_en: str, turn: str, act: str, act_es: str, act_en: str,
               source: str, on: str, on_es: str, on_en: str, to: str) -> str:  # fmt: skip
    """The text with one stage more: an act (`act`) that leads into it from `source`, and one (`on`) that leads on.

    Both by the role whose turn it is there. What that leaves unproved, the proof tells.
    """
    for given in (code, act, on):
        if not _CODE.fullmatch(given):
            raise EditionFault("editions.fault.code", found=given[:40])
    if not all(w.strip() for w in (name_es, name_en, act_es, act_en, on_es, on_en)):
        raise EditionFault("editions.fault.names")

    def words(a: str, b: str) -> str:
        return "{es: " + _quoted(a) + ", en: " + _quoted(b) + "}"

    stage = [f"  {code}: {{name: {words(name_es, name_en)}, turn: [{turn}]}}"]
    acts = []
    for name, said, from_, goes in (
        (act, words(act_es, act_en), source, code),
        (on, words(on_es, on_en), code, to),
    ):
        acts += [
            f"  {name}:",
            f"    name: {said}",
            f"    from: {from_}",
            f"    to: {goes}",
            f"    by: [{turn}]",
        ]
    lines = text.split("\n")
    top = tree(text.encode(), "")
    for group, new in sorted((("stages", stage), ("acts", acts)), key=lambda g: -top.key_lines.get(g[0], 0)):
        lines[_end(lines, top, group) : _end(lines, top, group)] = new
    return "\n".join(lines)


def _quoted(words: str) -> str:
    return '"' + words.strip().replace("\\", "\\\\").replace('"', '\\"') + '"'


def _end(lines: list[str], top: Node, group: str) -> int:
    """The line after a group's last entry."""
    at = top.key_lines.get(group, 0)
    if not at:
        raise EditionFault("editions.fault.no-group", group=group)
    n = at
    while n < len(lines) and (not lines[n].strip() or lines[n][0] in " #"):
        n += 1
    while n > at and (not lines[n - 1].strip() or lines[n - 1].startswith("#")):
        n -= 1
    return n

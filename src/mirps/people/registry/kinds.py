"""Kinds of facts, and the form that asks for them: data/registration/{kinds,form}.yaml. Pure.

A fact is what somebody said or saw of a person or a registration group, at one moment. Which facts there
are, and what each holds, is data: another State's form needs no code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from mirps.base.codelists.rules import CodeList, read


class KindFault(ValueError):
    """A kind or a form that cannot be read. The message names the file, the place and the remedy."""


class Type(StrEnum):
    """What a field holds, and how it stands in a fact's data (a JSON object)."""

    TEXT = "text"  # one line
    LONG = "long"  # paragraphs
    CODE = "code"  # a code of `list`
    COUNTRY = "country"  # ISO 3166-1 alpha-3
    WHEN = "when"  # as exact as it is known: "1987", "1987-05", "1987-05-04"
    NUMBER = "number"  # a whole number, not negative
    YES = "yes"  # true or left out
    FILE = "file"  # the SHA-256 of a file that is kept sealed


#: How sure a fact is; any kind may say it (lists/certainties.csv).
SURE = "sure"
_MOST = {Type.TEXT: 200, Type.LONG: 4000}


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: Type
    required: bool = False
    most: int = 0  # characters
    list: str = ""
    past: bool = False  # a date that cannot lie ahead


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    of: tuple[str, ...]  # "person", "group", "person+group", "person+person"
    fields: Mapping[str, Field]
    single: bool = False
    find: str = ""  # by what people are found: "name", "born", "document", "phone"
    any: tuple[str, ...] = ()
    #: The field that carries how sensitive the fact is: a code of `sensitivities`, or of a list that says.
    knows: str = ""
    #: The door by which alone it comes in (intake): no form asks for it, and nobody types it.
    by: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One fact that the form asks for."""

    key: str
    kind: Kind
    level: str
    fields: tuple[Field, ...]
    only: str = ""  # asked at this level alone
    required: bool = False
    repeat: bool = False
    sure: bool = False
    preset: Mapping[str, Any] = field(default_factory=dict)

    def at(self, level: str, levels: Iterable[str]) -> bool:
        """Whether it is asked at `level`, of `levels` from the least to the most."""
        order = list(levels)
        return level == self.only if self.only else order.index(level) >= order.index(self.level)


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    of: str  # "person" or "group"
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Form:
    version: str
    sections: tuple[Section, ...]

    def blocks(self, of: str, level: str, levels: Iterable[str]) -> list[Block]:
        order = list(levels)
        return [b for s in self.sections if s.of == of for b in s.blocks if b.at(level, order)]


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that says what a registration may hold."""

    kinds: Mapping[str, Kind]
    lists: Mapping[str, CodeList]
    form: Form

    @property
    def levels(self) -> list[str]:
        """From group pre-registration to comprehensive."""
        return list(self.lists["levels"])

    def sensitivity(self, kind: str, data: Mapping[str, Any]) -> str:
        """The code of what one must be cleared to know before one reads this fact; empty: nothing."""
        name = self.kinds[kind].knows
        code = str(data.get(name) or "") if name else ""
        if not code:
            return ""
        list_ = self.kinds[kind].fields[name].list
        return code if list_ == "sensitivities" else self.lists[list_][code].extra.get("sensitivity", "")


def load(folder: Path) -> Book:
    """The book of a folder (data/registration). Raises KindFault, CodeListFault."""
    lists = {p.stem: read(p) for p in sorted((folder / "lists").glob("*.csv"))}
    kinds = {name: _kind(name, given, lists) for name, given in _yaml(folder / "kinds.yaml").items()}
    return Book(kinds, lists, _form(_yaml(folder / "form.yaml"), kinds, lists))


def _yaml(path: Path) -> dict[str, Any]:
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise KindFault(f"{path.name}: a mapping is expected")
    return found


def _kind(name: str, given: Mapping[str, Any], lists: Mapping[str, CodeList]) -> Kind:
    where = f"kinds.yaml: {name}"
    fields = {f: _field(f"{where}.{f}", f, says, lists) for f, says in given["fields"].items()}
    knows = given.get("needs-to-know") or {}
    by = knows.get("field") or next((f.name for f in fields.values() if f.list == knows.get("list")), "")
    for f in [*given.get("any", ()), *([by] if knows else [])]:
        if f not in fields:
            raise KindFault(f"{where}: {f!r} is none of its fields ({', '.join(fields)})")
    return Kind(
        name, tuple(given["of"]), fields, bool(given.get("single")), given.get("find", ""),
        tuple(given.get("any", ())), by, given.get("by", ""),
    )  # fmt: skip


def _field(where: str, name: str, given: Mapping[str, Any], lists: Mapping[str, CodeList]) -> Field:
    try:
        type_ = Type(given["type"])
    except (KeyError, ValueError):
        raise KindFault(f"{where}: give it a type ({', '.join(Type)})") from None
    list_ = given.get("list", "")
    if (type_ is Type.CODE) != bool(list_) or (list_ and list_ not in lists):
        raise KindFault(f"{where}: a code names a list under lists/, and nothing else does")
    return Field(
        name, type_, bool(given.get("required")), given.get("most", _MOST.get(type_, 0)), list_,
        bool(given.get("past")),
    )  # fmt: skip


def _form(given: Mapping[str, Any], kinds: Mapping[str, Kind], lists: Mapping[str, CodeList]) -> Form:
    sections = tuple(
        Section(s["key"], s["of"], tuple(_block(s["key"], b, kinds, lists) for b in s["blocks"]))
        for s in given["sections"]
    )
    return Form(str(given["version"]), sections)


def _block(
    section: str, given: Mapping[str, Any], kinds: Mapping[str, Kind], lists: Mapping[str, CodeList]
) -> Block:
    where = f"form.yaml: {section}.{given.get('kind')}"
    kind = kinds.get(given.get("kind", ""))
    if kind is None:
        raise KindFault(f"{where}: no such kind in kinds.yaml")
    wrong = [f for f in [*given["fields"], *given.get("preset", {})] if f not in kind.fields]
    if wrong:
        raise KindFault(f"{where}: {wrong[0]!r} is none of the fields of {kind.name}")
    for level in (given["level"], given.get("only") or given["level"]):
        if level not in lists["levels"]:
            raise KindFault(f"{where}: {level!r} is no level of lists/levels.csv")
    name = f"{kind.name}-{given['key']}" if given.get("key") else kind.name
    return Block(
        name, kind, given["level"], tuple(kind.fields[f] for f in given["fields"]), given.get("only", ""),
        bool(given.get("required")), bool(given.get("repeat")), bool(given.get("sure")), given.get("preset", {}),
    )  # fmt: skip

"""Conditions in CEL, the typed expression language of the house. Pure.

Checked by CEL's own checker when the file is read: an undeclared name, a comparison of a number with a text, a
condition that is not true or false is a fault of the file. What nobody has answered yet is neither true nor
false: `minor || alone` is true as soon as one of them is, and unknown while both are unanswered.

`cel_expr_python` is the reference implementation in C++ (docs/adr/0020). It bounds depth and the work of a loop,
and its patterns (RE2) take linear time, so that a hostile file cannot keep the reader busy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from mirps.base.texts.api import Text

LONGEST = 500  # characters: what a person can read
#: Names that the language or the case takes.
RESERVED = frozenset(
    {"deadline", "done", "times", "happened", "true", "false", "null", "in", "as", "break", "const", "continue", "else",
     "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
     "size", "has", "all", "exists", "map", "filter", "matches", "contains", "int", "uint", "double", "bool",
     "string", "bytes", "list", "type", "dyn", "timestamp", "duration", "modality"}
)  # fmt: skip
KINDS: Mapping[str, Any] = {
    "text": cel.Type.STRING, "date": cel.Type.TIMESTAMP, "number": cel.Type.INT, "yes": cel.Type.BOOL,
    "choice": cel.Type.STRING, "choices": cel.Type.List(cel.Type.STRING), "country": cel.Type.STRING,
}  # fmt: skip
_NAME = re.compile(r"(?<![\w.])[a-z_][\w]*(?:\.[a-z_]\w*)*")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")


_MOST_KNOWN = 1_000  # sets of answers of a condition


class Holds(Enum):
    YES = 1
    NO = 2
    UNKNOWN = 3  # an answer that it needs is not there


class NotAGuard(ValueError):
    """What is wrong with an expression: `key` of marked.fault.*, and what fills its text."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"{key} {values}")
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition, and what to tell the person while it does not hold."""

    when: str
    otherwise: Text
    uses: tuple[str, ...] = ()
    program: Any = field(default=None, compare=False, repr=False)
    _known: dict[tuple[object, ...], Holds] = field(default_factory=dict, compare=False, repr=False)

    def holds(self, facts: Mapping[str, Any]) -> Holds:
        """Asked once for each set of answers: thousands of cases have the same."""
        given = tuple(tuple(v) if isinstance(v := facts.get(n), list) else v for n in self.uses)
        if (known := self._known.get(given)) is not None:
            return known
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        found = self._known[given] = self._asked(facts)
        return found

    def _asked(self, facts: Mapping[str, Any]) -> Holds:
        found = self.program.eval(data={n: facts[n] for n in self.uses if n in facts})
        value = found.value()
        if found.type() == cel.Type.BOOL:
            return Holds.YES if value else Holds.NO
        return Holds.UNKNOWN


class Words:
    """The names that expressions of one procedure may use, with their types."""

    def __init__(self, types: Mapping[str, str]) -> None:
        """`types`: name (may have dots) -> a key of KINDS."""
        self.types = dict(types)
        self._env = _env(tuple(sorted(self.types.items())))

    def guard(self, when: str, otherwise: Text) -> Guard:
        """Raises NotAGuard for what is not a condition over these names."""
        if len(when) > LONGEST:
            raise NotAGuard("guard_long", most=LONGEST)
        try:
            program = self._env.compile(when)
        except RuntimeError as e:
            raise self._told(str(e)) from None
        if program.return_type() != cel.Type.BOOL:
            raise NotAGuard("guard_bool", said=program.return_type().name().lower())
        uses = tuple(self.used(when))
        if not uses:
            raise NotAGuard("guard_constant")
        return Guard(when, otherwise, uses, program)

    def _told(self, said: str) -> NotAGuard:
        """The checker's first complaint as a fault of ours; what is none of these, in its own words."""
        if found := re.search(r"undeclared reference to '([^']*)'", said):
            near = get_close_matches(found[1], self.types, 1)
            return NotAGuard("guard_name_near" if near else "guard_name", name=found[1], near="".join(near))
        if found := re.search(r"overload for '([^']*)' applied to '\((.*?)\)'", said):
            return NotAGuard("guard_types", sign=found[1].strip("_@!"), types=found[2])
        if found := re.search(r"<input>:\d+:(\d+): Syntax error", said):
            return NotAGuard("guard_syntax", column=found[1])
        return NotAGuard("guard", said=said.split("\n", 1)[0][:120])

    def used(self, when: str) -> Iterable[str]:
        """The declared names that an expression uses, in its order."""
        found: dict[str, None] = {}
        for dotted in _NAME.findall(_QUOTED.sub("''", when)):
            parts = dotted.split(".")  # flags.exists(...) uses flags
            heads = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
            found |= dict.fromkeys([n for n in heads if n in self.types][:1])
        return found


@lru_cache(maxsize=64)
def _env(types: tuple[tuple[str, str], ...]) -> Any:
    return cel.NewEnv(variables={name: KINDS[kind] for name, kind in types})

"""Taking values out of a tree, and collecting every fault instead of ending at the first.

Each function gives something usable for a faulty node (an empty text, zero), so that reading goes on; whoever
reads raises at the end when there are faults. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from mirps.base.marked.faults import Fault, Faults
from mirps.base.marked.tree import Node
from mirps.base.texts.rules import Text

_E = TypeVar("_E", bound=StrEnum)
_YES = {"yes": True, "true": True, "no": False, "false": False}
LONGEST = 2_000  # characters of a text


class Reading:
    """A file while it is read: its name and its faults so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def fault(self, node: Node | None, key: str, **values: object) -> None:
        given = tuple((k, str(v)) for k, v in values.items())
        self.faults.append(Fault(self.file, node.line if node else 0, node.path if node else "", key, given))

    def end(self) -> None:
        """Raise Faults if there is any."""
        if self.faults:
            raise Faults(self.faults)

    def parts(self, node: Node, known: Iterable[str], needs: Iterable[str] = ()) -> dict[str, Node]:
        """The values of a mapping with these keys; others are faults, with the nearest that is meant."""
        if node.keys is None:
            self.fault(node, "mapping")
            return {}
        allowed = list(known)
        for name in node.keys:
            if name not in allowed:
                near = get_close_matches(name[:60], allowed, 1)
                at = Node(node.key_lines[name], node.path)
                if near:
                    self.fault(at, "unknown_near", found=name, near=near[0])
                else:
                    self.fault(at, "unknown", found=name, known=", ".join(allowed))
        for name in needs:
            if name not in node.keys:
                self.fault(node, "lacks", name=name)
        return node.keys

    def entries(self, node: Node | None, most: int = 400) -> Mapping[str, Node]:
        """The entries of a mapping with names of the writer's own. Proofs cost more than a file's length, so
        there is a most; beyond it nothing is taken."""
        if node is None:
            return {}
        if node.keys is None:
            self.fault(node, "mapping")
            return {}
        if len(node.keys) > most:
            self.fault(node, "many", most=most)
            return {}
        for name in node.keys:
            if not name_like(name):
                self.fault(Node(node.key_lines[name], node.path), "name", found=name)
        return node.keys

    def items(self, node: Node | None) -> list[Node]:
        """The items of a list; a single value counts as a list of one."""
        if node is None:
            return []
        return node.items if node.items is not None else [node]

    def text(self, node: Node | None) -> str:
        if node is None:
            return ""
        if node.text is None or not node.text.strip():
            self.fault(node, "text")
            return ""
        if len(node.text) > LONGEST:
            self.fault(node, "long", most=LONGEST)
        return node.text.strip()[:LONGEST]

    def texts(self, node: Node | None) -> tuple[str, ...]:
        return tuple(self.text(n) for n in self.items(node))

    def words(self, node: Node | None, owner: Node) -> Text:
        """A text in both languages; one that lacks is a fault of its owner."""
        if node is None:
            self.fault(owner, "languages")
            return Text("", "")
        if node.keys is None or not {"es", "en"} <= set(node.keys):
            self.fault(node, "languages")
            return Text("", "")
        given = self.parts(node, ("es", "en"))
        return Text(self.text(given["es"]), self.text(given["en"]))

    def number(self, node: Node | None, low: int, high: int) -> int:
        if node is None:
            return 0
        given = node.text or ""
        if not (given.isascii() and given.isdecimal() and len(given) < 10 and low <= int(given) <= high):
            self.fault(node, "number", found=given or "…", low=low, high=high)
            return low
        return int(given)

    def yes(self, node: Node | None, default: bool = False) -> bool:
        if node is None:
            return default
        if node.text not in _YES:
            self.fault(node, "yes_no", found=node.text or "…")
            return default
        return _YES[node.text]

    def day(self, node: Node | None) -> date | None:
        if node is None:
            return None
        try:
            return date.fromisoformat(node.text or "")
        except ValueError:
            self.fault(node, "day", found=node.text or "…")
            return None

    def choice(self, node: Node | None, of: type[_E], default: _E) -> _E:
        if node is None:
            return default
        try:
            return of(node.text or "")
        except ValueError:
            self.fault(node, "choice", found=node.text or "…", known=", ".join(of))
            return default

    def name(self, node: Node | None) -> str:
        """A name of the writer's own."""
        found = self.text(node)
        if node is not None and found and not name_like(found):
            self.fault(node, "name", found=found)
        return found

    def code(self, node: Node | None, among: Collection[str]) -> str:
        """A name among those there are; where none are given, any."""
        found = self.text(node)
        if node is not None and among:
            self.known(node, found, among)
        return found

    def known(self, node: Node, found: str, among: Collection[str]) -> bool:
        """Is a name among those there are? A fault with the nearest where it is not."""
        if found in among or not found:
            return found in among
        near = get_close_matches(found[:60], list(among), 1)
        self.fault(node, "no_such_near" if near else "no_such", found=found, near=near[0] if near else "")
        return False


def name_like(text: str) -> bool:
    """Small letters, digits and underscores, beginning with a letter, at most 40: a name in an expression too."""
    return (
        0 < len(text) <= 40
        and text.isascii()
        and text[0].isalpha()
        and text == text.lower()
        and text.replace("_", "a").isalnum()
    )

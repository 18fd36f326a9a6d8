"""What is wrong with a file of rules: where, why, and what to do. In both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mirps.base.texts.api import say

#: More than anybody mends at one sitting; the rest is told after these are mended.
MOST = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. `key` names two texts, marked.fault.<key>.reason and .remedy."""

    file: str
    line: int
    path: str
    key: str
    values: tuple[tuple[str, str], ...] = ()

    def reason(self, lang: str) -> str:
        return say(f"marked.fault.{self.key}.reason", lang, **self._said())

    def remedy(self, lang: str) -> str:
        return say(f"marked.fault.{self.key}.remedy", lang, **self._said())

    def say(self, lang: str) -> str:
        """File, line, place, reason and remedy in one line."""
        where = say("marked.where" if self.line else "marked.file", lang, file=self.file, line=self.line)
        place = f" ({self.path})" if self.path else ""
        return f"{where}{place}: {self.reason(lang)} {self.remedy(lang)}"

    def _said(self) -> dict[str, str]:
        # A hostile file's own words are cut, so that a fault stays readable.
        return {k: v if len(v) <= 120 else f"{v[:119]}…" for k, v in self.values}


class Faults(ValueError):
    """Everything wrong with a file, by line. Nothing of it was taken."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults, first: {faults[0]}")
        self.faults = sorted(faults, key=lambda f: f.line)[:MOST]

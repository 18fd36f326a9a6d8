"""A doubt that the checks raise over the ledger. Pure; `mirps.evidence.findings` keeps it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LedgerFinding:
    """Statements that cannot all be true: figures, the stated one first, or dates.

    `params` hold what the message needs, in no language; the message itself is made when it
    is read (mirps.evidence.checks.messages).
    """

    kind: str
    severity: str  # contradiction | warning
    figures: tuple[str, ...]
    stated: str
    expected: str
    params: Mapping[str, str] = field(default_factory=dict)
    state: str = ""
    subject: str = ""  # what it is about when that is no figure (a row of dates.csv)

    @property
    def code(self) -> str:
        """The same doubt about the same figures has the same code, run after run."""
        about = [*self.figures[:1], *sorted(self.figures[1:])] or [self.subject]
        text = self.kind + "|" + " ".join(about)
        return f"{self.kind.replace('_', '-')[:24]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"

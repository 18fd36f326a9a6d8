"""A doubt that the checks raise over the ledger. Pure; `mirps.evidence.findings` keeps it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LedgerFinding:
    """Figures that cannot all be true, the stated one first.

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

    @property
    def code(self) -> str:
        """The same doubt about the same figures has the same code, run after run."""
        text = self.kind + "|" + " ".join([self.figures[0], *sorted(self.figures[1:])])
        return f"{self.kind.replace('_', '-')[:24]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"

"""The door to the checker: a file or a text in, a report out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mirps.evidence.checks import against, textcheck
from mirps.evidence.checks.reading import readers
from mirps.evidence.checks.reading.claims import Block, Claim
from mirps.evidence.checks.relations import CONTRADICTION
from mirps.evidence.checks.textcheck import Finding
from mirps.evidence.figures.rules import Figure, Measure


@dataclass(frozen=True, slots=True)
class Report:
    """What the checker found in one document. `figures` binds claim ids to ids of ledger figures."""

    name: str
    lang: str
    claims: Sequence[Claim]
    findings: Sequence[Finding]
    figures: Mapping[str, str] = field(default_factory=dict)
    compared: bool = False

    @property
    def contradictions(self) -> int:
        return sum(f.severity == CONTRADICTION for f in self.findings)

    @property
    def exit_status(self) -> int:
        return 1 if self.contradictions else 0

    def as_dict(self) -> dict[str, Any]:
        return {
            "claims": [self._claim(c) for c in self.claims],
            "findings": [
                {
                    "kind": f.kind,
                    "severity": f.severity,
                    "claims": list(f.claims),
                    "stated": f.stated,
                    "expected": f.expected,
                    "locator": f.locator,
                    "message": f.message,
                    "text": f.text,
                }
                for f in self.findings
            ],
            "summary": self.summary(),
        }

    def _claim(self, claim: Claim) -> dict[str, Any]:
        value = int(claim.value) if claim.value == claim.value.to_integral_value() else float(claim.value)
        row: dict[str, Any] = {
            "id": claim.id,
            "text": claim.text,
            "value": value,
            "unit": claim.unit,
            "qualifier": claim.qualifier,
            "locator": claim.locator,
        }
        if self.compared:
            row["figure"] = self.figures.get(claim.id)
        return row

    def summary(self) -> dict[str, Any]:
        row: dict[str, Any] = {
            "document": self.name,
            "language": self.lang,
            "claims": len(self.claims),
            "contradictions": self.contradictions,
            "warnings": len(self.findings) - self.contradictions,
            "kinds": dict(sorted(Counter(f.kind for f in self.findings).items())),
        }
        if self.compared:
            row |= {"bound": len(self.figures), "unknown": len(self.claims) - len(self.figures)}
        return row

    def as_json(self) -> str:
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=2)


def check_file(
    path: Path | str,
    *,
    lang: str | None = None,
    figures: Sequence[Figure] | None = None,
    measures: Mapping[str, Measure] | None = None,
) -> Report:
    """Check a .txt, .md, .docx or .pdf file. Raises readers.UnreadableError with both languages' messages."""
    path = Path(path)
    return _check(path.name, readers.read(path), lang, figures, measures)


def check_text(
    text: str,
    *,
    lang: str | None = None,
    figures: Sequence[Figure] | None = None,
    measures: Mapping[str, Measure] | None = None,
) -> Report:
    """Check plain text or Markdown."""
    return _check("", readers.text_blocks(text), lang, figures, measures)


def _check(
    name: str,
    blocks: Sequence[Block],
    lang: str | None,
    figures: Sequence[Figure] | None,
    measures: Mapping[str, Measure] | None,
) -> Report:
    lang = lang or textcheck.detect_language(" ".join(b.text for b in blocks[:400]))
    done = textcheck.check_blocks(blocks, lang)
    if figures is None:
        return Report(name, lang, done.claims, done.findings)
    bound = against.bind(done, figures, measures or {}, lang)
    return Report(name, lang, done.claims, [*done.findings, *bound.findings], bound.figures, compared=True)

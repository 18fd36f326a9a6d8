"""Tables: each row against its total, each column against its total row."""

from __future__ import annotations

import re

from mirps.evidence.checks.reading.claims import Block

_TOTAL = re.compile(r"^\s*(?:\*\*)?(?:grand |sub)?total(?:es)?\b|^\s*suma\b|^\s*sum\b", re.IGNORECASE)
_NUMBER = re.compile(r"^[\s*]*[-–—]?[\s*]*[\d][\d.,\u00a0\u202f ]*\s*%?[\s*]*$")


def expand(block: Block) -> list[Block]:
    """A table as sentences: 'Total women: 12 (Cortés: 5; Yoro: 7).' for each column with a total row,
    and likewise for each row with a total column; other rows as plain text."""
    rows = [list(r) for r in block.table if any(c.strip() for c in r)]
    if len(rows) < 2:
        return [Block(" ".join(c for r in rows for c in r), block.locator)]
    head, *body = rows
    made = [Block(" | ".join(r), f"{block.locator}, {n}") for n, r in enumerate(body, 2) if not _numeric(r)]
    width = min(len(r) for r in rows)
    totals = [r for r in body if _TOTAL.search(r[0])]
    plain = [r for r in body if not _TOTAL.search(r[0]) and _numeric(r)]
    for column in range(1, width):
        label = _clean(head[column])
        if len(totals) == 1 and not _TOTAL.search(head[0]):
            parts = [(r[0], r[column]) for r in plain]
            made += _sum(f"{label} total", totals[0][column], parts, f"{block.locator}, {label}")
    across = [i for i in range(1, width) if _TOTAL.search(head[i])]
    if len(across) == 1:
        for row in [*plain, *totals]:
            parts = [(head[i], row[i]) for i in range(1, width) if i != across[0] and "%" not in head[i]]
            made += _sum(
                f"{_clean(row[0])} total", row[across[0]], parts, f"{block.locator}, {_clean(row[0])}"
            )
    if not totals and not across:
        made += [
            Block("; ".join(f"{_clean(h)}: {c}" for h, c in zip(head, r, strict=False)) + ".", block.locator)
            for r in plain
        ]
    return made


def _sum(label: str, total: str, parts: list[tuple[str, str]], locator: str) -> list[Block]:
    cells = [(name, value) for name, value in parts if _NUMBER.match(value)]
    if len(cells) < 2 or len(cells) != len(parts) or not _NUMBER.match(total):
        return []
    listed = "; ".join(f"{_clean(name) or 'x'}: {_clean(value)}" for name, value in cells)
    return [Block(f"{label}: {_clean(total)} ({listed}).", locator)]


def _numeric(row: list[str]) -> bool:
    return any(_NUMBER.match(c) for c in row[1:])


def _clean(cell: str) -> str:
    """A label without what the grammar reads as structure."""
    return re.sub(r"[*():;<>|]", " ", cell).strip()

"""The door to disclosure control: rules by sensitivity, a table protected, and the audit of what is public."""

from __future__ import annotations

from pathlib import Path

from mirps.base.marked.faults import Fault, Faults
from mirps.evidence.disclosure import layout as _layout
from mirps.evidence.disclosure import rules as _rules
from mirps.evidence.disclosure.layout import Layout
from mirps.evidence.disclosure.protecting import Cost, Method, Protected, protect
from mirps.evidence.disclosure.releases import Release
from mirps.evidence.disclosure.rounding import Rounded, controlled
from mirps.evidence.disclosure.rules import Rules, Why
from mirps.evidence.disclosure.tables import Dimension, Flags, Sum, Table, flat, table, tree
from mirps.evidence.disclosure.vocabulary import rules

__all__ = [
    "Cost", "Dimension", "Fault", "Faults", "Flags", "Layout", "Method", "Protected", "Release", "Rounded", "Rules",
    "Sum", "Table", "Why", "controlled", "flat", "protect", "read_layout", "rules", "rules_ask", "table", "tree",
]  # fmt: skip


def rules_ask(table: Table, by: Rules) -> Flags:
    """Which cells rules hide by themselves."""
    return _rules.mark(table, by).hidden


def read_layout(path: Path) -> Layout:
    """Raises Faults."""
    return _layout.read(path.read_bytes(), path.name, rules())

"""The door to disclosure control: rules by sensitivity, a table protected, and the audit of what is public."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mirps.base.codelists.api import data_folder
from mirps.base.marked.faults import Fault, Faults
from mirps.evidence.disclosure import layout as _layout
from mirps.evidence.disclosure import rules as _rules
from mirps.evidence.disclosure.layout import Layout
from mirps.evidence.disclosure.protecting import Cost, Method, Protected, protect
from mirps.evidence.disclosure.releases import Release
from mirps.evidence.disclosure.rounding import Rounded, controlled
from mirps.evidence.disclosure.rules import Rules, Why
from mirps.evidence.disclosure.tables import Dimension, Flags, Sum, Table, flat, table, tree

__all__ = [
    "Cost", "Dimension", "Fault", "Faults", "Layout", "Method", "Protected", "Release", "Rounded", "Rules", "Sum",
    "Table", "Why", "controlled", "flat", "protect", "read_layout", "rules", "rules_ask", "table", "tree",
]  # fmt: skip


@cache
def rules() -> Mapping[str, Rules]:
    """The rules of this installation, by sensitivity."""
    path = data_folder() / "disclosure" / "rules.yaml"
    return _rules.read(path.read_bytes(), path.name)


def rules_ask(table: Table, by: Rules) -> Flags:
    """Which cells rules hide by themselves."""
    return _rules.mark(table, by).hidden


def read_layout(path: Path) -> Layout:
    """Raises Faults."""
    return _layout.read(path.read_bytes(), path.name, rules())

"""The door to linkage between States: agreeing, counting, and what a count told."""

from __future__ import annotations

from mirps.sharing.linkage.actions import ACT, end, propose, sign, terms_of
from mirps.sharing.linkage.counting import TOTAL, cells, compare, encode, margin, open_
from mirps.sharing.linkage.models import Agreement, Count
from mirps.sharing.linkage.rules import PERSONS, Every, LinkageRefused, Terms

__all__ = [
    "ACT", "PERSONS", "TOTAL", "Agreement", "Count", "Every", "LinkageRefused", "Terms", "cells", "compare", "encode",
    "end", "margin", "open_", "propose", "sign", "terms_of",
]  # fmt: skip

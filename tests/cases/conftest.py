"""The role that serves pages, and raw queries by it, as custody's own tests have them."""

from __future__ import annotations

from tests.custody.test_custody_rows import ask, role

__all__ = ["ask", "role"]

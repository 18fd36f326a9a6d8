"""The role that serves pages, and raw queries by it, as custody's own tests have them."""

from __future__ import annotations

import pytest
from tests.custody.test_custody_rows import ask, role

from mirps.casework.cases import decrees

__all__ = ["ask", "role"]


@pytest.fixture(autouse=True)
def _before_any_decree() -> None:
    """Every test begins before those of others, which were rolled back."""
    decrees.forget()

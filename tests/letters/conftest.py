from __future__ import annotations

from tests.casework_pages.conftest import officer

__all__ = ["officer"]

from __future__ import annotations

from tests.casework_pages.conftest import ana, officer, own_files

__all__ = ["ana", "officer", "own_files"]

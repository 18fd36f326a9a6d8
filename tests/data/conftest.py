"""The sources as the tests of the data read them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.data.reading import one_line

from mirps.base.codelists import api as codelists


@pytest.fixture(scope="session")
def texts(sources: Path) -> dict[str, str]:
    """Each document's text on one line, by its code."""
    return {
        code: one_line((sources / row["file"]).read_text(encoding="utf-8"))
        for code, row in codelists.documents().items()
    }

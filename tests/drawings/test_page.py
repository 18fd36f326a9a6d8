"""docs/drawings.md is true: its blocks run, and it names every function there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mirps.sharing import drawings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "drawings.md").read_text(encoding="utf-8")


def test_the_examples_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(block, names)
    assert str(names["svg"]).startswith("<svg ")
    assert names["rows"] == (
        ("Honduras", "5,100", "4,900"),
        ("Belice", "más de 800", "180"),
        ("Panamá", "no se recoge", "–"),
    )


def test_every_function_is_on_the_page() -> None:
    for name in drawings.__all__:
        assert name in PAGE, name

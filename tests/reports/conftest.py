"""A small report in a folder of its own, and the 2024 round as a book without a database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.reports.making import Small

from mirps.evidence.figures.api import Book, read_own_round
from mirps.sharing.reports.reading import fingerprint


@pytest.fixture
def small(tmp_path: Path) -> Callable[..., Small]:
    def made(en: str, es: str | None = None, *, read: bool = True) -> Small:
        folder = tmp_path / "small"
        for lang in ("es", "en"):
            (folder / lang).mkdir(parents=True, exist_ok=True)
        (folder / "report.yaml").write_text(
            "title: {es: Pequeño, en: Small}\nsubtitle: {es: s, en: s}\nauthor: {es: M, en: M}\nround: '2024'\n"
            "kind: test\nformats: [html, pdf, docx]\npublished: 2024-12-05\n"
            "sections: [{code: body, original: en}]\n"
        )
        (folder / "en" / "body.md").write_text(en)
        front = f"---\ntranslated_from: {fingerprint(en)}\n---\n" if read else ""
        (folder / "es" / "body.md").write_text(front + (en if es is None else es))
        return Small(folder)

    return made


@pytest.fixture(scope="session")
def round_2024() -> Book:
    package = read_own_round("2024")
    return Book.of(package.figures, package.measures)

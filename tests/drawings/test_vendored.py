"""Vendored files refer to nothing that is missing, stay small and carry their licences."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "mirps"
VENDOR = SOURCE / "web" / "static" / "vendor"


def test_the_style_sheet_refers_only_to_files_that_are_here() -> None:
    sheet = VENDOR / "uswds" / "uswds.css"
    found = {path for path in re.findall(r'url\("?([^")]+)"?\)', sheet.read_text(encoding="utf-8")) if path}
    assert "../fonts/noto-sans-regular.woff2" in found
    for path in found:
        assert (sheet.parent / path).is_file(), path


@pytest.mark.parametrize(
    "component",
    [
        "usa-header",
        "usa-nav",
        "usa-footer",
        "usa-table",
        "usa-card",
        "usa-alert",
        "usa-accordion",
        "usa-button",
        "usa-form",
        "usa-search",
        "usa-tag",
        "usa-breadcrumb",
        "grid-row",
        "usa-language",
        "usa-summary-box",
        "usa-pagination",
        "usa-step-indicator",
        "usa-banner",
        "usa-skipnav",
        "usa-input",
        "usa-select",
        "usa-checkbox",
        "usa-radio",
        "usa-intro",
        "margin-top-4",
        "padding-x-2",
        "display-none",
        "text-right",
        "usa-logo",
        "usa-prose",
    ],
)
def test_the_style_sheet_holds_each_component(component: str) -> None:
    sheet = (VENDOR / "uswds" / "uswds.css").read_text(encoding="utf-8")
    assert re.search(rf"\.{component}(?![a-z])", sheet)


def test_no_vendored_text_leads_to_a_source_map_or_another_host() -> None:
    for path in VENDOR.rglob("*"):
        if path.suffix in {".css", ".js"}:
            text = path.read_text(encoding="utf-8")
            assert "sourceMappingURL" not in text, path.name
            assert not re.search(r"url\(\"?https?:", text), path.name


def test_web_fonts_are_small_and_every_part_has_its_licence() -> None:
    for font in (VENDOR / "fonts").glob("*.woff2"):
        assert font.stat().st_size < 20_000, font.name
    for licence in (
        "fonts/OFL.txt", "uswds/LICENSE.md", "htmx/LICENSE", "jsqr/LICENSE", "noble-ed25519/LICENSE",
    ):  # fmt: skip
        assert (VENDOR / licence).is_file()
    assert (SOURCE / "base" / "paper" / "fonts" / "OFL.txt").is_file()


def test_the_style_sheet_was_compiled_with_a_real_font() -> None:
    """A wrong cap height in the settings makes text a thousand times too large, or of no height."""
    sheet = (VENDOR / "uswds" / "uswds.css").read_text(encoding="utf-8")
    sizes = [float(size) for size in re.findall(r"font-size:([\d.]+)rem", sheet)]
    assert len(sizes) > 20
    assert all(0.6 < size < 4 for size in sizes)
    assert not re.search(r"font-family:[^;}]*,[;}]", sheet)
    assert "font-family:Noto Sans,Helvetica Neue" in sheet

"""Colours are told apart by any eyes, in print and on paper."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from mirps.sharing.drawings import palette


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", [palette.INK, palette.MUTED])
@pytest.mark.parametrize("ground", [palette.PAPER, palette.SEA, palette.NEIGHBOUR])
def test_text_is_legible_on_every_ground(colour: str, ground: str) -> None:
    assert contrast(colour, ground) >= 4.5


@pytest.mark.parametrize("fill", [*palette.SERIES, palette.AXIS, palette.BORDER])
def test_marks_stand_out_from_paper(fill: str) -> None:
    assert contrast(fill, palette.PAPER) >= 3


def test_classes_darken_step_by_step() -> None:
    for lighter, darker in pairwise(palette.CLASSES):
        assert contrast(lighter, darker) >= 1.2


def test_no_two_series_share_colour_and_pattern() -> None:
    paints = [palette.series_fill(i) for i in range(len(palette.SERIES))]
    assert all(a != b for a, b in combinations(paints, 2))
    assert len(set(palette.DASHES)) == len(palette.DASHES)

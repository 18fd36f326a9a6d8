"""The door to governance."""

from __future__ import annotations

from datetime import date


def presiding(on: date, lang: str) -> None:
    return None

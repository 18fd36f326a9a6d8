"""Shapes of what institutions' systems send and are answered, for the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict

from mirps.web.api.shapes import TEXT, fields, responses

BILINGUAL = fields(es=TEXT, en=TEXT)
#: What every operation may answer besides its own.
_ALWAYS = (400, 401, 403, 413, 429)


def strict() -> ConfigDict:
    """A part that nobody knows is a fault: a misspelt one must not be answered as if it were not there."""
    return ConfigDict(extra="forbid")


def answers(
    shape: Mapping[str, Any], *errors: int, also: Mapping[int, Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """The responses of an operation: its shape, further ones, and its errors as problem+json."""
    return responses({200: shape, **(also or {})}, {*_ALWAYS, *errors})

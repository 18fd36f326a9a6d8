"""Shapes of what institutions' systems send and are answered, for the contract."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic import ConfigDict

from mirps.web.api.shapes import TEXT, fields

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
    problem = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    found = {200: shape, **(also or {})}
    return {
        "responses": {
            **{n: {"description": HTTPStatus(n).phrase, "content": {"application/json": {"schema": dict(s)}}}
               for n, s in found.items()},
            **{n: {"description": HTTPStatus(n).phrase, **problem} for n in sorted({*_ALWAYS, *errors})},
        }
    }  # fmt: skip

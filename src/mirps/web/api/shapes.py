"""The shapes of answers for OpenAPI, and the parameters that many addresses take."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema

from mirps.base.texts.api import LANGUAGES
from mirps.sharing.exports.api import json_schema
from mirps.web.api.problems import language_of


def drawn(**schema: object) -> Any:
    """A parameter that may be left out, described by `schema` alone (a query has no null)."""

    def put(found: dict[str, Any]) -> None:
        found.clear()
        found.update(schema)

    return Field(json_schema_extra=put)


Lang = Annotated[Literal["es", "en"] | None, drawn(type="string", enum=list(LANGUAGES))]
Day = Annotated[date | None, drawn(type="string", format="date")]
Code = Annotated[str, Field(max_length=200)]

TEXT = {"type": "string"}
MAYBE = {"type": ["string", "null"]}
NUMBER = {"type": ["number", "null"]}
DATE = {"type": ["string", "null"], "format": "date"}
COUNT = {"type": "integer", "minimum": 0}
YES = {"type": "boolean"}


class Reader(Schema):
    """What every address takes."""

    lang: Lang = None


def fields(**properties: Any) -> dict[str, Any]:
    """An object with exactly these properties."""
    return {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


def listed(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(item)}


FIGURE: dict[str, Any] = json_schema()["properties"]["figures"]["items"]
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "remedy"],
    "properties": {
        **dict.fromkeys(("type", "title", "detail", "instance", "remedy", "parameter"), TEXT),
        "status": {"type": "integer"},
    },
}


def answers(shape: Mapping[str, Any], *errors: int) -> dict[str, Any]:
    """The responses of an operation: its shape, 304, and its errors as problem+json."""
    return responses({200: shape, 304: None}, {400, 429, *errors})


def responses(shapes: Mapping[int, Mapping[str, Any] | None], errors: Iterable[int]) -> dict[str, Any]:
    """The responses of an operation: those with a shape or (None) without contents, and its errors as problem+json."""
    problem = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    held = {
        n: {} if s is None else {"content": {"application/json": {"schema": dict(s)}}}
        for n, s in shapes.items()
    }
    held |= dict.fromkeys(sorted(errors), problem)
    return {"responses": {n: {"description": HTTPStatus(n).phrase, **told} for n, told in held.items()}}


def reply(request: HttpRequest, body: object) -> HttpResponse:
    return HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/json")


def tongue(request: HttpRequest) -> str:
    return language_of(request)

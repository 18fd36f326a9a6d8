"""The contract of the API for institutions: OpenAPI 3.1 in either language, open to everybody."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from mirps.base.clients import api as clients
from mirps.base.texts.api import say
from mirps.web.api import shapes
from mirps.web.api.institutions.shapes import answers
from mirps.web.api.limits import READ
from mirps.web.api.shapes import PROBLEM, Reader

router = Router(throttle=READ)
SCHEME = "oauth"


@router.get(
    "/openapi.json", operation_id="institutions-openapi", url_name="institutions-openapi",
    openapi_extra=answers({"type": "object"}),
)  # fmt: skip
def openapi(request: HttpRequest, reader: Query[Reader]) -> HttpResponse:
    return shapes.reply(request, described(shapes.tongue(request)))


@cache
def described(lang: str) -> dict[str, Any]:
    """The OpenAPI document, its texts in one language."""
    from mirps.web.api.institutions import api

    schema: dict[str, Any] = json.loads(
        json.dumps(api.get_openapi_schema(path_prefix="api/institutions/v1/"))
    )
    schema["info"] |= {
        "title": say("interop.api.title", lang),
        "description": say("interop.api.description", lang),
    }
    schema["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    scopes = {code: say(f"interop.scope.{code}", lang) for code in clients.terms().scopes}
    schema["components"]["securitySchemes"] = {
        SCHEME: {
            "type": "oauth2",
            "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": scopes}},
        }
    }
    needs = _needs()
    for methods in schema["paths"].values():
        for op in methods.values():
            name = op["operationId"]
            op.pop("description", None)
            op["summary"] = say(f"interop.op.{name}", lang)
            op["security"] = [{SCHEME: [needs[name]]}] if name in needs else []
    return schema


def _needs() -> dict[str, str]:
    """Operation -> the scope that its token must hold."""
    from mirps.web.api.institutions import api
    from mirps.web.api.institutions.door import Needs

    return {
        op.operation_id or "": auth.scope
        for _, router in api._routers
        for view in router.path_operations.values()
        for op in view.operations
        for auth in op.auth_callbacks
        if isinstance(auth, Needs)
    }

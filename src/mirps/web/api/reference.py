"""The API's own description: OpenAPI 3.1 in either language, and a page made from it, without scripts."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from mirps.base.texts.api import say
from mirps.sharing.exports.api import FORMATS
from mirps.web.api import limits, shapes
from mirps.web.api.limits import READ
from mirps.web.api.shapes import PROBLEM, Reader

router = Router(throttle=READ)
EXAMPLES = {
    "lang": "en", "known_on": "2024-12-31", "limit": "50", "round": "2024", "state": "HND",
    "measure": "asylum.applications", "sector": "asylum", "population": "ASY", "document": "AR24",
    "source": "HND.INM", "place": "Tapachula", "dimensions": "age=0-17;sex=F", "role": "recommended",
    "id": "ar24-cri-001", "kind": "parts_exceed_total", "standing": "open", "suffix": "csv",
}  # fmt: skip
_OWN_CODE = {"measure": "asylum.applications"}


@cache
def described(lang: str) -> dict[str, Any]:
    """The OpenAPI document, its texts in one language. The same process gives the same document."""
    from mirps.web.api import api

    schema: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="api/v1/")))
    known = ", ".join(f.suffix for f in FORMATS.values())
    schema["info"] |= {"title": say("api.title", lang), "description": say("api.description", lang)}
    schema["components"] = {"schemas": {"Problem": PROBLEM}}
    for methods in schema["paths"].values():
        for op in methods.values():
            op["summary"] = say(f"api.op.{op['operationId']}", lang, known=known)
            op.pop("description", None)
            for p in op.get("parameters", ()):
                _describe(op["operationId"], p, known, lang)
    return schema


def _describe(operation: str, p: dict[str, Any], known: str, lang: str) -> None:
    name = p["name"]
    key = "name" if name == "suffix" else name
    p["description"] = say(f"api.param.{key}", lang, known=known)
    p["schema"].pop("title", None)
    if name in EXAMPLES:
        p["example"] = EXAMPLES[name]
    elif operation in _OWN_CODE:
        p["example"] = _OWN_CODE[operation]
    if name == "suffix":
        p["schema"]["enum"] = [f.suffix for f in FORMATS.values()]


@router.get(
    "/openapi.json",
    operation_id="openapi",
    url_name="openapi",
    openapi_extra=shapes.answers({"type": "object"}),
)
def openapi(request: HttpRequest, reader: Query[Reader]) -> HttpResponse:
    return shapes.reply(request, described(shapes.tongue(request)))


@router.get("/reference.css", url_name="reference-css", include_in_schema=False)
def stylesheet(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        Path(__file__).with_name("reference.css").read_text(), content_type="text/css; charset=utf-8"
    )


@router.get("/", url_name="reference", include_in_schema=False)
def reference(request: HttpRequest) -> HttpResponse:
    return HttpResponse(page(shapes.tongue(request)), content_type="text/html; charset=utf-8")


@cache
def page(lang: str) -> str:
    """The reference as one page of HTML."""
    schema = described(lang)
    other = "en" if lang == "es" else "es"

    def t(key: str, **values: object) -> str:
        return escape(say(f"api.reference.{key}", lang, **values))

    sections = "".join(_section(path, op["get"], lang) for path, op in schema["paths"].items())
    title = escape(schema["info"]["title"])
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/api/v1/reference.css"></head><body>'
        f'<header><p><a href="/{lang}/">MIRPS</a> · <a href="?lang={other}" lang="{other}" hreflang="{other}">'
        f"{t('other')}</a></p></header><main><h1>{title}</h1><p>{escape(schema['info']['description'])}</p>"
        f"<p>{t('rates', read=limits.READ.limit, export=limits.EXPORT.limit)}</p>"
        f'<ul><li><a href="/api/v1/openapi.json?lang={lang}">{t("schema")}</a></li>'
        f'<li><a href="/api/v1/figures.schema.json">{t("json_schema")}</a></li></ul>'
        f"<h2>{t('addresses')}</h2>{sections}<h2>{t('errors')}</h2><p>{t('errors_text')}</p></main></body></html>\n"
    )


def _section(path: str, op: dict[str, Any], lang: str) -> str:
    """One address: what it gives, and its parameters in a table."""

    def t(key: str, **values: object) -> str:
        return escape(say(f"api.reference.{key}", lang, **values))

    rows = "".join(
        f'<tr><th scope="row"><code>{escape(p["name"])}</code></th><td>{escape(p["description"])}</td>'
        f"<td><code>{escape(str(p.get('example', '')))}</code></td></tr>"
        for p in op.get("parameters", ())
    )
    head = "".join(f'<th scope="col">{t(k)}</th>' for k in ("name", "meaning", "example"))
    caption = t("parameters", address=path)
    table = (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        if rows
        else f"<p>{t('none')}</p>"
    )
    return f"<section><h3><code>GET {escape(path)}</code></h3><p>{escape(op['summary'])}</p>{table}</section>"

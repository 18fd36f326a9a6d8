"""All that can be taken away, under addresses that stay."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mirps.base.texts.api import say
from mirps.sharing.exports.api import FORMATS
from mirps.web.pages.page import Reader, page


@require_safe
def downloads(request: HttpRequest, lang: str) -> HttpResponse:
    r = Reader(request)
    held = {e.round for e in r.shelf.stock.everything}
    return page(
        request,
        "downloads.html",
        here="downloads",
        rounds=[{"code": x.code, "title": x.title(r.lang)} for x in r.shelf.rounds if x.code in held],
        formats=[
            {"ending": f.suffix, "name": say(f"portal.format.{f.name}.name", r.lang),
             "what": say(f"portal.format.{f.name}.words", r.lang)}
            for f in FORMATS.values()
        ],
    )  # fmt: skip

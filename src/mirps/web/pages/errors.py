"""When something does not work: what happened, and what helps, in the reader's language."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse

from mirps.web.pages.page import explained, page, private

KNOWN = (400, 403, 404, 405, 413, 429, 500)
log = logging.getLogger(__name__)

#: For when not even a page can be made.
LAST_RESORT = (
    "<!doctype html><html lang=es><meta charset=utf-8><title>MIRPS</title>"
    "<h1>Algo falló de nuestro lado</h1><p>Inténtelo de nuevo en unos minutos.</p>"
    "<h1 lang=en>Something failed on our side</h1><p lang=en>Please try again in a few minutes.</p></html>"
)


def error(request: HttpRequest, status: int, what: str = "") -> HttpResponse:
    """The page of an error. `what` names the thing that was asked for, if one was; of what is not
    allowed it says why and who may, in a sentence."""
    kind = status if status in KNOWN else (500 if status >= 500 else 400)
    most = 800 if kind == 403 else 100
    try:
        return explained(private(page(request, "error.html", status, kind=str(kind), what=what[:most])))
    except Exception:
        log.exception("no page could be made for the error %s", status)
        return explained(private(HttpResponse(LAST_RESORT, status=status)))

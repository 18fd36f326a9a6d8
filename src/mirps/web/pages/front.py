"""The way in: the language, the reader's country, and what this place is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from mirps.base.codelists import api as codelists
from mirps.web.jinja import address, preferred_language
from mirps.web.pages.page import Reader, page, private

YEAR = 365 * 24 * 3600


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    answer = HttpResponseRedirect(address("home", lang=preferred_language(request)))
    patch_vary_headers(answer, ["Accept-Language"])
    return answer


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(static("site/mark.svg"))


@require_safe
def about(request: HttpRequest, lang: str) -> HttpResponse:
    r = Reader(request)
    return page(request, "about.html", shelf=r.shelf, documents=codelists.documents().values())


@csrf_exempt  # it only keeps how this reader likes numbers written
@require_POST
def country(request: HttpRequest, lang: str) -> HttpResponse:
    """Keep the reader's country in a cookie, so that numbers and dates follow it without JavaScript."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = address("home", lang=lang)
    answer = private(HttpResponseRedirect(back))
    code = request.POST.get("country", "")
    if code in codelists.locales():
        answer.set_cookie(
            "country",
            code,
            max_age=YEAR,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        answer.delete_cookie("country", samesite="Lax")
    return answer

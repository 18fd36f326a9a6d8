"""Where engines that compare identities send the answers that they give later: signed, to a question of ours, once."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from mirps.base.refusal import Refusal
from mirps.people.verification import api as verification
from mirps.web.pages.page import told
from mirps.web.pages.throttle import exceeded, spent

#: Messages of one address in a minute that were not taken, before no more is looked at.
TRIES, IN_SECONDS = 30, 60
MOST = 64 * 1024


@csrf_exempt
@require_POST
def answered(request: HttpRequest, engine: str) -> HttpResponse:
    found = verification.engines().get(engine)
    if found is None:
        raise Http404
    if spent(request, "identity", TRIES):
        return told(429, "verification.fault.too-often")
    text = request.read(MOST)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        row = verification.came(found, headers, text, at=timezone.now())
    except Refusal as fault:
        exceeded(request, "identity", TRIES, IN_SECONDS)
        return told(401 if fault.key.startswith("hooks.") else 422, fault.key, **fault.values)
    return JsonResponse({"request": str(row.pk)})


patterns: list[URLPattern] = [path("hooks/identity/<slug:engine>", answered, name="identity-answered")]

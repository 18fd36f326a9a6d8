"""Choosing where one sits and what for, where an account allows more than one place."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from mirps.people.custody import api as custody
from mirps.web.pages.people.door import Desk, at_the_desk, place_name


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk()
def seat(desk: Desk) -> HttpResponse:
    if desk.request.method == "POST":
        desk.sit(desk.request.POST.get("place", ""), desk.request.POST.get("purpose", ""))
        return desk.go("people-search", "?seat=1")
    places = [(f"{s.institution} {o}", place_name(s.institution, o, desk.lang)) for s, o in desk.places]
    purposes = [(code, c.name(desk.lang)) for code, c in custody.purposes().items()]
    return desk.page(
        "people/seat.html", places=places, purposes=purposes, sits=f"{desk.seat.institution} {desk.office}"
    )

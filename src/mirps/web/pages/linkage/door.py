"""Who stands at the pages about counts with other States: who signs for this node's State, and who administers it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from mirps.sharing.exchange import api as exchange
from mirps.sharing.linkage import api as links
from mirps.sharing.linkage.api import Agreement
from mirps.web import desk as desks
from mirps.web.desk import Desk

READ = "linkage.read"
View = Callable[..., HttpResponse]


def at_linkage(view: View) -> View:
    """`view(desk, **parts)`; where there is no node to agree as, a page that says so in its place."""

    def standing(desk: Desk, **parts: Any) -> HttpResponse:
        desk.require(READ, state=_own(desk))
        if not exchange.stands():
            return desk.page("linkage/none.html", node=settings.NODE)
        return view(desk, **parts)

    @wraps(view)
    def opened(request: HttpRequest, lang: str, **parts: Any) -> HttpResponse:
        return desks.admitted(Desk(request), standing, **parts)

    return opened


def _own(desk: Desk) -> str:
    """For which State somebody looks: this node's; where one process plays every node, their own."""
    if settings.NODE:
        return "" if settings.NODE == exchange.REGION else settings.NODE
    return next((g.state for g in desk.grants if desk.may(READ, state=g.state)), "")


def agreement_of(id: UUID) -> Agreement:
    found = links.agreement(id)
    if found is None:
        raise Http404
    return found

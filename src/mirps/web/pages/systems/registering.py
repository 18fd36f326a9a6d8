"""The list of systems, a new one, and one of them: approved, its keys and its secret, its end."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.access.api import User
from mirps.base.audit.api import AuditEntry, entries_about
from mirps.base.clients import api as clients
from mirps.base.clients.api import Client
from mirps.base.codelists import api as codelists
from mirps.base.refusal import Refusal
from mirps.base.texts.api import catalogue, say
from mirps.people.custody import api as custody
from mirps.sharing.webhooks import api as webhooks
from mirps.web.pages.accounts.door import Typed
from mirps.web.pages.systems.door import Desk, at_systems, done


@require_safe
@at_systems
def listed(desk: Desk) -> HttpResponse:
    rows = list(desk.rows.order_by("institution", "name", "id"))
    rows.sort(key=lambda r: r.stands != "waiting")
    return desk.page("systems/list.html", rows=rows)


@require_http_methods(["GET", "HEAD", "POST"])
@at_systems
@sensitive_variables()
def new(desk: Desk) -> HttpResponse:
    """Register a system: it is let in once somebody else has approved it."""
    if not desk.areas:
        desk.require("people.manage")
    typed = Typed(desk.request, desk.lang)
    chosen = desk.request.POST.getlist("scope")
    if typed.posted:
        try:
            row, secret = clients.register(
                name=typed.get("name"), institution=typed.get("institution"), scopes=chosen,
                keys=desk.request.POST.get("keys", ""), sealing=typed.get("sealing"), by=desk.user, at=desk.now,
            )  # fmt: skip
        except Refusal as e:
            typed.fault(_FIELDS.get(e.key.rpartition(".")[2], "form"), e.key, **e.values)
        else:
            return _told(desk, row, secret) if secret else desk.go("client", "?done=registered", id=row.pk)
    institutions = [
        (code, f"{code} · {i.name(desk.lang)}") for code, i in codelists.institutions().items()
        if i.extra.get("state") and ("" in desk.areas or i.extra["state"] in desk.areas)
    ]  # fmt: skip
    return desk.page(
        "systems/new.html", 422 if typed.faults else 200, f=typed, institutions=institutions, chosen=chosen,
        scopes=list(scopes(desk)),
    )  # fmt: skip


#: Where on the form a fault belongs.
_FIELDS = {
    "name": "name",
    "institution": "institution",
    "scopes": "scopes",
    "sealing": "sealing",
} | dict.fromkeys(("keys-long", "keys-unread", "keys-many", "keys-private", "keys-kind"), "keys")


def scopes(desk: Desk) -> list[tuple[str, str, str]]:
    """Each scope, what it lets a system do, and for which purpose it then reads people."""
    purposes = custody.purposes()
    return [
        (
            code,
            say(f"interop.scope.{code}", desk.lang),
            purposes.name(s.purpose, desk.lang) if s.purpose else "",
        )
        for code, s in clients.terms().scopes.items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@at_systems
@sensitive_variables()
def one(desk: Desk, id: str) -> HttpResponse:
    row, typed = desk.client(id), Typed(desk.request, desk.lang)
    if typed.posted:
        try:
            answer = _do(desk, row, typed)
        except Refusal as e:
            typed.fault(_FIELDS.get(e.key.rpartition(".")[2], "form"), e.key, **e.values)
        else:
            return answer
    return desk.page(
        "systems/one.html", 422 if typed.faults else 200, f=typed, row=row, done=done(desk), entries=_kept(desk, row),
        manages=desk.manages(row) and not row.ended_at, approves=desk.approves(row),
        subscriptions=webhooks.Subscription.objects.filter(client=row).order_by("address", "id"),
        scopes=[s for s in scopes(desk) if s[0] in row.scopes], token_url=f"{clients.issuer()}/{clients.TOKEN_PATH}",
    )  # fmt: skip


def _kept(desk: Desk, row: Client) -> list[tuple[AuditEntry, str, str]]:
    """What was done with it, the latest first: entry, who, what."""
    entries = list(reversed(entries_about(f"client/{row.pk}")[-30:]))
    called = {
        u.username: u.called for u in User.objects.filter(username__in={e.by for e in entries}).order_by("pk")
    }
    return [(e, called.get(e.by, e.by), _act(e.act, desk)) for e in entries]


def _do(desk: Desk, row: Client, typed: Typed) -> HttpResponse:
    at: dict[str, Any] = {"client": row.pk, "by": desk.user, "at": desk.now}
    what = typed.get("do")
    if what == "approve":
        clients.approve(**at)
    elif what == "secret" and not row.keys:
        return _told(desk, *clients.rotate_secret(**at))
    elif what == "keys":
        clients.set_keys(keys=desk.request.POST.get("keys", ""), sealing=typed.get("sealing"), **at)
    elif what == "end":
        clients.end(**at)
    else:
        raise Http404
    return desk.go("client", f"?done={what}", id=row.pk)


def _act(act: str, desk: Desk) -> str:
    key = f"systems.act.{act}"
    return say(key, desk.lang) if key in catalogue() else act


def _told(desk: Desk, row: Client, secret: str) -> HttpResponse:
    """A secret, shown this once: of it a digest is kept."""
    return desk.page("systems/told.html", row=row, secret=secret, back=desk.url("client", id=row.pk))


patterns: list[URLPattern] = [
    path("systems/", listed, name="clients"),
    path("systems/new/", new, name="client-new"),
    path("systems/<slug:id>/", one, name="client"),
]

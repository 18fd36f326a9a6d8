"""What a system is told of: subscribing, its secret, off and on, and each message with what was answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from mirps.base.hooks import api as hooks
from mirps.base.refusal import Refusal
from mirps.base.texts.api import say
from mirps.sharing.webhooks import api as webhooks
from mirps.sharing.webhooks.api import Subscription
from mirps.web.pages.accounts.door import Typed
from mirps.web.pages.systems.door import Desk, at_systems, done

ON_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@at_systems
@sensitive_variables()
def new(desk: Desk, id: str) -> HttpResponse:
    row, typed = desk.client(id), Typed(desk.request, desk.lang)
    if not desk.manages(row):
        desk.require("people.manage", state=row.state)
    chosen = desk.request.POST.getlist("kind")
    if typed.posted:
        try:
            made, secret = webhooks.subscribe(
                client=row.pk, address=typed.get("address"), kinds=chosen, by=desk.user, at=desk.now
            )
        except Refusal as e:
            key = e.key.rpartition(".")[2]
            typed.fault({"kinds": "kinds", "client": "form"}.get(key, "address"), e.key, **e.values)
        else:
            return _told(desk, made, secret)
    kinds = [(k, say(f"hooks.kind.{k}", desk.lang)) for k in webhooks.kinds()]
    return desk.page(
        "systems/hook-new.html", 422 if typed.faults else 200, f=typed, row=row, kinds=kinds, chosen=chosen,
        hosts=sorted(hooks.allowed()),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_systems
@sensitive_variables()
def one(desk: Desk, id: str, hook: UUID) -> HttpResponse:
    row, typed = desk.client(id), Typed(desk.request, desk.lang)
    held = Subscription.objects.select_related("client").filter(client=row, pk=hook).first()
    if held is None:
        raise Http404
    if typed.posted:
        try:
            return _do(desk, held, typed)
        except Refusal as e:
            typed.fault("form", e.key, **e.values)
    deliveries = held.deliveries.prefetch_related("attempts").order_by("-happened_at", "id")
    shown = Paginator(deliveries, ON_A_PAGE).get_page(desk.request.GET.get("page"))
    return desk.page(
        "systems/hook.html", 422 if typed.faults else 200, f=typed, row=row, hook=held, shown=shown, done=done(desk),
        manages=desk.manages(row) and not held.ended_at,
    )  # fmt: skip


def _do(desk: Desk, held: Subscription, typed: Typed) -> HttpResponse:
    by: dict[str, Any] = {"by": desk.user, "at": desk.now}
    what = typed.get("do")
    if what == "secret":
        return _told(desk, *webhooks.rotate(subscription=held.pk, **by))
    if what in ("on", "off"):
        webhooks.turn(subscription=held.pk, on=what == "on", **by)
    elif what == "end":
        webhooks.end(subscription=held.pk, **by)
    elif what == "again" and held.deliveries.filter(pk=_uuid(typed.get("delivery"))).exists():
        webhooks.again(delivery=_uuid(typed.get("delivery")), **by)
    else:
        raise Http404
    return desk.go("client-hook", f"?done=hook-{what}", id=held.client_id, hook=held.pk)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _told(desk: Desk, row: Subscription, secret: str) -> HttpResponse:
    back = desk.url("client-hook", id=row.client_id, hook=row.pk)
    return desk.page("systems/told.html", row=row.client, secret=secret, back=back)


patterns: list[URLPattern] = [
    path("systems/<slug:id>/hooks/", new, name="client-hook-new"),
    path("systems/<slug:id>/hooks/<uuid:hook>/", one, name="client-hook"),
]

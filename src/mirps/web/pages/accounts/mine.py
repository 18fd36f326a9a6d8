"""One's own account: roles, stand-ins, sessions, second factors, language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mirps.base.access import api as access
from mirps.base.access.api import AccessFault, Delegation, RoleAssignment, User
from mirps.base.access.rules import DEMO_PREFIX
from mirps.base.notices import api as notices
from mirps.base.texts.api import LANGUAGES, say
from mirps.web.jinja import address
from mirps.web.pages.accounts import devices
from mirps.web.pages.accounts.door import (
    Typed,
    managed,
    mandates_of,
    role_name,
    signed_in,
    via_name,
    where_name,
)
from mirps.web.pages.page import explained, page

#: What a page may say was done: keys of accounts.done.
DONE = (
    "password", "language", "session", "sessions", "lent", "taken-back", "factor", "codes",
    "given", "ended", "invited", "not-mailed", "forgotten",
)  # fmt: skip


def done(request: HttpRequest, lang: str) -> str:
    """What was just done, if the address says so."""
    asked = request.GET.get("done", "")
    return say(f"accounts.done.{asked}", lang) if asked in DONE else ""


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role as a page tells it."""

    id: int
    role: str
    where: str
    via: str
    starts: date
    ends: date | None
    acts: bool  # today
    turns: tuple[access.Mandate, ...]  # of the mandate by virtue of which it is held


def told(held: RoleAssignment, lang: str, on: date) -> HeldRole:
    turns = tuple(mandates_of(held.state, held.via)) if held.via else ()
    mine = access.grant(held)
    return HeldRole(
        id=held.pk,
        role=role_name(held.role, lang),
        where=where_name(held.state, held.body, lang, held.office),
        via=via_name(held.via, lang) if held.via else "",
        starts=held.starts,
        ends=held.ends,
        acts=any(g.covers(on) for g in access.in_force([mine], turns)),
        turns=turns,
    )


@require_safe
@signed_in
def account(request: HttpRequest, lang: str, user: User) -> HttpResponse:
    return _page(request, lang, user, Typed(request, lang))


def _page(request: HttpRequest, lang: str, user: User, typed: Typed) -> HttpResponse:
    today = timezone.now().date()
    roles = [told(a, lang, today) for a in user.roles.order_by("-starts", "id")]
    factors = list(Authenticator.objects.filter(user=user).order_by("created_at", "id"))
    answer = page(
        request, "accounts/mine.html", 422 if typed.faults else 200, here="account", person=user,
        roles=roles, f=typed, done=done(request, lang), today=today,
        delegations=list(access.delegations_of(user)), stand_ins=access.stand_ins(user, on=today),
        lendable=bool(access.lendable(user, on=today)),
        sessions=_sessions(request, user), keys=[x for x in factors if x.type == "webauthn"],
        app=next((x for x in factors if x.type == "totp"), None),
        codes=next((x for x in factors if x.type == "recovery_codes"), None),
        manages=bool(managed(user)), needs=access.must_use_second_factor(user, on=today),
        demo_account=settings.DEMO and user.username.startswith(DEMO_PREFIX),
    )  # fmt: skip
    return explained(answer) if typed.faults else answer


def _sessions(request: HttpRequest, user: User) -> list[dict[str, object]]:
    """Where the person is signed in, this device first, then the last used."""
    here = request.session.session_key
    held = UserSession.objects.purge_and_list(user)
    return [
        {
            "id": s.pk, "here": s.session_key == here, "device": devices.read(s.user_agent), "ip": s.ip,
            "since": s.created_at, "seen": s.last_seen_at,
        }
        for s in sorted(held, key=lambda s: (s.session_key != here, -s.last_seen_at.timestamp()))
    ]  # fmt: skip


@require_POST
@signed_in
def language(request: HttpRequest, lang: str, user: User) -> HttpResponse:
    chosen = request.POST.get("language", "")
    if chosen not in LANGUAGES:
        raise Http404
    user.language = chosen
    user.save(update_fields=["language"])
    return HttpResponseRedirect(address("account", lang=chosen) + "?done=language")


@require_POST
@signed_in
def end_session(request: HttpRequest, lang: str, user: User) -> HttpResponse:
    """End one session, or all but this one."""
    which, here = request.POST.get("session", ""), request.session.session_key or ""
    if which == "others":
        access.end_sessions(user=user, keep=here, by=user.username, at=timezone.now())
        return HttpResponseRedirect(address("account", lang=lang) + "?done=sessions#sessions")
    if not which.isdecimal() or not access.end_sessions(
        user=user, only=int(which[:18]), by=user.username, at=timezone.now()
    ):
        raise Http404
    return HttpResponseRedirect(address("account", lang=lang) + "?done=session#sessions")


@require_POST
@signed_in
def lend(request: HttpRequest, lang: str, user: User) -> HttpResponse:
    """Let somebody act for oneself between two days."""
    typed, now = Typed(request, lang), timezone.now()
    known = {u.username: u for u in access.stand_ins(user, on=now.date())}
    taker = known.get(typed.get("taker"))
    starts, ends = typed.day("starts"), typed.day("ends")
    if taker is None:
        typed.fault("taker", "accounts.fault.choose-person")
    if taker and starts and ends and not typed.faults:
        try:
            with transaction.atomic():
                access.lend(
                    giver=user, taker=taker, starts=starts, ends=ends, reason=typed.get("reason"),
                    by=user.username, at=now,
                )  # fmt: skip
                _tell([user, taker], user)
        except AccessFault as e:
            typed.faulted(e)
    if typed.faults:
        return _page(request, lang, user, typed)
    return HttpResponseRedirect(address("account", lang=lang) + "?done=lent#standing-in")


@require_POST
@signed_in
def take_back(request: HttpRequest, lang: str, user: User, id: int) -> HttpResponse:
    """End a delegation: the giver's or the taker's to do."""
    held = Delegation.objects.filter(pk=id).select_related("giver", "taker").first()
    if held is None or user.pk not in (held.giver_id, held.taker_id):
        raise Http404
    with transaction.atomic():
        access.take_back(delegation=id, by=user.username, at=timezone.now())
        _tell([held.giver, held.taker], user)
    return HttpResponseRedirect(address("account", lang=lang) + "?done=taken-back#standing-in")


def _tell(people: list[User], by: User) -> None:
    notices.tell(
        to=people, kind="account.delegation", about=notices.About(), by=by.username, at=timezone.now()
    )


@require_http_methods(["GET", "HEAD"])
@signed_in
def second_factor(request: HttpRequest, lang: str, user: User) -> HttpResponse:
    """Why one is needed, and which ones there are."""
    return page(request, "accounts/second-factor.html", here="account")

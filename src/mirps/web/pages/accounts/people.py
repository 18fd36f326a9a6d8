"""The people of the platform, for those who administer accounts: who holds what; give, end, invite."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial, wraps
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.access import api as access
from mirps.base.access.api import AccessFault, RoleAssignment, User
from mirps.base.audit.api import entries_about
from mirps.base.codelists import api as codelists
from mirps.base.notices import api as notices
from mirps.base.texts.api import LANGUAGES, catalogue, say
from mirps.web.jinja import address
from mirps.web.pages.accounts.door import Typed, managed, refused, role_name, signed_in, via_name, where_name
from mirps.web.pages.accounts.inviting import send_link
from mirps.web.pages.accounts.mine import done, told
from mirps.web.pages.page import explained, page

ON_A_PAGE = 50
#: The area of a region-wide role, in addresses and forms: a State's code cannot be this.
REGION = "region"

View = Callable[..., HttpResponse]


def administers(view: View) -> View:
    """A view of those who administer accounts: it is given `areas`, the States they do so for ("": the
    region and everybody). Others are told why not."""

    @wraps(view)
    @signed_in
    def checked(request: HttpRequest, lang: str, user: User, **parts: Any) -> HttpResponse:
        areas = managed(user)
        if not areas:
            return refused(request, "accounts.people.why-not")
        return view(request, lang, user, areas, **parts)

    return checked


@require_safe
@administers
def people(request: HttpRequest, lang: str, user: User, areas: list[str]) -> HttpResponse:
    today, chosen, q = timezone.now().date(), request.GET.get("state", ""), request.GET.get("q", "")[:100]
    listed = User.objects.order_by("first_name", "username")
    if chosen in areas or chosen == REGION:
        held = RoleAssignment.objects.filter(state="" if chosen == REGION else chosen)
        listed = listed.filter(pk__in=held.values("user"))
    if "" not in areas:
        listed = listed.filter(pk__in=RoleAssignment.objects.filter(state__in=areas).values("user"))
    if q:
        listed = listed.filter(
            Q(first_name__icontains=q) | Q(last_name__icontains=q) | Q(username__icontains=q) | Q(email__icontains=q)
        )  # fmt: skip
    shown = Paginator(listed, ON_A_PAGE).get_page(request.GET.get("page"))
    roles: dict[int, list[RoleAssignment]] = {}
    for a in RoleAssignment.objects.filter(user__in=[u.pk for u in shown]).order_by("role", "id"):
        if a.ends is None or a.ends >= today:
            roles.setdefault(a.user_id, []).append(a)
    rows = [(u, [told(a, lang, today) for a in roles.get(u.pk, [])]) for u in shown]
    return page(
        request, "accounts/people.html", here="people", rows=rows, shown=shown, q=q, chosen=chosen,
        areas=areas, area_options=area_options(areas, lang), done=done(request, lang),
    )  # fmt: skip


def area_options(areas: list[str], lang: str) -> list[tuple[str, str]]:
    return [(s or REGION, where_name(s, "", lang)) for s in areas]


@require_http_methods(["GET", "HEAD", "POST"])
@administers
def invite(request: HttpRequest, lang: str, user: User, areas: list[str]) -> HttpResponse:
    """Invite somebody by e-mail with their first role."""
    typed = Typed(request, lang)
    if request.method == "POST":
        role = _role(typed, areas)
        made = _invited(typed, role, user) if role and not typed.faults else None
        if made is not None:
            person, secret = made
            return _after_link(request, lang, person, secret)
    return _form(request, "accounts/invite.html", typed, areas, languages=LANGUAGES)


def _invited(typed: Typed, role: dict[str, Any], by: User) -> tuple[User, str] | None:
    now, spoken = timezone.now(), typed.get("language")
    try:
        with transaction.atomic():
            person = access.make_account(
                email=typed.get("email"), name=typed.get("name"), by=by.username, at=now,
                language=spoken if spoken in LANGUAGES else "es",
            )  # fmt: skip
            access.give_role(user=person, by=by.username, at=now, **role)
            return person, access.invite(user=person, by=by.username, at=now)
    except AccessFault as e:
        typed.faulted(e)
        return None


def _role(typed: Typed, areas: list[str]) -> dict[str, Any] | None:
    """The role that was typed, checked against what this administrator may give."""
    role, area, body = typed.get("role"), typed.get("state"), typed.get("body")
    starts, ends = typed.day("starts"), typed.day("ends", required=False)
    state, via = ("" if area == REGION else area), typed.get("via")
    if role not in access.ALLOWED:
        typed.fault("role", "accounts.fault.role")
    if not area or state not in areas:
        typed.fault("state", "accounts.fault.area")
    if via and (via not in vias() or not state):
        typed.fault("via", "accounts.fault.via")
    if via and "" not in areas:
        typed.fault("via", "accounts.fault.via-region")  # it acts for the whole region
    institutions = codelists.institutions()
    if body and (body not in institutions or institutions[body].extra.get("state", "") != state):
        typed.fault("body", "accounts.fault.body")
    if starts and ends and ends < starts:
        typed.fault("ends", "accounts.fault.ends-before")
    office = typed.get("office")
    if office and office not in codelists.offices():
        typed.fault("office", "accounts.fault.office-of-body")
    if typed.faults or starts is None:
        return None
    return {
        "role": role, "state": state, "body": body, "office": office, "via": via, "starts": starts, "ends": ends,
        "reason": typed.get("reason"),
    }  # fmt: skip


def vias() -> list[str]:
    """The mandates by virtue of which a role can be held."""
    return sorted({m.body for m in access.mandates()}, key=lambda b: (b != access.PRESIDENCY, b))


def _form(request: HttpRequest, template: str, typed: Typed, areas: list[str], **more: Any) -> HttpResponse:
    lang = typed.lang
    institutions = [
        (code, f"{code} · {i.name(lang)}") for code, i in codelists.institutions().items()
        if i.extra.get("state") in areas
    ]  # fmt: skip
    answer = page(
        request, template, 422 if typed.faults else 200, here="people", f=typed, areas=areas,
        area_options=area_options(areas, lang), institutions=institutions, today=timezone.now().date(),
        offices=[(o.code, f"{codelists.institutions().name(o.extra['institution'], lang)} · {o.name(lang)}")
                 for o in codelists.offices().values() if o.extra["state"] in areas],
        role_options=[(r, role_name(r, lang)) for r in access.ALLOWED],
        via_options=[(v, via_name(v, lang)) for v in vias()] if "" in areas else [], **more,
    )  # fmt: skip
    return explained(answer) if typed.faults else answer


def _after_link(request: HttpRequest, lang: str, person: User, secret: str) -> HttpResponse:
    mark = "invited" if send_link(person, secret) else "not-mailed"
    there = address("person", lang=lang, username=person.username)
    return HttpResponseRedirect(f"{there}?done={mark}")


@require_http_methods(["GET", "HEAD", "POST"])
@administers
def person(request: HttpRequest, lang: str, user: User, areas: list[str], username: str) -> HttpResponse:
    """Everything that somebody holds and held, and what may be done about it."""
    found = User.objects.filter(username=username).first()
    if found is None or not ("" in areas or found.roles.filter(state__in=areas).exists()):
        raise Http404
    typed = Typed(request, lang)
    if request.method == "POST":
        answer = _do(request, lang, typed, user, found, areas)
        if answer is not None:
            return answer
    today = timezone.now().date()
    held = [(told(a, lang, today), a.state in areas) for a in found.roles.order_by("-starts", "id")]
    audit = [e for e in entries_about(found.username) if "" in areas][-30:]
    return _form(
        request, "accounts/person.html", typed, areas, person=found, held=held,
        audit_words=partial(_audit_words, lang=lang), who=_called(e.by for e in audit),
        delegations=list(access.delegations_of(found)), whole=_whole(found, areas), audit=audit[::-1],
        myself=found.pk == user.pk, done=done(request, lang),
    )  # fmt: skip


def _called(usernames: Iterable[str]) -> dict[str, str]:
    found = User.objects.filter(username__in=set(usernames)).order_by("pk")
    return {u.username: u.called for u in found}


def _audit_words(act: str, lang: str) -> str:
    return say(f"accounts.audit.{act}", lang) if f"accounts.audit.{act}" in catalogue() else act


def _whole(found: User, areas: list[str]) -> bool:
    """Whether this administrator answers for the whole person: every role of theirs is in the areas."""
    return "" in areas or all(a.state in areas and not a.via for a in found.roles.order_by("id"))


def _do(
    request: HttpRequest, lang: str, typed: Typed, by: User, found: User, areas: list[str]
) -> HttpResponse | None:
    now, here = timezone.now(), address("person", lang=lang, username=found.username)
    what = typed.get("do")
    try:
        with transaction.atomic():
            if what == "give":
                role = _role(typed, areas)
                if role is None or typed.faults:
                    return None
                if found.pk == by.pk:
                    raise AccessFault("accounts.fault.own-role")
                access.give_role(user=found, by=by.username, at=now, **role)
                _tell(found, role["role"], by)
                return HttpResponseRedirect(f"{here}?done=given")
            if what == "end":
                return _end(typed, by, found, areas, here)
            if what == "forget" and _whole(found, areas):
                access.forget_second_factors(user=found, reason=typed.get("reason"), by=by.username, at=now)
                notices.tell(
                    to=[found], kind="account.second-factor", about=notices.About(), by=by.username, at=now
                )
                return HttpResponseRedirect(f"{here}?done=forgotten")
            if what == "sessions" and _whole(found, areas):
                access.end_sessions(user=found, by=by.username, at=now)
                return HttpResponseRedirect(f"{here}?done=sessions")
            if what != "link" or not _whole(found, areas) or not found.email:
                raise Http404
            secret = access.invite(user=found, by=by.username, at=now)
    except AccessFault as e:
        typed.faulted(e)
        return None
    return _after_link(request, lang, found, secret)


def _end(typed: Typed, by: User, found: User, areas: list[str], here: str) -> HttpResponse | None:
    """End a role with a day, or now: then its last day was yesterday."""
    now, which = timezone.now(), typed.get("assignment")
    held = found.roles.filter(pk=int(which) if which.isdecimal() else 0, state__in=areas).first()
    if held is None:
        raise Http404
    yesterday: date = now.date() - timedelta(days=1)
    last = yesterday if typed.get("now") else typed.day("ends")
    if last is None:
        return None
    access.end_role(assignment=held.pk, ends=last, reason=typed.get("reason"), by=by.username, at=now)
    _tell(found, held.role, by)
    return HttpResponseRedirect(f"{here}?done=ended")


def _tell(person: User, role: str, by: User) -> None:
    notices.tell(
        to=[person], kind="account.role", about=notices.About(), params={"role": role}, by=by.username,
        at=timezone.now(),
    )  # fmt: skip

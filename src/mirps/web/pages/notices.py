"""What a person is told: their notices, what of them comes by mail, and the mail of the demo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import quote

from babel.dates import format_time, get_day_names, get_timezone_location
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, URLPattern, path
from django.utils import timezone
from django.utils.html import urlize
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.access.api import User
from mirps.base.notices import api as notices
from mirps.base.notices.api import KINDS, Notice, NoticeFault, Paths
from mirps.base.texts.api import day, say
from mirps.web.jinja import address, locale_of
from mirps.web.pages.page import explained, page, private

ON_A_PAGE = 50

#: What was asked or said is answered where it was said.
_SAID: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("review-figure", {"code": "round", "figure": "figure"}),
    ("write-section", {"code": "round", "state": "state", "section": "section"}),
    ("enter", {"code": "round", "institution": "institution"}),
    ("round", {"code": "round"}),
)
#: Where a kind of notice leads: names of pages with what they take of the notice (its parts and values).
#: The first that the product has, and for which the notice has everything, is taken.
LEADS: Mapping[str, tuple[tuple[str, Mapping[str, str]], ...]] = {
    "account": (("account", {}),),
    "agreement": (("agreement", {"code": "section"}),),
    "erratum": (("erratum", {"round": "round", "code": "number"}), ("figure", {"id": "figure"})),
    "contradiction": (("contradictions", {}),),
    "published": (("reports", {}),),
    "call": (("call", {"code": "section"}),),
    "record": (("record", {"kind": "record", "code": "section"}),),
    "custody.glass": (("glass-one", {"id": "section"}),),
    "custody.glass-reviewed": (("glass-one", {"id": "section"}),),
    "custody.limit": (("readings-by", {"username": "section"}),),
    "custody.request": (("request", {"id": "section"}),),
    "custody.decided": (("request", {"id": "section"}),),
    "window": (("window-inbox", {}),),
    "webhook": (("client", {"id": "section"}),),
    "referral": (("referral", {"id": "section"}),),
    "linkage": (("linkage", {"id": "section"}),),
    **dict.fromkeys(("question", "comment"), _SAID),
    "submitted": (
        ("write-section", {"code": "round", "state": "state", "section": "section"}),
        ("review", {"code": "round", "state": "state"}),
    ),
    "": (
        ("write-section", {"code": "round", "state": "state", "section": "section"}),
        ("enter", {"code": "round", "institution": "institution"}),
        ("round", {"code": "round"}),
        ("figure", {"id": "figure"}),
    ),
}


def path_of(notice: Notice, lang: str) -> str:
    """The page of what the notice is about; the person's notices where there is no page of it."""
    group = notice.kind.partition(".")[0]
    for name, takes in LEADS.get(notice.kind) or LEADS.get(group, LEADS[""]):
        given = {k: str(getattr(notice, v, "") or notice.params.get(v, "")) for k, v in takes.items()}
        if all(given.values()):
            try:
                return address(name, lang=lang, **given)
            except NoReverseMatch:
                continue
    return address("notices", lang=lang)


#: What mails link to.
PATHS = Paths(
    notice=path_of,
    inbox=lambda lang: address("notices", lang=lang),
    settings=lambda lang: address("notices-settings", lang=lang),
)


def count(request: HttpRequest) -> dict[str, object]:
    """For every page: how many notices the person who has signed in has not read."""
    # Touching request.user reads the session; without its cookie there is nobody to look up.
    known = settings.SESSION_COOKIE_NAME in request.COOKIES and hasattr(request, "user")
    user = _person(request) if known else None
    if user is None:
        return {"unread": 0}
    told: int | None = getattr(user, "unread", None)  # asked for with the user (accounts/backend)
    return {"unread": notices.unread(user) if told is None else told}


def _person(request: HttpRequest) -> User | None:
    user = request.user
    return user if isinstance(user, User) and user.is_authenticated else None


View = Callable[..., HttpResponse]


def _signed_in(view: View) -> View:
    """A view of one's own notices: `view(request, lang, user, …)`. Others are led to signing in and back."""

    def checked(request: HttpRequest, lang: str, **parts: object) -> HttpResponse:
        user = _person(request)
        if user is None:
            back = quote(request.get_full_path())
            return private(HttpResponseRedirect(f"{address('sign-in', lang=lang)}?next={back}"))
        return private(view(request, lang, user, **parts))

    return checked


@require_http_methods(["GET", "HEAD", "POST"])
@_signed_in
def inbox(request: HttpRequest, lang: str, user: User) -> HttpResponse:
    chosen = (request.POST.get("round") or request.GET.get("round", ""))[:40]
    here = address("notices", lang=lang)
    if request.method == "POST":
        wanted = request.POST.get("read", "")
        only = None if wanted == "all" and not chosen else _ids(request, user, wanted, chosen)
        notices.read(user=user, at=timezone.now(), notices=only)
        return HttpResponseRedirect(f"{here}?marked=1" + (f"&round={quote(chosen)}" if chosen else ""))
    shown = Paginator(notices.inbox(user, round=chosen), ON_A_PAGE).get_page(request.GET.get("page"))
    zone = notices.clock(user, timezone.now().date())
    today, locale = timezone.now().astimezone(zone).date(), locale_of(request)
    return page(
        request, "notices.html", here="notices", rounds=notices.rounds_of(user), chosen=chosen,
        marked=request.GET.get("marked") == "1", shown=shown, bounce=_bounce(request, user),
        lines=[
            {"n": n, "title": notices.title(n, lang, today), "where": notices.where(n, lang),
             "times": notices.times(n, lang), "when": _when(n.told_at.astimezone(zone), locale)}
            for n in shown
        ],
    )  # fmt: skip


def _when(at: datetime, locale: str) -> str:
    return f"{day(at.date(), locale)}, {format_time(at.time(), 'short', locale=locale)}"


def _ids(request: HttpRequest, user: User, wanted: str, chosen: str) -> list[int]:
    if wanted == "all":
        return list(notices.inbox(user, round=chosen).filter(read_at=None).values_list("pk", flat=True))
    return [int(wanted)] if wanted.isascii() and wanted.isdecimal() and len(wanted) < 19 else []


@require_safe
@_signed_in
def open_one(request: HttpRequest, lang: str, user: User, id: int) -> HttpResponse:
    """Read one notice: on to the page of what it is about."""
    found = Notice.objects.filter(user=user, pk=id).first()
    if found is None:
        raise Http404
    if request.method == "GET":
        notices.read(user=user, at=timezone.now(), notices=[found.pk])
    return HttpResponseRedirect(path_of(found, lang))


@require_http_methods(["GET", "HEAD", "POST"])
@_signed_in
def choices(request: HttpRequest, lang: str, user: User) -> HttpResponse:
    fault = ""
    if request.method == "POST":
        here = address("notices-settings", lang=lang)
        if "again" in request.POST:
            notices.try_address_again(user=user, by=user.username, at=timezone.now())
            return HttpResponseRedirect(f"{here}?again=1")
        given = {code: request.POST[code] for code in KINDS if code in request.POST}
        try:
            notices.choose(user=user, ways=given, by=user.username, at=timezone.now())
            return HttpResponseRedirect(f"{here}?kept=1")
        except NoticeFault:
            fault = say("notice.settings.fault", lang)
    answer = _choices_shown(request, lang, user, fault)
    return explained(answer) if fault else answer


def _choices_shown(request: HttpRequest, lang: str, user: User, fault: str) -> HttpResponse:
    wanted = notices.choices(user)
    kinds = [
        {"code": k.code, "name": notices.kind_name(k.code, lang), "ways": k.choices, "way": wanted[k.code]}
        for k in KINDS.values()
        if not k.always
    ]
    return page(
        request, "notices-settings.html", 422 if fault else 200, here="notices", kinds=kinds, fault=fault,
        always=[notices.kind_name(k.code, lang).lower() for k in KINDS.values() if k.always],
        hours=_hours(request, user), email=user.email, bounce=_bounce(request, user),
        kept=request.GET.get("kept") == "1", again=request.GET.get("again") == "1",
    )  # fmt: skip


def _hours(request: HttpRequest, user: User) -> dict[str, str]:
    """The hours at which mail goes to this person, in words."""
    held, locale = notices.hours(), locale_of(request)
    return {
        "digest": f"{held.digest_at:%H:%M}",
        "quiet_from": f"{held.quiet_from:%H:%M}",
        "quiet_to": f"{held.quiet_to:%H:%M}",
        "weekday": str(get_day_names("wide", locale=locale)[held.weekly_on]),
        "zone": get_timezone_location(
            notices.clock(user, timezone.now().date()), locale=locale, return_city=True
        ),
    }


def _bounce(request: HttpRequest, user: User) -> dict[str, str]:
    """What to tell of an address that was refused, or nothing."""
    found = notices.bounce(user)
    return {"address": found.address, "day": day(found.at.date(), locale_of(request))} if found else {}


def _only_in_the_demo() -> None:
    if not settings.DEMO:
        raise Http404


@require_safe
def demo_mail(request: HttpRequest, lang: str) -> HttpResponse:
    """The mails that the demo kept instead of sending them."""
    _only_in_the_demo()
    listed = [
        {"name": name, "subject": str(m["Subject"]), "to": str(m["To"]), "date": str(m["Date"])}
        for name, m in notices.kept()
    ]
    return private(page(request, "demo-mail.html", mails=listed, mail=None, here="notices"))


@require_safe
def demo_mail_one(request: HttpRequest, lang: str, mail: str) -> HttpResponse:
    _only_in_the_demo()
    found = notices.one(mail)
    if found is None:
        raise Http404
    body = found.get_body(("plain", "html"))
    shown = {
        "subject": str(found["Subject"]),
        "headers": [(k, str(v)) for k, v in found.items()],
        "text": _linked(str(body.get_content()) if body else ""),
    }
    return private(page(request, "demo-mail.html", mails=[], mail=shown, here="notices"))


def _linked(text: str) -> SafeString:
    return SafeString(urlize(text, nofollow=True, autoescape=True))


patterns: list[URLPattern] = [
    path("notices/", inbox, name="notices"),
    path("notices/settings/", choices, name="notices-settings"),
    path("notices/<int:id>/", open_one, name="notice"),
    path("demo-mail/", demo_mail, name="demo-mail"),
    path("demo-mail/<slug:mail>/", demo_mail_one, name="demo-mail-one"),
]

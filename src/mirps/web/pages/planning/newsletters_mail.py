"""Asking for the newsletter by mail, confirming it, and leaving: for anybody, without an account."""

from __future__ import annotations

import uuid
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from mirps.base.notices import api as notices
from mirps.base.texts.api import say
from mirps.planning.library import api as library
from mirps.planning.library.api import AddressFault
from mirps.web.jinja import address
from mirps.web.pages.page import private
from mirps.web.pages.planning.door import Desk, reading
from mirps.web.pages.throttle import exceeded

#: So often may one place ask for a confirmation in an hour.
MOST_ASKED = 6


@csrf_exempt  # it acts for nobody who is signed in, and only writes to the owner of the address
@require_POST
@reading
def subscribe(desk: Desk) -> HttpResponse:
    """Write to the address given: whoever owns it confirms by the link. Nothing is kept until then, and the
    answer is the same whether the address has the newsletter already or not."""
    given = desk.request.POST.get("address", "")[:300]
    if desk.request.POST.get("name", ""):  # a field that people do not see
        return _asked(desk)
    try:
        token = library.asked(address=given, language=desk.lang)
    except AddressFault:
        return _told(desk, "newsletter.address-fault", 422, typed=given)
    if exceeded(desk.request, "newsletter", MOST_ASKED, 3600):
        return _told(desk, "newsletter.too-often", 429, typed=given)
    refusal = notices.hand_over(get_connection(), _confirmation(desk, given.strip(), token), given.strip())
    if refusal is not None:
        return _told(desk, "newsletter.mail-fault", 503, typed=given)
    return _asked(desk)


def _asked(desk: Desk) -> HttpResponse:
    return _told(desk, "newsletter.asked", 200)


def _told(desk: Desk, key: str, status: int, *, typed: str = "") -> HttpResponse:
    trail = [
        (say("kind.newsletter.many", desk.lang), desk.url("newsletters")),
        (say("newsletter.by-mail", desk.lang), ""),
    ]
    again = status in (422, 429, 503)
    return private(
        desk.page(
            "planning/newsletter-mail.html",
            status,
            words=say(key, desk.lang),
            typed=typed,
            again=again,
            trail=trail,
        )
    )


def _confirmation(desk: Desk, to: str, token: str) -> EmailMultiAlternatives:
    link = settings.ADDRESS.rstrip("/") + address("newsletter-confirm", lang=desk.lang, token=token)
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    body = "\n\n".join(
        [
            say("newsletter.confirm-mail.hello", desk.lang),
            link,
            say("newsletter.confirm-mail.else", desk.lang),
        ]
    )
    return EmailMultiAlternatives(
        subject=say("newsletter.confirm-mail.subject", desk.lang), body=f"{body}\n",
        from_email=settings.DEFAULT_FROM_EMAIL, to=[to],
        headers={"Auto-Submitted": "auto-generated", "Content-Language": desk.lang,
                 "Message-ID": f"<{uuid.uuid4().hex}@{domain}>"},
    )  # fmt: skip


@csrf_exempt  # the link's token is the authority
@require_http_methods(["GET", "HEAD", "POST"])
@reading
def confirm(desk: Desk, token: str) -> HttpResponse:
    """Look at a link asks; only the button confirms, for mail filters open links too."""
    if desk.request.method == "POST":
        done = library.confirm(token=token, at=timezone.now())
        return _told(desk, "newsletter.confirmed", 200) if done else _told(desk, "newsletter.link-old", 410)
    found = library.read_confirmation(token)
    if found is None:
        return _told(desk, "newsletter.link-old", 410)
    return _button(desk, say("newsletter.confirm-words", desk.lang, address=found[0]), "newsletter.confirm")


@csrf_exempt  # one click from a mail program, which knows no cookie (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
@reading
def leave(desk: Desk, token: str) -> HttpResponse:
    if desk.request.method == "POST":
        library.leave(token=token, at=timezone.now())
        return _told(desk, "newsletter.left", 200)
    if library.subscriber_of(token) is None:
        return _told(desk, "newsletter.left", 200)
    return _button(desk, say("newsletter.leave-words", desk.lang), "newsletter.leave")


def _button(desk: Desk, words: str, key: str) -> HttpResponse:
    trail = [(say("kind.newsletter.many", desk.lang), desk.url("newsletters")), (say(key, desk.lang), "")]
    return private(
        desk.page("planning/newsletter-button.html", words=words, button=say(key, desk.lang), trail=trail)
    )


patterns: list[URLPattern] = [
    path("planning/newsletters/subscribe/", subscribe, name="newsletter-subscribe"),
    path("planning/newsletters/confirm/<str:token>/", confirm, name="newsletter-confirm"),
    path("planning/newsletters/leave/<str:token>/", leave, name="newsletter-leave"),
]

"""The newsletter: every one in force, one of them as page and PDF, proposed anew, sent out."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mirps.base.texts.api import LANGUAGES, day, locale_for, say
from mirps.planning.library import api as library
from mirps.planning.library.api import Item, Letter
from mirps.planning.records import api as records
from mirps.planning.records.api import Audience, Record
from mirps.sharing.portal import queries as portal
from mirps.sharing.publication import api as publication
from mirps.sharing.publication.api import Issue
from mirps.web.jinja import address, country_of
from mirps.web.pages.page import private
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, reading, working
from mirps.web.pages.planning.record import whole

#: The first newsletter tells of what happened in so many days.
FIRST = timedelta(days=90)
#: The domain's rights (base.access.rules).
WRITE, PUBLISH = "news.write", "news.publish"


@require_safe
@reading
def every(desk: Desk) -> HttpResponse:
    """The newsletters in force, the latest first; for its editors, drafts and the way to a new one."""
    shown = [
        (r, records.title("newsletter", r.public or {}, desk.lang), r.public or {})
        for r in library.newsletters()
    ]
    writes = desk.may(WRITE)
    drafts = [
        (r, showing.title(desk, r))
        for r in records.of_kind("newsletter").filter(public__isnull=True).exclude(status="withdrawn")
        if desk.works_on(r)
    ]
    today = desk.now.date()
    return desk.page(
        "planning/newsletters.html", shown=shown, drafts=drafts, writes=writes, until=today,
        since=library.since(today - FIRST), sent=desk.request.GET.get("asked") == "1",
        trail=[(say("kind.newsletter.many", desk.lang), "")],
    )  # fmt: skip


@require_safe
@reading
def one(desk: Desk, code: str) -> HttpResponse:
    held = desk.record("newsletter", code)
    context = whole(desk, held)
    made = _issue(desk, held.key, context["data"])
    faults = library.newsletter_faults(context["data"]) if context["works"] else []
    return desk.page(
        "planning/newsletter.html", n=made, faults=[_words(desk, f) for f in faults],
        post=library.posted(held.key) if desk.may(PUBLISH) and held.public is not None else None,
        said=desk.request.GET.get("sent", ""), **context,
    )  # fmt: skip


def _words(desk: Desk, fault: records.Fault) -> tuple[str, str]:
    kind = records.kinds()["newsletter"]
    return showing.cell_name(kind, fault.cell, desk.lang), showing.fault_words(kind, fault, desk.lang)


def _issue(desk: Desk, key: str, data: dict[str, object]) -> Issue:
    shelf = portal.shelf(desk.now, getattr(desk.request, "ledger_token", ""))
    return publication.issue(key, data, desk.lang, shelf.book, country=country_of(desk.request))


@require_safe
@reading
def paper(desk: Desk, code: str) -> HttpResponse:
    """A newsletter as PDF; one that is not in force bears the mark of a draft."""
    held = desk.record("newsletter", code)
    data = desk.shown(held) or {}
    draft = held.public is None or data != held.public
    shelf = portal.shelf(desk.now)
    key = f"newsletter-pdf:{held.key}:{held.number}:{desk.lang}:{draft}:{shelf.version}"
    made = cache.get(key)
    if made is None:
        base = settings.ADDRESS.rstrip("/")
        told = publication.issue(held.key, data, desk.lang, shelf.book, base=base)
        made = publication.pdf(told, published=told.until or desk.now.date(), base=base, draft=draft)
        cache.set(key, made, 24 * 3600)
    answer = private(HttpResponse(made, content_type="application/pdf"))
    answer["Content-Disposition"] = f'inline; filename="mirps-{code}-{desk.lang}.pdf"'
    return answer


@require_POST
@working
def propose(desk: Desk) -> HttpResponse:
    """Make a draft of what happened between two days, for a person to edit."""
    desk.require(WRITE)
    first, last = desk.day("since"), desk.day("until")
    if first is None or last is None or last < first:
        return desk.go("newsletters", "?days=1")
    items = library.happened(since=first, until=last, address=_address, entries=_entries(first, last))
    text = library.proposed(items, list(records.kinds()), say)
    title = {
        lang: say("newsletter.proposed-title", lang, until=day(last, locale_for(lang, "", {})))
        for lang in LANGUAGES
    }
    data = {"title": title, "since": first.isoformat(), "until": last.isoformat()}
    if all(text.values()):
        data["text"] = text
    else:
        data["text"] = {lang: say("newsletter.nothing", lang) for lang in LANGUAGES}
    made = records.save(
        kind="newsletter", code=records.free_code("newsletter", last.isoformat()), data=data, base=0,
        by=desk.username, role=desk.role_for(WRITE), at=desk.now,
    )  # fmt: skip
    return desk.go("record-edit", kind="newsletter", code=made.code)


def _address(key: str, lang: str) -> str:
    kind, _, code = key.partition("/")
    if kind == "figure":
        return address("figure", lang=lang, id=code)
    return address("source", lang=lang, code=code) if kind == "source" else showing.address_of(key, lang)


def _entries(first: date, last: date) -> list[Item]:
    """The news of the rounds published between two days: their words are taken over whole."""
    found = publication.public_news(timezone.now()).filter(published_at__date__range=(first, last))
    return [
        Item(
            "entry", {"es": n.title_es, "en": n.title_en}, n.published_at,
            {lang: address("news-entry", lang=lang, id=n.pk) for lang in LANGUAGES}, {"es": n.text_es, "en": n.text_en},
        )
        for n in found
    ]  # fmt: skip


@require_POST
@working
def send(desk: Desk, code: str) -> HttpResponse:
    """Send a newsletter in force to every subscriber who has not had it."""
    desk.require(PUBLISH)
    held = desk.record("newsletter", code)
    if held.public is None:
        raise Http404
    made = library.send_out(key=held.key, by=desk.username, role=desk.role_for(PUBLISH), at=desk.now)
    return desk.go("newsletter", f"?sent={made}", code=code)


def compose(letter: Letter) -> EmailMultiAlternatives | None:
    """The mail of a letter in its subscriber's language; None where the newsletter is no longer public."""
    held = Record.objects.filter(pk=letter.newsletter, audience=Audience.PUBLIC, public__isnull=False).first()
    if held is None:
        return None
    lang, base = letter.subscriber.language, settings.ADDRESS.rstrip("/")
    book = portal.shelf(timezone.now()).book
    made = publication.issue(held.key, held.public or {}, lang, book, base=base)
    out = base + address("newsletter-leave", lang=lang, token=library.leaving(letter.subscriber))
    return publication.mail(
        made, to=letter.subscriber.address, page=base + address("newsletter", lang=lang, code=held.code), leave=out,
        one_click=out, message_id=letter.message_id,
    )  # fmt: skip


patterns: list[URLPattern] = [
    path("planning/newsletters/", every, name="newsletters"),
    path("planning/newsletters/propose/", propose, name="newsletter-propose"),
    path("planning/newsletter/<str:code>/", one, name="newsletter"),
    path("planning/newsletter/<str:code>/pdf/", paper, name="newsletter-pdf"),
    path("planning/newsletter/<str:code>/send/", send, name="newsletter-send"),
]
showing.PAGES["newsletter"] = "newsletter"

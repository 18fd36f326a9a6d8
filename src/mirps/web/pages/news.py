"""The news of rounds, newest first, and an Atom feed of these and of the newsletters that gather them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from mirps.base.texts.api import say
from mirps.planning.library import api as library
from mirps.planning.records import api as records
from mirps.sharing.publication import api as publication
from mirps.sharing.publication.api import News
from mirps.web.jinja import address
from mirps.web.pages.page import Reader, page

#: What the page and the feed hold at most.
MOST_TOLD = 50


def _told(r: Reader, n: News) -> dict[str, object]:
    return {
        "id": n.pk, "round": n.round, "title": n.title(r.lang), "at": n.published_at,
        "paragraphs": publication.told(n.text(r.lang), r.lang, r.locale, r.shelf.book),
    }  # fmt: skip


@require_safe
def every(request: HttpRequest, lang: str) -> HttpResponse:
    r = Reader(request)
    found = publication.public_news(r.now)[:MOST_TOLD]
    return page(request, "news.html", here="news", found=[_told(r, n) for n in found])


@require_safe
def one(request: HttpRequest, lang: str, id: int) -> HttpResponse:
    r = Reader(request)
    found = publication.public_news(r.now).filter(pk=id).first()
    if found is None:
        raise Http404
    return page(request, "news-entry.html", here="news", n=_told(r, found))


@require_safe
def feed(request: HttpRequest, lang: str) -> HttpResponse:
    r = Reader(request)
    whole = request.build_absolute_uri
    out = Atom1Feed(
        title=f"MIRPS. {say('publication.news.list', r.lang)}", link=whole(address("news", lang=r.lang)),
        description=say("publication.news.lead", r.lang), language=r.lang,
        feed_url=whole(request.path),
    )  # fmt: skip
    for held in library.newsletters()[:MOST_TOLD]:
        where = whole(address("newsletter", lang=r.lang, code=held.code))
        data = held.public or {}
        out.add_item(
            title=records.title(held.kind, data, r.lang), link=where, unique_id=where,
            description=(data.get("lead") or {}).get(r.lang, ""), pubdate=held.known_at, updateddate=held.changed_at,
        )  # fmt: skip
    for n in publication.public_news(r.now)[:MOST_TOLD]:
        told = publication.told(n.text(r.lang), r.lang, r.locale, r.shelf.book)
        words = "\n\n".join("".join(p.words for p in paragraph) for paragraph in told)
        where = whole(address("news-entry", lang=r.lang, id=n.pk))
        out.add_item(
            title=n.title(r.lang), link=where, unique_id=where, description=words, pubdate=n.published_at,
            updateddate=n.published_at,
        )  # fmt: skip
    return HttpResponse(out.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


patterns: list[URLPattern] = [
    path("news/", every, name="news"),
    path("news/feed/", feed, name="news-feed"),
    path("news/<int:id>/", one, name="news-entry"),
]

"""Every address. Pages live under /es/ and /en/; the API under /api/v1/."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver, include, path, register_converter

from mirps.web.api import api, identity, oauth
from mirps.web.api.institutions import api as institutions
from mirps.web.pages import (
    backlog,
    check,
    downloads,
    errata,
    exchange,
    figures,
    findings,
    front,
    measures,
    news,
    nodes,
    notices,
    overview,
    releases,
    reports,
    search,
    sources,
    states,
)
from mirps.web.pages.accounts import urls as accounts_urls
from mirps.web.pages.casework import appointments_urls, letters, letters_texts, letters_verify, origin
from mirps.web.pages.casework import urls as casework_urls
from mirps.web.pages.indicators import pages as indicators
from mirps.web.pages.linkage import urls as linkage_urls
from mirps.web.pages.people import custody_urls, desk, devices, openrosa
from mirps.web.pages.people import urls as people_urls
from mirps.web.pages.planning import urls as planning_urls
from mirps.web.pages.referrals import urls as referrals_urls
from mirps.web.pages.rounds import urls as rounds_urls
from mirps.web.pages.systems import hooks as system_hooks
from mirps.web.pages.systems import registering as systems
from mirps.web.pages.window import desk as window_desk
from mirps.web.pages.window import person as window_person


class Language:
    """The first part of every page's address."""

    regex = "es|en"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Language, "language")


def _by_first_word(pages: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern | URLResolver]:
    """The same addresses, in the order in which their first words come: they are tried one after the other, and so
    most of the three hundred and fifty are passed over with their first word."""
    under: dict[str, list[URLPattern | URLResolver]] = {}
    for page in pages:
        under.setdefault(str(page.pattern).partition("/")[0], []).append(page)
    for word, those in under.items():
        rest = [
            path(str(p.pattern).removeprefix(f"{word}/"), p.callback, p.default_args, p.name)
            for p in those
            if isinstance(p, URLPattern) and word
        ]
        yield from [path(f"{word}/", include(rest))] if 1 < len(rest) == len(those) else those


_pages: list[URLPattern | URLResolver] = [
    *desk.patterns,  # before the pages of people: people/desk/ is nobody's number
    *people_urls.patterns,  # first, since a queue waits for them: addresses are tried in this order
    *casework_urls.patterns,
    path("", overview.home, name="home"),
    path("state/<str:code>/", states.state, name="state"),
    path("measures/", measures.catalogue, name="measures"),
    path("measure/<str:code>/", measures.measure, name="measure"),
    path("figure/<str:id>/", figures.figure, name="figure"),
    path("sources/", sources.documents, name="sources"),
    path("source/<str:code>/", sources.document, name="source"),
    path("contradictions/", findings.contradictions, name="contradictions"),
    path("finding/<str:code>/", findings.finding, name="finding"),
    path("reports/", reports.all_reports, name="reports"),
    path("report/<str:code>/", reports.report, name="report"),
    path("report/<str:code>/<str:state>/", reports.report, name="report-state"),
    path("report-file/<int:build>/<str:name>", reports.file, name="report-file"),
    path("downloads/", downloads.downloads, name="downloads"),
    path("search/", search.results, name="search"),
    path("check/", check.check, name="check"),
    path("about/", front.about, name="about"),
    path("country/", front.country, name="country"),
    *news.patterns,
    *backlog.patterns,
    *releases.patterns,
    *indicators.patterns,
    *rounds_urls.patterns,
    *planning_urls.patterns,
    *origin.patterns,
    *referrals_urls.patterns,
    *appointments_urls.patterns,
    *letters.patterns,
    *letters_texts.patterns,
    *letters_verify.patterns,
    *window_desk.patterns,
    *window_person.patterns,
    *notices.patterns,
    *errata.URLS,
    *accounts_urls.patterns,
    *systems.patterns,
    *system_hooks.patterns,
    *custody_urls.patterns,
    *devices.patterns,
    *nodes.patterns,
    *linkage_urls.patterns,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.choose_language, name="root"),
    path("<language:lang>/", include(list(_by_first_word(_pages)))),
    path("favicon.ico", front.icon),
    path("api/v1/", api.urls),
    path("api/institutions/v1/", institutions.urls),
    *oauth.patterns,
    *identity.patterns,
    *openrosa.patterns,
    *exchange.patterns,
    *letters_verify.without_language,
    *window_person.without_language,
    *accounts_urls.without_language,
    *accounts_urls.in_language,
]

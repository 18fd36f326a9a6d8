"""Every page, in both languages, over the 2024 round as it was loaded."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from mirps.base.codelists import api as codelists
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.models import FigureEvent
from mirps.evidence.findings import api as findings
from mirps.evidence.findings.models import Answer, Finding
from mirps.evidence.rounds.api import Round

PAGES = [
    "",
    "?map=transit.entries",
    *(f"state/{code}/" for code in ("BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN", "MIRPS")),
    "measures/",
    "measure/asylum.applications/",
    "measure/population.stock/",
    "measure/funding.contribution/",
    "figure/ar24-hnd-010/",
    "figure/ar24-cri-001/",
    "figure/ar24-pan-904/",
    "sources/",
    "source/AR24/",
    "source/BCD/",
    "contradictions/",
    "contradictions/?state=HND",
    "contradictions/?state=BLZ&kind=none",
    "reports/",
    "report/annual-2024/",
    "downloads/",
    "search/",
    "search/?q=refugiados",
    "search/?q=zzzz",
    "check/",
    "about/",
    "sign-in/",
]


class Outline(HTMLParser):
    """What a reader who hears the page meets: language, headings, tables, pictures, links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lang = ""
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.inline: list[str] = []
        self.foreign: list[str] = []
        self.tables = self.captions = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.lang = given.get("lang") or ""
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in given:
            self.ids.append(given["id"] or "")
        runs = tag == "script" and "src" not in given and given.get("type") != "application/json"
        if runs or "style" in given or tag == "style" or any(k.startswith("on") for k in given):
            self.inline.append(tag)
        for key in ("src", "href", "action"):
            if re.match(r"(https?:)?//", given.get(key) or ""):
                self.foreign.append(given[key] or "")
        self.tables += tag == "table"
        self.captions += tag == "caption"


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_can_be_read_and_is_in_order(loaded: None, client: Client, lang: str, path: str) -> None:
    page = Outline(read(client, f"/{lang}/{path}"))
    assert page.lang == lang
    assert page.headings.count(1) == 1
    assert page.headings[0] == 1
    skipped = [(a, b) for a, b in zip(page.headings, page.headings[1:], strict=False) if b > a + 1]
    assert not skipped, "a heading skips a level"
    assert len(page.ids) == len(set(page.ids)), "two elements have one id"
    assert not page.inline, "the content security policy would block it"
    assert not page.foreign, "nothing comes from another host"
    assert page.captions == page.tables, "a table has no caption"


@pytest.mark.parametrize(
    "path", ["", "state/CRI/", "measure/population.stock/", "figure/ar24-cri-001/", "source/MY24/"]
)
def test_both_languages_carry_the_same_figures(loaded: None, client: Client, path: str) -> None:
    def led_to(lang: str) -> list[str]:
        return re.findall(rf'class="num" href="/{lang}/figure/([^/]+)/"', read(client, f"/{lang}/{path}"))

    assert led_to("es") == led_to("en") != [] or path.startswith("figure/")


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_figure_has_a_page(loaded: None, client: Client, lang: str) -> None:
    rows = figures.FigureRow.objects.order_by("id")
    assert rows.count() > 300
    for row in rows:
        page = read(client, f"/{lang}/figure/{row.id}/")
        assert row.id in page


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_measure_document_and_finding_has_a_page(loaded: None, client: Client, lang: str) -> None:
    for code in figures.measures():
        read(client, f"/{lang}/measure/{code}/")
    for code in codelists.documents():
        read(client, f"/{lang}/source/{code}/")
    for finding in findings.current():
        about = finding.figures[0] if finding.figures else finding.params[f"subject_{lang}"]
        assert about in read(client, f"/{lang}/finding/{finding.code}/")


def test_the_state_page_leads_from_each_number_to_its_figure(loaded: None, client: Client) -> None:
    page = read(client, "/es/state/HND/")
    own = figures.FigureRow.objects.filter(state="HND", superseded_by="").count()
    assert len(set(re.findall(r"/es/figure/([^/]+)/", page))) >= own


def test_the_figure_page_shows_the_sentence_of_its_source(
    loaded: None, client: Client, sources: object, settings: object
) -> None:
    settings.SOURCES = sources  # type: ignore[attr-defined]
    page = read(client, "/es/figure/ar24-hnd-010/")
    assert "<mark>forming a total of 332 people</mark>" in page


def test_without_the_sources_the_place_and_the_words_still_lead_there(
    loaded: None, client: Client, settings: object, tmp_path: object
) -> None:
    settings.SOURCES = tmp_path  # type: ignore[attr-defined]
    page = read(client, "/en/figure/ar24-hnd-010/")
    assert "<mark>" not in page
    assert "forming a total of 332 people" in page


def test_numbers_follow_the_readers_country_without_javascript(loaded: None, client: Client) -> None:
    assert ">226,029<" in read(client, "/es/figure/ar24-cri-001/").replace(" <", "<")
    answer = client.post("/es/country/", {"country": "CRI", "next": "/es/figure/ar24-cri-001/"})
    assert answer["Location"] == "/es/figure/ar24-cri-001/"
    assert "226\u00a0029" in read(client, "/es/figure/ar24-cri-001/")


def test_the_country_form_leads_to_no_other_site(loaded: None, client: Client) -> None:
    for bad in ("https://example.org/", "//example.org/", "javascript:alert(1)", ""):
        assert client.post("/en/country/", {"country": "HND", "next": bad})["Location"] == "/en/"


def test_the_first_page_follows_the_browsers_language(client: Client) -> None:
    assert client.get("/", HTTP_ACCEPT_LANGUAGE="en-GB,en;q=0.8,es;q=0.5")["Location"] == "/en/"
    assert client.get("/", HTTP_ACCEPT_LANGUAGE="fr,de")["Location"] == "/es/"


def test_the_other_language_is_the_same_page(loaded: None, client: Client) -> None:
    page = read(client, "/es/contradictions/?state=HND")
    assert 'href="/en/contradictions/?state=HND" lang="en"' in page


def test_an_empty_ledger_says_what_to_do(db: None, client: Client) -> None:
    for table in (Answer, Finding, FigureEvent, figures.FigureRow, Round):
        table.objects.all().delete()
    figures.touch()
    for lang in ("es", "en"):
        assert "mirps round load 2024" in read(client, f"/{lang}/")
        for path in (
            "state/HND/",
            "measure/permits.work/",
            "contradictions/",
            "downloads/",
            "search/?q=asilo",
            "source/AR24/",
        ):
            read(client, f"/{lang}/{path}")


@pytest.mark.parametrize(
    ("path", "status"),
    [("nada/", 404), ("figure/none/", 404), ("state/XXX/", 404), ("measure/none/", 404), ("finding/none/", 404),
     ("source/none/", 404), ("report/none/", 404), ("report/country-brief/XXX/", 404), ("report-file/999/x.pdf", 404)],
)  # fmt: skip
def test_what_is_not_there_is_explained_in_the_readers_language(
    loaded: None, client: Client, path: str, status: int
) -> None:
    for lang, words in (("es", "Esta página no existe"), ("en", "This page does not exist")):
        answer = client.get(f"/{lang}/{path}")
        assert answer.status_code == status
        assert words in answer.content.decode()
        assert Outline(answer.content.decode()).lang == lang


def test_a_wrong_method_is_explained(loaded: None, client: Client) -> None:
    answer = client.post("/en/about/")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert "does not take that" in answer.content.decode()


def test_a_failure_of_ours_is_explained_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from mirps.web.pages import front

    def broken(*args: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(front, "Reader", broken)
    client.raise_request_exception = False
    answer = client.get("/es/about/")
    assert answer.status_code == 500
    assert "Algo falló de nuestro lado" in answer.content.decode()


def test_an_undefined_name_in_a_template_fails(rf: object) -> None:
    from django.template import engines
    from jinja2 import UndefinedError

    template = engines["jinja2"].from_string("{{ nobody_gave_this }}")
    with pytest.raises(UndefinedError):
        template.render({})


def test_every_answer_carries_the_headers_that_protect_its_reader(loaded: None, client: Client) -> None:
    for path in ("/es/", "/es/nada/", "/"):
        policy = client.get(path)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy

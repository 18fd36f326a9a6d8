"""From a doubt to the figure stated anew and its erratum, as a person with no training does it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html import unescape

import pytest
from django.test import Client
from tests.errata.conftest import GIVEN, MARCH, REASON_EN, REASON_ES, TOTAL, person

from mirps.base.notices.api import Notice
from mirps.evidence.errata import api as errata
from mirps.evidence.figures import api as figures
from mirps.evidence.findings import api as findings

LANGUAGES = ["es", "en"]
FORM = f"/en/figure/{TOTAL}/correct/"


def text(response: object) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))  # type: ignore[attr-defined]


def doubt() -> findings.Finding:
    return findings.Finding.objects.get(kind="parts_exceed_total", figures__0=TOTAL)


def send(client: Client, step: str, lang: str = "en", figure: str = TOTAL, **given: str) -> object:
    return client.post(f"/{lang}/figure/{figure}/correct/", {**GIVEN, "step": step, **given})


def corrected_elsewhere(value: str = "230000") -> None:
    errata.correct(
        old=TOTAL, changes={"value": value}, role="secretariat", by="beto", at=MARCH,
        reason_es="Otra persona fue más rápida.", reason_en="Somebody else was faster.",
    )  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_doubt_is_answered_with_a_correcting_figure_and_everyone_reads_the_erratum(
    focal_point: Client, lang: str
) -> None:
    found, reader = doubt(), Client()
    page = focal_point.get(f"/{lang}/finding/{found.code}/").content.decode()
    way = f"/{lang}/figure/{TOTAL}/correct/?finding={found.code}"
    assert way in page
    assert found.code in text(focal_point.get(way))
    shown = send(focal_point, "preview", lang, finding=found.code)
    assert shown.status_code == 200  # type: ignore[attr-defined]
    assert {"es": "Quedaría resuelto", "en": "Would be settled"}[lang] in text(shown)
    assert {"es": "Informe anual", "en": "Annual report"}[lang] in text(shown), "what cites the old figure"
    assert not errata.Erratum.objects.exists(), "a look keeps nothing"
    done = send(focal_point, "confirm", lang, finding=found.code)
    assert done["Location"] == f"/{lang}/erratum/2024/E1/?kept=1"  # type: ignore[index]
    told = text(reader.get(f"/{lang}/erratum/2024/E1/"))
    assert {"es": REASON_ES, "en": REASON_EN}[lang] in told
    assert {"es": "Punto focal del Estado", "en": "Focal point of the State"}[lang] in told
    assert "focal-cri" not in told, "the role is public, the name is not"
    assert told.count("/figure/ar24-cri-001/") == told.count("/figure/ar24-cri-001-r2/") == 1, (
        "both are cited"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_finding_that_is_gone_can_still_be_read_with_its_answer(focal_point: Client, lang: str) -> None:
    found = doubt()
    send(focal_point, "confirm", finding=found.code)
    page = Client().get(f"/{lang}/finding/{found.code}/")
    assert page.status_code == 200
    assert {"es": "ya no lo hallan", "en": "have not found it since"}[lang] in text(page)
    assert {"es": "Corregida", "en": "Corrected"}[lang] in text(page)
    assert f"/{lang}/figure/{TOTAL}-r2/" in page.content.decode()
    assert focal_point.post(f"/{lang}/finding/{found.code}/", {"kind": "explained"}).status_code == 302


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_figures_say_what_became_of_them_at_once(focal_point: Client, lang: str) -> None:
    reader = Client()
    name = {"es": "Erratum E1 de la ronda 2024", "en": "Erratum E1 of round 2024"}[lang]
    assert name not in text(reader.get(f"/{lang}/figure/{TOTAL}/"))
    send(focal_point, "confirm")
    for id_, other in ((TOTAL, "234,430"), (f"{TOTAL}-r2", "226,029")):
        page = text(reader.get(f"/{lang}/figure/{id_}/"))
        assert name in page
        assert other in page
    assert "Oficio 12 de la DGME" in text(reader.get(f"/{lang}/figure/{TOTAL}-r2/"))


@pytest.mark.parametrize(("lang", "words"), [("es", "corregida, E1"), ("en", "corrected, E1")])
def test_the_pages_of_its_state_and_measure_mark_what_was_corrected(
    focal_point: Client, lang: str, words: str
) -> None:
    reader = Client()
    measure = figures.FigureRow.objects.get(pk=TOTAL).measure
    mark = f'href="/{lang}/erratum/2024/E1/">{words}</a>'
    pages = (f"/{lang}/state/CRI/", f"/{lang}/measure/{measure}/")
    assert not any(mark in reader.get(p).content.decode() for p in pages)
    send(focal_point, "confirm")
    assert all(mark in reader.get(p).content.decode() for p in pages)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"value": "234.430"}, "value", "234,430"),
        ({"value": "1.234.567"}, "value", "1,234,567"),
        ({"value": "234 430,5"}, "value", "234,430.5"),
        ({"value": "muchas"}, "value", "muchas"),
        ({"value": "234430.5"}, "value", "234,430.5"),
        ({"value": ""}, "value", {"es": "Escriba el valor nuevo", "en": "Write the new value"}),
        ({"absence": "_U"}, "absence", {"es": "Deje una", "en": "Keep one"}),
        ({"absence": "_Z", "value": ""}, "absence", {"es": "no es una de las opciones", "en": "not one of the"}),
        ({"qualifier": "maybe"}, "qualifier", "maybe"),
        ({"document": "XX99"}, "document", "XX99"),
        ({"document": "AR24", "fragment": "one two three four five six seven eight nine"}, "fragment",
         {"es": "más de ocho palabras", "en": "more than eight words"}),
        ({"document": "AR24", "fragment": "no such words there"}, "fragment",
         {"es": "no están en", "en": "are not in"}),
        ({"fragment": "of nothing"}, "document", {"es": "no eligió el documento", "en": "chose no document"}),
        ({"reason_es": "corto"}, "reason_es", {"es": "motivo en español", "en": "reason in Spanish"}),
        ({"reason_en": ""}, "reason_en", {"es": "motivo en inglés", "en": "reason in English"}),
        ({"note_en": "Only here."}, "note_es", {"es": "los dos idiomas", "en": "both languages"}),
        ({"locator": "x" * 350}, "locator", "300"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_at_its_field_and_what_was_typed_is_kept(
    focal_point: Client,
    sources: object,
    lang: str,
    given: dict[str, str],
    field: str,
    said: str | dict[str, str],
) -> None:
    figures.FigureRow.objects.filter(pk=TOTAL).update(note_es="", note_en="")
    for step in ("preview", "confirm"):
        answer = send(focal_point, step, lang, **given)
        page = answer.content.decode()  # type: ignore[attr-defined]
        assert answer.status_code == 422  # type: ignore[attr-defined]
        assert f'<a href="#{field}">' in page, "the summary leads to the field"
        assert f'id="{field}-fault"' in page
        assert (said if isinstance(said, str) else said[lang]) in text(answer)
        assert given.get("locator", GIVEN["locator"])[:20] in page
    assert not errata.Erratum.objects.exists()


def test_a_costa_rican_reader_types_as_in_costa_rica(focal_point: Client) -> None:
    focal_point.cookies["country"] = "CRI"
    refused = send(focal_point, "preview", "es", value="234,430")
    assert refused.status_code == 422  # type: ignore[attr-defined]
    taken = send(focal_point, "preview", "es", value="234 430")
    assert taken.status_code == 200  # type: ignore[attr-defined]
    assert "234\u00a0430" in text(taken)


def test_a_correction_may_say_that_the_value_is_not_known(focal_point: Client) -> None:
    send(focal_point, "confirm", value="", absence="_U")
    new = figures.FigureRow.objects.get(pk=f"{TOTAL}-r2")
    assert (new.value, new.absence) == (None, "_U")
    assert "not known" in text(Client().get("/en/erratum/2024/E1/"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_would_not_add_up_any_more_is_told_before(focal_point: Client, lang: str) -> None:
    shown = text(send(focal_point, "preview", lang, value="5"))
    assert {"es": "Seguiría sin cuadrar", "en": "Would still not add up"}[lang] in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_comes_second_keeps_their_words_and_sees_the_newer_value(focal_point: Client, lang: str) -> None:
    send(focal_point, "preview", lang)
    corrected_elsewhere()
    for step in ("preview", "confirm"):
        answer = send(focal_point, step, lang, reason_es="Mis propias palabras, largas.")
        page = answer.content.decode()  # type: ignore[attr-defined]
        assert answer.status_code == 409  # type: ignore[attr-defined]
        assert "230,000" in text(answer)
        assert {"es": "Secretaría Técnica", "en": "Technical Secretariat"}[lang] in text(answer)
        assert "Mis propias palabras, largas." in page
        assert f'action="/{lang}/figure/{TOTAL}-r2/correct/"' in page, (
            "what is sent now corrects the newer one"
        )
    assert errata.Erratum.objects.count() == 1
    assert send(focal_point, "confirm", lang, figure=f"{TOTAL}-r2").status_code == 302  # type: ignore[attr-defined]
    assert errata.latest(TOTAL) == f"{TOTAL}-r3"


def test_the_same_correction_sent_twice_is_one_erratum(focal_point: Client) -> None:
    first, again = send(focal_point, "confirm"), send(focal_point, "confirm")
    assert first["Location"] == again["Location"]  # type: ignore[index]
    assert errata.Erratum.objects.count() == 1


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("role", "state"), [("focal-point", "HND"), ("reader", ""), ("data-entry", "CRI")])
def test_who_may_not_correct_is_told_who_may(loaded: None, lang: str, role: str, state: str) -> None:
    client = person("somebody", role, state)
    page = client.get(f"/{lang}/figure/{TOTAL}/correct/")
    assert page.status_code == 200
    assert "<textarea" not in page.content.decode()
    assert {"es": "Punto focal del Estado", "en": "Focal point of the State"}[lang] in text(page)
    assert send(client, "confirm", lang).status_code == 403  # type: ignore[attr-defined]
    assert not errata.Erratum.objects.exists()


def test_who_has_not_signed_in_is_led_there_and_back(loaded: None) -> None:
    page = Client().get(FORM).content.decode()
    assert "/en/sign-in/?next=/en/figure/" in page
    assert Client().post(FORM, GIVEN).status_code == 403


def test_a_correction_from_another_site_is_refused(focal_point: Client) -> None:
    focal_point.handler.enforce_csrf_checks = True
    assert send(focal_point, "confirm").status_code == 403  # type: ignore[attr-defined]


def test_a_replaced_figure_leads_to_the_form_of_the_one_that_stands(focal_point: Client) -> None:
    corrected_elsewhere()
    page = focal_point.get(FORM)
    assert f'action="/en/figure/{TOTAL}-r2/correct/"' in page.content.decode()
    assert "was superseded already" in text(page)


def test_the_list_can_be_filtered_and_says_when_there_is_none(focal_point: Client) -> None:
    reader = Client()
    assert "No published figure has been corrected." in text(reader.get("/en/errata/"))
    send(focal_point, "confirm")
    assert "Erratum E1 of round 2024" in text(reader.get("/en/errata/"))
    assert "Erratum E1 of round 2024" in text(reader.get("/en/errata/?round=2024&state=CRI"))
    assert "There is none with these filters." in text(reader.get("/en/errata/?state=HND"))
    for nowhere in ("2024/E2", "2024/E01", "2025/E1", "2024/x"):
        assert reader.get(f"/en/erratum/{nowhere}/").status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_feed_tells_each_erratum_once_in_its_language(focal_point: Client, lang: str) -> None:
    send(focal_point, "confirm", reason_es="Suma <b>&</b> más razones.")
    answer = Client().get(f"/{lang}/errata/atom.xml")
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.content)
    atom = "{http://www.w3.org/2005/Atom}"
    (entry,) = feed.findall(f"{atom}entry")
    link = entry.find(f"{atom}link")
    assert link is not None
    assert link.attrib["href"] == f"http://testserver/{lang}/erratum/2024/E1/" == entry.findtext(f"{atom}id")
    assert {"es": "Suma <b>&</b> más razones.", "en": REASON_EN}[lang] in (
        entry.findtext(f"{atom}summary") or ""
    )


def test_what_an_embargo_keeps_has_no_erratum_to_read(focal_point: Client) -> None:
    from django.utils import timezone

    send(focal_point, "confirm")
    until = timezone.now().replace(year=timezone.now().year + 1)
    figures.set_embargo(round="2024", state="CRI", until=until, by="ana", at=timezone.now())
    reader = Client()
    assert reader.get("/en/erratum/2024/E1/").status_code == 404
    assert "E1" not in reader.get("/en/errata/atom.xml").content.decode()
    assert focal_point.get(FORM).status_code == 404


def test_those_who_answer_for_the_state_and_the_region_are_told_of_the_erratum(focal_point: Client) -> None:
    for username, role, state in (("ana", "secretariat", ""), ("luz", "state-approver", "HND")):
        person(username, role, state)
    send(focal_point, "confirm")
    told = Notice.objects.filter(kind="erratum").order_by("id").values_list("user__username", flat=True)
    assert "ana" in told, "the region"
    assert "luz" not in told, "another State"

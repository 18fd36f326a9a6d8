"""The pages of writing without JavaScript: who may, what they see, what a post does."""

from __future__ import annotations

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests.narratives.conftest import FIGURE, NOW, hand_over, section, write
from tests.rounds.conftest import cell
from tests.rounds.conftest import write as write_value

from mirps.base.access.api import User, give_role
from mirps.base.notices.api import Notice
from mirps.evidence.entries import api as entries
from mirps.evidence.narratives import api as narratives
from mirps.evidence.narratives.api import Consent, Section
from mirps.evidence.rounds.api import Round, Status, Step

pytestmark = pytest.mark.django_db


def person(name: str, role: str, state: str = "", body: str = "") -> Client:
    user = User.objects.create(username=name, first_name=name.capitalize(), email=f"{name}@example.org")
    give_role(
        user=user, role=role, state=state, body=body, starts=date(2024, 1, 1), ends=None, by="t", at=NOW
    )
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def focal(sections_2025: Round) -> Client:
    return person("fernanda", "focal-point", "HND")


@pytest.fixture
def region(sections_2025: Round) -> Client:
    return person("rosa", "secretariat")


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def at(lang: str = "es", code: str = "context", state: str = "HND", more: str = "") -> str:
    return f"/{lang}/rounds/2025/write/{state}/{code}/{more}"


def post(client: Client, words: str, *, lang: str = "es", **given: object) -> object:
    held = narratives.held([s := section("context")])[s.pk]
    about = {
        "text": words, "lang": lang, "base": held.version(lang).number, "client": str(uuid4()),
        "of": held.version(narratives.other(lang)).number, **given,
    }  # fmt: skip
    return client.post(at(), {k: v for k, v in about.items() if v is not None})


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_page_of_writing_is_there_in_both_languages(focal: Client, region: Client, lang: str) -> None:
    s = section("stories")
    write(s, "es", "María López, de 34 años, vive en Choluteca. Ganó 15 veces.")
    write(s, "en", "<b>She</b> won.")
    write(s, "es", "Alma ganó [[nada]].")
    for address in (
        f"/{lang}/rounds/2025/write/HND/", at(lang), at(lang, "stories"), at(lang, "stories", more="?lang=en"),
        at(lang, "stories", more="history/"), at(lang, "stories", more="consents/"),
    ):  # fmt: skip
        assert focal.get(address).status_code == 200, address
    for address in (
        f"/{lang}/rounds/2025/write/MIRPS/", at(lang, "foreword", "MIRPS"),
        f"/{lang}/rounds/2025/setup/sections/", f"/{lang}/rounds/2025/setup/sections/new/",
        f"/{lang}/rounds/2025/setup/sections/{s.pk}/", f"/{lang}/rounds/2025/", f"/{lang}/rounds/2025/setup/",
    ):  # fmt: skip
        assert region.get(address).status_code == 200, address


def test_strangers_and_other_states_see_nothing(focal: Client, sections_2025: Round) -> None:
    assert Client().get(at()).status_code == 302
    assert person("carla", "focal-point", "CRI").get(at()).status_code == 403
    assert person("dora", "donor").get(at()).status_code == 403
    assert focal.get(at(state="CRI")).status_code == 403
    assert focal.get(at(code="nothing")).status_code == 404
    assert focal.get(at(state="XXX")).status_code == 404
    assert focal.get("/es/rounds/2025/setup/sections/").status_code == 403


def test_a_text_is_saved_and_shown_with_values_and_numbers_marked(focal: Client) -> None:
    write_value(cell("hnd-inm-001"), 226_029)
    answer = post(focal, f"Llegaron [[{FIGURE}]] personas y 12 más.")
    assert answer.status_code == 302  # type: ignore[attr-defined]
    page = text(focal.get(at()))
    assert '<span class="bound"' in page
    assert ">226,029<" in page
    assert '<mark class="loose">12' in page
    assert "línea 1, carácter" in page
    assert "anotada y su institución todavía no la entrega" in page


def test_a_country_s_own_way_of_writing_numbers_is_kept(sections_2025: Round) -> None:
    own = person("carmen", "focal-point", "CRI")
    write_value(cell("cri-dgme-001"), 226_029)
    s = section("context", "CRI")
    write(s, "es", "Hubo [[r2025-cri-dgme-001]].")
    assert "226\u00a0029" in text(own.get(at(state="CRI")))


def test_html_is_words_and_never_markup(focal: Client) -> None:
    post(focal, "<script>alert(1)</script>\n\nAquí <img src=x onerror=alert(1)> y [x](javascript:alert(1)).")
    page = text(focal.get(at()))
    assert "<script>alert" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_text_that_is_too_long_is_kept_on_the_page(focal: Client, lang: str) -> None:
    answer = focal.post(
        at(lang), {"text": "a" * 1_000_000, "lang": "es", "base": 0, "of": 0, "client": uuid4()}
    )
    assert answer.status_code == 422
    assert "a" * 1_000_000 in text(answer)
    assert not narratives.versions(section("context").pk)


def test_two_people_meet_and_choose(focal: Client) -> None:
    post(focal, "Uno.")
    answer = post(focal, "Dos.", base=0)
    assert answer.status_code == 409  # type: ignore[attr-defined]
    page = text(answer)
    assert ">Uno.</pre>" in page
    assert "Dos.</textarea>" in page
    assert 'name="base" value="1"' in page, "saving again writes mine upon theirs"


def test_the_page_saves_by_itself_and_gets_a_receipt(focal: Client) -> None:
    mark = str(uuid4())
    about = {"text": "Uno.", "lang": "es", "base": 0, "of": 0, "client": mark}
    first = focal.post(at(), about, headers={"Accept": "application/json"})
    assert json.loads(first.content) == {"outcome": "written", "version": 1, "said": "Guardado."}
    again = focal.post(at(), about, headers={"Accept": "application/json"})
    assert json.loads(again.content)["outcome"] == "again"
    met = focal.post(
        at(), {**about, "client": str(uuid4()), "text": "Dos."}, headers={"Accept": "application/json"}
    )
    assert json.loads(met.content)["theirs"] == "Uno."


def test_without_javascript_a_figure_is_found_and_what_was_typed_stays(focal: Client) -> None:
    write_value(cell("hnd-inm-001"), 226_029)
    answer = post(focal, "A medias", do="find", q="SOLICITUDES 226.029")
    page = text(answer)
    assert "A medias</textarea>" in page
    assert f"<code>[[{FIGURE}]]</code>" in page
    assert not narratives.versions(section("context").pk)


def test_a_typed_number_offers_the_figure_of_that_value_and_becomes_it(focal: Client) -> None:
    write_value(cell("hnd-inm-001"), 226_029)
    post(focal, "Hubo 226,029 casos.")
    page = text(focal.get(at()))
    assert f'value="5|226,029|{FIGURE}"' in page
    post(focal, "Hubo 226,029 casos.", do=None, bind=f"5|226,029|{FIGURE}")
    assert narratives.versions(section("context").pk)[-1].text == f"Hubo [[{FIGURE}]] casos."


def test_looking_tells_where_javascript_finds_a_number(focal: Client) -> None:
    write_value(cell("hnd-inm-001"), 226_029)
    answer = focal.post(at(more="look/"), {"text": "😀 Hubo 226,029 casos.", "lang": "es"})
    found = json.loads(answer.content)
    assert [(x["start"], x["end"], x["offers"][0]["id"]) for x in found["spots"]] == [(8, 15, FIGURE)]
    assert found["words"].startswith("3 de 500")
    assert "226,029" in found["preview"]
    assert focal.post(at(more="look/"), {"text": "a" * 100_000, "lang": "es"}).status_code == 422
    assert focal.post(at(more="look/"), {"text": "a", "lang": "xx"}).status_code == 422


@pytest.mark.parametrize(
    "query", ["solicitudes", "asylum applications", "226,029", "226029", "honduras 2025", "INM"]
)
def test_figures_are_found_by_what_where_and_how_many(focal: Client, query: str) -> None:
    write_value(cell("hnd-inm-001"), 226_029)
    found = json.loads(focal.get(at(more="figures/"), {"q": query, "lang": "es"}).content)
    assert found["figures"][0]["id"] == FIGURE
    assert found["figures"][0]["standing"] == "anotada y sin entregar"


def test_a_state_s_figures_are_not_found_from_another(region: Client, focal: Client) -> None:
    write_value(cell("cri-dgme-001"), 777_333)
    assert json.loads(focal.get(at(more="figures/"), {"q": "777333"}).content)["figures"] == []
    mirps = at("es", "foreword", "MIRPS", "figures/")
    assert json.loads(region.get(mirps, {"q": "777333"}).content)["figures"] == []


def test_a_translation_shows_what_changed_and_is_read_again(focal: Client) -> None:
    post(focal, "Llegaron muchas.")
    post(focal, "Many came.", lang="en")
    post(focal, "Llegaron pocas.")
    page = text(focal.get(at(more="?lang=en")))
    assert "</span>muchas</del>" in page
    assert "</span>pocas</ins>" in page
    post(focal, "Many came!", lang="en")
    s = section("context")
    assert narratives.held([s])[s.pk].stale, "an edit alone does not say that it was read"
    post(focal, "Few came!", lang="en", current="1")
    assert not narratives.held([s])[s.pk].stale
    post(focal, "Llegaron pocas más.")
    post(focal, "", lang="en", do="reread")
    held = narratives.held([s])[s.pk]
    assert (held.stale, held.version("en").text) == (False, "Few came!")


def test_the_region_names_a_state_s_figure_before_its_answer_and_does_not_read_it(
    region: Client, focal: Client
) -> None:
    hand_over("hnd-inm-001", 777_333)
    address = at("en", more="figures/")
    assert json.loads(focal.get(address, {"q": "777333"}).content)["figures"]
    assert json.loads(region.get(address, {"q": "777333"}).content)["figures"] == []
    assert "777" not in region.get(address, {"q": "2025"}).content.decode()
    post(focal, f"[[{FIGURE}]]")
    assert "777" in text(focal.get(at()))
    assert "777" not in text(region.get(at()))
    entries.take(
        cells=[cell("hnd-inm-001").pk], step=Step.APPROVE_STATE, by="fernanda", role="focal-point",
        at=NOW + timedelta(minutes=9),
    )  # fmt: skip
    assert json.loads(region.get(address, {"q": "777333"}).content)["figures"]


def test_who_translated_is_told_when_the_original_changes(focal: Client, region: Client) -> None:
    post(focal, "Uno.")
    post(region, "One.", lang="en")
    post(focal, "Dos.")
    assert list(Notice.objects.values_list("user__username", "kind").order_by("id")) == [
        ("rosa", "translation")
    ]


def test_a_section_is_handed_over_when_nothing_is_missing(focal: Client) -> None:
    hand_over("hnd-inm-001", 226_029)
    approver = User.objects.create(username="hugo", email="h@example.org")
    give_role(
        user=approver, role="state-approver", state="HND", starts=date(2024, 1, 1), ends=None, by="t", at=NOW
    )
    post(focal, f"Hubo [[{FIGURE}]].")
    answer = focal.post(at(), {"do": "submit"})
    assert answer.status_code == 422
    assert "falta el texto" in text(answer)
    post(focal, f"[[{FIGURE}]] came.", lang="en")
    s = section("context")
    assert focal.post("/es/rounds/2025/write/HND/", {}).status_code == 422
    assert focal.post("/es/rounds/2025/write/HND/", {"section": [s.pk, 999]}).status_code == 302
    assert section("context").status == Status.SUBMITTED
    assert Notice.objects.filter(user=approver, kind="submitted").exists()
    page = text(focal.get(at()))
    assert "<textarea" not in page
    assert "espera la aprobación del Estado" in page


def test_the_region_s_section_is_approved_by_another_of_the_region(
    region: Client, sections_2025: Round
) -> None:
    s = section("foreword", "")
    write(s, "es", "Un año.", by="rosa")
    write(s, "en", "A year.", by="rosa")
    address = at("en", "foreword", "MIRPS")
    assert region.post(address, {"do": "submit"}).status_code == 302
    assert region.post(address, {"do": "approve", "version": 2}).status_code == 422
    other = person("pru", "presidency")
    assert other.post(address, {"do": "send-back", "reason": ""}).status_code == 422
    assert other.post(address, {"do": "approve", "version": 1}).status_code == 422
    assert other.post(address, {"do": "approve", "version": 2}).status_code == 302
    assert section("foreword", "").status == Status.REGION


def test_a_consent_is_recorded_and_taken_back(focal: Client, region: Client) -> None:
    address = at("en", "stories", more="consents/")
    given = {
        "called": "Alma", "held_by": "HND.INM", "reference": "CI-1", "given": "2025-09-01", "until": "",
        "uses": ["report", "portal"], "names_changed": "1",
    }  # fmt: skip
    answer = focal.post(address, {**given, "called": "María López Cruz"})
    assert answer.status_code == 422
    assert "María López Cruz" in text(answer)
    assert focal.post(address, given).status_code == 302
    held = Consent.objects.get()
    Section.objects.filter(pk=section("stories").pk).update(status=Status.PUBLISHED)
    assert focal.post(address, {"revoke": "99999"}).status_code == 404
    assert focal.post(address, {"revoke": held.pk}).status_code == 302
    assert Notice.objects.filter(kind="consent", user__username="rosa").exists(), "somebody must take it down"
    assert "taken back" in text(focal.get(address))
    assert focal.get(at("en", "context", more="consents/")).status_code == 404


def test_what_is_asked_for_is_set_up_on_a_page(region: Client) -> None:
    base = "/en/rounds/2025/setup/sections/"
    assert region.post(f"{base}new/", {"title_es": "Niñez"}).status_code == 422
    given = {"title_es": "Niñez", "title_en": "Children", "words": "200", "states": ["MIRPS", "HND"]}
    assert region.post(f"{base}new/", given).status_code == 302
    s = section("children")
    assert region.post(f"{base}{s.pk}/", {**given, "words": "x", "order": "1"}).status_code == 422
    assert (
        region.post(f"{base}{s.pk}/", {**given, "title_en": "Boys and girls", "order": "1"}).status_code
        == 302
    )
    assert section("children").title("en") == "Boys and girls"
    assert region.post(f"{base}{s.pk}/", {"do": "withdraw"}).status_code == 302
    assert "No longer asked for" in text(region.get(base))
    assert region.post(f"{base}{s.pk}/", {"do": "restore"}).status_code == 302
    assert region.post(base).status_code == 302


def test_looking_is_a_few_queries(focal: Client, django_assert_max_num_queries: object) -> None:
    focal.post(at(more="look/"), {"text": "Uno 1", "lang": "es"})
    with django_assert_max_num_queries(13):  # type: ignore[operator]
        focal.post(at(more="look/"), {"text": "Hubo 226,029 casos.", "lang": "es"})


def test_who_enters_values_may_translate_and_not_write_the_original(sections_2025: Round) -> None:
    clerk = person("tania", "data-entry", "HND", "HND.INM")
    assert "el original lo escribe quien compila" in text(clerk.get(at()))
    assert post(clerk, "Uno.").status_code == 422  # type: ignore[attr-defined]
    write(section("context"), "es", "Uno.")
    assert post(clerk, "One.", lang="en").status_code == 302  # type: ignore[attr-defined]
    assert clerk.post("/es/rounds/2025/write/HND/", {"section": section("context").pk}).status_code == 403
    assert clerk.get(at(state="CRI")).status_code == 403
    assert clerk.get(at("es", "foreword", "MIRPS")).status_code == 403


def test_a_small_number_offers_the_state_s_own_figures_alone(focal: Client, loaded: None) -> None:
    offered = {}
    for words in ("12", "226,029"):
        answer = json.loads(focal.post(at(more="look/"), {"text": f"Hubo {words}.", "lang": "es"}).content)
        offered[words] = [x["id"] for x in answer["spots"][0]["offers"]]
    assert all("-hnd-" in x for x in offered["12"])
    assert any("-cri-" in x for x in offered["226,029"]), "a large one says by itself what is meant"


def test_saving_by_itself_is_a_few_queries_and_a_short_answer(
    focal: Client, django_assert_max_num_queries: object
) -> None:
    post(focal, "Uno.")
    about = {"text": "Uno y dos.", "lang": "es", "base": 1, "of": 0, "client": str(uuid4())}
    with django_assert_max_num_queries(19):  # type: ignore[operator]
        answer = focal.post(at(), about, headers={"Accept": "application/json"})
    assert json.loads(answer.content)["outcome"] == "written"
    assert len(answer.content) < 1_000

"""Entering by form: one thing on a page, read as the country writes, nothing typed is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from tests.entries.conftest import person, signed_in
from tests.rounds.conftest import cell
from tests.rounds.test_journey import take

from mirps.base.access.api import User
from mirps.base.texts.api import number
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell, Given, Statement
from mirps.evidence.review.api import Remark
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Due, Kind, Round, Stage, Step

pytestmark = pytest.mark.django_db
HND = "/{lang}/rounds/2025/enter/HND.INM/"


def fields(client: Client, address: str) -> dict[str, str]:
    """What a form would send as it stands."""
    html = client.get(address).content.decode()
    form = html[html.index("data-ask=") :] if "data-ask=" in html else html
    out = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if not name or (('type="radio"' in tag or 'type="checkbox"' in tag) and " checked" not in tag):
            continue
        out[name.group(1)] = value.group(1) if value else ""
    return out


def text_of(answer) -> str:  # type: ignore[no-untyped-def]
    return answer.content.decode()


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize(
    "page", ["", "hnd-inm-001/", "grid/", "submit/", "files/", "cell/{cell}/"]
)  # fmt: skip
def test_every_page_of_entering_stands_in_both_languages(
    round_2025: Round, ana: User, lang: str, page: str
) -> None:
    c = cell("hnd-inm-001")
    answer = signed_in(ana).get(HND.format(lang=lang) + page.format(cell=c.pk))
    assert answer.status_code == 200, text_of(answer)
    assert f'lang="{lang}"' in text_of(answer)


def test_a_value_typed_as_in_honduras_is_kept(round_2025: Round, ana: User) -> None:
    client, c = signed_in(ana), cell("hnd-inm-001")
    address = HND.format(lang="es") + "hnd-inm-001/"
    sent = fields(client, address) | {f"v-{c.pk}": "226,029", "go": "next"}
    answer = client.post(address, sent)
    assert answer.status_code == 302
    assert answer["Location"].endswith("hnd-inm-002/?kept=1")
    assert Cell.objects.get(pk=c.pk).value == 226_029


def test_a_value_typed_as_in_costa_rica_is_kept(round_2025: Round, tica: User) -> None:
    client, c = signed_in(tica), cell("cri-dgme-001")
    address = "/es/rounds/2025/enter/CRI.DGME/cri-dgme-001/"
    client.post(address, fields(client, address) | {f"v-{c.pk}": "226 029"})
    assert Cell.objects.get(pk=c.pk).value == 226_029
    assert "226\u00a0029" in text_of(client.get(address))


@pytest.mark.parametrize(
    ("lang", "typed", "says"),
    [
        ("es", "226 029", "226,029"),
        ("en", "226.029,5", "226,029.5"),
        ("es", "226.029", "cosas enteras"),
        ("en", "many", "is not a number"),
        ("es", "-4", "menor que cero"),
        ("en", "2,000,000", "1,000,000"),
    ],
)
def test_what_is_wrong_says_what_helps_and_keeps_what_was_typed(
    round_2025: Round, ana: User, lang: str, typed: str, says: str
) -> None:
    client, c = signed_in(ana), cell("hnd-inm-001")
    address = HND.format(lang=lang) + "hnd-inm-001/"
    women = cell("hnd-inm-001", "sex=F")
    answer = client.post(
        address, fields(client, address) | {f"v-{c.pk}": typed, f"v-{women.pk}": "7", "note_es": "mi nota"}
    )
    html = text_of(answer)
    assert answer.status_code == 422
    assert says in html
    assert f'value="{typed}"' in html
    assert 'value="7"' in html
    assert "mi nota" in html
    assert not Statement.objects.exists()  # nothing of the page is kept while one value is wrong


def test_the_same_form_sent_twice_is_one_statement(round_2025: Round, ana: User) -> None:
    client, c = signed_in(ana), cell("hnd-inm-001")
    address = HND.format(lang="es") + "hnd-inm-001/"
    sent = fields(client, address) | {f"v-{c.pk}": "5"}
    assert client.post(address, sent).status_code == client.post(address, sent).status_code == 302
    assert Statement.objects.count() == 1


def test_i_do_not_know_needs_a_reason(round_2025: Round, ana: User) -> None:
    client, c = signed_in(ana), cell("hnd-inm-001")
    address = HND.format(lang="en") + "hnd-inm-001/"
    sent = fields(client, address) | {f"v-{c.pk}": "", "why": "_U"}
    assert "why there is no value" in text_of(client.post(address, sent))
    assert client.post(address, sent | {"note_en": "The system was down."}).status_code == 302
    held = Cell.objects.get(pk=c.pk)
    assert (held.value, held.absence, held.note_en) == (None, "_U", "The system was down.")


def test_one_tick_says_that_a_breakdown_is_not_collected(round_2025: Round, ana: User) -> None:
    client, c = signed_in(ana), cell("hnd-inm-001")
    address = HND.format(lang="en") + "hnd-inm-001/"
    client.post(address, fields(client, address) | {f"v-{c.pk}": "9", "nc-sex": "1"})
    by_sex = Cell.objects.filter(asked__code="hnd-inm-001", dimensions__startswith="sex=")
    assert {x.absence for x in by_sex} == {"_L"}
    assert cell("hnd-inm-001", "age=18+").absence == ""


def test_two_people_on_one_value_see_each_others_and_choose(round_2025: Round, ana: User, luis: User) -> None:
    one, two, c = signed_in(ana), signed_in(luis), cell("hnd-inm-001")
    address = HND.format(lang="en") + "hnd-inm-001/"
    first, second = fields(one, address), fields(two, address)
    one.post(address, first | {f"v-{c.pk}": "120"})
    answer = two.post(address, second | {f"v-{c.pk}": "130"})
    assert "/met/" in answer["Location"]
    html = text_of(two.get(answer["Location"]))
    assert "Ana" in html
    assert "120" in html
    assert "130" in html
    done = two.post(answer["Location"], {"choice": "mine", "base": "1"})
    assert done.status_code == 302
    assert Cell.objects.get(pk=c.pk).value == 130
    assert [(s.value, s.number) for s in entries.versions(c.pk)] == [(120, 1), (130, None), (130, 2)]


@pytest.mark.parametrize(("choice", "stays"), [("theirs", 120), ("other", 125)])
def test_keeping_theirs_or_writing_another(
    round_2025: Round, ana: User, luis: User, choice: str, stays: int
) -> None:
    one, two, c = signed_in(ana), signed_in(luis), cell("hnd-inm-001")
    address = HND.format(lang="es") + "hnd-inm-001/"
    first, second = fields(one, address), fields(two, address)
    one.post(address, first | {f"v-{c.pk}": "120"})
    met = two.post(address, second | {f"v-{c.pk}": "130"})["Location"]
    assert two.post(met, {"choice": choice, "other": "125", "base": "1"}).status_code == 302
    assert Cell.objects.get(pk=c.pk).value == stays
    assert 130 in [s.value for s in entries.versions(c.pk)]


def test_who_left_a_value_alone_does_not_stand_against_who_changed_it(
    round_2025: Round, ana: User, luis: User
) -> None:
    one, two = signed_in(ana), signed_in(luis)
    women, men = cell("hnd-inm-001", "sex=F"), cell("hnd-inm-001", "sex=M")
    address = HND.format(lang="es") + "hnd-inm-001/"
    first, second = fields(one, address), fields(two, address)
    one.post(address, first | {f"v-{women.pk}": "40"})
    answer = two.post(address, second | {f"v-{men.pk}": "60"})
    assert "/met/" not in answer["Location"]
    assert [Cell.objects.get(pk=x.pk).value for x in (women, men)] == [40, 60]


def test_what_came_back_stands_first_with_its_reason(round_2025: Round, ana: User) -> None:
    client, c = signed_in(ana), cell("hnd-inm-002")
    address = HND.format(lang="en") + "hnd-inm-002/"
    client.post(address, fields(client, address) | {f"v-{c.pk}": "7"})
    take(c, Step.SUBMIT, "ana", 1)
    locked = text_of(client.get(address))
    assert "has been submitted" in locked
    take(c, Step.SEND_BACK, "focal", 2, reason="Is this the whole year?")
    html = text_of(client.get(HND.format(lang="en")))
    assert html.index("Is this the whole year?") < html.index('class="asks"')
    assert re.search(r'class="button" href="[^"]*hnd-inm-002/"', html)


def test_handing_over_says_what_lacks_and_hands_over_what_is_chosen(round_2025: Round, ana: User) -> None:
    focal = person("rosa", "focal-point", "HND")
    client, c = signed_in(ana), cell("hnd-inm-002")
    address = HND.format(lang="en")
    client.post(f"{address}hnd-inm-002/", fields(client, f"{address}hnd-inm-002/") | {f"v-{c.pk}": "7"})
    html = text_of(client.get(f"{address}submit/"))
    assert "Required answers are missing (1)" in html
    assert focal.first_name in html
    answer = client.post(f"{address}submit/", {"asked": ["hnd-inm-002"]})
    assert answer["Location"].endswith("?sent=1")
    assert Cell.objects.get(pk=c.pk).status == "submitted"


def test_what_does_not_add_up_is_explained_before_it_is_handed_over(round_2025: Round, ana: User) -> None:
    client, c, women = signed_in(ana), cell("hnd-inm-001"), cell("hnd-inm-001", "sex=F")
    address = HND.format(lang="es") + "hnd-inm-001/"
    client.post(address, fields(client, address) | {f"v-{c.pk}": "10", f"v-{women.pk}": "12"})
    refused = client.post(HND.format(lang="es") + "submit/", {"asked": ["hnd-inm-001"]})
    assert refused.status_code == 422
    assert "más que el total" in text_of(refused)
    client.post(address, fields(client, address) | {"note_es": "Doce cuentan dos veces."})
    answer = client.post(HND.format(lang="es") + "submit/", {"asked": ["hnd-inm-001"]})
    assert answer["Location"].endswith("?sent=2")


def test_nobody_enters_for_another_institution(round_2025: Round, tica: User) -> None:
    client = signed_in(tica)
    for page in ("", "hnd-inm-001/", "grid/", "files/"):
        answer = client.get(HND.format(lang="es") + page)
        assert answer.status_code == 403
        assert "Instituto Nacional de Migración" in text_of(answer)
    own = cell("cri-dgme-001")
    stolen = client.post(
        "/es/rounds/2025/enter/CRI.DGME/save/",
        {"posts": [{"cell": cell("hnd-inm-001").pk, "base": 0, "client": str(uuid4()), "text": "1"}]},
        content_type="application/json",
    )
    assert stolen.status_code == 400
    assert not Statement.objects.exists()
    assert own.version == 0


def test_a_closed_round_says_so_and_takes_nothing(round_2025: Round, ana: User) -> None:
    client, c = signed_in(ana), cell("hnd-inm-001")
    address = HND.format(lang="en") + "hnd-inm-001/"
    sent = fields(client, address) | {f"v-{c.pk}": "5"}
    rounds.turn(round="2025", to=Stage.CLOSED, by="secretariat", at=round_2025_now())
    client.post(address, sent)
    assert not Statement.objects.exists()
    assert "The round is closed" in text_of(client.get(HND.format(lang="en")))


def round_2025_now():  # type: ignore[no-untyped-def]
    from tests.rounds.conftest import NOW

    return NOW


def test_beside_a_value_stand_its_history_and_what_others_say(loaded: None) -> None:
    """The round of 2025 asks what 2024 stated; the page shows it, and a jump wants a note."""
    from tests.rounds.conftest import NOW

    asks = rounds.proposed_from(previous="2024", starts=date(2025, 1, 1), ends=date(2025, 12, 31))
    rounds.set_up(
        code="2025", kind=Kind.ANNUAL, title_es="Ronda", title_en="Round", starts=date(2025, 1, 1),
        ends=date(2025, 12, 31), cut_off=None, asks=asks, by="s", at=NOW,
    )  # fmt: skip
    made = Round.objects.get(pk="2025")
    rounds.set_due(round=made, step=Due.ENTRY, due=NOW, by="s", at=NOW)
    entries.prepare(round="2025")
    rounds.turn(round="2025", to=Stage.OPEN, by="s", at=NOW)
    lines = [x for x in entries.sheet("2025", state="HND") if len(x.cells) == 1 and x.ask.unit == "person"]
    before = entries.history([(x.ask, x.ask.dimensions) for x in lines], before="2025")
    found = [
        (x, e[-1]) for x in lines if (e := before[x.ask.code, x.ask.dimensions]) and (e[-1].value or 0) > 100
    ]
    line, earlier = found[0]
    assert earlier.value is not None
    client = signed_in(person("eva", "data-entry", "HND", line.ask.institution))
    address = f"/en/rounds/2025/enter/{line.ask.institution}/"
    html = text_of(client.get(f"{address}{line.ask.code}/"))
    assert f"/en/figure/{earlier.figure}/" in html
    assert number(earlier.value, "en_001") in html
    far = {"ask": line.ask.code, "texts": {str(line.cells[0].pk): str(int(earlier.value * 40))}}
    said = client.post(f"{address}hint/", far, content_type="application/json").json()
    assert "far from the usual" in " ".join(said["cells"][str(line.cells[0].pk)]["said"])
    assert said["note"]
    for page in ("", "grid/", "submit/"):
        assert client.get(address + page).status_code == 200


def test_a_question_stands_beside_the_value_it_is_about(round_2025: Round, ana: User) -> None:
    c = cell("hnd-inm-002")
    Remark.objects.create(
        round=round_2025, state="HND", institution="HND.INM", cell=c, kind="question", lang="es",
        text="¿Incluye a quienes retiraron?", by="ana", at=round_2025_now(),
    )  # fmt: skip
    client = signed_in(ana)
    assert "Questions not resolved: 1" in text_of(client.get(HND.format(lang="en")))
    html = text_of(client.get(HND.format(lang="en") + "hnd-inm-002/"))
    assert "¿Incluye a quienes retiraron?" in html
    assert f"/en/rounds/2025/review/cell/{c.pk}/" in html


def test_coming_late_is_said_and_still_taken(round_2025: Round, ana: User) -> None:
    html = text_of(signed_in(ana).get(HND.format(lang="en")))  # due in October 2025
    assert "it will show that it came late" in html


def test_an_institution_of_which_nothing_is_asked_is_told_so(round_2025: Round) -> None:
    client = signed_in(person("eva", "data-entry", "HND", "HND.SEDH"))
    html = text_of(client.get("/es/rounds/2025/enter/HND.SEDH/"))
    assert "No se le pide nada a esta institución" in html
    assert client.get("/es/rounds/2025/enter/HND.NOBODY/").status_code == 404


def test_thousands_read_as_decimals_are_asked_about(round_2025: Round) -> None:
    line = entries.sheet("2025", institution="HND.INM")[1]
    given = {"": Given(Decimal("226.029"))}
    money = replace(line.ask, unit="USD")
    seen = entries.look(money, given, {}, whole=False)
    assert [h.key for h in seen.all] == ["entries.hint.thousandths"]
    assert not seen.lacks_note

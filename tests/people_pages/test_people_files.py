"""Whoever was registered is found again and read; a correction changes nothing that was said."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.people_pages.conftest import (
    Officer,
    form,
    hidden,
    members,
    person,
    post,
    read,
    register,
    seek,
    told,
)

from mirps.people.custody.api import Reading
from mirps.people.intake.api import Task
from mirps.people.registry import models
from mirps.people.registry.api import standing_of
from mirps.web.pages.people import search

pytestmark = pytest.mark.django_db
XIMENA = "Ximena Vásquez López"


def one(client: Client, **more: str) -> str:
    """The address of the file of somebody newly registered."""
    group = register(client, person(**more))
    return f"/es/people/{members(client, group)[XIMENA]}/"


def fact_id(page: str, words: str) -> str:
    found = re.search(rf'id="f-([0-9a-f-]+)">\s*<p class="fact-words"><b>{words}', unescape(page))
    assert found, words
    return found[1]


@pytest.mark.parametrize(
    "q",
    [
        "Ximena Vásquez López",
        "jimena bazquez lopes",
        "López Vásquez, Ximena",
        "0801-1987-01234",
        "+504 9999-8888",
    ],
)
def test_somebody_is_found_by_a_misspelt_name_a_document_or_a_telephone(officer: Officer, q: str) -> None:
    client = officer()
    one(client, **{"document.0.type": "id", "document.0.number": "0801198701234", "contact.0.channel": "phone",
                   "contact.0.value": "99998888"})  # fmt: skip
    page = seek(client, q)
    assert XIMENA in page
    assert "nació en 1987" in page


def test_a_scanned_number_leads_to_the_file(officer: Officer) -> None:
    client = officer()
    file = one(client)
    number = file.split("/")[3]
    answer = client.post("/es/people/", {"q": number.replace("-", "").lower()})
    assert answer["Location"] == file
    wrong = number[:-1] + ("2" if number[-1] != "2" else "3")
    assert "Nadie así" in seek(client, wrong)


def test_the_year_of_birth_parts_people_of_one_name(
    officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = officer()
    for year in ("1950", "1987", "1961"):
        register(client, person(year=year))
    page = seek(client, XIMENA, born="1987")
    assert page.index("nació en 1987") < min(page.index("nació en 1950"), page.index("nació en 1961"))
    monkeypatch.setattr(search, "LOOKED", 1)
    assert "nació en 1961" in seek(client, XIMENA, born="1962")
    assert "four digits" in post(client, "/en/people/", {"q": XIMENA, "born": "87"}, 422)


def test_people_of_the_same_name_elsewhere_hide_nobody_here(
    officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in "abc":
        register(officer("irene", body="MEX.INM", office=""), person())
    client = officer()
    file = one(client)
    monkeypatch.setattr(search, "LOOKED", 1)
    assert file in seek(client, XIMENA)


def test_a_search_and_an_opened_file_are_kept_with_their_purpose(officer: Officer) -> None:
    client = officer()
    file = one(client)
    before = Reading.objects.count()
    seek(client, "Vásquez López", purpose="protection")
    read(client, file)
    kept = [(r.act, r.purpose, r.shown) for r in Reading.objects.order_by("at")]
    assert kept[before:] == [("search", "protection", 1), ("open", "protection", 1)]


def test_another_office_is_seen_once_a_purpose_is_named_and_another_institution_never(
    officer: Officer,
) -> None:
    file = one(officer())
    tenosique = officer("tomas", office="MEX.COMAR.TEN")
    assert tenosique.get(file).status_code == 404
    assert XIMENA in seek(tenosique, XIMENA)
    assert XIMENA in read(tenosique, file)
    inm = officer("irene", body="MEX.INM", office="")
    assert "Nadie así" in seek(inm, XIMENA)
    assert inm.get(file).status_code == 404


def test_an_institution_of_which_no_office_is_listed_is_named_as_the_one_where_it_was_said(
    officer: Officer,
) -> None:
    irene = officer("irene", body="MEX.INM", office="")
    page = read(irene, one(irene))
    assert " · Instituto Nacional de Migración · " in page
    assert " · MEX.INM · " not in page


def test_a_correction_stands_and_the_history_keeps_both(officer: Officer) -> None:
    client = officer()
    file = one(client)
    id_ = fact_id(read(client, file), "4 de mayo de 1987")
    asks = read(client, f"/es/people/fact/{id_}/correct/")
    assert 'value="1987"' in asks
    typed = {
        **hidden(asks, "one-fact"),
        "f.date.d": "5",
        "f.date.m": "4",
        "f.date.y": "1987",
        "f.sure": "document",
    }
    assert post(client, f"/es/people/fact/{id_}/correct/", typed, 302) == f"{file}?done=corrected"
    page = read(client, file)
    assert "5 de abril de 1987" in page
    assert "4 de mayo de 1987" not in page
    history = read(client, f"{file}history/")
    assert "5 de abril de 1987" in history
    assert "4 de mayo de 1987" in history
    assert post(client, f"/es/people/fact/{id_}/correct/", typed, 302), "the same act sent twice is one"
    assert models.Fact.objects.filter(kind="birth").count() == 2


def test_a_correction_with_an_impossible_date_says_so_at_its_box(officer: Officer) -> None:
    client = officer()
    file = one(client)
    id_ = fact_id(read(client, file), "4 de mayo de 1987")
    asks = read(client, f"/es/people/fact/{id_}/correct/")
    typed = {**hidden(asks, "one-fact"), "f.date.d": "31", "f.date.m": "2", "f.date.y": "1987"}
    page = post(client, f"/es/people/fact/{id_}/correct/", typed, 422)
    assert 'href="#f-f.date"' in page
    assert told(page)


def test_two_corrections_of_one_fact_both_stand_and_open_a_task(officer: Officer) -> None:
    client = officer()
    file = one(client)
    id_ = fact_id(read(client, file), "4 de mayo de 1987")
    forms = [hidden(read(client, f"/es/people/fact/{id_}/correct/"), "one-fact") for _ in "ab"]
    for typed, year in zip(forms, ("1986", "1985"), strict=True):
        post(client, f"/es/people/fact/{id_}/correct/", {**typed, "f.date.y": year}, 302)
    page = read(client, file)
    assert "se contradicen: Nacimiento" in page
    assert "dos respuestas" in read(client, "/es/people/work/")
    wrong = fact_id(page, "1985")
    why = {
        **hidden(read(client, f"/es/people/fact/{wrong}/withdraw/"), 'class="form"'),
        "f.why": "Se equivocó",
    }
    post(client, f"/es/people/fact/{wrong}/withdraw/", why, 302)
    assert "se contradicen" not in read(client, file)
    assert not Task.objects.filter(closed_at=None).exists()


def test_what_is_withdrawn_needs_a_reason_and_stays_in_the_history(officer: Officer) -> None:
    client = officer()
    file = one(client, **{"document.0.type": "id", "document.0.number": "0801198701234"})
    id_ = fact_id(read(client, file), ".*0801198701234")
    given = hidden(read(client, f"/es/people/fact/{id_}/withdraw/"), 'class="form"')
    assert "Diga por qué" in post(client, f"/es/people/fact/{id_}/withdraw/", given, 422)
    post(client, f"/es/people/fact/{id_}/withdraw/", {**given, "f.why": "Era de su hermana"}, 302)
    assert "0801198701234" not in read(client, file)
    assert "Era de su hermana" in read(client, f"{file}history/")
    assert XIMENA not in seek(client, "0801198701234")


def test_a_fact_of_any_kind_is_added_and_a_consent_is_withdrawn(officer: Officer) -> None:
    client = officer()
    file = one(client)
    asks = read(client, f"{file}say/status/")
    typed = {**hidden(asks, "one-fact"), "f.status": "asylum-seeker", "f.since.y": "2026"}
    page = client.post(f"{file}say/status/", typed)
    if page.status_code == 422:  # the list's codes are data
        code = re.findall(r'<option value="([a-z-]+)"', asks)[0]
        page = client.post(f"{file}say/status/", {**typed, "f.status": code})
    assert page.status_code == 302
    assert "2026" in read(client, file)
    asks = read(client, f"{file}say/consent/?purpose=registration&given=withdrawn")
    assert 'value="withdrawn" checked' in asks
    typed = {
        **hidden(asks, "one-fact"),
        "f.purpose": "registration",
        "f.given": "withdrawn",
        "f.how": "spoken",
    }
    post(client, f"{file}say/consent/", typed, 302)
    assert "Ahora acepta" in read(client, file)
    assert client.get(f"{file}say/membership/").status_code == 404


def test_nobody_without_clearance_is_told_whether_there_is_a_sensitive_need(officer: Officer) -> None:
    client = officer()
    file = one(client, **{"need.0.need": "child-risk", "need.0.words": "palabras reservadas"})
    page = read(client, file)
    assert "palabras reservadas" not in page
    assert "lo haya o no" in page
    protection = officer("patricia", "protection-officer", office="")
    seek(protection, XIMENA)
    assert "palabras reservadas" in read(protection, file)
    hidden_fact = models.Fact.objects.get(kind="need")
    assert client.get(f"/es/people/fact/{hidden_fact.id}/correct/").status_code == 404


def test_a_day_before_the_registration_knows_nothing_of_the_person(officer: Officer) -> None:
    client = officer()
    file = one(client)
    page = read(client, f"{file}?on=2020-01-01")
    assert "Así se conocía" in page
    assert XIMENA not in page


def test_a_card_carries_the_number_and_its_code_holds_no_name(officer: Officer) -> None:
    client = officer()
    file = one(client)
    page = read(client, f"{file}card/")
    assert "<svg" in page
    assert XIMENA in page
    assert XIMENA not in re.search(r"<svg.*?</svg>", page, re.S)[0]  # type: ignore[index]
    assert Reading.objects.filter(act="print").count() == 1


def test_a_photo_is_shown_to_whoever_opened_the_file_alone(officer: Officer) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = officer()
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 200
    photo = SimpleUploadedFile("x.png", png, "image/png")
    answer = client.post(
        "/es/people/register/", {**form(client), **person(), "p0.photo.0.file": photo, "do": "keep"}
    )
    assert answer.status_code == 302
    number = members(client, answer["Location"])[XIMENA]
    src = re.search(r'class="photo" src="([^"]+)"', read(client, f"/es/people/{number}/"))
    assert src
    assert client.get(src[1]).content == png
    assert officer("tomas", office="MEX.COMAR.TEN").get(src[1]).status_code == 404
    bad = SimpleUploadedFile("x.png", b"MZ not a picture", "image/png")
    page = client.post(
        "/es/people/register/", {**form(client), **person(), "p0.photo.0.file": bad, "do": "keep"}
    )
    assert page.status_code == 422
    assert 'href="#f-p0.photo.0.file"' in page.content.decode()


def test_a_limit_of_searches_is_told_with_when_to_go_on(
    officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mirps.people.custody import queries
    from mirps.people.custody.rules import Limit

    client = officer()
    monkeypatch.setattr(queries, "limits", lambda: dict.fromkeys(("search", "open"), Limit(1, 9)))
    seek(client, XIMENA)
    assert "límite" in post(client, "/es/people/", {"q": XIMENA}, 429)


def queries_of(client: Client, address: str, given: dict[str, str] | None = None) -> int:
    """How many questions a page asks the database, past the marks of a transaction."""
    client.post("/es/people/seat/", {"purpose": "registration"})  # somebody who has been at work for a while
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.post(address, given) if given else client.get(address)
    assert answer.status_code == 200
    marks = ("SAVEPOINT", "RELEASE", "WITH before AS")
    return sum(not q["sql"].startswith(marks) for q in asked.captured_queries)


def test_no_page_asks_the_database_more_than_twelve_times(officer: Officer) -> None:
    client = officer()
    people = [person()] + [person(n, f"Ana{n}", "Mejía", role="child") for n in range(1, 5)]
    group = register(client, *people).partition("?")[0]
    file = f"/es/people/{members(client, group)[XIMENA]}/"
    asked = {
        a: queries_of(client, a) for a in (file, f"{file}history/", f"{file}card/", group, "/es/people/work/")
    }
    asked["search"] = queries_of(client, "/es/people/", {"q": "Ximena Vásquez", "purpose": "registration"})
    assert {a: n for a, n in asked.items() if n > 12} == {}


def test_who_reads_a_page_and_in_which_roles_is_asked_once(officer: Officer) -> None:
    client = officer()
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/es/people/").status_code == 200
    sent = [q["sql"] for q in asked.captured_queries]
    assert sum("base_roleassignment" in sql for sql in sent) == 1, "with the user"
    assert sum("base_notice" in sql for sql in sent) == 1, "counted with the user"


def test_what_stands_of_somebody_is_sealed_in_the_database(officer: Officer) -> None:
    one(officer())
    held = models.Person.objects.get()
    assert "Vásquez" in str(standing_of([held.id], "name")[held.id][0].data)
    row = models.Fact.objects.get(kind="name")
    assert "Vásquez".encode() not in bytes(row.sealed)

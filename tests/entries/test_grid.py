"""The grid's own requests: each cell with its version and its mark, small, few queries, nothing lost."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.entries.conftest import signed_in
from tests.rounds.conftest import NOW, cell
from tests.rounds.test_journey import take

from mirps.base.access.api import User
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell, Given, Post, Statement
from mirps.evidence.rounds.api import Round, Step

AT = "/{lang}/rounds/2025/enter/HND.INM/"


def post(client: Client, what: str, body: object, lang: str = "en") -> Any:
    return client.post(AT.format(lang=lang) + what, body, content_type="application/json")


def one(c: Cell, text: str, base: int = 0, client: str = "") -> dict[str, object]:
    return {"cell": c.pk, "base": base, "client": client or str(uuid4()), "text": text}


def save(client: Client, *posts: dict[str, object], lang: str = "en") -> list[dict[str, Any]]:
    answer = post(client, "save/", {"posts": list(posts)}, lang)
    assert answer.status_code == 200, answer.content
    return answer.json()["done"]  # type: ignore[no-any-return]


@pytest.mark.django_db
def test_a_cell_is_saved_with_a_small_answer(round_2025: Round, ana: User) -> None:
    c = cell("hnd-inm-001")
    answer = post(signed_in(ana), "save/", {"posts": [one(c, "226,029")]})
    assert len(answer.content) < 1024
    assert answer["Cache-Control"] == "private, no-store"
    done = answer.json()["done"][0]
    assert (done["outcome"], done["version"], done["text"]) == ("written", 1, "226,029")


@pytest.mark.django_db(transaction=True)
def test_a_save_takes_at_most_ten_queries(round_2025: Round, ana: User) -> None:
    client = signed_in(ana)
    save(client, one(cell("hnd-inm-002"), "1"))  # what a session reads once is not counted
    with CaptureQueriesContext(
        connection,
    ) as seen:
        save(client, one(cell_of := cell("hnd-inm-001"), "5"))
    asked = [q["sql"] for q in seen if not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
    asked = [q for q in asked if f"\"code\" = '{cell_of.asked.code}'" not in q]  # the test's own look
    assert len(asked) <= 10, "\n".join(asked)


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["es", "en"])
def test_what_cannot_be_taken_is_told_and_the_rest_is_saved(round_2025: Round, ana: User, lang: str) -> None:
    c, women, men = cell("hnd-inm-001"), cell("hnd-inm-001", "sex=F"), cell("hnd-inm-001", "sex=M")
    done = save(signed_in(ana), one(c, "many"), one(women, "-3"), one(men, "7"), lang=lang)
    assert [d["outcome"] for d in done] == ["refused", "refused", "written"]
    assert all(d["said"][0] for d in done[:2])
    assert Cell.objects.get(pk=men.pk).value == 7


@pytest.mark.django_db
def test_an_answer_that_was_lost_is_given_again(round_2025: Round, ana: User, luis: User) -> None:
    c, mark = cell("hnd-inm-001"), str(uuid4())
    mine = signed_in(ana)
    assert [save(mine, one(c, "5", client=mark))[0]["outcome"] for _ in range(2)] == ["written", "again"]
    met = str(uuid4())
    for _ in range(2):  # a conflict whose answer was lost is a conflict still, not something saved
        done = save(signed_in(luis), one(c, "6", client=met))[0]
        assert (done["outcome"], done["text"], done["mine"], done["by"]) == ("conflict", "5", "6", "Ana")
    assert Statement.objects.count() == 2


@pytest.mark.django_db
def test_a_mark_is_not_taken_for_another_value(round_2025: Round, ana: User) -> None:
    c, other, mark = cell("hnd-inm-001"), cell("hnd-inm-002"), str(uuid4())
    client = signed_in(ana)
    save(client, one(c, "5", client=mark))
    assert save(client, one(c, "6", client=mark))[0]["outcome"] == "refused"
    assert save(client, one(other, "5", client=mark))[0]["outcome"] == "refused"


@pytest.mark.django_db
def test_what_was_handed_over_meanwhile_is_not_changed(round_2025: Round, ana: User) -> None:
    c, client = cell("hnd-inm-001"), signed_in(ana)
    save(client, one(c, "5"))
    take(c, Step.SUBMIT, "luis", 1)
    done = save(client, one(c, "6", base=1))[0]
    assert done["outcome"] == "refused"
    assert "submitted" in done["said"][0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        "nothing", [], {"posts": []}, {"posts": [1]}, {"posts": [{}]}, {"posts": "x"},
        {"posts": [{"cell": 10**30, "base": 0, "client": str(uuid4()), "text": "1"}]},
        {"posts": [{"cell": 999_999, "base": 0, "client": str(uuid4()), "text": "1"}]},
        {"posts": [{"cell": 1, "base": -1, "client": str(uuid4()), "text": "1"}]},
        {"posts": [{"cell": 1, "base": 0, "client": "no uuid", "text": "1"}]},
        {"posts": [{"cell": 1, "base": 0, "client": str(uuid4()), "text": "1" * 300}]},
    ],
)  # fmt: skip
def test_a_request_that_no_page_makes_is_refused_in_words(round_2025: Round, ana: User, body: object) -> None:
    answer = post(signed_in(ana), "save/", body)
    assert answer.status_code == 400
    assert answer.json()["why"]


@pytest.mark.django_db
def test_the_checks_speak_as_one_types(round_2025: Round, ana: User) -> None:
    c, women = cell("hnd-inm-001"), cell("hnd-inm-001", "sex=F")
    texts = {str(c.pk): "10", str(women.pk): "12"}
    said = post(signed_in(ana), "hint/", {"ask": "hnd-inm-001", "texts": texts}).json()
    assert "12, more than the total (10)" in said["together"][0]
    assert said["note"]
    said = post(signed_in(ana), "hint/", {"ask": "hnd-inm-001", "texts": {str(c.pk): "2,000,000"}}).json()
    assert said["cells"][str(c.pk)]["stop"]
    assert not Statement.objects.exists()


@pytest.mark.django_db
def test_a_pasted_block_is_read_cell_by_cell(round_2025: Round, ana: User) -> None:
    c, women, men = cell("hnd-inm-001"), cell("hnd-inm-001", "sex=F"), cell("hnd-inm-001", "sex=M")
    text = '1,200\t"7"\tunknown\t9\r\nx\r\n'
    found = post(signed_in(ana), "read/", {"text": text, "cells": [[c.pk, women.pk, men.pk], [None]]}).json()
    assert [(p["typed"], p["reads"]) for p in found["cells"]] == [
        ("1,200", "1,200"), ("7", "7"), ("unknown", "not known"),
    ]  # fmt: skip
    assert found["outside"] == 2


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters='\t"\n'), max_size=8)


@given(st.lists(st.lists(TEXTS.map(str.strip), min_size=1, max_size=4), min_size=1, max_size=5))
def test_a_block_is_read_as_a_spreadsheet_wrote_it(rows: list[list[str]]) -> None:
    block = entries.write_block(rows)
    read = entries.read_block(block)
    # One empty cell alone in its row is written as "" by a spreadsheet's rules, and read as an empty cell.
    assert [[c.strip() for c in r] for r in read] == rows or rows == [[""]]


WORDS = {"not known": "_U", "not collected": "_L"}


@given(st.decimals(-(10**12), 10**12, places=3) | st.sampled_from(list(WORDS)) | st.just(""))
def test_what_a_cell_shows_can_be_typed(content: Decimal | str) -> None:
    shown = {v: k for k, v in WORDS.items()}
    value = content if isinstance(content, Decimal) else None
    absence = "" if isinstance(content, Decimal) else WORDS.get(content, "")
    for locale in ("es_HN", "es_CR", "en_001"):
        text = entries.show_cell(value, absence, locale, shown)
        assert entries.read_cell(text, locale, WORDS) == (value, absence)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_no_value_is_lost_however_writers_come_between_each_other(round_2025: Round, seed: int) -> None:
    """Four people write two cells with what they last saw, some posts twice: each value that was posted
    is in the history, and the cell says the last one that was taken."""
    chance = random.Random(seed)
    cells = [cell("hnd-inm-001"), cell("hnd-inm-002")]
    seen = {(p, c.pk): 0 for p in range(4) for c in cells}
    sent: list[tuple[int, int]] = []
    for n in range(40):
        person, c = chance.randrange(4), chance.choice(cells)
        value = 1000 * person + n
        one_ = Post(c.pk, seen[person, c.pk], uuid4(), Decimal(value))
        for _ in range(chance.choice((1, 1, 2))):
            done = entries.write_all(posts=[one_], by=f"p{person}", at=NOW, via="grid")[0]
        sent.append((c.pk, value))
        if chance.random() < 0.7:
            seen[person, c.pk] = done.cell.version
    for c in cells:
        kept = [int(s.value) for s in entries.versions(c.pk) if s.value is not None]
        assert sorted(kept) == sorted(v for k, v in sent if k == c.pk)
        taken = [s for s in entries.versions(c.pk) if s.number]
        assert [s.number for s in taken] == list(range(1, len(taken) + 1))
        held = Cell.objects.get(pk=c.pk)
        assert (held.value, held.version) == (taken[-1].value, taken[-1].number)


@pytest.mark.postgres  # SQLite's database in memory has one writer and nobody who waits
@pytest.mark.django_db(transaction=True)
def test_many_at_the_same_moment_on_one_cell_all_stay(round_2025: Round) -> None:
    """Threads with connections of their own: one is taken, the others are kept beside it."""
    from concurrent.futures import ThreadPoolExecutor

    c = cell("hnd-inm-001")

    def write(n: int) -> str:
        try:
            done = entries.write_all(
                posts=[Post(c.pk, 0, uuid4(), Decimal(n))], by=f"p{n}", at=NOW, via="grid"
            )
            return done[0].outcome.value
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(write, range(6)))
    assert sorted(outcomes) == ["conflict"] * 5 + ["written"]
    assert sorted(int(s.value or 0) for s in entries.versions(c.pk)) == list(range(6))


@pytest.mark.django_db
def test_a_whole_is_taken_together_or_not_at_all(round_2025: Round) -> None:
    c, women = cell("hnd-inm-001"), cell("hnd-inm-001", "sex=F")
    posts = [Post(c.pk, 0, uuid4(), Decimal(5)), Post(women.pk, 0, uuid4(), Decimal(-5))]
    done = entries.write_all(posts=posts, by="ana", at=NOW, via="form", whole=True)
    assert [w.outcome.value for w in done] == ["waiting", "refused"]
    assert not Statement.objects.exists()


@pytest.mark.django_db
def test_the_grid_leaves_qualifiers_and_notes_as_they_are(round_2025: Round, ana: User) -> None:
    from mirps.evidence.figures.api import Qualifier

    c = cell("hnd-inm-001")
    entries.write(
        cell=c.pk, given=Given(Decimal(5), qualifier=Qualifier.ABOUT, note_es="nota"), base=0, client=uuid4(),
        by="ana", at=NOW, via="form",
    )  # fmt: skip
    save(signed_in(ana), one(c, "6", base=1))
    held = Cell.objects.get(pk=c.pk)
    assert (held.value, held.qualifier, held.note_es) == (6, "about", "nota")

"""The page, its parts and its book are everybody's, fit together, and name every text that they use."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode

import pytest
from django.conf import settings
from django.test import Client

from mirps.base.texts.api import LANGUAGES
from mirps.people.registry import api as registry
from mirps.web.pages.people import desk
from mirps.web.pages.people.desk_book import MOST_FILE, book

SCRIPTS = {p.name: p.read_text(encoding="utf-8") for p in sorted(desk.FOLDER.glob("*.js"))}


def test_the_book_asks_what_the_form_asks_in_both_languages() -> None:
    told = json.loads(book())
    asked = [(b["key"], [f["name"] for f in b["fields"]]) for s in told["sections"] for b in s["blocks"]]
    form = registry.book().form
    assert asked == [(b.key, [f.name for f in b.fields]) for s in form.sections for b in s.blocks]
    for section in told["sections"]:
        for b in section["blocks"]:
            for field in b["fields"]:
                assert not field["list"] or told["lists"][field["list"]]
                for lang in LANGUAGES:
                    assert told["texts"][lang][f"registration.field.{b['kind']}.{field['name']}"]


def test_every_text_that_a_script_names_is_in_the_book() -> None:
    held = json.loads(book())["texts"]["es"]
    named = {
        key for words in SCRIPTS.values() for key in re.findall(r'"(desk\.[a-z-]+(?:\.[a-z-]+)*)"', words)
    }
    assert len(named) > 60
    lacks = {k for k in named if k not in held and not any(h.startswith(f"{k}.") for h in held)}
    assert lacks == set()


def test_each_module_names_only_modules_that_are_kept() -> None:
    kept = set(desk.parts("es"))
    for words in SCRIPTS.values():
        for name in re.findall(r'from "\./([\w.]+)"', words):
            assert f"{settings.STATIC_URL}desk/{name}" in kept


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    assert {name: n for name, words in SCRIPTS.items() if (n := words.count("\n")) > 400} == {}


@pytest.mark.django_db
def test_the_page_and_the_book_are_what_the_worker_expects_whoever_asks() -> None:
    """The browser takes a part only with its integrity: a page with somebody's name in it would be refused."""
    for lang in LANGUAGES:
        held = desk.parts(lang)
        for address in (f"/{lang}/people/desk/", f"/{lang}/people/desk/book.json"):
            answer = Client().get(address)
            assert answer.status_code == 200
            content = hashlib.sha256(answer.content).digest()
            assert held[address] == f"sha256-{b64encode(content).decode()}"


@pytest.mark.django_db
def test_the_page_may_use_the_camera_and_nothing_from_elsewhere() -> None:
    answer = Client().get("/en/people/desk/")
    assert "camera=(self)" in answer["Permissions-Policy"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "private" in answer["Cache-Control"]
    assert "style=" not in answer.content.decode()


@pytest.mark.django_db
def test_the_worker_has_another_version_when_a_part_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Client().get("/es/people/desk/worker.js").content
    assert b"const PARTS" in before
    desk._worker.cache_clear()
    monkeypatch.setattr(desk, "book", lambda: b"{}")
    after = Client().get("/es/people/desk/worker.js").content
    desk._worker.cache_clear()
    version = re.compile(rb'const VERSION = "(\w+)"')
    assert version.findall(before) != version.findall(after)


def test_a_file_that_the_page_takes_fits_into_a_request() -> None:
    assert MOST_FILE < settings.DATA_UPLOAD_MAX_MEMORY_SIZE

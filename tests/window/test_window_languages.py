"""What a machine translated says so on every page, asks for the same values, and has an original."""

from __future__ import annotations

from string import Formatter

import pytest
from django.test import Client

from mirps.base.texts import api as texts
from mirps.web.pages.window import words

TONGUES = sorted(set(words.languages()) - set(words.OURS))


def _values(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("tongue", TONGUES)
def test_each_text_of_a_further_language_has_its_original_and_its_values(tongue: str) -> None:
    held, ours = words._more()[tongue], texts.catalogue()
    assert {k for k in held if k not in ours} == set()
    assert {k for k in held if _values(held[k]) != _values(ours[k].es)} == set()
    assert {"window.turn-yours", "window.late", "window.held", "window.interpreter"} <= set(held)


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("tongue", TONGUES)
def test_a_machine_s_translation_says_that_it_awaits_review(tongue: str, lang: str) -> None:
    page = Client().get(f"/{lang}/window/?in={tongue}").content.decode()
    assert words.pending(tongue)
    assert words._more()[tongue]["window.enter"] in page
    marked = {
        "es": "Traducción automática, pendiente de revisión",
        "en": "Machine translation, pending review",
    }
    assert marked[lang] in page
    assert f'<p lang="{lang}">' in page


@pytest.mark.django_db
def test_what_people_wrote_in_both_languages_needs_no_such_mark() -> None:
    for lang, mark in (("es", "Traducción automática"), ("en", "Machine translation")):
        assert mark not in Client().get(f"/{lang}/window/").content.decode()

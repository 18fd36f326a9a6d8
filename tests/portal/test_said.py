"""Templates are compiled once for each language, with that language's words in them."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import engines
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup, escape

from mirps.web.said import InLanguages, in_language, saying

WORDS = {("greet", "es"): "Día {1} & <b>", ("greet", "en"): "Day {1} & <b>"}
SAYING = saying(
    {
        "t": lambda key, lang: WORDS[key, lang],
        "url": lambda n, lang: f"/{lang}/{n}/",
        "static": lambda f, _: f,
    }
)


def house(**files: str) -> InLanguages:
    env = InLanguages(
        loader=DictLoader(files), autoescape=True, undefined=StrictUndefined, extensions=[SAYING]
    )
    env.globals.update(t=lambda key, **more: f"asked for {key}", url=lambda name, **more: f"asked for {name}")
    return env


def shown(env: Environment, name: str, **said: object) -> str:
    return env.get_template(name).render(who="Ana", **said)


def test_a_plain_text_is_put_in_for_the_language_and_cannot_become_markup() -> None:
    env = house(page="{{ t('greet') }} {{ who }}")
    assert shown(env, in_language("page", "es")) == "Día {1} &amp; &lt;b&gt; Ana".replace(
        "{", "&#123;"
    ).replace("}", "&#125;")
    assert shown(env, in_language("page", "en")).startswith("Day ")


def test_what_takes_anything_else_is_asked_for_when_the_page_is_shown() -> None:
    env = house(page="{{ t('greet', n=who) }} {{ t(who) }} {{ t('greet')|upper }}")
    assert shown(env, in_language("page", "es")) == "asked for greet asked for Ana ASKED FOR GREET"


def test_what_is_asked_for_then_is_asked_in_the_language_of_the_page() -> None:
    env = house(page="{% for n in [1] %}{{ t('greet', n=n) }}{% endfor %}")
    env.speak(t=lambda lang, key, **values: f"{key} in {lang}, {values}")
    assert [shown(env, in_language("page", lang)) for lang in ("es", "en")] == [
        f"greet in {lang}, {{&#39;n&#39;: 1}}" for lang in ("es", "en")
    ]
    assert shown(env, "page") == "asked for greet"


def test_what_a_page_extends_includes_or_imports_is_in_its_language_too() -> None:
    env = house(
        page="{% extends 'frame' %}{% import 'parts' as p %}"
        "{% block main %}{% include 'piece' %}{{ p.said() }}{% endblock %}",
        frame="<{{ url('home') }}>{% block main %}{% endblock %}",
        piece="{{ t('greet') }}|",
        parts="{% macro said() %}{{ t('greet') }}{% endmacro %}",
    )
    assert shown(env, "en:page").count("Day ") == 2
    assert shown(env, "en:page").startswith("</en/home/>")


def test_a_template_asked_for_by_its_plain_name_says_its_words_as_it_is_written_out() -> None:
    assert shown(house(page="{{ t('greet') }}"), "page") == "asked for greet"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_template_of_the_product_can_be_compiled_in_each_language(lang: str) -> None:
    """So a text or a page that a template names and nobody has is found here, not by a reader."""
    env: Any = engines["jinja2"]
    names = [n for n in env.env.list_templates() if n.endswith((".html", ".svg", ".xml"))]
    assert len(names) > 100
    for name in names:
        env.env.get_template(in_language(name, lang))


@given(st.one_of(st.text(), st.integers(), st.text().map(Markup), st.text().map(SafeString), st.none()))
def test_what_a_template_gives_out_is_escaped_as_markupsafe_does(said: object) -> None:
    assert shown(house(page="{{ said }}"), "page", said=said) == str(escape(said))


def test_what_is_put_together_in_a_template_is_escaped_once() -> None:
    env = house(
        page="{% macro b(x) %}<b>{{ x }}</b>{% endmacro %}{% set kept %}{{ said }}{% endset %}"
        "{{ b(said) }}{{ kept }}{{ said ~ b('&') }}{{ said|safe }}{% autoescape false %}{{ said }}{% endautoescape %}"
    )
    assert shown(env, "page", said="<") == "<b>&lt;</b>&lt;&lt;<b>&amp;</b><<"

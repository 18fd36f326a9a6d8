"""The templates' environment: an undefined name is an error, never an empty string."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context

from mirps.base.codelists import api as codelists
from mirps.base.texts import api as texts


def environment(**options: Any) -> Environment:
    options["undefined"] = StrictUndefined
    env = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - Django sets autoescape
    env.globals.update(static=static, url=_url, t=_say, lists=codelists)
    env.filters.update(number=_number, day=_day)
    return env


def reader(request: HttpRequest) -> dict[str, object]:
    """What every page knows of its reader: language, locale, and who is signed in."""
    lang = language_of(request)
    return {"lang": lang, "other": "en" if lang == "es" else "es", "locale": locale_of(request)}


def language_of(request: HttpRequest) -> str:
    """The language is in the address: /es/… or /en/…."""
    first = request.path_info.split("/", 2)[1] if "/" in request.path_info else ""
    return first if first in texts.LANGUAGES else "es"


def locale_of(request: HttpRequest) -> str:
    """How the reader's country writes numbers and dates (cookie `country`), in the page's language."""
    return texts.locale_for(language_of(request), request.COOKIES.get("country", ""), codelists.locales())


@pass_context
def _say(context: Context, key: str, /, **values: object) -> str:
    return texts.say(key, context["lang"], **values)


@pass_context
def _number(context: Context, value: Decimal | int, places: int | None = None) -> str:
    return texts.number(value, context["locale"], places)


@pass_context
def _day(context: Context, value: Any, form: str = "long") -> str:
    return texts.day(value, context["locale"], form)


@pass_context
def _url(context: Context, name: str, /, **kwargs: object) -> str:
    """The address of a page in the page's own language (or in `lang`, if given)."""
    return address(name, **{"lang": context["lang"], **kwargs})


def address(name: str, **kwargs: object) -> str:
    return reverse(name, kwargs=kwargs)


Formatter = Callable[[Decimal], str]


def formatter(locale: str) -> Formatter:
    return partial(texts.number, locale=locale)

"""The door to texts: the catalogue of this installation, loaded once."""

from __future__ import annotations

from functools import cache

from mirps.base.codelists.api import data_folder
from mirps.base.texts.reading import NotANumber, Wrong, read_number
from mirps.base.texts.rules import (
    DEFAULT_LOCALE,
    LANGUAGES,
    Catalogue,
    Text,
    TextFault,
    day,
    in_lang,
    load,
    locale_for,
    moment,
    number,
    partial_date,
    stale,
)

__all__ = [
    "DEFAULT_LOCALE",
    "LANGUAGES",
    "Catalogue",
    "NotANumber",
    "Text",
    "TextFault",
    "Wrong",
    "catalogue",
    "day",
    "in_lang",
    "locale_for",
    "moment",
    "number",
    "partial_date",
    "read_number",
    "say",
    "stale",
]


@cache
def catalogue() -> Catalogue:
    return load(data_folder() / "texts")


def say(key: str, lang: str, /, **values: object) -> str:
    return catalogue().say(key, lang, **values)

"""The window's texts in further languages: data/window/<code>.yaml, key by key; what one lacks is told in the
language of the address. A language begins to be offered when its file stands there. `review: pending` is said on
every page: a machine wrote it, and nobody who speaks the language has read it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml
from babel import Locale, UnknownLocaleError

from mirps.base.codelists.api import data_folder
from mirps.base.texts import api as texts

OURS = ("es", "en")


@cache
def _files() -> Mapping[str, Mapping[str, Any]]:
    paths = sorted((data_folder() / "window").glob("*.yaml"))
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths}


@cache
def _more() -> Mapping[str, Mapping[str, str]]:
    return {
        code: {f"window.{k}": str(v) for k, v in told["texts"].items()} for code, told in _files().items()
    }


def pending(tongue: str) -> bool:
    """Whether nobody has yet read what a machine translated."""
    return tongue in _files() and _files()[tongue]["review"] == "pending"


def languages() -> dict[str, str]:
    """Code -> what the language calls itself."""
    return {code: _own_name(code) for code in (*OURS, *_more())}


def chosen(asked: str, lang: str) -> str:
    """The language to speak: one that there is, else that of the address."""
    return asked if asked in _more() else lang


def say(key: str, tongue: str, lang: str, **values: object) -> str:
    text = _more().get(tongue, {}).get(key)
    return text.format(**values) if text else texts.say(key, lang, **values)


def _own_name(code: str) -> str:
    try:
        return Locale.parse(code).get_display_name(code) or code
    except (UnknownLocaleError, ValueError):
        return code

"""The window's texts in further languages: data/window/<code>.yaml, key by key; what one lacks is told in the
language of the address. A language begins to be offered when its file stands there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import yaml
from babel import Locale, UnknownLocaleError

from mirps.base.codelists.api import data_folder
from mirps.base.texts import api as texts

OURS = ("es", "en")


@cache
def _more() -> Mapping[str, Mapping[str, str]]:
    found = {}
    for path in sorted((data_folder() / "window").glob("*.yaml")):
        told = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        found[path.stem] = {f"window.{k}": str(v) for k, v in told.items()}
    return found


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

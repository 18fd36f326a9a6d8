"""A notice in words, in the language of who reads it now."""

from __future__ import annotations

from datetime import date

from mirps.base.codelists import api as lists
from mirps.base.notices.models import Notice
from mirps.base.notices.rules import KINDS
from mirps.base.texts import api as texts
from mirps.base.texts.api import say


def kind_name(code: str, lang: str) -> str:
    """The kind as the settings name it."""
    return say(f"notice.kind.{code}.name", lang)


def title(notice: Notice, lang: str, today: date) -> str:
    """One sentence: what happened, or is asked. It holds no value of a figure, whatever the kind."""
    if notice.kind not in KINDS:
        return say("notice.kind.other", lang)
    key = f"notice.kind.{notice.kind}.words"
    if notice.kind in ("reminder", "agreement"):
        key += ".none" if notice.due is None else ".over" if notice.due < today else ".due"
    values = {k: _value(k, v, lang) for k, v in notice.params.items() if not k.startswith("what_")}
    due = texts.day(notice.due, texts.DEFAULT_LOCALE[lang]) if notice.due else ""
    words = say(key, lang, **values, what=_what(notice, lang), due=due)
    return words[:1].upper() + words[1:]


def where(notice: Notice, lang: str) -> str:
    """The round, State and institution it is about: `round 2025 · Honduras · DINAF`."""
    parts = [
        say("notice.round", lang, round=notice.round) if notice.round else "",
        lists.states().name(notice.state, lang) if notice.state else "",
        _institution(notice.institution, lang) if notice.institution else "",
    ]
    return " · ".join(p for p in parts if p)


def times(notice: Notice, lang: str) -> str:
    """How often it was told, if more than once."""
    return say("notice.times", lang, n=notice.count) if notice.count > 1 else ""


def _what(notice: Notice, lang: str) -> str:
    """The thing itself: by its name, or else by what sort of thing it is."""
    name = notice.params.get(f"what_{lang}")
    if name:
        return say("notice.what.named", lang, name=name)
    sort = next((s for s in ("figure", "section", "institution", "state") if getattr(notice, s)), "round")
    return say(f"notice.what.{sort}", lang)


def _value(name: str, value: object, lang: str) -> object:
    """A role, and a kind of record, by its name; everything else as it is."""
    keys = {"role": f"portal.role-held.{value}", "record": f"kind.{value}.name"}
    key = keys.get(name, "")
    return say(key, lang) if key in texts.catalogue() else value


def _institution(code: str, lang: str) -> str:
    found = lists.institutions().get(code)
    if found is None:
        return code
    return found.extra.get("acronym") or found.name(lang)

"""The reasons for holding two names alike, in the words of the catalogue (data/texts/people-identity.yaml)."""

from __future__ import annotations

from mirps.base.texts.api import say
from mirps.people.identity.comparing import Likeness, Reason


def told(reason: Reason, lang: str) -> str:
    """One reason in one language; with the parts as they were written, so for the officer's eyes alone."""
    kind = "misspelt-1" if reason.kind == "misspelt" and reason.slips == 1 else reason.kind
    box = say(f"identity.box.{reason.side}-{reason.nth}", lang)
    return say(
        f"identity.reason.{kind}", lang, box=box, one=reason.one, other=reason.other, slips=reason.slips
    )


def all_told(likeness: Likeness, lang: str) -> list[str]:
    return [told(reason, lang) for reason in likeness.reasons]

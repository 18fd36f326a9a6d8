"""What a deadline says of its days, and a procedure of itself, in the reader's language. Pure but for the texts."""

from __future__ import annotations

from mirps.base.calendars.api import Day, Sort, Term
from mirps.base.texts.api import in_lang as in_lang
from mirps.base.texts.api import say
from mirps.casework.procedures.model import Procedure


def term(t: Term, lang: str) -> str:
    return say(f"procedures.unit.{t.unit.value}", lang, n=t.n)


def day(d: Day, p: Procedure, lang: str) -> str:
    """Why a day is counted or not: `day 12`, `not counted: Labour Day`."""
    if d.first:
        return say("procedures.day.first", lang)
    if d.pause is not None and not d.pause.because:
        return say("procedures.day.closed", lang)
    if d.pause is not None:
        act = p.acts.get(d.pause.because)
        return say("procedures.day.pause", lang, name=in_lang(act.name, lang) if act else d.pause.because)
    if d.off is None:
        return say("procedures.day.counted", lang, number=d.number)
    if d.off.name is None:
        return say("procedures.day.weekend", lang)
    name = in_lang(d.off.name, lang)
    if d.off.sort is Sort.SUSPENSION:
        sure = say(f"procedures.certainty.{d.off.certainty.value}", lang)
        return say("procedures.day.suspension", lang, name=name, certainty=sure)
    return say("procedures.day.holiday", lang, name=name)

"""What a workbook calls what is asked, as the pages do; and what stands around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.conf import settings

from mirps.base.access import api as access
from mirps.base.notices.api import zone
from mirps.base.texts.api import moment
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Ask, Due, Round
from mirps.evidence.workbooks import api as workbooks
from mirps.evidence.workbooks.api import Frame
from mirps.web.jinja import address
from mirps.web.pages.rounds.enter_words import label, thing


class Naming:
    """What is asked, in one language, as the pages of entering call it; days as the State writes them."""

    def __init__(self, state: str, lang: str) -> None:
        self.lang, self.locale = lang, workbooks.locale_of(state, lang)

    def name(self, ask: Ask) -> str:
        return thing(ask, self.lang, self.locale).name

    def detail(self, ask: Ask) -> str:
        # The population has a column of its own.
        return thing(replace(ask, population=""), self.lang, self.locale).detail

    def when(self, ask: Ask) -> str:
        return thing(ask, self.lang, self.locale).when

    def part(self, ask: Ask, dimensions: str) -> str:
        return label(ask, dimensions, self.lang)


def frame(round: Round, state: str, institution: str, lang: str, *, now: datetime) -> Frame:
    """By when, where to bring it, whom to ask: the focal points of the State."""
    due = rounds.due(round.due_dates.all(), Due.ENTRY, state=state, institution=institution)
    locale = workbooks.locale_of(state, lang)
    held = access.holdings(on=now.date())
    people = sorted({u.called + (f" · {u.email}" if u.email else "")
                     for u, g in held if g.role == "focal-point" and g.state == state})  # fmt: skip
    return Frame(
        due=moment(due.astimezone(zone(state)), locale) if due else "",
        address=settings.ADDRESS + address("workbook", lang=lang, code=round.code, institution=institution),
        contacts=tuple(people),
    )


def made(
    round: Round, state: str, institution: str, lang: str, *, now: datetime, blank: bool = False
) -> bytes:
    """The workbook of an institution; `blank`, without what was entered. Raises LookupError when nothing is
    asked of it."""
    return workbooks.make(
        round=round, institution=institution, lang=lang, words=Naming(state, lang),
        frame=frame(round, state, institution, lang, now=now), blank=blank,
    )  # fmt: skip


def name_of(round: str, institution: str, lang: str) -> str:
    """The name of a workbook's file: `2025-HND.INM-es.xlsx`."""
    return f"{round}-{institution}-{lang}.xlsx"

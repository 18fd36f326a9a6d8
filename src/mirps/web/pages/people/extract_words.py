"""What is asked for when a list is to be taken out, in words: for the page, for whoever approves, for the list."""

from __future__ import annotations

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import day, say
from mirps.people.custody import api as custody
from mirps.people.extracts.api import Extract
from mirps.web.desk import Desk


def column_name(key: str, lang: str) -> str:
    return say(f"extracts.column.{key}", lang)


def told(desk: Desk, row: Extract) -> list[tuple[str, str]]:
    """Label and words: whom, what of them, what for."""
    lang = desk.lang
    office = codelists.office_name(row.office, lang) if row.office else say("extracts.every-office", lang)
    days = " – ".join(day(d, desk.locale) if d else "…" for d in (row.since, row.until))
    lines = [
        ("custody.purpose", custody.purposes().name(row.purpose, lang)),
        ("extracts.office", f"{desk.institution_name(row.institution)}, {office}"),
        ("extracts.registered", days if row.since or row.until else say("extracts.any-day", lang)),
        ("extracts.columns", ", ".join(column_name(key, lang) for key in row.columns)),
        ("extracts.people", str(len(row.people))),
    ]
    if row.receiver:
        lines.append(("extracts.receiver", f"{row.receiver.removeprefix('client:')} ({row.sealing})"))
    return [(say(key, lang), words) for key, words in lines]

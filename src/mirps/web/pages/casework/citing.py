"""The sources that an act's form offers for citing, and what was chosen of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from mirps.base.codelists import api as codelists
from mirps.casework.cases.api import CaseFile
from mirps.casework.origin import api as origin
from mirps.casework.origin.api import Choice
from mirps.casework.procedures.model import Type
from mirps.people.custody import api as custody
from mirps.web.pages.casework.answers import Answers
from mirps.web.pages.casework.door import Desk
from mirps.web.pages.casework.origin import shown
from mirps.web.pages.people import register_boxes as boxes

#: The button that shows another country's sources: the act is not done yet.
LOOK = "cite.look"


def chosen(given: Answers) -> list[Choice]:
    """What was ticked: `<source>.<version>`, with its passage and use as they were typed, however long."""
    out = []
    for ticked in given.typed.getlist("cite")[:100]:
        source, _, version = str(ticked).partition(".")
        try:
            id_ = UUID(source)
        except ValueError:
            continue
        if version.isdecimal() and len(version) < 5:
            passage, use = (str(given.typed.get(f"cite.{part}.{id_}", "")) for part in ("passage", "use"))
            out.append(Choice(id_, int(version), passage, use))
    return out


def offered(desk: Desk, file: CaseFile, given: Answers) -> dict[str, Any]:
    """The sources of the country that was asked for, at first that of the applicant; and whatever is ticked."""
    held = {c.source: c for c in chosen(given)}
    asked = boxes.country(given.get("cite.country")) if given.get("cite.country") else ""
    country = asked if asked in codelists.countries() else origin_of(file)
    rows = []
    if country or held:
        with custody.seated(desk.seat):
            rows = origin.sources(desk.seat, country=country, withdrawn=False, keep=held)
        if not country:
            rows = [r for r in rows if r.source in held]
    return {
        "sources": [{**shown(desk, r), "chosen": held.get(r.source)} for r in rows[: origin.MOST]],
        "country": codelists.country_name(country, desk.lang) if country else "",
        "more": origin.MOST if len(rows) > origin.MOST else 0, "code": country,
        "typed": given.get("cite.country"),
    }  # fmt: skip


def origin_of(file: CaseFile) -> str:
    """The applicant's country, as the case has it."""
    for code, value in file.facts.items():
        field = file.procedure.fields.get(code)
        if field is not None and field.type is Type.COUNTRY and value in codelists.countries():
            return str(value)
    return ""

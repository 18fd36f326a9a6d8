"""A session's minutes as PDF (tagged) and DOCX: seats and results, cases by their numbers, no names of anybody whom
a case is about, nor how a single member voted. The same session gives the same bytes."""

from __future__ import annotations

import io
from datetime import datetime

import docx

from mirps.base.notices.api import zone
from mirps.base.paper import api as paper
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.casework.cases import api as cases
from mirps.casework.procedures.wording import in_lang
from mirps.casework.sessions.api import Ballot, Item, SessionFile

FORMS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def made(file: SessionFile, *, lang: str, locale: str, form: str, at: datetime) -> bytes:
    """`at`: the moment that stands on it; the session's own once it has ended."""
    stamp = at if file.session.open else file.session.starts
    title = say("sessions.minutes.title", lang, n=file.session.number, year=file.session.year)
    lines, head, rows = _lines(file, lang, locale), _head(lang), [_row(file, i, lang) for i in file.items]
    name = in_lang(file.body.name, lang)
    return (_pdf if form == "pdf" else _docx)(title, name, lines, head, rows, lang, stamp)


def _lines(file: SessionFile, lang: str, locale: str) -> list[str]:
    held, body = file.held, file.body
    came = {m.seat for m in file.members if m.pk in held.came}
    seats = ", ".join(in_lang(s.name, lang) for code, s in body.seats.items() if code in came)
    out = [
        say("sessions.minutes.when", lang, when=texts.moment(file.session.starts.astimezone(zone(body.state)), locale)),
        say("sessions.minutes.seats", lang, seats=seats or "–"),
        say("sessions.minutes.rules", lang, quorum=say(f"sessions.quorum.{body.quorum}", lang),
            majority=say(f"sessions.majority.{body.majority}", lang)),
    ]  # fmt: skip
    if any(body.sure[k].certainty.uncertain for k in ("quorum", "majority")):
        out.append(say("sessions.minutes.unsure", lang))
    if file.session.open:
        out.append(say("sessions.minutes.draft", lang))
    return out


def _head(lang: str) -> list[str]:
    return [say(f"sessions.minutes.{k}", lang) for k in ("place", "case", "put", "counted", "came-to")]


def _row(file: SessionFile, item: Item, lang: str) -> list[str]:
    on, standing = file.held.on(item.pk), item.case.standing
    p = cases.version(standing.procedure, standing.version)
    puts = [in_lang(p.acts[b.act].name, lang) if b.act in p.acts else b.act for b in on.ballots]
    came = [_came(b, lang) for b in on.ballots]
    if on.deferred:
        came.append(say("sessions.minutes.deferred", lang, why=on.deferred))
    if on.recused:
        came.append(say("sessions.minutes.recused", lang, n=len(on.recused)))
    counted = [
        say("sessions.counted", lang, a=b.result.for_, b=b.result.against, c=b.result.abstained)
        for b in on.ballots if b.result
    ]  # fmt: skip
    return [str(item.place), item.case.number, *("; ".join(x) or "–" for x in (puts, counted, came))]


def _came(b: Ballot, lang: str) -> str:
    if b.result is None:
        return say("sessions.result.open", lang)
    key = "carried" if b.result.carried else "lost"
    found = say(f"sessions.result.{key}", lang) + (
        f" ({say('sessions.by-chair', lang)})" if b.result.by_chair else ""
    )
    return found if b.confirmed else f"{found}, {say('sessions.unconfirmed', lang)}"


def _pdf(
    title: str, body: str, lines: list[str], head: list[str], rows: list[list[str]], lang: str, at: datetime
) -> bytes:
    q = paper.quote
    cells = ", ".join(f"[#{q(c)}]" for row in rows for c in row)
    top = ", ".join(f"[*#{q(h)}*]" for h in head)
    source = f"""#set document(title: {q(f"{title}. {body}")}, date: none)
#set page(paper: "a4", margin: 2cm, numbering: "1")
#set text(font: "Noto Sans", size: 10pt, lang: "{lang}")
= #{q(title)}
#{q(body)}

{"".join(f"#{q(x)}{chr(10)}{chr(10)}" for x in lines)}
#table(columns: (auto, auto, 1fr, auto, 1fr), stroke: 0.5pt + luma(160), table.header({top}), {cells})
#v(2cm)
#{q(say("sessions.minutes.signatures", lang))}
"""
    return paper.compile_pdf(source, at=at)


def _docx(
    title: str, body: str, lines: list[str], head: list[str], rows: list[list[str]], lang: str, at: datetime
) -> bytes:
    file = docx.Document()
    core = file.core_properties
    core.title, core.author, core.comments, core.language = title, body, "", lang
    core.created = core.modified = at.replace(tzinfo=None, microsecond=0)
    file.add_heading(title, 1)
    for line in (body, *lines):
        file.add_paragraph(line)
    table = file.add_table(rows=0, cols=len(head), style="Light List Accent 1")
    for row in (head, *rows):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    file.add_paragraph(say("sessions.minutes.signatures", lang))
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()

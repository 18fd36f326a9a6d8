"""Gathering what a workbook is made of, and what a plan stands on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.crypto import salted_hmac

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import LANGUAGES, locale_for, partial_date, say
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell, Given, Hint, Line, Statement, Upload
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Qualifier
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Change, Round, Stage, Status
from mirps.evidence.workbooks.planning import Before, Fate, Ground, Item, Plan
from mirps.evidence.workbooks.rules import Column, Meta, Read, client_of, key_of
from mirps.evidence.workbooks.sheet import Asking, Entry, Words, Workbook
from mirps.evidence.workbooks.typed import Language
from mirps.evidence.workbooks.writing import NAMED, write


@dataclass(frozen=True, slots=True)
class Frame:
    """What a workbook says around what is asked: by when, where to bring it, whom to ask."""

    due: str = ""
    address: str = ""
    contacts: tuple[str, ...] = ()


def make(
    *, round: Round, institution: str, lang: str, words: Words, frame: Frame, blank: bool = False
) -> bytes:
    """The workbook of an institution, as things stand: the same bytes while they stand so."""
    held = content(round=round, institution=institution, lang=lang, words=words, frame=frame, blank=blank)
    return write(held, secret())


def content(
    *, round: Round, institution: str, lang: str, words: Words, frame: Frame, blank: bool = False
) -> Workbook:
    """What the workbook is to hold: four queries. Raises LookupError when the round asks nothing of it.

    `blank`: without what was entered, for whoever may hand workbooks out and not read answers. It stands
    upon nothing, so that what it brings back to an answer that was given is a conflict and a choice.
    """
    lines = entries.sheet(round.code, institution=institution)
    if not lines:
        raise LookupError(institution)
    if blank:
        for cell in (c for x in lines for c in x.cells):
            cell.value, cell.absence, cell.qualifier = None, "", Qualifier.EXACT
            cell.note_es = cell.note_en = ""
            cell.version, cell.written_at = 0, None
    state = lines[0].ask.state
    locale = locale_of(state, lang)
    before = entries.history([(x.ask, c.dimensions) for x in lines for c in x.cells], before=round.code)
    sectors: dict[str, list[Asking]] = defaultdict(list)
    for line in lines:
        name = codelists.sectors().name(line.ask.sector, lang)
        sectors[name].append(_asking(line, Stage(round.stage), before, words, lang, locale))
    order = [s.name(lang) for s in codelists.sectors().values()]
    known = sorted(sectors, key=lambda s: order.index(s) if s in order else len(order))
    cells = {key_of(x.ask, c.dimensions): c.version for x in lines for c in x.cells}
    return Workbook(
        meta=Meta(round.code, institution, lang, _stand(round, lines), cells),
        title=round.title(lang),
        institution=codelists.institutions().name(institution, lang),
        state=state,
        state_name=codelists.states().name(state, lang),
        locale=locale,
        due=frame.due,
        address=frame.address,
        contacts=frame.contacts,
        sectors=tuple((s, tuple(sectors[s])) for s in known),
    )


def _asking(
    line: Line, stage: Stage, before: dict[tuple[str, str], list[entries.Earlier]], words: Words, lang: str,
    locale: str,
) -> Asking:  # fmt: skip
    ask = line.ask
    guidance, change = (getattr(ask, f"{name}_{lang}") for name in ("guidance", "change"))
    broke = ask.change is Change.CHANGED
    if broke:
        change = say("workbooks.changed", lang, what=change or say("workbooks.changed-unsaid", lang))
    made = []
    for cell in line.cells:
        known = [e for e in before[ask.code, cell.dimensions] if e.value is not None and not broke]
        last = known[-1] if known else None
        made.append(
            Entry(
                key=key_of(ask, cell.dimensions), dimensions=cell.dimensions,
                label=words.part(ask, cell.dimensions), given=entries.given_in(cell), version=cell.version,
                earlier=last.value if last else None,
                earlier_when=partial_date(last.when, locale) if last else "",
                locked=_locked(stage, cell, lang),
            )
        )  # fmt: skip
    return Asking(
        ask=ask, name=words.name(ask), detail=words.detail(ask), guidance=guidance, change=change,
        population=codelists.populations().name(ask.population, lang) if ask.population else "",
        period=words.when(ask), unit=codelists.units().name(ask.unit, lang),
        whole=entries.counted(ask.unit), entries=tuple(made),
    )  # fmt: skip


def _locked(stage: Stage, cell: Cell, lang: str) -> str:
    why = entries.writable(stage, Status(cell.status))
    return say(f"workbooks.locked.{why.rpartition('.')[2]}", lang) if why else ""


def _stand(round: Round, lines: Sequence[Line]) -> str:
    """When what the workbook holds last changed: not when it was made, so that it is known again."""
    moments: list[datetime] = [c.written_at for x in lines for c in x.cells if c.written_at]
    last = round.events.order_by("-at", "-id").values_list("at", flat=True).first()
    newest = max([*moments, *([last] if last else [])], default=None)
    return newest.strftime("%Y-%m-%d %H:%M:%SZ") if newest else ""


def secret() -> bytes:
    """The installation's own key, for workbooks alone."""
    return salted_hmac("mirps.workbooks", "signature", algorithm="sha256").digest()


def locale_of(state: str, lang: str) -> str:
    """How an institution's people write numbers in a language: as their country does."""
    return locale_for(lang, state, codelists.locales())


def language(institution: str, lang: str) -> Language:
    """The words of the lists in both languages, and the country's style."""
    return Language(
        locale=locale_of(institution.partition(".")[0], lang),
        lang=lang,
        absences={figures.absence(a, x).lower(): a for a in entries.ABSENCES for x in LANGUAGES},
        sureness={say(f"workbooks.sure.{q.value}", x).lower(): q for q in Qualifier for x in LANGUAGES},
    )


def labels() -> dict[str, Column]:
    """Column names of both languages, in lower case."""
    return {say(f"workbooks.column.{c.value}", x).lower(): c for c in NAMED for x in LANGUAGES}


def ground(round: Round, institution: str, read: Read, *, by: str) -> Ground:
    """What a plan stands on: the cells, and what was written into them since the workbook was made."""
    lines = entries.sheet(round.code, institution=institution)
    moved = {
        c.pk: read.meta.cells[k]
        for x in lines
        for c in x.cells
        if c.version != read.meta.cells.get(k := key_of(x.ask, c.dimensions), c.version)
    }
    own = _own_marks(round.code, institution, read, by) if moved else set()
    versions: dict[int, dict[int, Before]] = defaultdict(dict)
    for s in Statement.objects.filter(cell__in=moved, number__isnull=False).order_by("id"):
        number = s.number or 0
        if number >= moved[s.cell_id]:
            given = Given(s.value, s.absence, Qualifier(s.qualifier), s.note_es, s.note_en)
            versions[s.cell_id][number] = Before(given, s.by, s.client in own)
    return Ground(round.code, institution, Stage(round.stage), lines, versions)


def _own_marks(round: str, institution: str, read: Read, by: str) -> set[UUID]:
    """The marks of what this person brought in with this same workbook before."""
    earlier = Upload.objects.filter(round_id=round, institution=institution, by=by).order_by("id")
    return {
        client_of(u.digest, key)
        for u in earlier
        if u.outcome.get("workbook") == read.signature
        for key in read.meta.cells
    }


def uploads(round: str, institution: str) -> list[Upload]:
    """The workbooks that were taken in, the latest first."""
    return list(Upload.objects.filter(round_id=round, institution=institution).order_by("-id"))


def taken_before(round: str, institution: str, digest: str) -> Upload | None:
    """The upload of this very file, if it was taken in."""
    return Upload.objects.filter(round_id=round, institution=institution, digest=digest).first()


def institutions(round: str, *, state: str = "") -> list[tuple[str, str]]:
    """(State, institution) that the round asks something of."""
    return sorted(set(rounds.asked(round, state=state).order_by().values_list("state", "institution")))


def worth_a_look(planned: Plan, round: str) -> list[tuple[Item, Hint]]:
    """What the checks would ask about once the workbook is taken in, where no note explains it: each
    with the cell that it speaks of (of parts, their total)."""
    goes = {i.cell.pk: i for i in planned.of(Fate.WRITE)}
    lines = {i.line.asked.pk: i.line for i in goes.values()}
    asked = [(x.ask, c.dimensions) for x in lines.values() for c in x.cells]
    before = entries.history(asked, before=round) if asked else {}
    out = []
    for line in lines.values():
        mine = {c.pk: goes[c.pk].mine if c.pk in goes else entries.given_in(c) for c in line.cells}
        given = {c.dimensions: mine[c.pk] for c in line.cells}
        seen = entries.look(
            line.ask, given, entries.values_before(line, before), whole=entries.counted(line.ask.unit)
        )
        if not seen.lacks_note:
            continue
        first = next(goes[c.pk] for c in line.cells if c.pk in goes)
        for c in line.cells:
            hints = [h for h in seen.cells.get(c.dimensions, ()) if h.key in entries.WANTS_NOTE]
            out += [(goes.get(c.pk, first), h) for h in hints]
        total = goes.get(line.cells[0].pk, first)
        out += [(total, h) for h in seen.together if h.key in entries.WANTS_NOTE]
    return out

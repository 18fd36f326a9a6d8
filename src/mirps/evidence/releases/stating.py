"""A release's rows as statements of the figure ledger, beside what institutions report."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256

from mirps.base.texts.api import day, in_lang, say
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Figure, FigureRow, Origin, Qualifier, Role
from mirps.evidence.indicators.api import Indicator, Kind
from mirps.evidence.releases.models import Release
from mirps.evidence.releases.queries import Computed, locator
from mirps.evidence.releases.rules import Row, members_of


def figure(i: Indicator, state: str, row: Row, *, first: date | None, last: date, known_on: date) -> Figure:
    stock = i.kind is Kind.STOCK
    members = "" if row.cell == figures.TOTAL else row.cell
    about = "|".join(
        (i.code, state, members, "" if stock or first is None else first.isoformat(), last.isoformat())
    )
    how = Computed(i.code, known_on, i.protect.sensitivity, row.rounded)
    return Figure(
        id=f"c-{state.lower()}-{last:%Y%m%d}-{sha256(about.encode()).hexdigest()[:16]}", document="",
        locator=locator(how), fragment="", state=state, sector=figures.measures()[i.measure].sector,
        measure=i.measure, value=row.value, unit=i.unit, population=i.population, dimensions=members,
        qualifier=Qualifier.ABOUT if row.rounded and row.value is not None else Qualifier.EXACT,
        stage=i.stage, series=i.series, period_start=None if stock else first,
        period_end=None if stock else last, as_of=last if stock else None, absence=row.absence,
        origin=Origin.COMPUTED, note_es=_note(i, known_on, "es"), note_en=_note(i, known_on, "en"),
    )  # fmt: skip


def _note(i: Indicator, known_on: date, lang: str) -> str:
    return say("releases.note", lang, name=in_lang(i.name, lang), day=day(known_on, lang))


def statements(release: Release, rows: Sequence[Row], indicators: Sequence[Indicator]) -> list[Figure]:
    """What the figure ledger can say of a release: cells of measures that it knows, in members of its lists."""
    by_code = {i.code: i for i in indicators if i.measure}
    known = figures.vocabulary().dimensions
    return [
        figure(by_code[r.code], release.state, r, first=release.first, last=release.last,
               known_on=release.known_on)
        for r in rows
        if r.code in by_code and (r.value is not None or r.absence) and _sayable(r.cell, known)
    ]  # fmt: skip


def _sayable(cell: str, known: Mapping[str, Collection[str]]) -> bool:
    said = members_of(cell).items()
    return all(d in known and (m in known[d] or m in figures.ABSENCES) for d, m in said)


def fresh(wanted: Sequence[Figure]) -> Iterator[Figure]:
    """Of statements, those that say something else than what stands: each takes the place of that. One beside which
    a reported figure stands is for comparing; else it is the one to use."""
    stems = {f.id for f in wanted}
    held = {}
    rows = FigureRow.objects.filter(
        origin=Origin.COMPUTED, superseded_by="", state__in={f.state for f in wanted},
        measure__in={f.measure for f in wanted},
    )  # fmt: skip
    for row in rows.order_by("id"):
        if (stem := figures.stem(row.id)) in stems:
            held[stem] = row
    reported = {figures.figure_from(r).subject() for r in _reported(wanted)}
    for f in wanted:
        said = replace(f, role=Role.TRIANGULATION if f.subject() in reported else Role.RECOMMENDED)
        old = held.get(f.id)
        if old is None:
            yield said
        elif (old.value, old.absence) != (f.value, f.absence):
            yield replace(said, id=figures.next_id(old.id), supersedes=old.id)


def _reported(wanted: Sequence[Figure]) -> Iterator[FigureRow]:
    rows = FigureRow.objects.filter(
        origin=Origin.REPORTED, superseded_by="", state__in={f.state for f in wanted},
        measure__in={f.measure for f in wanted},
    )  # fmt: skip
    yield from rows.order_by("id")

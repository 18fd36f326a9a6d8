"""Reading sections: what stands in each language, every version, every step, what may be published."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import BooleanField, ExpressionWrapper, Q

from mirps.base.codelists import api as codelists
from mirps.base.codelists.api import data_folder
from mirps.base.places.rules import fold, gazetteer
from mirps.base.texts import prose
from mirps.evidence.figures import api as figures
from mirps.evidence.narratives import identifying, rules
from mirps.evidence.narratives.binding import nameable
from mirps.evidence.narratives.identifying import Sign
from mirps.evidence.narratives.models import Consent, Section, SectionStep, SectionText
from mirps.evidence.narratives.reading import bound
from mirps.evidence.narratives.rules import Agreed, Held, Lack, Version
from mirps.evidence.rounds.api import Status, Step, Taken
from mirps.evidence.rounds.api import fold as folded


def sections(round: str, *, state: str | None = None) -> list[Section]:
    """What a round asks to be written (of one State; `""`: of the region), in order."""
    found = Section.objects.filter(round=round, withdrawn_at=None)
    if state is not None:
        found = found.filter(state=state)
    return list(found.order_by("state", "order", "code"))


def held(wanted: Iterable[Section]) -> dict[int, Held]:
    """Each section with its texts and consents, by key: two queries, three where stories are told."""
    every = list(wanted)
    texts = latest([s.pk for s in every])
    consents: dict[int, list[Agreed]] = defaultdict(list)
    if stories := [s.pk for s in every if s.story]:
        for c in Consent.objects.filter(section__in=stories).order_by("id"):
            consents[c.section_id].append(agreed(c))
    return {s.pk: held_of(s, texts[s.pk], consents[s.pk]) for s in every}


def latest(keys: Collection[int]) -> dict[int, dict[str, SectionText]]:
    """The version of each language that counts, by section; the language that was written first comes
    first. However many versions there are, only the texts that count are read: two queries."""
    last: dict[tuple[int, str], int] = {}
    every = SectionText.objects.filter(section__in=keys, number__isnull=False).order_by("id")
    for key, lang, id_ in every.values_list("section_id", "lang", "id"):
        last[key, lang] = id_
    found = SectionText.objects.in_bulk(last.values())
    out: dict[int, dict[str, SectionText]] = {k: {} for k in keys}
    for (key, lang), id_ in last.items():
        out[key][lang] = found[id_]
    return out


def held_of(section: Section, texts: Mapping[str, SectionText], consents: Sequence[Agreed] = ()) -> Held:
    return Held(
        {lang: Version(t.number or 0, t.of, t.text) for lang, t in texts.items()},
        rules.original_of((lang, bool(t.text.strip())) for lang, t in texts.items()),
        section.story, section.words, tuple(consents),
    )  # fmt: skip


def agreed(c: Consent) -> Agreed:
    return Agreed(
        c.called,
        c.given,
        c.until,
        tuple(filter(None, c.uses.split(","))),
        c.names_changed,
        c.revoked_at is not None,
    )


def lacks(wanted: Sequence[Section], on: date) -> dict[int, list[Lack]]:
    """What each section lacks before it may be handed over, by key. One round's sections."""
    found = held(wanted)
    known = {(s.round_id, s.state): None for s in wanted}
    figures_of = {key: nameable(*key) for key in known}
    out = {}
    for s in wanted:
        named = {b.figure for v in found[s.pk].versions.values() for b in bound(v.text)}
        standing = figures_of[s.round_id, s.state].standing(named)
        out[s.pk] = rules.lacks(found[s.pk], standing, on)
    return out


def versions(section: int, lang: str = "") -> list[SectionText]:
    """Everything anyone wrote into a section, oldest first; not taken ones have no number."""
    found = SectionText.objects.filter(section=section)
    return list((found.filter(lang=lang) if lang else found).order_by("id"))


def text_of(section: int, lang: str, number: int) -> str:
    """One version of one language; nothing for a version that there is none of."""
    found = SectionText.objects.filter(section=section, lang=lang, number=number).first()
    return found.text if found else ""


def steps_taken(section: int) -> list[SectionStep]:
    return list(SectionStep.objects.filter(section=section).order_by("id"))


def steps_of(keys: Collection[int]) -> dict[int, list[Taken]]:
    """Every step of each section, writing included, in the order they were taken. A section's version
    counts what was written into it, in either language; it is erased when neither holds a word."""
    out: dict[int, list[Taken]] = {k: [] for k in keys}
    now: dict[int, dict[str, bool]] = defaultdict(dict)
    every = SectionText.objects.filter(section__in=keys, number__isnull=False).order_by("id")
    written = every.annotate(holds=ExpressionWrapper(~Q(text=""), output_field=BooleanField()))
    for key, lang, holds, by, at in written.values_list("section_id", "lang", "holds", "by", "at"):
        now[key][lang] = bool(holds)
        step = Step.WRITE if any(now[key].values()) else Step.ERASE
        out[key].append(Taken(step, by, at, len(out[key]) + 1))
    for s in SectionStep.objects.filter(section__in=keys).order_by("id"):
        out[s.section_id].append(Taken(Step(s.step), s.by, s.at, s.version))
    for found in out.values():
        found.sort(key=lambda t: t.at)  # stable: writing before steps of the same moment
    return out


def versions_of(keys: Collection[int]) -> dict[int, int]:
    """How often each section was written, in both languages together."""
    out = dict.fromkeys(keys, 0)
    texts = SectionText.objects.filter(section__in=keys, number__isnull=False)
    for key in texts.values_list("section_id", flat=True).order_by("id"):
        out[key] += 1
    return out


def rebuilt(keys: Collection[int]) -> dict[int, Status]:
    """Each section's status folded anew from its texts and steps (for the test that they agree)."""
    return {key: folded(steps) for key, steps in steps_of(keys).items()}


def consents(section: int) -> list[Consent]:
    return list(Consent.objects.filter(section=section).order_by("id"))


def unconsented(round: str, *, on: date) -> dict[int, list[Lack]]:
    """Stories whose consents do not allow publication on that day: section -> why."""
    stories = [s for s in sections(round) if s.story and s.status != Status.EMPTY]
    found = held(stories)
    return {s.pk: why for s in stories if (why := rules.consent_lacks(found[s.pk], on))}


def signs(text: str) -> list[Sign]:
    """What in a story could tell who the person is."""
    return identifying.signs(text, places=_places(), known=_known())


@cache
def _places() -> frozenset[str]:
    held = gazetteer(data_folder() / "places")
    towns = (n for p in held.municipalities for n in p.names)
    divisions = (n for p in held.divisions for n in p.names)
    return frozenset(fold(n) for n in (*towns, *divisions)) - {""}


@cache
def _known() -> str:
    """Names that are nobody's: States, towns, institutions, peoples."""
    lists = (codelists.states(), codelists.institutions(), codelists.populations())
    names = [c.name(lang) for found in lists for c in found.values() for lang in rules.LANGUAGES]
    return f" {' | '.join([*(fold(n) for n in names), *sorted(_places())])} "


@dataclass(frozen=True, slots=True)
class Compiled:
    """A section as a report prints it. `text` is Markdown as docs/reports.md has it, by language, without
    the section's title; figures are named by the ids they bear now. `original`: the language written first."""

    key: int
    state: str  # empty: of the region
    code: str
    order: int
    story: bool
    status: Status
    version: int
    original: str
    title: Mapping[str, str]
    text: Mapping[str, str]


#: Texts that the region approved, or that are published.
APPROVED = (Status.REGION, Status.PUBLISHED)


def compiled(round: str, *, statuses: Collection[Status] = APPROVED) -> list[Compiled]:
    """What a round's report tells, the region's sections first, then State by State in their order.

    A draft of the report may ask for other `statuses`. Stories whose consent does not hold are for
    `unconsented` to name: they are given here like the others. Four queries, and the ledger's book.
    """
    wanted = [s for s in sections(round) if Status(s.status) in statuses]
    found, counts = held(wanted), versions_of([s.pk for s in wanted])
    book = figures.book()
    return [
        Compiled(
            s.pk, s.state, s.code, s.order, s.story, Status(s.status), counts[s.pk], found[s.pk].original,
            {lang: s.title(lang) for lang in rules.LANGUAGES},
            {lang: _now(found[s.pk].version(lang).text, book) for lang in rules.LANGUAGES},
        )
        for s in wanted
    ]  # fmt: skip


def _now(text: str, book: figures.Book) -> str:
    """The text with each figure under the id of its latest statement."""

    def latest(m: re.Match[str]) -> str:
        id_, form = m.group(1), m.group(2)
        return f"[[{book.latest(id_)}{f'|{form}' if form else ''}]]"

    return prose.BIND.sub(latest, text)

"""Reading how a round stands before it is published, and the news since."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils import timezone

from mirps.evidence.entries.api import Cell
from mirps.evidence.figures import api as figures
from mirps.evidence.findings import api as findings
from mirps.evidence.narratives import api as narratives
from mirps.evidence.narratives.api import Section
from mirps.evidence.rounds.api import Round, Stage, Status
from mirps.sharing.publication.models import LeftOut, News
from mirps.sharing.publication.rules import Block, StateFacts, blocks


def without(round: str) -> dict[str, LeftOut]:
    """States that the round is published without, by code."""
    return {x.state: x for x in LeftOut.objects.filter(round=round, ended_at=None).order_by("id")}


def facts(round: str) -> dict[str, StateFacts]:
    """How each State's part of a round stands; eight queries, however many answers."""
    values: dict[str, Counter[Status]] = defaultdict(Counter)
    lacking: Counter[str] = Counter()
    live = Cell.objects.filter(asked__round_id=round, asked__withdrawn_at=None)
    grouped = live.values("asked__state", "status").annotate(n=Count("id"))
    for row in grouped.order_by("asked__state", "status"):
        values[row["asked__state"]][Status(row["status"])] = row["n"]
    empty = live.filter(asked__required=True, order=0, status=Status.EMPTY)
    for none in empty.values("asked__state").annotate(n=Count("id")).order_by("asked__state"):
        lacking[none["asked__state"]] = none["n"]
    sections: dict[str, Counter[Status]] = defaultdict(Counter)
    unwritten: Counter[str] = Counter()
    stories = narratives.unconsented(round, on=timezone.now().date())
    unconsented: Counter[str] = Counter()
    for s in narratives.sections(round):
        sections[s.state][Status(s.status)] += 1
        unwritten[s.state] += s.required and s.status == Status.EMPTY
        unconsented[s.state] += s.pk in stories
    doubts: Counter[str] = Counter()
    for f in findings.current().filter(round=round, severity="contradiction"):
        doubts[f.state] += findings.standing_of(f) == findings.OPEN
    return {
        s: StateFacts(values[s], sections[s], lacking[s], unwritten[s], doubts[s], unconsented[s])
        for s in sorted({*values, *sections, *doubts})
    }


def held_up_by(round: Round, *, report_faults: int = 0) -> list[Block]:
    """What holds the publication of a round up (rules.Holds)."""
    return blocks(
        closed=round.stage == Stage.CLOSED,
        facts=facts(round.code),
        without=without(round.code),
        report_faults=report_faults,
    )


def public_news(at: datetime) -> QuerySet[News]:
    """Entries that anyone may read: of rounds of which no State is under embargo."""
    closed = {round_ for round_, _ in figures.embargoes(at)}
    return News.objects.exclude(round__in=sorted(closed)).order_by("-published_at", "-id")


def approved(round: str, *, without: Iterable[str]) -> tuple[list[int], list[int]]:
    """The cells and the sections that publishing a round publishes."""
    out = sorted(without)
    cells = Cell.objects.filter(asked__round_id=round, asked__withdrawn_at=None, status=Status.REGION)
    sections = Section.objects.filter(round_id=round, withdrawn_at=None, status=Status.REGION)
    return (
        list(cells.exclude(asked__state__in=out).order_by("id").values_list("id", flat=True)),
        list(sections.exclude(state__in=out).order_by("id").values_list("id", flat=True)),
    )

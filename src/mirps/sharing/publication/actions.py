"""Publishing a round in one act: its figures, texts, embargoes, reports and news stand together or not at all.

The reports are built inside the transaction, from the ledger as it is about to be, into files named
by their content: a process that is killed leaves at most a file that nothing names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mirps.base.audit.api import record
from mirps.base.texts.api import LANGUAGES
from mirps.evidence.entries import api as entries
from mirps.evidence.figures import api as figures
from mirps.evidence.review.api import SECTIONS
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Round, Stage, Step
from mirps.sharing.publication import queries
from mirps.sharing.publication.models import LeftOut, News
from mirps.sharing.publication.news import faults
from mirps.sharing.publication.rules import Block, Draft
from mirps.sharing.reports import api as reports

Say = Callable[[str, dict[str, object]], None]


class HeldUp(ValueError):
    """A round that cannot be published yet; `blocks` say what holds it up."""

    def __init__(self, blocks: list[Block]) -> None:
        super().__init__(", ".join(f"{b.holds} {b.state}" for b in blocks))
        self.blocks = blocks


class NewsFault(ValueError):
    """What the news lacks. `faults`: text keys with the values that fill them, by field."""

    def __init__(self, faults: Mapping[str, tuple[str, dict[str, object]]]) -> None:
        super().__init__(", ".join(faults))
        self.faults = dict(faults)


@dataclass(frozen=True, slots=True)
class Published:
    round: Round
    figures: int
    sections: int
    builds: tuple[reports.ReportBuild, ...]
    news: News


def report_of(round: str) -> str:
    """The code of a worked round's report."""
    return f"round-{round}"


@transaction.atomic
def leave_out(*, round: str, state: str, reason_es: str, reason_en: str, by: str, at: datetime) -> LeftOut:
    """Publish without a State. ValueError when the reason is not given in both languages."""
    if min(len(reason_es.strip()), len(reason_en.strip())) < 10:
        raise ValueError("publication.fault.reason")
    take_back(round=round, state=state, by=by, at=at)
    made = LeftOut.objects.create(
        round=round, state=state, reason_es=reason_es.strip(), reason_en=reason_en.strip(), by=by, at=at
    )
    record(by=by, at=at, act="round.state-left-out", subject=f"round {round} {state}", detail={})
    return made


@transaction.atomic
def take_back(*, round: str, state: str, by: str, at: datetime) -> int:
    """Publish with the State after all. Returns how many decisions were ended (0 or 1)."""
    ended = LeftOut.objects.filter(round=round, state=state, ended_at=None).update(ended_at=at, ended_by=by)
    if ended:
        record(by=by, at=at, act="round.state-taken-back", subject=f"round {round} {state}", detail={})
    return ended


@transaction.atomic
def publish_round(
    *, code: str, by: str, role: str, at: datetime, embargoes: Mapping[str, datetime], draft: Draft,
    say: Say = lambda key, values: None,
) -> Published:  # fmt: skip
    """Publish everything that the region approved. `embargoes`: State -> until when the public waits.

    Raises HeldUp, NewsFault, reports.Unfit or CannotStep; then nothing is published. Who may is for
    the door to ask (`round.publish`).
    """
    held = Round.objects.select_for_update().get(pk=code)
    out = queries.without(code)
    if found := queries.held_up_by(held):
        raise HeldUp(found)
    check_news(draft, code=code)
    cells, sections = queries.approved(code, without=out)
    entries.take(cells=cells, step=Step.PUBLISH, by=by, role=role, at=at)
    if sections:
        SECTIONS.take(keys=sections, step=Step.PUBLISH, by=by, role=role, at=at, reason="")
    say("publication.step.figures", {"n": len(cells)})
    for state, until in sorted(embargoes.items()):
        if until > at:
            figures.set_embargo(round=code, state=state, until=until, by=by, at=at)
    held = rounds.turn(round=code, to=Stage.PUBLISHED, by=by, at=at)
    builds = tuple(_reports(code, without=reasons(out), by=by, at=at, say=say))
    news = News.objects.create(round=code, published_at=at, by=by, **{f: getattr(draft, f) for f in _FIELDS})
    record(
        by=by, at=at, act="round.publication", subject=f"round {code}",
        detail={
            "figures": len(cells), "sections": len(sections), "builds": [b.pk for b in builds],
            "without": sorted(out), "embargoes": {s: u.isoformat() for s, u in sorted(embargoes.items())},
        },
    )  # fmt: skip
    return Published(held, len(cells), len(sections), builds, news)


_FIELDS = ("title_es", "title_en", "text_es", "text_en")


def reasons(without: Mapping[str, LeftOut]) -> dict[str, dict[str, str]]:
    """Why a round is published without each of these States, by language, as its report says it."""
    return {s: {"es": x.reason_es, "en": x.reason_en} for s, x in without.items()}


def _reports(
    code: str, *, without: Mapping[str, Mapping[str, str]], by: str, at: datetime, say: Say
) -> list[reports.ReportBuild]:
    plan = reports.plan_of(report_of(code), without=without)
    out = []
    for lang in LANGUAGES:
        for form in plan.formats:
            built = reports.build_report(
                code=plan.code, lang=lang, format=form, params={}, by=by, at=at, without=without
            )
            out.append(reports.publish(build=built.build.pk, by=by, at=at))
            say("publication.step.report", {"lang": lang, "format": form})
    return out


def check_news(draft: Draft, *, code: str) -> None:
    """Raises NewsFault: a field that is empty, a number that no figure stands behind, a figure that is
    not of this round or published, languages that do not carry the same figures."""
    if found := faults(draft, code):
        raise NewsFault(found)


@transaction.atomic
def lift_embargo(*, round: str, state: str, reason: str, by: str, at: datetime) -> None:
    """End a State's embargo now. Raises ValueError without a reason or when none is in force."""
    if len(reason.strip()) < 3:
        raise ValueError("publication.fault.reason-short")
    if (round, state) not in figures.embargoes(at):
        raise ValueError("publication.fault.no-embargo")
    figures.set_embargo(round=round, state=state, until=at, by=by, at=at)
    record(
        by=by,
        at=at,
        act="embargo.lifted",
        subject=f"round {round} {state}",
        detail={"reason": reason.strip()},
    )

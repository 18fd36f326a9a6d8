"""Reports of rounds that people worked in: `round-2025`. Nobody writes their files.

Before publication such a report is composed of what stands (composing.py). What is composed is kept, named
by its content, under `rounds/<round>/report/` in the installation's home: each build says which text it was
made from, and once the report is published that text is what it says. A figure that was corrected since is
then named by its latest statement.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from mirps.base.notices.api import zone
from mirps.base.texts.api import LANGUAGES
from mirps.evidence.entries.api import Cell
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Book, Entry
from mirps.evidence.narratives import api as narratives
from mirps.evidence.rounds.api import Asked, Change, Round, Stage, Status
from mirps.sharing.reports import building
from mirps.sharing.reports.composing import Material, Pair, Text, Words, composed
from mirps.sharing.reports.models import ReportBuild
from mirps.sharing.reports.reading import Plan, ReportFault, read_plan

PREFIX = "round-"
TEMPLATE = "round"
DRAFTS_KEPT = 3600.0  # seconds: nobody reads a preview's text longer


def round_of(code: str) -> Round | None:
    """The worked round whose report `code` names, if it is one."""
    if not code.startswith(PREFIX):
        return None
    return Round.objects.filter(pk=code.removeprefix(PREFIX)).exclude(stage=Stage.LOADED).first()


def plan_of(
    code: str, *, known_on: datetime | None = None, without: Mapping[str, Words] | None = None
) -> Plan:
    """The plan of any report. Raises ReportFault for a code that names none.

    That of a worked round reads the text of its last published build (by `known_on`), or else one
    composed of what is public, `without` some States (State -> why, by language).
    """
    held = round_of(code)
    if held is None:
        return building.plan_of(code)
    kept = _kept(code, known_on)
    if kept is not None:
        return _consented(read_plan(kept))
    at = _published_at(held)
    material = _material(code, held, book(held.code, at=at), without or {}, at, (Status.PUBLISHED,))
    return read_plan(keep(_shelf(held.code), composed(material, building.folder() / TEMPLATE)))


def foreseen(code: str, without: Mapping[str, Words]) -> Plan:
    """The plan of a worked round's report as it would be published now. Raises ReportFault."""
    held = round_of(code)
    if held is None:
        raise ReportFault("reports.fault.no_report", code=code, known=", ".join(plans()))
    at = timezone.now()
    ledger = foreseen_book(held.code, at, without)
    material = _material(code, held, ledger, without, at, narratives.APPROVED)
    drafts = _shelf(held.code) / "drafts"
    _clear(drafts, before=time.time() - DRAFTS_KEPT)
    return read_plan(keep(drafts, composed(material, building.folder() / TEMPLATE)))


def plan_by(build: ReportBuild, *, whole: bool = False) -> Plan:
    """The plan that a build was made by, without stories that may no longer be told (`whole`: with them)."""
    text = str(build.params.get("text") or "")
    path = _shelf(build.report.removeprefix(PREFIX)) / text
    if text and (path / "report.yaml").is_file():
        return read_plan(path) if whole else _consented(read_plan(path))
    return plan_of(build.report)


def _consented(plan: Plan) -> Plan:
    """The plan without the stories to which the people no longer agree, whenever it was composed."""
    gone = lacking(plan)
    return replace(plan, parts=tuple(p for p in plan.parts if p.story not in gone)) if gone else plan


def lacking(plan: Plan) -> set[int]:
    """The stories of a plan whose consents hold no longer."""
    told = {p.story for p in plan.parts if p.story}
    return told & set(narratives.unconsented(plan.round, on=_today())) if told else set()


def _today() -> date:
    return timezone.now().astimezone(zone("")).date()


def tells_without_consent(build: ReportBuild) -> bool:
    """Whether a built file holds a story to which somebody no longer agrees: one built since does not."""
    return bool(lacking(plan_by(build, whole=True)) & set(build.params.get("stories") or ()))


def plans() -> dict[str, Plan]:
    """The written reports, then those of the rounds that were published, the latest first."""
    codes = (
        Round.objects.filter(stage=Stage.PUBLISHED).order_by("-ends", "code").values_list("code", flat=True)
    )
    return building.plans() | {f"{PREFIX}{c}": plan_of(f"{PREFIX}{c}") for c in codes}


def mark_of(plan: Plan) -> dict[str, object]:
    """What a build keeps of its plan: the name of the composed text, and which stories it tells."""
    return {"text": plan.folder.name, "stories": [p.story for p in plan.parts if p.story]}


def _kept(code: str, known_on: datetime | None) -> Path | None:
    """The text of the report's last published build."""
    builds = ReportBuild.objects.filter(report=code).exclude(published_at=None)
    if known_on is not None:
        builds = builds.filter(published_at__lte=known_on)
    last = builds.order_by("-published_at", "-id").first()
    text = str(last.params.get("text") or "") if last else ""
    path = _shelf(code.removeprefix(PREFIX)) / text
    return path if text and (path / "report.yaml").is_file() else None


def _shelf(round: str) -> Path:
    return Path(settings.HOME) / "rounds" / round / "report"


def keep(shelf: Path, files: Mapping[str, str]) -> Path:
    """Keep a composed text whole, under a name made from its content. The same text is kept once."""
    mark = hashlib.sha256()
    for name, text in sorted(files.items()):
        mark.update(f"{name}\0{text}\0".encode())
    to = shelf / mark.hexdigest()[:16]
    if to.is_dir():
        return to
    to.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=to.parent, prefix="."))
    try:
        for name, text in files.items():
            path = draft / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        draft.chmod(0o755)
        draft.rename(to)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not to.is_dir():  # another process may have kept the same text meanwhile
            raise
    return to


def _clear(drafts: Path, *, before: float) -> None:
    for old in drafts.glob("*") if drafts.is_dir() else ():
        if old.stat().st_mtime < before:
            shutil.rmtree(old, ignore_errors=True)


# What the report is made of.


def _material(
    code: str,
    held: Round,
    ledger: Book,
    without: Mapping[str, Words],
    at: datetime,
    statuses: Collection[Status],
) -> Material:
    last = Round.objects.filter(pk=held.previous).first() if held.previous else None
    texts = [
        Text(c.state, c.code, c.original, dict(c.title), dict(c.text), c.key if c.story else 0)
        for c in narratives.compiled(held.code, statuses=statuses)
        if c.state not in without and any(t.strip() for t in c.text.values())
    ]
    now, before = _names(held, last)
    return Material(
        code=code, round=held.code, kind=held.kind, title={x: held.title(x) for x in LANGUAGES},
        published=at.astimezone(zone("")).date(), now=now, last=before, texts=texts,
        pairs=_pairs(held, last, ledger), book=ledger, without=without,
    )  # fmt: skip


def _published_at(held: Round) -> datetime:
    """When the round was published; now, when it is not yet."""
    if held.stage != Stage.PUBLISHED:
        return timezone.now()
    last = held.events.filter(kind=Stage.PUBLISHED.value).order_by("-at", "-id").first()
    return last.at if last else timezone.now()


def _names(held: Round, last: Round | None) -> tuple[str, str]:
    """How the heads of tables name the two rounds: by their years, or by their codes in one year."""
    if last is None:
        return str(held.ends.year), ""
    if last.ends.year != held.ends.year:
        return str(held.ends.year), str(last.ends.year)
    return held.code, last.code


def _pairs(held: Round, last: Round | None, ledger: Book) -> list[Pair]:
    """The round's public figures in the order of its forms, each with the one that its series continues."""
    cells = (
        Cell.objects.filter(asked__round=held, asked__withdrawn_at=None).exclude(figure="")
        .select_related("asked")
        .order_by("asked__state", "-asked__required", "asked__order", "asked__code", "order", "id")
    )  # fmt: skip
    before = _by_what(ledger.entries.values(), last.code) if last else {}
    out = []
    for cell in cells:
        id_ = ledger.latest(cell.figure)
        if id_ in ledger and ledger.get(id_).public:
            out.append(_pair(id_, cell.asked, ledger, before))
    return out


def _pair(id_: str, asked: Asked, ledger: Book, before: Mapping[tuple[str, ...], str]) -> Pair:
    f = ledger.get(id_).figure
    made = Pair(id_, f.state, f.sector, asked.required)
    if asked.change == Change.CHANGED:
        return replace(made, changed={"es": asked.change_es, "en": asked.change_en})
    if asked.change != Change.SAME:
        return made
    named = ledger.latest(asked.previous) if f.dimensions == asked.dimensions else ""
    if named in ledger and ledger.get(named).public and ledger.get(named).figure.dimensions == f.dimensions:
        return replace(made, before=named)
    return replace(made, before=before.get(_what(ledger.get(id_)), ""))


def _what(e: Entry) -> tuple[str, ...]:
    f = e.figure
    return (f.state, f.measure, f.unit, f.population, f.dimensions, f.stage, f.universe, f.place, f.series)


def _by_what(entries: Iterable[Entry], round: str) -> dict[tuple[str, ...], str]:
    """What a round counted -> the last statement of it."""
    held = [e for e in entries if e.round == round and e.public and not e.superseded_by]
    return {
        _what(e): e.figure.id for e in sorted(held, key=lambda e: (str(e.figure.when or ""), e.figure.id))
    }


# The ledger that it reads.


def last_embargo(round: str, at: datetime) -> datetime:
    """When the last embargo of a round ends; `at`, when none is in force."""
    return max([at, *(until for (r, _), until in figures.embargoed_until(at).items() if r == round)])


def book(round: str, *, at: datetime, known_on: datetime | None = None) -> Book:
    """The ledger as it will be when the last embargo of the round ends."""
    return figures.book(known_on=known_on, at=last_embargo(round, at))


def foreseen_book(round: str, at: datetime, without: Collection[str] = ()) -> Book:
    """The ledger as it would be if what the region approved of the round were published."""
    held = figures.book(at=at)
    cells = Cell.objects.filter(asked__round_id=round, asked__withdrawn_at=None, status=Status.REGION)
    cells = cells.exclude(asked__state__in=sorted(without)).order_by("id")
    approved = set(cells.values_list("figure", flat=True))

    def seen(id_: str, e: Entry) -> Entry:
        if id_ in approved and e.status is figures.Status.APPROVED and not e.superseded_by:
            return replace(e, status=figures.Status.PUBLISHED, embargoed=False)
        return e

    return replace(held, entries={i: seen(i, e) for i, e in held.entries.items()}, chosen={})

"""What a round asks to be written: made from data/rounds/sections.yaml, then changed by people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any

import yaml
from django.db import transaction

from mirps.base.audit.api import record
from mirps.base.codelists import api as codelists
from mirps.base.codelists.api import data_folder, rows
from mirps.base.places.rules import fold
from mirps.evidence.narratives.actions import NotTaken
from mirps.evidence.narratives.models import Section
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Round, Stage


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a section asks for, in both languages. `words`: at most, 0 for no limit."""

    title_es: str
    title_en: str
    guidance_es: str = ""
    guidance_en: str = ""
    required: bool = False
    story: bool = False
    words: int = 0


@cache
def _proposed() -> dict[str, Any]:
    text = (data_folder() / "rounds" / "sections.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def proposed(kind: str, states: list[str]) -> list[tuple[str, str, Wanted]]:
    """(State or nothing, code, what is wanted) for a round of a kind, in order; a section `per: team` is
    one for each regional technical team of the documents (data/planning/facts/body.csv)."""
    out = []
    plan = _proposed().get(kind, {})
    for code, asked in plan.get("region", {}).items():
        if asked.get("per") == "team":
            for _, body in rows(data_folder() / "planning" / "facts" / "body.csv"):
                if body["type"] == "team":
                    names = {"team_es": body["title.es"], "team_en": body["title.en"]}
                    out.append(("", f"{code}-{body['code']}", _wanted(asked, names)))
        else:
            out.append(("", code, _wanted(asked, {})))
    out += [(s, code, _wanted(asked, {})) for s in states for code, asked in plan.get("state", {}).items()]
    return out


def _wanted(asked: Mapping[str, Any], names: Mapping[str, str]) -> Wanted:
    title, guidance = asked["title"], asked.get("guidance", {"es": "", "en": ""})
    return Wanted(
        title["es"].format(team=names.get("team_es", "")), title["en"].format(team=names.get("team_en", "")),
        guidance["es"], guidance["en"], bool(asked.get("required")), bool(asked.get("story")),
        int(asked.get("words", 0)),
    )  # fmt: skip


@transaction.atomic
def prepare(*, round: str, by: str, at: datetime) -> int:
    """Make the sections of a round that are not there yet. Returns how many were made; withdrawn ones
    stay withdrawn."""
    of = Round.objects.select_for_update().get(pk=round)
    asked = rounds.asked(round).values_list("state", flat=True).order_by("state").distinct()
    states = [s for s in codelists.states() if s in set(asked)]
    held = set(Section.objects.filter(round=of).values_list("state", "code").order_by("id"))
    fresh = [
        Section(round=of, state=state, code=code, order=n, **asdict(wanted))
        for n, (state, code, wanted) in enumerate(proposed(of.kind, states), start=1)
        if (state, code) not in held
    ]
    Section.objects.bulk_create(fresh)
    if fresh:
        record(
            by=by, at=at, act="sections.prepared", subject=f"round {round}", detail={"count": len(fresh)}
        )  # fmt: skip
    return len(fresh)


@transaction.atomic
def ask_for(*, round: str, states: list[str], wanted: Wanted, by: str, at: datetime) -> list[Section]:
    """Ask for one more section of each of these States (`""`: of the region). Raises NotTaken."""
    of = _open(round)
    _check(wanted)
    if not states:
        raise NotTaken("narratives.setup.fault.states")
    made = []
    for state in states:
        mine = Section.objects.filter(round=of, state=state).order_by("order", "id")
        taken = {s.code for s in mine}
        last = max((s.order for s in mine), default=0)
        code = _code(wanted.title_en, taken)
        made.append(
            Section.objects.create(round=of, state=state, code=code, order=last + 1, **asdict(wanted))
        )
    record(
        by=by, at=at, act="section.asked", subject=f"round {round}",
        detail={"states": states, "code": made[0].code},
    )  # fmt: skip
    return made


def _code(title: str, taken: set[str]) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:30].strip("-") or "section"
    code, n = stem, 1
    while code in taken:
        n += 1
        code = f"{stem}-{n}"
    return code


@transaction.atomic
def change(*, section: int, wanted: Wanted, order: int, by: str, at: datetime) -> Section:
    """Word it otherwise, limit it, make it a story, or move it. Raises NotTaken."""
    held = Section.objects.select_for_update().get(pk=section)
    _open(held.round_id)
    _check(wanted)
    for name, value in asdict(wanted).items():
        setattr(held, name, value)
    held.order = order
    held.save()
    record(
        by=by, at=at, act="section.changed", subject=f"round {held.round_id}",
        detail={"section": held.pk, **asdict(wanted)},
    )  # fmt: skip
    return held


@transaction.atomic
def withdraw(*, section: int, by: str, at: datetime) -> Section:
    """No longer ask for it; what was written stays and is not published. Asking again: `restore`."""
    return _set(section, at, "section.withdrawn", by, at)


@transaction.atomic
def restore(*, section: int, by: str, at: datetime) -> Section:
    return _set(section, None, "section.restored", by, at)


def _set(section: int, when: datetime | None, act: str, by: str, at: datetime) -> Section:
    held = Section.objects.select_for_update().get(pk=section)
    _open(held.round_id)
    held.withdrawn_at = when
    held.save(update_fields=["withdrawn_at"])
    record(by=by, at=at, act=act, subject=f"round {held.round_id}", detail={"section": held.pk})
    return held


def _open(round: str) -> Round:
    of = Round.objects.select_for_update().get(pk=round)
    if of.stage not in (Stage.PREPARING, Stage.OPEN, Stage.CLOSED):
        raise NotTaken("narratives.locked.published")
    return of


def _check(wanted: Wanted) -> None:
    if not wanted.title_es.strip() or not wanted.title_en.strip():
        raise NotTaken("narratives.setup.fault.title")
    if wanted.words < 0:
        raise NotTaken("narratives.setup.fault.words")

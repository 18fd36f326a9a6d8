"""The report of a round that people worked in: nobody writes its files."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.narratives.conftest import section
from tests.narratives.conftest import write as write_text
from tests.rounds.conftest import NOW, ask, cell, write

from mirps.base.texts.api import LANGUAGES
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell
from mirps.evidence.figures import api as figures
from mirps.evidence.narratives import api as narratives
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Change, Due, Kind, Stage, Step
from mirps.sharing.reports import api as reports

pytestmark = pytest.mark.django_db
PUBLISHED = NOW + timedelta(days=50)
STEPS = ((Step.SUBMIT, "clerk"), (Step.APPROVE_STATE, "focal"), (Step.APPROVE_REGION, "region"))
CODE = "round-2025"
WITHOUT = {"PAN": {"es": "El país pidió más tiempo.", "en": "The country asked for more time."}}


@pytest.fixture
def worked(loaded: None, tmp_path: Path, settings: object) -> None:
    """Honduras is asked three things: one as last year, one whose measure changed, one that is new."""
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    last = figures.book().get("ar24-hnd-002").figure
    common = {f: getattr(last, f) for f in ("measure", "unit", "population", "sector", "stage", "universe")}
    rounds.set_up(
        code="2025", kind=Kind.ANNUAL, title_es="Ronda anual 2025", title_en="Annual round 2025",
        starts=date(2025, 1, 1), ends=date(2025, 12, 31), cut_off=date(2025, 9, 30), by="secretariat", at=NOW,
        previous="2024",
        asks=[
            ask("hnd-inm-001", "HND", "HND.INM", required=True, change=Change.SAME, previous=last.id, **common),
            ask("hnd-inm-002", "HND", "HND.INM", population="REF", change=Change.CHANGED,
                change_es="ahora cuenta a quienes esperan", change_en="it now counts those who wait", order=2),
            ask("hnd-inm-003", "HND", "HND.INM", breakdown="sex", order=3, place="Ocotepeque"),
            ask("cri-dgme-001", "CRI", "CRI.DGME", required=True),
        ],
    )  # fmt: skip
    for step, days in ((Due.ENTRY, 20), (Due.PUBLICATION, 60)):
        rounds.set_due(
            round=rounds.Round.objects.get(pk="2025"), step=step, due=NOW + timedelta(days=days),
            by="secretariat", at=NOW,
        )  # fmt: skip
    entries.prepare(round="2025")
    rounds.turn(round="2025", to=Stage.OPEN, by="secretariat", at=NOW)
    narratives.prepare(round="2025", by="secretariat", at=NOW)


def answered(*, upto: int = 3) -> None:
    """Honduras and Costa Rica answer, and their answers go as far as the region's approval."""
    for n, (code, dims) in enumerate(
        [("hnd-inm-001", ""), ("hnd-inm-002", ""), ("hnd-inm-003", ""), ("hnd-inm-003", "sex=F"),
         ("cri-dgme-001", "")]
    ):  # fmt: skip
        write(cell(code, dims), 41_000 - n * 111)
    write_text(
        section("context"), "es",
        "## Lo que cambió\n\nEntraron [[r2025-hnd-inm-001]] personas.\n\nOtro párrafo\n===\n\nMás.",
    )  # fmt: skip
    write_text(
        section("context"), "en",
        "## What changed\n\n[[r2025-hnd-inm-001]] people entered.\n\nAnother part\n===\n\nMore.", minutes=2,
    )  # fmt: skip
    for n, (step, who) in enumerate(STEPS[:upto]):
        cells = list(Cell.objects.exclude(value=None).values_list("id", flat=True))
        entries.take(cells=cells, step=step, by=who, role="any", at=NOW + timedelta(days=n + 1))


def published(embargo: dict[str, timedelta] | None = None) -> list[reports.ReportBuild]:
    """What publishing a round does in one transaction, and the report built in it."""
    rounds.turn(round="2025", to=Stage.CLOSED, by="secretariat", at=PUBLISHED)
    cells = list(Cell.objects.filter(status="region-approved").values_list("id", flat=True))
    entries.take(cells=cells, step=Step.PUBLISH, by="presidency", role="presidency", at=PUBLISHED)
    narratives.Section.objects.filter(code="context", state="HND").update(status="published")
    for state, wait in (embargo or {}).items():
        figures.set_embargo(round="2025", state=state, until=PUBLISHED + wait, by="presidency", at=PUBLISHED)
    rounds.turn(round="2025", to=Stage.PUBLISHED, by="presidency", at=PUBLISHED)
    out = []
    for lang in LANGUAGES:
        for form in reports.plan_of(CODE).formats:
            try:
                built = reports.build_report(
                    code=CODE,
                    lang=lang,
                    format=form,
                    params={},
                    by="presidency",
                    at=PUBLISHED,
                    without=WITHOUT,
                )
            except reports.Unfit as e:
                raise AssertionError(
                    [(f.file, f.line, reports.say(f.key, "en", **f.values)) for f in e.faults]
                ) from e
            out.append(reports.publish(build=built.build.pk, by="presidency", at=PUBLISHED))
    return out


def words(build: reports.ReportBuild) -> str:
    content = reports.file_of(build).read_bytes()
    if build.format == "pdf":
        return " ".join("\n".join(p.extract_text() for p in PdfReader(io.BytesIO(content)).pages).split())
    return content.decode()


def the(builds: list[reports.ReportBuild], lang: str, form: str) -> reports.ReportBuild:
    return next(b for b in builds if (b.language, b.format) == (lang, form))


def test_the_report_carries_the_figures_of_the_round_beside_those_of_the_last(worked: None) -> None:
    answered()
    builds = published()
    assert len(builds) == 6
    before = figures.book().get("ar24-hnd-002").figure
    for lang, form, name in (("es", "pdf", "Instituto Nacional de Migración"), ("en", "html", "")):
        text = words(the(builds, lang, form))
        for value in ("41,000", "40,889", "40,778", "40,667"):
            assert value in text, (lang, value)
        assert f"{before.value:,.0f}" in text
        assert name in text

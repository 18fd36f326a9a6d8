"""The report of a round that people worked in: nobody writes its files."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
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
from mirps.sharing.portal import queries as portal
from mirps.sharing.reports import api as reports
from mirps.sharing.reports.composing import releveled

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


def published(
    embargo: dict[str, timedelta] | None = None, forms: tuple[str, ...] = ("html",)
) -> list[reports.ReportBuild]:
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
        for form in forms:
            built = reports.build_report(
                code=CODE, lang=lang, format=form, params={}, by="presidency", at=PUBLISHED, without=WITHOUT
            )
            out.append(reports.publish(build=built.build.pk, by="presidency", at=PUBLISHED))
    return out


def words(build: reports.ReportBuild) -> str:
    content = reports.file_of(build).read_bytes()
    if build.format == "pdf":
        return " ".join("\n".join(p.extract_text() for p in PdfReader(io.BytesIO(content)).pages).split())
    return content.decode()


def the(builds: list[reports.ReportBuild], lang: str, form: str) -> reports.ReportBuild:
    return next(b for b in builds if (b.language, b.format) == (lang, form))


def addresses(builds: list[reports.ReportBuild]) -> list[str]:
    files = [f"/{b.language}/report-file/{b.pk}/{b.file}" for b in builds]
    return [f"/es/report/{CODE}/", f"/en/report/{CODE}/", *files]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def set_to(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        portal.forget()

    portal.forget()
    return set_to


@pytest.fixture(autouse=True)
def _no_shelf_of_another_test() -> Iterator[None]:
    yield
    portal.forget()


def test_the_report_carries_the_figures_of_the_round_beside_those_of_the_last(worked: None) -> None:
    answered()
    builds = published(forms=reports.plan_of(CODE).formats)
    assert len(builds) == 6
    before = figures.book().get("ar24-hnd-002").figure
    for lang, form in (("es", "pdf"), ("en", "html")):
        text = words(the(builds, lang, form))
        for value in ("41,000", "40,889", "40,778", "40,667", f"{before.value:,.0f}"):
            assert value in text, (lang, value)


@pytest.mark.parametrize(
    ("lang", "said"),
    [("es", "Instituto Nacional de Migración (HND), ronda 2025, 2 oct 2025"),
     ("en", "National Migration Institute (HND), round 2025, Oct 2, 2025")],
)  # fmt: skip
def test_the_source_of_an_entered_figure_is_its_institution_in_the_round(
    worked: None, lang: str, said: str
) -> None:
    answered()
    text = words(the(published(), lang, "html"))
    assert said in text.replace("2 Oct 2025", "Oct 2, 2025")
    for corrected in ("Correction recorded", "Corrección anotada"):
        assert corrected not in text


def test_a_measure_that_changed_stands_alone_and_says_why(worked: None) -> None:
    answered()
    en = words(the(published(), "en", "html"))
    assert "the measure changed and is not compared: it now counts those who wait" in en
    chart = (
        (reports.plan_of(CODE).folder / "en" / "hnd.md")
        .read_text()
        .partition("```chart")[2]
        .partition("```\n")[0]
    )
    assert "r2025-hnd-inm-001" in chart
    assert "r2025-hnd-inm-002" not in chart


def test_approved_texts_stand_in_both_languages_and_skip_no_heading(worked: None) -> None:
    answered()
    builds = published()
    assert re.search(r"<h4[^>]*>Lo que cambió</h4>", words(the(builds, "es", "html")))
    assert re.search(r"<h4[^>]*>Another part</h4>", words(the(builds, "en", "html")))


@given(st.lists(st.integers(2, 6), min_size=1, max_size=8), st.integers(2, 3))
def test_no_heading_skips_a_level_whatever_was_written(levels: list[int], top: int) -> None:
    text = "\n\n".join(f"{'#' * n} Title\n\nWords." for n in levels)
    found = [len(h) for h in re.findall(r"^(#+) ", releveled(text, top), re.MULTILINE)]
    assert len(found) == len(levels)
    assert found[0] == top
    assert all(after <= before + 1 for before, after in itertools.pairwise(found))
    assert max(found) <= 4


def test_a_state_left_out_is_named_with_the_reason(worked: None) -> None:
    answered()
    es = words(the(published(), "es", "html"))
    assert "Estados que no están en este informe" in es
    assert "El país pidió más tiempo." in es


def test_nothing_of_the_report_is_public_before_the_last_embargo_ends(
    worked: None, client: Client, clock: Callable[[datetime], None]
) -> None:
    answered()
    builds = published(embargo={"HND": timedelta(days=2), "CRI": timedelta(days=5)})
    for day, status in ((1, 404), (3, 404), (4.999, 404), (5, 200)):
        clock(PUBLISHED + timedelta(days=day))
        for address in addresses(builds):
            answer = client.get(address)
            assert answer.status_code == status, (day, address)
            if answer.streaming:
                assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        listed = client.get("/api/v1/reports").json()["reports"]
        assert any(x["report"] == CODE for x in listed) is (status == 200)
        assert (CODE in client.get("/en/reports/").text) is (status == 200)
        assert ("Annual round 2025" in client.get("/en/search/?q=round").text) is (status == 200)


def test_people_of_an_embargoed_state_read_no_more_on_public_pages(
    worked: None, client: Client, clock: Callable[[datetime], None]
) -> None:
    answered()
    builds = published(embargo={"HND": timedelta(days=2)})
    clock(PUBLISHED + timedelta(days=1))
    person = get_user_model().objects.create_user("hnd", password="x" * 20, is_superuser=True)
    client.force_login(person)
    assert [client.get(a).status_code for a in addresses(builds)] == [404] * 4
    assert list(reports.builds_of(CODE))
    assert not reports.published(PUBLISHED + timedelta(days=1)).filter(report=CODE)


def test_an_embargo_lifted_early_opens_the_report(
    worked: None, client: Client, clock: Callable[[datetime], None]
) -> None:
    answered()
    builds = published(embargo={"HND": timedelta(days=9)})
    clock(PUBLISHED + timedelta(days=1))
    assert client.get(addresses(builds)[0]).status_code == 404
    figures.set_embargo(
        round="2025",
        state="HND",
        until=PUBLISHED + timedelta(days=1),
        by="hnd",
        at=PUBLISHED + timedelta(days=1),
    )
    clock(PUBLISHED + timedelta(days=1, seconds=1))
    assert client.get(addresses(builds)[0]).status_code == 200


def test_a_brief_waits_for_its_own_state_only(loaded: None) -> None:
    for state in ("HND", "CRI"):
        reports.ReportBuild.objects.create(
            report="country-brief", language="es", format="pdf", params={"state": state}, built_at=NOW, by="x",
            known_on=NOW, digest="", file=state, published_at=NOW,
        )  # fmt: skip
    figures.set_embargo(round="2024", state="HND", until=NOW + timedelta(days=1), by="x", at=NOW)
    assert [b.file for b in reports.published(NOW)] == ["CRI"]
    assert {b.file for b in reports.published(NOW + timedelta(days=1))} == {"CRI", "HND"}


def test_a_round_still_worked_in_is_not_known_to_the_public(
    worked: None, client: Client, clock: Callable[[datetime], None]
) -> None:
    answered()
    clock(NOW + timedelta(days=10))
    assert [r["code"] for r in client.get("/api/v1/rounds").json()["rounds"]] == ["2024"]
    assert client.get("/api/v1/rounds/2025/figures.csv").status_code == 404
    assert client.get(f"/en/report/{CODE}/").status_code == 404
    for address in ("/en/downloads/", "/en/reports/", "/en/", "/en/search/?q=2025"):
        assert "Annual round 2025" not in client.get(address).text, address
    assert [r.code for r in portal.shelf().rounds] == ["2024"]


def test_publishing_a_round_leaves_the_reports_of_2024_as_they_were(worked: None) -> None:
    at = PUBLISHED + timedelta(hours=1)
    kept = {"lang": "en", "format": "html", "params": {}, "by": "x"}
    before = reports.build_report(code="mid-year-2024", at=NOW, **kept).build.digest
    answered()
    published(embargo={"HND": timedelta(days=2)})
    assert reports.build_report(code="mid-year-2024", at=at, **kept).build.digest == before
    assert not reports.check_report(code="annual-2024")


def test_the_same_build_can_be_made_again_later_to_the_byte(worked: None) -> None:
    answered()
    first = published(embargo={"HND": timedelta(days=2)})
    late = PUBLISHED + timedelta(days=30)
    correct(PUBLISHED + timedelta(days=20))
    narratives.Section.objects.filter(code="context", state="HND").update(title_es="Otro título")
    for build in first:
        again = reports.build_report(
            code=CODE,
            lang=build.language,
            format=build.format,
            params={},
            by="x",
            at=late,
            known_on=PUBLISHED,
        )
        assert again.build.digest == build.digest


def correct(at: datetime) -> None:
    held = figures.book().get("r2025-hnd-inm-001").figure
    new = replace(held, id="r2025-hnd-inm-001-r2", value=Decimal(41_005), known_at=at)
    figures.correct(old=held.id, new=new, by="secretariat", at=at, reason_es="Error.", reason_en="Mistake.")


def test_after_an_erratum_the_report_is_built_anew_with_the_corrected_figure(worked: None) -> None:
    answered()
    published()
    at = PUBLISHED + timedelta(days=20)
    correct(at)
    built = reports.build_report(code=CODE, lang="en", format="html", params={}, by="x", at=at)
    text = words(built.build)
    assert "41,005" in text
    assert "41,000" not in text
    assert "The country asked for more time." in text
    assert reports.publish(build=built.build.pk, by="x", at=at).published_at == at


def test_what_would_be_published_is_foreseen_with_its_faults_and_kept_nowhere(worked: None) -> None:
    answered()
    assert reports.check_report(code=CODE, foresee=True, without=WITHOUT) == []
    content, excused = reports.preview(code=CODE, lang="es", format="html", at=PUBLISHED, without=WITHOUT)
    assert excused == []
    assert "BORRADOR" in content.decode()
    assert "41,000" in content.decode()
    assert not reports.builds_of(CODE)
    alone = {"HND": WITHOUT["PAN"], **WITHOUT}
    content, _ = reports.preview(code=CODE, lang="es", format="html", at=PUBLISHED, without=alone)
    assert "41,000" not in content.decode()
    assert "40,556" in content.decode()


def test_a_contradiction_that_nobody_answered_is_foreseen(worked: None) -> None:
    answered(upto=1)
    write_more = cell("hnd-inm-003", "sex=M")
    write(write_more, 39_000)
    entries.take(cells=[write_more.pk], step=Step.SUBMIT, by="clerk", role="any", at=NOW + timedelta(days=1))
    for step, who in STEPS[1:]:
        cells = list(Cell.objects.exclude(value=None).values_list("id", flat=True))
        entries.take(cells=cells, step=step, by=who, role="any", at=NOW + timedelta(days=3))
    found = reports.check_report(code=CODE, foresee=True)
    assert {f.key for f in found} == {"reports.fault.contradicted"}


def test_what_is_not_approved_is_in_no_report(worked: None) -> None:
    answered(upto=2)
    plan = reports.plan_of(CODE)
    assert [p.code for p in plan.parts] == ["overview", "sources"]
    assert "41,000" not in "".join(p.read_text() for p in plan.folder.rglob("*.md"))


def test_a_story_to_which_somebody_no_longer_agrees_is_read_nowhere(
    worked: None, client: Client, clock: Callable[[datetime], None]
) -> None:
    answered()
    story = section("stories")
    for lang, words_ in (("es", "La llamamos Rosa."), ("en", "We call her Rosa.")):
        write_text(story, lang, words_, minutes=9)
    consent = narratives.record_consent(
        section=story.pk, called="Rosa", held_by="HND.INM", reference="F-12", given=NOW.date(), until=None,
        uses=("report", "portal"), names_changed=True, by="fatima", at=NOW,
    )  # fmt: skip
    narratives.Section.objects.filter(pk=story.pk).update(status="published")
    builds = published()
    clock(PUBLISHED + timedelta(days=1))
    assert "We call her Rosa." in client.get(f"/en/report/{CODE}/").text
    assert "We call her Rosa." in words(the(builds, "en", "html"))
    narratives.revoke_consent(consent=consent.pk, by="fatima", at=PUBLISHED + timedelta(days=1))
    clock(PUBLISHED + timedelta(days=1, seconds=1))
    assert "Rosa" not in client.get(f"/en/report/{CODE}/").text
    assert [client.get(a).status_code for a in addresses(builds)[2:]] == [404, 404]
    again = reports.build_report(
        code=CODE, lang="en", format="html", params={}, by="x", at=PUBLISHED + timedelta(days=1)
    )
    assert "Rosa" not in words(again.build)
    reports.publish(build=again.build.pk, by="x", at=PUBLISHED + timedelta(days=1))
    assert reports.published().filter(report=CODE).get() == again.build

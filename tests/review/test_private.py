"""What reviewers find about figures that are not public stays with them, by every public door."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from tests.review.conftest import NOW, approve, handed

from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import FigureRow
from mirps.evidence.findings import api as findings
from mirps.evidence.review.api import Level
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Round, Stage, Step
from mirps.sharing.exports import api as exports
from mirps.sharing.portal import queries, search
from mirps.web import pagecache
from mirps.web.api import ledger

pytestmark = pytest.mark.django_db
SECRET, PART = 987_651, 987_652
REASONS = {
    "reason_es": "Una razón que solo se lee después.",
    "reason_en": "A reason that is only read afterwards.",
}
DOORS = (
    "/en/", "/es/", "/en/contradictions/", "/es/contradictions/", "/en/contradictions/?round=2025",
    "/en/state/HND/", "/en/measures/", "/en/measure/asylum.applications/", "/en/reports/",
    "/en/search/?q=asylum", "/en/search/?q=987651", "/en/downloads/", "/api/v1/findings",
    "/api/v1/findings?round=2025", "/api/v1/figures?state=HND", "/en/errata/",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    def forget() -> None:
        queries.forget()
        search.forget()
        pagecache.pages.clear()
        ledger._kept.clear()
        cache.clear()

    forget()
    yield
    forget()


@pytest.fixture
def doubtful(loaded: None, round_2025: Round) -> tuple[Cell, Cell]:
    """Two values that contradict each other, handed over, with an answer beside them."""
    total, women = handed("hnd-inm-001", SECRET), handed("hnd-inm-001", PART, "sex=F")
    found = findings.current().get(round="2025")
    findings.answer(finding=found.code, kind="explained", role="focal-point", by="focal", at=NOW, **REASONS)
    return total, women


def told(address: str) -> str:
    answer = Client().get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.status_code} {body.decode()}"


def secrets(cells: tuple[Cell, Cell]) -> tuple[str, ...]:
    found = findings.current().get(round="2025")
    values = [w for v in (SECRET, PART) for w in (str(v), f"{v:,}", f"{v:,}".replace(",", "\u00a0"))]
    return (*values, *(c.figure for c in cells), found.code, *REASONS.values())


def leaks(cells: tuple[Cell, Cell]) -> list[tuple[str, str]]:
    """What a page tells that it should not. A search repeats what was typed into it."""
    said = {door: told(door) for door in DOORS}
    return [
        (door, s) for door, body in said.items() for s in secrets(cells) if s in body and f"q={s}" not in door
    ]


def publish(cells: tuple[Cell, Cell]) -> None:
    approve(*cells, by="focal")
    approve(*cells, by="region", level=Level.REGION, minutes=20)
    rounds.turn(round="2025", to=Stage.CLOSED, by="secretariat", at=NOW)
    entries.take(
        cells=[c.pk for c in cells], step=Step.PUBLISH, by="presidency", role="presidency",
        at=NOW + timedelta(minutes=30),
    )  # fmt: skip
    rounds.turn(round="2025", to=Stage.PUBLISHED, by="presidency", at=NOW + timedelta(minutes=31))


@pytest.mark.parametrize("upto", ["handed over", "approved by the State", "approved by the region"])
def test_no_public_page_or_api_tells_of_it(doubtful: tuple[Cell, Cell], upto: str) -> None:
    if upto != "handed over":
        approve(*doubtful, by="focal")
    if upto == "approved by the region":
        approve(*doubtful, by="region", level=Level.REGION, minutes=20)
    assert leaks(doubtful) == []


def test_its_own_page_and_that_of_its_figures_are_not_there(doubtful: tuple[Cell, Cell]) -> None:
    code = findings.current().get(round="2025").code
    figure = doubtful[0].figure
    for address in (
        f"/en/finding/{code}/", f"/api/v1/findings/{code}", f"/en/figure/{figure}/", f"/api/v1/figures/{figure}",
        f"/en/figure/{figure}/correct/",
    ):  # fmt: skip
        said = told(address)
        assert not said.startswith("200"), address
        assert str(SECRET) not in said
        assert REASONS["reason_en"] not in said


def test_no_export_holds_it(doubtful: tuple[Cell, Cell]) -> None:
    for round_ in ("2024", "2025"):
        for form in ("csv", "json", "hxl", "sdmx"):
            try:
                wanted = exports.Wanted(round=round_)
                body = b"".join(
                    exports.export(wanted=wanted, format=form, lang="en", at=NOW + timedelta(days=1))
                )
            except exports.NoSuchRound:
                continue
            for s in (str(SECRET), doubtful[0].figure, REASONS["reason_en"]):
                assert s.encode() not in body, (round_, form)


def test_a_public_figure_does_not_tell_of_a_private_one_that_contradicts_it(
    loaded: None, round_2025: Round
) -> None:
    """A running total that falls: the figure of 2024 is public, that of 2025 is not."""
    past = FigureRow.objects.filter(round="2024", state="HND", status="published").order_by("id")[0]
    c = handed("hnd-inm-002", SECRET)
    figures.touch()
    findings.keep(
        round="2025", by="checks", at=NOW, state="HND",
        found=[_falls(c.figure, past.id)],
    )  # fmt: skip
    body = told(f"/en/figure/{past.id}/")
    assert body.startswith("200")
    for s in (str(SECRET), f"{SECRET:,}", c.figure, findings.current().get(round="2025").code):
        assert s not in body


def _falls(private: str, public: str):  # type: ignore[no-untyped-def]
    from mirps.evidence.checks.finding import LedgerFinding

    return LedgerFinding(
        "series_falls", "contradiction", (public, private), "1", str(SECRET), {"value": str(SECRET)}, "HND"
    )


def test_once_published_it_is_told_with_its_answer(doubtful: tuple[Cell, Cell]) -> None:
    code = findings.current().get(round="2025").code
    publish(doubtful)
    said = told(f"/en/finding/{code}/")
    assert said.startswith("200")
    assert REASONS["reason_en"] in said
    assert code in told("/api/v1/findings?round=2025")
    assert {door for door, _ in leaks(doubtful)} > {
        "/en/contradictions/?round=2025",
        "/api/v1/figures?state=HND",
    }


def test_under_an_embargo_it_is_still_not_told(doubtful: tuple[Cell, Cell]) -> None:
    from django.utils import timezone

    now = timezone.now()
    figures.set_embargo(round="2025", state="HND", until=now + timedelta(days=30), by="presidency", at=now)
    publish(doubtful)
    assert leaks(doubtful) == []

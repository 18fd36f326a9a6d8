"""What the five documents say of plans is loaded whole, cited, and known only from its day."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mirps.planning.plans import api as plans
from mirps.planning.plans.api import Colour
from mirps.sharing.portal import queries as portal
from mirps.web.pages.planning import plans_board

FACTS = Path(__file__).resolve().parents[2] / "data" / "planning" / "facts"
FILES = {
    "AR24": "mirps-annual-report-2024", "MY24": "mirps-mid-year-report-2024", "RAP23": "regional-action-plan-2023",
    "VIAM": "vi-annual-meeting-report-2024-01", "BCD": "belize-city-declaration-2024-12",
}  # fmt: skip


def _rows(kind: str) -> list[dict[str, str]]:
    with (FACTS / f"{kind}.csv").open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def _parts() -> list[dict[str, str]]:
    """Each part of a plan once, as it was last told of."""
    return list({r["code"]: r for r in _rows("node")}.values())


def test_the_regional_action_plan_of_2023_is_whole() -> None:
    mine = [r for r in _parts() if r["code"].startswith("rap-2023.")]
    tree = [r for r in mine if not r["code"].startswith(("rap-2023.m", "rap-2023.c"))]
    assert Counter(r["level"] for r in tree) == {"priority": 2, "objective": 4, "action": 27, "result": 14}
    by_objective = Counter(r["parent"] for r in tree if r["level"] == "action")
    assert sorted(by_objective.values()) == [4, 5, 9, 9]
    # Its way of working and its calendar too, with the four plenaries on their days.
    assert {r["due"] for r in mine if r["due"]} == {"2023-01-24", "2023-04-20", "2023-07-20", "2023-10-19"}


def test_costa_rica_has_eight_deliverables_due_in_december_2024() -> None:
    mine = [r for r in _parts() if r["parent"] == "plan/cri-asylum-2024"]
    assert [(r["number"], r["due"]) for r in mine] == [(str(n), "2024-12") for n in range(1, 9)]
    said = {r["parent"] for r in _rows("progress")}
    silent = [r["number"] for r in mine if f"node/{r['code']}" not in said]
    assert silent == ["6", "7", "8"]


def test_every_statement_is_where_it_says(sources: Path) -> None:
    texts = {
        code: " ".join(re.sub(r"[*_#]", "", (sources / f"{name}.txt").read_text("utf-8")).split()).casefold()
        for code, name in FILES.items()
    }
    wrong = []
    for kind in ("plan", "node", "progress"):
        for row in _rows(kind):
            for line in row["source"].splitlines():
                document, _locator, fragment = (p.strip() for p in line.split("|"))
                if " ".join(fragment.split()).casefold() not in texts[document] or len(fragment.split()) > 8:
                    wrong.append((row["code"], document, fragment))
    assert not wrong


def test_a_number_that_the_ledger_holds_is_not_typed() -> None:
    assert not [r["code"] for r in _rows("progress") if r["percent"]]


def _judged(root: str, on: date, at: datetime | None = None) -> dict[str, plans.Judged]:
    whole = plans.whole(root, drafts=False, at=at)
    assert whole is not None
    return plans_board.judge(whole, portal.shelf(), on)


@pytest.mark.usefixtures("planned")
def test_the_archive_stands_at_what_the_ledger_says_and_says_which_figure() -> None:
    found = _judged("plan/cri-asylum-2024", date(2024, 12, 10))["node/cri-asylum-2024.2"]
    assert found.light is not None
    assert found.stated is not None
    assert (found.light.percent, found.light.basis, found.stated.figure) == (90, "computed", "ar24-cri-007")
    assert found.light.colour is Colour.GREEN


@pytest.mark.usefixtures("planned")
def test_the_deliverables_go_late_when_december_is_over_and_the_silent_ones_say_so() -> None:
    before, after = (_judged("plan/cri-asylum-2024", d) for d in (date(2024, 12, 31), date(2025, 1, 1)))
    assert not any(j.light.late for k, j in before.items() if j.light)
    assert {j.light.reason for j in after.values() if j.light} == {
        "late-unsaid", "late-stage-before", "late-percent-before",
    }  # fmt: skip
    assert before["node/cri-asylum-2024.6"].light is not None
    assert before["node/cri-asylum-2024.6"].light.colour is Colour.GREY


@pytest.mark.usefixtures("planned")
def test_a_figure_without_a_target_is_shown_and_not_judged() -> None:
    found = _judged("plan/cri-asylum-2024", date(2024, 12, 1))["node/cri-asylum-2024.8"]
    assert found.shown is not None
    assert (found.shown.baseline and found.shown.baseline.value, found.shown.now.value) == (250, 510)
    assert found.light is not None
    assert found.light.reason == "no-target"


@pytest.mark.usefixtures("planned")
def test_the_charter_is_done_and_what_no_source_tells_of_is_grey() -> None:
    found = _judged("plan/rap-2023", date(2026, 1, 1))
    assert found["node/rap-2023.r2.1.3"].light is not None
    assert found["node/rap-2023.r2.1.3"].light.colour is Colour.GREEN
    silent = found["node/rap-2023.a1.2.4"].light
    assert silent is not None
    assert (silent.colour, silent.reason) == (Colour.GREY, "over-unsaid")


@pytest.mark.usefixtures("planned")
def test_a_plan_is_read_as_it_was_known_on_any_day() -> None:
    january = plans.parts("plan/rap-2024", drafts=False, at=datetime(2024, 2, 1, tzinfo=UTC))
    december = plans.parts("plan/rap-2024", drafts=False, at=datetime(2024, 12, 6, tzinfo=UTC))
    assert january["plan/rap-2024"].data["stage"] == "draft"
    assert december["plan/rap-2024"].data["stage"] == "approved"
    assert not any(k.startswith("progress/") for k in january)
    assert plans.whole("plan/wp-racp-2024", drafts=False, at=datetime(2024, 2, 1, tzinfo=UTC)) is None

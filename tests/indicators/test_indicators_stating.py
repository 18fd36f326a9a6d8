"""Counts stand in the figure ledger as computed figures, and the checks compare them with what was reported."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from mirps.base.codelists.api import data_folder
from mirps.evidence.checks.ledger import check_ledger
from mirps.evidence.figures import api as figures
from mirps.evidence.indicators import api, caseload, stating
from mirps.evidence.indicators.counting import Cubes, engine, parquet
from mirps.evidence.indicators.layers import parents
from mirps.evidence.indicators.model import Over
from mirps.evidence.indicators.planning import Span
from mirps.web.shell.count import count

AT = datetime(2026, 11, 1, tzinfo=UTC)
SPAN = Span(date(2024, 1, 1), date(2024, 9, 30))
CODES = ("asylum_applications", "asylum_recognised", "asylum_pending")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stating") / "cases.parquet"
    given = yaml.safe_load((data_folder() / "demo" / "caseload.yaml").read_text(encoding="utf-8"))
    with engine(1) as db:
        caseload.write(caseload.blocks(given, 1, parents()), path, db)
    return path


def _stated(made: Path, span: Span = SPAN) -> tuple[int, int]:
    with engine(1) as db:
        chosen = [api.indicators()[c] for c in CODES]
        cubes = Cubes(db, chosen, span).count({Over.CASES: parquet([made])}, parents())
        return stating.state(cubes, round="2024", by="ana", at=AT)


@pytest.mark.django_db
def test_a_count_is_stated_once_as_computed_and_not_public(made: Path) -> None:
    new, changed = _stated(made)
    assert new > 40
    assert changed == 0
    row = figures.FigureRow.objects.get(measure="asylum.applications", state="MEX", dimensions="")
    assert (row.value, row.origin, row.status) == (Decimal(58806), "computed", "submitted")
    assert (row.period_start, row.period_end, row.unit, row.stage) == (*_days(), "application", "registered")
    stock = figures.FigureRow.objects.get(measure="asylum.pending", state="CRI", dimensions="")
    assert (stock.as_of, stock.period_end) == (SPAN.last, None)
    assert _stated(made) == (0, 0)


def _days() -> tuple[date, date]:
    return SPAN.first, SPAN.last


@pytest.mark.django_db
def test_a_count_that_has_changed_takes_the_place_of_the_one_before(made: Path) -> None:
    _stated(made)
    first = figures.FigureRow.objects.get(measure="asylum.applications", state="MEX", dimensions="")
    figures.FigureRow.objects.filter(pk=first.pk).update(value=58_000)
    assert _stated(made) == (0, 1)
    now = figures.FigureRow.objects.get(supersedes=first.pk)
    assert now.value == 58806
    assert figures.FigureRow.objects.get(pk=first.pk).superseded_by == now.pk
    assert _stated(made) == (0, 0)


def _figure(id_: str, value: int, origin: figures.Origin) -> figures.Figure:
    return figures.Figure(
        id=id_, document="AR24" if origin is figures.Origin.REPORTED else "", locator="", fragment="", state="MEX",
        sector="asylum", measure="asylum.applications", value=Decimal(value), unit="application", population="ASY",
        stage="registered", period_start=SPAN.first, period_end=SPAN.last, origin=origin,
    )  # fmt: skip


@pytest.mark.parametrize(("counted", "found"), [(58_806, 0), (58_900, 1)])
def test_the_checks_compare_what_is_reported_with_what_is_counted(counted: int, found: int) -> None:
    both = [
        _figure("r", 58_806, figures.Origin.REPORTED),
        _figure("c", counted, figures.Origin.COMPUTED),
    ]
    assert len(check_ledger(both, figures.measures())) == found


@pytest.mark.django_db
def test_the_shell_proves_invents_and_counts(tmp_path: Path, made: Path) -> None:
    run = CliRunner().invoke
    file = data_folder() / "indicators" / "asylum-pending.yaml"
    assert run(count, ["prove", str(file), "--lang", "en"]).exit_code == 0
    (tmp_path / "bad.yaml").write_text("indicator: X")
    bad = run(count, ["prove", str(tmp_path / "bad.yaml"), "--lang", "en"])
    assert bad.exit_code == 1
    assert "line 1" in bad.output
    done = run(count, ["run", "asylum_pending", "--from", "2024-01-01", "--to", "2024-05-31", "--caseload", str(made),
                       "--out", str(tmp_path / "cubes"), "--lang", "en"])  # fmt: skip
    assert "CRI 203900" in done.output, done.output
    assert (tmp_path / "cubes" / "asylum_pending.parquet").exists()
    small = run(count, ["invent", str(tmp_path / "small.parquet"), "--scale", "0.01"])
    assert small.exit_code == 0, small.output
    assert run(count, ["run", "nothing", "--from", "2024-01-01", "--to", "2024-05-31"]).exit_code == 2

"""`mirps count`: indicators proved, the demo's caseload invented, cubes counted and written."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from mirps.base.codelists.api import data_folder
from mirps.evidence.indicators import caseload
from mirps.evidence.indicators.counting import engine
from mirps.evidence.indicators.layers import parents
from mirps.web.shell.count import count


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("counting") / "cases.parquet"
    given = yaml.safe_load((data_folder() / "demo" / "caseload.yaml").read_text(encoding="utf-8"))
    with engine(1) as db:
        caseload.write(caseload.blocks(given, 1, parents()), path, db)
    return path


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

"""`mirps count`: indicators proved, the demo's caseload invented, cubes counted and written."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.anything import files

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


def counted(file: Path) -> Result:
    return CliRunner().invoke(
        count, ["run", "--from", "2024-01-01", "--to", "2024-05-31", "--caseload", str(file)]
    )


def test_a_file_that_holds_no_cases_is_refused_with_its_remedy_in_both_languages(tmp_path: Path) -> None:
    file = tmp_path / "other.parquet"
    with engine(1) as db:
        db.execute(f"COPY (SELECT 1 AS people, 'HND' AS state) TO '{file}' (FORMAT parquet)")
    done = counted(file)
    assert done.exit_code == 1
    for word in ("other.parquet", "no es un archivo de casos", "is no file of cases", "mirps count export"):
        assert word in done.output


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_bytes_are_given_as_a_caseload_they_are_counted_or_refused(
    tmp_path: Path, data: st.DataObject
) -> None:
    sound, file = tmp_path / "sound.parquet", tmp_path / "any.parquet"
    if not sound.exists():
        with engine(1) as db:
            caseload.write(caseload.blocks(caseload.given(), 0.001, parents()), sound, db)
    file.write_bytes(data.draw(files(sound.read_bytes())))
    done = counted(file)
    assert done.exit_code in (0, 1)
    assert done.exit_code == 0 or "mirps count export" in done.output, done.output

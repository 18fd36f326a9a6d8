"""From the shell a procedure is proved, drawn and counted, without a database and in either language."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from mirps.base.codelists.api import data_folder
from mirps.casework.procedures.api import load
from mirps.sharing.drawings import Frame
from mirps.sharing.drawings.flows import Stop, Way, flow
from mirps.web.shell.procedure import procedure

FILES = sorted((data_folder() / "procedures").glob("*.yaml"))
MEX = data_folder() / "procedures" / "mex-asylum.yaml"


def run(*args: object) -> tuple[int, str]:
    found = CliRunner().invoke(procedure, [str(a) for a in args])
    return found.exit_code, found.output


@pytest.mark.parametrize(("lang", "said"), [("es", "probado. 13 etapas"), ("en", "proved. 13 stages")])
def test_a_file_is_proved_and_what_is_uncertain_is_named(lang: str, said: str) -> None:
    code, out = run("prove", MEX, "--lang", lang)
    assert code == 0
    assert said in out
    assert out.count("\n  - ") == 4


def test_a_faulty_file_fails_with_every_line_and_what_to_do(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        MEX.read_text(encoding="utf-8").replace("turn: [coordinator]", "turn: [chief]"), "utf-8"
    )
    code, out = run("prove", MEX, broken)
    assert code == 1
    assert "probado" in out
    line = next(n for n, t in enumerate(broken.read_text("utf-8").splitlines(), 1) if "[chief]" in t)
    assert f"broken.yaml, línea {line} (stages.decision.turn): No hay nada que se llame «chief»." in out
    assert run("draw", broken)[0] == 1


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
@pytest.mark.parametrize("width", [360, 760])
def test_a_drawing_names_every_stage_and_fits_its_width(path: Path, width: int) -> None:
    code, out = run("draw", path, "--lang", "es", "--width", width)
    assert code == 0
    root = ElementTree.fromstring(out)
    assert root.attrib["width"] == str(width)
    words = " ".join(t.text or "" for t in root.iter("{http://www.w3.org/2000/svg}text"))
    for number in range(1, len(load(path).stages) + 1):
        assert f"{number}. " in words
    rects = list(root.iter("{http://www.w3.org/2000/svg}rect"))
    assert all(float(r.attrib["x"]) + float(r.attrib["width"]) <= width for r in rects)


def test_a_drawing_is_the_same_each_time_and_escapes_what_it_is_given() -> None:
    stops = [
        Stop("a", "<b>&", "", (Way('go "on"', ("b",)), Way("stay"))),
        Stop("b", "End", "", (), ends=True),
    ]
    first = flow(stops, Frame("T", "en"))
    assert first == flow(stops, Frame("T", "en"))
    assert "&lt;b&gt;&amp;" in first
    ElementTree.fromstring(first)


def test_a_deadline_is_counted_day_by_day() -> None:
    code, out = run("days", MEX, "appeal", "2024-05-24", "--lang", "en")
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == "Time to ask for review: 15 working days"
    assert lines[2].endswith("day of the act: not counted")
    assert lines[-1].endswith("day 15")
    assert sum("office closed" in line for line in lines) == 3


def test_a_deadline_that_there_is_not_is_answered_with_those_there_are() -> None:
    code, out = run("days", MEX, "nothing", "2024-05-24")
    assert code == 2
    assert "appeal" in out

"""The coverage page says what is true: it is up to date, and what is said to work names a test that runs."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from mirps.base.codelists.api import data_folder
from mirps.web.shell.coverage import COLUMNS, BadTable, System, page, read, render

ROOT = Path(__file__).resolve().parents[1]
SYSTEMS = read(data_folder() / "systems.csv")
SWITCHED_OFF = {"skip", "skipif", "xfail"}


def marks(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> set[str]:
    """The last name of each decorator: `skip` of `@pytest.mark.skip(...)`."""
    targets = [d.func if isinstance(d, ast.Call) else d for d in node.decorator_list]
    return {t.attr for t in targets if isinstance(t, ast.Attribute)}


def running_tests(root: Path, file: str) -> set[str]:
    """The tests of a file as `name` or `Class::name`, leaving out those that are skipped or expected to fail."""
    path = root / file
    if not path.is_file():
        return set()
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        outer = marks(node) if isinstance(node, ast.ClassDef) else set()
        for one in inside:
            is_test = isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name.startswith("test_")
            if is_test and not (outer | marks(one)) & SWITCHED_OFF:
                found.add(prefix + one.name)
    return found


def unproved(rows: list[System], root: Path) -> list[str]:
    """Systems that are said to work without a running test `tests/....py::test_...` to prove it."""
    out = []
    for row in rows:
        file, _, name = row.test.partition("::")
        known = file.startswith("tests/") and name in running_tests(root, file)
        if row.state_of_work == "works" and not known:
            out.append(f"{row.id}: {row.test or 'no test'}")
    return out


def a_system(**changes: str) -> System:
    blank = System("S001", "Name", "MEX", "Owner", "1. Group", "", "", "not yet", "", "")
    return replace(blank, **changes)


def test_the_page_is_up_to_date() -> None:
    assert page().read_text(encoding="utf-8") == render(SYSTEMS), "run `mirps coverage --write`"


def test_all_189_systems_are_listed_once_and_in_order() -> None:
    assert [row.id for row in SYSTEMS] == [f"S{number:03d}" for number in range(1, 190)]


def test_every_system_has_a_name_a_state_and_a_group() -> None:
    codes = {"BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN", "REG", "ALL"}
    assert [row.id for row in SYSTEMS if not (row.name and row.group)] == []
    assert [row.id for row in SYSTEMS if not set(row.state.split(";")) <= codes] == []


def test_every_system_that_works_names_a_running_test() -> None:
    assert unproved(SYSTEMS, ROOT) == []


def test_every_system_that_works_partly_says_what_is_missing() -> None:
    assert [row.id for row in SYSTEMS if row.state_of_work == "partly" and not row.note] == []


def test_a_claim_without_a_running_test_is_caught(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text(
        "import pytest\n\ndef test_one(): ...\n\n@pytest.mark.skip\ndef test_two(): ...\n\n"
        "class TestThree:\n    def test_four(self): ...\n"
    )
    tests = ["", "tests/test_a.py::test_one", "tests/test_a.py::test_two", "tests/test_a.py::TestThree::test_four",
             "tests/test_a.py::test_nine", "tests/test_b.py::test_one", "tests/test_a.py"]  # fmt: skip
    rows = [a_system(id=str(n), state_of_work="works", test=test) for n, test in enumerate(tests)]
    assert [line.partition(":")[0] for line in unproved(rows, tmp_path)] == ["0", "2", "4", "5", "6"]


def test_the_page_counts_by_group_and_links_the_test() -> None:
    rows = [
        a_system(id="S001", state_of_work="works", test="tests/test_a.py::test_one"),
        a_system(id="S002", name="A | B", state="GTM;HND", state_of_work="partly", note="No letters yet"),
        a_system(id="S003", group="2. Other"),
    ]
    text = render(rows)
    assert "| 1. Group | 1 | 1 | 0 | 2 |" in text
    assert "| **All** | 1 | 1 | 1 | 3 |" in text
    assert "[`tests/test_a.py::test_one`](../tests/test_a.py)" in text
    assert "| S002 | A \\| B | GTM, HND | partly | No letters yet |" in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,name\n", "line 1: the columns"),
        (",".join(COLUMNS) + "\nS001,Name\n", "row 2: 2 cells"),
        (",".join(COLUMNS) + "\nS001,Name,MEX,,,,,done,,\n", "row 2, state_of_work: 'done'"),
    ],
)
def test_a_table_that_cannot_be_read_says_where_and_why(tmp_path: Path, content: str, message: str) -> None:
    bad = tmp_path / "systems.csv"
    bad.write_text(content, encoding="utf-8")
    with pytest.raises(BadTable, match=message):
        read(bad)

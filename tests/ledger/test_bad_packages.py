"""Bad files: each is refused whole, and the refusal names file, line, column and remedy in both languages."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mirps.base.audit.api import AuditEntry
from mirps.base.texts.api import catalogue, say
from mirps.evidence.figures import api
from mirps.evidence.figures import cells as cells_module
from mirps.evidence.figures.package import COLUMNS, REQUIRED
from mirps.evidence.figures.vocabulary import vocabulary

GOOD = {
    "id": "t-hnd-001", "document": "AR24", "locator": "Honduras", "fragment": "332 people", "state": "HND",
    "sector": "protection", "measure": "idp.assisted", "value": "332", "unit": "person", "qualifier": "exact",
    "population": "IDP", "dimensions": "sex=F", "period_start": "2024-01-01", "period_end": "2024-09-30",
}  # fmt: skip
SRC = Path(__file__).resolve().parents[2] / "src" / "mirps" / "evidence" / "figures"


def text(*changes: dict[str, str], columns: tuple[str, ...] = REQUIRED) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for n, change in enumerate(changes):
        row = {**GOOD, "id": f"t-hnd-{n:03d}", **change}
        writer.writerow([row.get(c, "") for c in columns])
    return out.getvalue()


def refusal(tmp_path: Path, content: str | bytes) -> list[api.Fault]:
    """Why a file is refused, having checked that each reason can be read in both languages."""
    path = tmp_path / "figures.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(api.PackageFaults) as caught:
        api.read_table(path, vocabulary())
    for fault in caught.value.faults:
        said = {
            lang: say(
                fault.key, lang, found=fault.found, expected=fault.expected,
                file=fault.file, line=fault.line, column=fault.column,
            )
            for lang in ("es", "en")
        }  # fmt: skip
        assert said["es"] != said["en"]
        for words in said.values():
            assert "figures.csv" in words
            assert not fault.line or str(fault.line) in words or fault.key == "fault.file_empty"
            assert not fault.column or fault.column in words
            assert re.search(r"[.:] ?[A-ZÁÉ«']?\w", words)  # a second part says what to do
    return caught.value.faults


def test_a_good_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_text(text({}, {}), encoding="utf-8")
    assert len(api.read_table(tmp_path / "figures.csv", vocabulary())) == 2


@pytest.mark.parametrize(
    ("column", "value", "key"),
    [
        ("value", "226.029", None),  # a decimal number: three decimals are allowed
        ("value", "226,029", "fault.number_style"),
        ("value", "1.234,5", "fault.number_style"),
        ("value", "6.055.348", "fault.number_style"),
        ("value", "226 029", "fault.number_style"),
        ("value", "226\u00a0029", "fault.number_style"),
        ("value", "12,5", "fault.number_style"),
        ("value", "=1+1", "fault.number"),
        ("value", "1e9", "fault.number"),
        ("value", "three", "fault.number"),
        ("value", "NaN", "fault.number"),
        ("value", "", "figure.fault.value_or_absence"),
        ("id", "=HYPERLINK(1)", "fault.id"),
        ("id", "@SUM(A1)", "fault.id"),
        ("id", "X", "fault.id"),
        ("state", "+HND", "fault.code_unknown"),
        ("state", "XXX", "fault.code_unknown"),
        ("measure", "idp.asisted", "fault.code_unknown"),
        ("unit", "people", "fault.code_unknown"),
        ("sector", "Protection", "fault.code_unknown"),
        ("population", "IDPS", "fault.code_unknown"),
        ("document", "AR25", "fault.code_unknown"),
        ("source", "INM", "fault.code_unknown"),
        ("qualifier", "roughly", "fault.code_unknown"),
        ("dimensions", "sex", "fault.dimensions"),
        ("dimensions", "sex=F;sex=M", "fault.dimensions"),
        ("dimensions", "sex=F;age=0-17", "fault.dimensions_order"),
        ("dimensions", "colour=red", "fault.dimension_unknown"),
        ("dimensions", "sex=X", "fault.member_unknown"),
        ("fragment", "one two three four five six seven eight nine", "fault.fragment_long"),
        ("period_end", "2024-06-31", "fault.date"),
        ("period_end", "2024-13-01", "fault.date"),
        ("period_end", "30/09/2024", "fault.date"),
        ("period_end", "20240930", "fault.date"),
        ("period_end", "2023-12-31", "figure.fault.period_reversed"),
        ("as_of", "2023-02-29", "fault.date"),
    ],
)
def test_a_wrong_cell_is_named_by_line_and_column(
    tmp_path: Path, column: str, value: str, key: str | None
) -> None:
    content = text({}, {column: value}, {})
    if key is None:
        (tmp_path / "figures.csv").write_text(content, encoding="utf-8")
        assert len(api.read_table(tmp_path / "figures.csv", vocabulary())) == 3
        return
    [fault] = refusal(tmp_path, content)
    assert (fault.key, fault.line, fault.column) == (key, 3, column)


def test_an_id_that_stands_twice_is_named(tmp_path: Path) -> None:
    [fault] = refusal(tmp_path, text({}, {"id": "t-hnd-000"}))
    assert (fault.key, fault.line, fault.found) == ("fault.id_twice", 3, "t-hnd-000")


def test_every_fault_is_told_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    found = refusal(tmp_path, text({"state": "XXX"}, {}, {"value": "1,5", "unit": "people"}))
    assert [(f.line, f.column) for f in found] == [(2, "state"), (4, "unit"), (4, "value")]


def test_a_file_with_thousands_of_faults_tells_the_first_hundred(tmp_path: Path) -> None:
    assert len(refusal(tmp_path, text(*[{"value": "x"}] * 3000))) == 100


@pytest.mark.parametrize(
    ("encoding", "key", "line"),
    [("utf-16", "fault.encoding", 1), ("latin-1", "fault.encoding", 3), ("utf-32", "fault.encoding", 1)],
)
def test_another_encoding_is_refused_by_name(tmp_path: Path, encoding: str, key: str, line: int) -> None:
    [fault] = refusal(tmp_path, text({}, {"locator": "Progreso en protección"}).encode(encoding))
    assert (fault.key, fault.line) == (key, line)


def test_utf_8_with_its_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_bytes(text({"locator": "Panamá"}).encode("utf-8-sig"))
    assert api.read_table(tmp_path / "figures.csv", vocabulary()).columns["locator"] == ["Panamá"]


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    [fault] = refusal(tmp_path, text({}, {"locator": "a\0b"}))
    assert (fault.key, fault.line) == ("fault.not_text", 3)


def test_a_file_that_was_cut_off_is_refused_at_its_last_line(tmp_path: Path) -> None:
    whole = text({}, {}, {})
    [fault] = refusal(tmp_path, whole[:-40])
    assert (fault.key, fault.line) == ("fault.row_length", 4)
    [quoted] = refusal(tmp_path, text({}, {"locator": "a, b"})[: -len('b",332 people,HND')])
    assert quoted.line == 3


def test_a_quote_that_never_closes_is_refused(tmp_path: Path) -> None:
    [fault] = refusal(tmp_path, text({}).replace("Honduras", '"Honduras'))
    assert fault.key == "fault.csv"


def test_a_huge_cell_is_refused(tmp_path: Path) -> None:
    [fault] = refusal(tmp_path, text({}, {"locator": "x" * 200_000}))
    assert (fault.key, fault.line) == ("fault.csv", 3)


def test_a_row_with_a_cell_too_many_is_named(tmp_path: Path) -> None:
    lines = text({}, {}, {}).splitlines()
    lines[2] += ",more"
    [fault] = refusal(tmp_path, "\n".join(lines))
    assert (fault.key, fault.line, fault.found) == ("fault.row_length", 3, str(len(REQUIRED) + 1))


def test_empty_rows_at_the_end_are_passed_over_and_one_between_is_named(tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_text(
        text({}) + "\n\n" + "," * (len(REQUIRED) - 1) + "\n", encoding="utf-8"
    )
    assert len(api.read_table(tmp_path / "figures.csv", vocabulary())) == 1
    head, first, second = text({}, {}).splitlines()
    [fault] = refusal(tmp_path, f"{head}\n{first}\n\n{second}\n")
    assert (fault.key, fault.line) == ("fault.row_length", 3)


def test_columns_that_lack_or_are_not_known_are_named(tmp_path: Path) -> None:
    [fault] = refusal(tmp_path, text({}, columns=tuple(c for c in REQUIRED if c != "unit")))
    assert (fault.key, fault.line, fault.column) == ("fault.column_missing", 1, "unit")
    [fault] = refusal(tmp_path, text({}, columns=(*REQUIRED, "colour")))
    assert (fault.key, fault.column) == ("fault.column_unknown", "colour")
    [fault] = refusal(tmp_path, text({}, columns=(*REQUIRED, "unit")))
    assert (fault.key, fault.column) == ("fault.column_twice", "unit")


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_refused(tmp_path: Path, content: str) -> None:
    assert [f.key for f in refusal(tmp_path, content)] == ["fault.file_empty"]


def test_a_missing_file_and_one_too_large_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(api.PackageFaults) as caught:
        api.read_table(tmp_path / "figures.csv", vocabulary())
    assert caught.value.faults[0].key == "fault.file_missing"
    monkeypatch.setattr(cells_module, "LARGEST", 1000)
    assert [f.key for f in refusal(tmp_path, text(*[{}] * 20))] == ["fault.file_too_large"]


def test_a_large_bad_file_takes_memory_in_proportion_to_its_size(tmp_path: Path) -> None:
    content = text(*[{"value": "1,5"}] * 20_000)
    tracemalloc.start()
    try:
        refusal(tmp_path, content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12 * len(content)


@pytest.mark.django_db
def test_of_a_refused_file_nothing_is_loaded(tmp_path: Path) -> None:
    rows, entries = api.FigureRow.objects.count(), AuditEntry.objects.count()
    refusal(tmp_path, text({}, {}, {"value": "1,5"}))
    assert (api.FigureRow.objects.count(), AuditEntry.objects.count()) == (rows, entries)


@pytest.mark.django_db
def test_a_table_that_changes_one_statement_loads_none_of_its_others(tmp_path: Path) -> None:
    path, at = tmp_path / "figures.csv", datetime(2025, 3, 1, tzinfo=UTC)

    def load(content: str) -> int:
        path.write_text(content, encoding="utf-8")
        table = api.read_table(path, vocabulary())
        return api.record_table(table=table, round="t", by="ana", at=at, known_at=lambda _: at)

    assert load(text({})) == 1
    rows, version = api.FigureRow.objects.count(), api.ledger_version()
    with pytest.raises(api.PackageFaults) as caught:
        load(text({"value": "999"}, {}, {}))
    [fault] = caught.value.faults
    assert (fault.key, fault.line, fault.column) == ("fault.restated", 2, "value")
    assert (api.FigureRow.objects.count(), api.ledger_version()) == (rows, version)


def test_every_fault_that_the_reader_knows_has_its_words() -> None:
    code = "".join(
        (SRC / name).read_text(encoding="utf-8")
        for name in ("cells.py", "package.py", "rules.py", "actions.py")
    )
    keys = set(re.findall(r'"((?:figure\.)?fault\.[a-z_]+)"', code))
    assert len(keys) > 20
    assert keys - set(catalogue()) == set()
    assert set(COLUMNS) >= set(REQUIRED)

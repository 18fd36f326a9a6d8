"""`mirps protect`: a statistician's table in, one that may be published out; what is wrong is told with its place."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import anything

from mirps.evidence.disclosure import files
from mirps.evidence.disclosure.api import Fault, Faults
from mirps.web.shell.protect import protect

SOUND = "place,sex,value\nA,F,3\nA,M,12\nB,F,20\nB,M,31\nC,F,14\nC,M,9\n"
LAYOUT = """sensitivity: default
dimensions:
  place: {sums: {_T: [N, S], N: [N1, N2], S: [S1, S2]}}
  sex: {}
"""
CIRCLE = "dimensions: {place: {sums: {A: [B], B: [A]}}, sex: {}}"
TWO_TOTALS = "dimensions: {place: {sums: {A: [C], B: [C]}}, sex: {}}"


def run(folder: Path, text: str, *more: str, layout: str = "") -> Result:
    file = folder / "in.csv"
    file.write_text(text, encoding="utf-8")
    if layout:
        (folder / "layout.yaml").write_text(layout, encoding="utf-8")
        more = (*more, "--layout", str(folder / "layout.yaml"))
    return CliRunner().invoke(protect, [str(file), "--out", str(folder / "out"), *more])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_table_is_protected_and_the_public_part_holds_no_hidden_value(tmp_path: Path) -> None:
    done = run(tmp_path, SOUND)
    assert done.exit_code == 0, done.output
    public = rows(tmp_path / "out" / "table.csv")
    assert {r["absence"] for r in public} == {"", "_S"}
    assert all(not r["value"] for r in public if r["absence"])
    assert "why" not in public[0]
    assert json.loads((tmp_path / "out" / "audit.json").read_text())["audit"]["narrow"] == 0
    assert (tmp_path / "out" / "kept.csv").stat().st_mode & 0o077 == 0


def test_what_is_shown_adds_up(tmp_path: Path) -> None:
    run(tmp_path, SOUND)
    public = {(r["place"], r["sex"]): r for r in rows(tmp_path / "out" / "table.csv")}
    for place in "ABC":
        line = [public[place, "F"], public[place, "M"], public[place, "_T"]]
        if not any(r["absence"] for r in line):
            assert int(line[0]["value"]) + int(line[1]["value"]) == int(line[2]["value"])


def test_the_next_release_takes_what_was_kept(tmp_path: Path) -> None:
    run(tmp_path, SOUND)
    kept = tmp_path / "kept.csv"
    kept.write_bytes((tmp_path / "out" / "kept.csv").read_bytes())
    kept.with_suffix(".json").write_bytes((tmp_path / "out" / "kept.json").read_bytes())
    done = run(tmp_path, SOUND, "--earlier", str(kept))
    assert done.exit_code == 0, done.output
    first = [r["absence"] for r in rows(tmp_path / "out" / "table.csv")]
    assert first == [r["absence"] and "_S" if not r["why"] else "_S" for r in rows(kept)]


def test_a_parquet_file_is_read_as_a_csv_file_is(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(SOUND, encoding="utf-8")
    duckdb.sql(f"COPY (FROM read_csv('{tmp_path}/in.csv')) TO '{tmp_path}/in.parquet' (FORMAT parquet)")
    one, other = (files.table(tmp_path / f"in.{kind}", None) for kind in ("csv", "parquet"))
    assert (one.values == other.values).all()
    assert one.dimensions == other.dimensions


def test_a_table_may_be_rounded_instead(tmp_path: Path) -> None:
    assert run(tmp_path, SOUND, "--round", "5").exit_code == 0
    assert all(int(r["value"]) % 5 == 0 for r in rows(tmp_path / "out" / "table.csv"))


@pytest.mark.parametrize(
    ("text", "layout", "line", "es", "en"),
    [
        ("place,sex,value\nA,F,-3\n", "", 2, "menor que cero", "less than zero"),
        ("place,sex,value\nA,F,x\n", "", 2, "número entero", "whole number"),
        ("place,sex,value\nA,F,3\nA,F,3\n", "", 3, "ya está en la línea 2", "line 2 already"),
        ("place,sex,value\nA,F,3\nA,,4\n", "", 3, "sus partes suman 3", "its parts come to 3"),
        ("place,sex,value\nN9,F,3\n", LAYOUT, 2, "Parecidos: N.", "Like it: N."),
        ("place,sex,value\nA,F\n", "", 2, "3 columnas", "3 columns"),
        ("place,sex,n\nA,F,3\n", "", 1, "Falta la columna «value»", "column “value” is missing"),
        ("place,sex,value,absence\nA,F,,_S\n", "", 2, "ya oculto", "hidden already"),
        (SOUND, CIRCLE, 1, "parte de sí mismo", "part of itself"),
        (SOUND, TWO_TOTALS, 1, "parte de «A» y de «B»", "part of “A” and of “B”"),
        ("place,sex,value\n", "", 1, "no tiene filas", "no rows"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_place_and_remedy_in_both_languages(
    tmp_path: Path, text: str, layout: str, line: int, es: str, en: str
) -> None:
    for lang, said, word in (("es", es, "línea"), ("en", en, "line")):
        done = run(tmp_path, text, "--lang", lang, layout=layout)
        assert done.exit_code == 1
        assert said in done.output
        assert f"{word} {line}" in done.output
    assert not (tmp_path / "out").exists()


often = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def read_or_refused(file: Path) -> None:
    """A table, or faults that can be told."""
    faults: list[Fault] = []
    try:
        files.table(file, None)
    except Faults as e:
        faults = e.faults
    assert all(f.say(lang) for f in faults for lang in ("es", "en"))


@often
@given(
    st.one_of(
        st.text(max_size=200),
        st.text(alphabet='place,sxvu AF_T\n"0123-.eé;', max_size=200).map("place,sex,value\n".__add__),
    )
)
def test_whatever_stands_in_a_file_it_is_read_or_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "any.csv"
    file.write_text(text, encoding="utf-8", errors="replace", newline="")
    read_or_refused(file)


@often
@given(st.data())
def test_whatever_bytes_are_called_parquet_they_are_read_or_refused(
    tmp_path: Path, data: st.DataObject
) -> None:
    file = tmp_path / "any.parquet"
    if not (tmp_path / "in.parquet").exists():
        (tmp_path / "in.csv").write_text(SOUND, encoding="utf-8")
        duckdb.sql(f"COPY (FROM read_csv('{tmp_path}/in.csv')) TO '{tmp_path}/in.parquet' (FORMAT parquet)")
    file.write_bytes(data.draw(anything.files((tmp_path / "in.parquet").read_bytes())))
    read_or_refused(file)

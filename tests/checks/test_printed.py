"""Printed and tabled documents: a PDF with text, tables of Word, note marks, numbers in messages."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
import typst
from click.testing import CliRunner

from mirps.evidence.checks import api
from mirps.web.shell.check import check

PAGE = """#set page(paper: "a5")
= Report
#lorem(40)

The service helped 332 people (80 girls, 105 women, 53 boys and 84 men). It has 12 offices.

#pagebreak()
== Indicators
#table(columns: 3, [What is counted], [Value], [Date],
  [Cases of assistance], [93\\[154\\]], [Sep 30, 2024],
  [People in those cases], [332\\[155\\]], [Sep 30, 2024],
  [People advised], [more than 200\\[160\\]], [Sep 30, 2024])

Between 2004 and 2018 more than 247,090\\[149\\] people were displaced inside the country.
"""


def test_a_pdf_with_text_is_read_page_by_page(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(typst.compile(PAGE.encode()))
    report = api.check_file(path, lang="en")
    assert [(f.kind, f.locator) for f in report.findings] == [("parts_below_total", "page 1")]
    assert {c.locator for c in report.claims} == {"page 1", "page 2"}
    assert 149 not in [c.value for c in report.claims]


def test_note_marks_are_no_numbers() -> None:
    report = api.check_text("More than 247,090[149] people fled; 93[2][3] came back.", lang="en")
    assert [c.value for c in report.claims] == [247090, 93]


@pytest.mark.parametrize(("total", "found"), [("20", 0), ("23", 1)])
def test_rows_and_columns_of_a_word_table_are_added_up(tmp_path: Path, total: str, found: int) -> None:
    document = docx.Document()
    table = document.add_table(rows=0, cols=4)
    rows = (
        ("Place", "Women", "Men", "Total"),
        ("Yoro", "7", "5", "12"),
        ("Colón", "6", "2", "8"),
        ("Total", "13", "7", total),
    )
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    path = tmp_path / "table.docx"
    document.save(str(path))
    report = api.check_file(path, lang="en")
    assert bool(report.contradictions) is bool(found)


def test_messages_write_numbers_as_their_reader_does() -> None:
    text = "The parts were 12,000 girls and 1,400 boys, for a total of 13,500 pupils."
    (finding,) = api.check_text(text, lang="en").findings
    assert "12,000 + 1,400" in finding.message["en"]
    assert "13,400" in finding.message["es"].replace("\u00a0", ",").replace("\u202f", ",")
    assert finding.expected == "13400"


def test_a_round_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The office helped 12 people.")
    done = CliRunner().invoke(check, [str(path), "--against", "2031"])
    assert done.exit_code == 2
    assert "2031" in done.output
    assert "2024" in done.output
    assert "Fault(" not in done.output

"""Files: what is read, what is refused, and with which words."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest
from click.testing import CliRunner

from mirps.evidence.checks import api
from mirps.evidence.checks.reading import readers
from mirps.evidence.checks.reading.readers import UnreadableError
from mirps.web.shell.check import check

WRONG = "La ayuda llegó a 332 personas (80 niñas, 105 mujeres, 53 niños y 84 hombres)."
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word_file(path: Path, xml: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", xml)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_in_a_known_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "informe.txt"
    path.write_bytes(WRONG.encode(encoding))
    assert api.check_file(path).contradictions == 1


def test_a_word_document_with_a_table_is_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(WRONG)
    table = document.add_table(rows=0, cols=2)
    for cells in (("Lugar", "Personas"), ("Cortés", "12"), ("Yoro", "8"), ("Total", "21")):
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    path = tmp_path / "informe.docx"
    document.save(str(path))
    report = api.check_file(path)
    assert [f.kind for f in report.findings] == ["parts_below_total", "parts_below_total"]
    assert [f.locator.split(",")[0] for f in report.findings] == ["paragraph 1", "table 1"]


def refused(path: Path) -> str:
    with pytest.raises(UnreadableError) as caught:
        readers.read(path)
    assert all(path.name in text for text in caught.value.messages.values())
    assert caught.value.messages["es"] != caught.value.messages["en"]
    return caught.value.key


def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path) -> None:
    files = {
        "empty.txt": (b"", "empty"),
        "odd.csv": (b"a,b", "suffix"),
        "binary.txt": (bytes(range(256)), "encoding"),
        "nul.txt": (b"abc\x00def", "encoding"),
        "cut.docx": (b"PK\x03\x04 cut short", "docx"),
        "cut.pdf": (b"%PDF-1.7\n1 0 obj", "pdf"),
    }
    for name, (data, key) in files.items():
        path = tmp_path / name
        path.write_bytes(data)
        assert refused(path) == key
    assert refused(tmp_path / "absent.txt") == "missing"


def test_hostile_word_documents_are_refused(tmp_path: Path) -> None:
    bomb = word_file(tmp_path / "bomb.docx", b"<a>" + b" " * 30_000_000 + b"</a>")
    assert refused(bomb) == "bomb"
    xxe = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'
    assert refused(word_file(tmp_path / "xxe.docx", xxe)) == "entities"
    assert refused(word_file(tmp_path / "broken.docx", b"<a><b></a>")) == "docx"
    nothing = f'<w:document xmlns:w="{WORD}"><w:body/></w:document>'.encode()
    assert refused(word_file(tmp_path / "nothing.docx", nothing)) == "empty"


def test_a_pdf_without_text_and_one_with_a_password_are_refused(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    blank = tmp_path / "scan.pdf"
    with blank.open("wb") as out:
        writer.write(out)
    assert refused(blank) == "pdf_textless"
    writer.encrypt("secret", algorithm="RC4-128")
    locked = tmp_path / "locked.pdf"
    with locked.open("wb") as out:
        writer.write(out)
    assert refused(locked) == "pdf_locked"


def test_a_file_above_the_limit_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "MAX_BYTES", 10)
    path = tmp_path / "long.txt"
    path.write_text("more than ten bytes", encoding="utf-8")
    assert refused(path) == "huge"


def test_a_truncated_word_document_is_refused(tmp_path: Path) -> None:
    made = io.BytesIO()
    docx.Document().save(made)
    path = tmp_path / "half.docx"
    path.write_bytes(made.getvalue()[: len(made.getvalue()) // 2])
    assert refused(path) == "docx"


def test_the_command_ends_with_0_1_or_2(tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.txt", tmp_path / "wrong.md"
    right.write_text("Llegaron 300 personas en mayo.", encoding="utf-8")
    wrong.write_text(WRONG, encoding="utf-8")
    run = CliRunner()
    assert run.invoke(check, [str(right)]).exit_code == 0
    assert run.invoke(check, [str(wrong)]).exit_code == 1
    absent = run.invoke(check, [str(tmp_path / "absent.pdf"), "--lang", "es"])
    assert absent.exit_code == 2
    assert "no existe" in absent.output


def test_the_command_writes_json_and_a_page_that_stands_alone(tmp_path: Path) -> None:
    path = tmp_path / "wrong.txt"
    path.write_text(WRONG + " <script>", encoding="utf-8")
    data = json.loads(CliRunner().invoke(check, [str(path), "--format", "json"]).output)
    assert set(data) == {"claims", "findings", "summary"}
    assert set(data["claims"][0]) >= {"id", "text", "value", "unit", "qualifier", "locator"}
    page = CliRunner().invoke(check, [str(path), "--format", "html"]).output
    assert page.startswith("<!doctype html>")
    assert "<script" not in page
    assert "http" not in page

"""Records by workbook: what goes out comes back the same, what is wrong is named, nothing of another's is lost."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime

import openpyxl
import pytest
from django.test import Client
from tests.planning.conftest import person

from mirps.evidence.workbooks.api import Unreadable
from mirps.planning.records import api as records
from mirps.planning.records import sheets
from mirps.planning.records.api import Record
from mirps.planning.records.sheets import Fate, Held, Line, Words

AT = datetime(2026, 2, 1, 9, tzinfo=UTC)
PLAIN = Words("T", "H", {}, {})


def book(kind: str, held: list[Record]) -> bytes:
    k = records.kinds()[kind]
    lines = [Line(r.code, "", r.number, records.flat(k, r.data)) for r in held]
    return sheets.write(k, lines, PLAIN, {})


def items(kind: str, content: bytes, held: list[Record]) -> list[sheets.Item]:
    k = records.kinds()[kind]
    stands = {r.code: Held(r.number, r.data, "", True) for r in held}
    return sheets.planned(
        k, sheets.read(content, k), stands, records.known(), lambda d: records.faults_of(k, d)
    )


def changed(content: bytes, **cells: str) -> bytes:
    """The workbook with cells of its first sheet written anew: A5="x"."""
    found = openpyxl.load_workbook(io.BytesIO(content))
    for at, value in cells.items():
        found.worksheets[0][at] = value
    out = io.BytesIO()
    found.save(out)
    return out.getvalue()


def letter(kind: str, column: str, content: bytes) -> str:
    return sheets.read(content, records.kinds()[kind]).letters[column]


def test_every_kind_goes_out_and_comes_back_without_change(planned: None) -> None:
    for kind in sorted(records.kinds()):
        held = list(records.of_kind(kind))
        found = items(kind, book(kind, held), held)
        assert [i.fate for i in found] == [Fate.SAME] * len(held), kind


def test_the_same_records_give_the_same_bytes(planned: None) -> None:
    held = list(records.of_kind("node"))
    assert book("node", held) == book("node", held)


def test_a_wrong_cell_is_named_and_the_right_ones_are_still_offered(planned: None) -> None:
    held = list(records.of_kind("node"))[:3]
    content = book("node", held)
    title = letter("node", "title.es", content)
    made = changed(
        content, **{f"{title}5": "Otro título", f"{letter('node', 'level', content)}6": "nonsense"}
    )
    found = items("node", made, held)
    assert [i.fate for i in found] == [Fate.CHANGED, Fate.WRONG, Fate.SAME]
    assert [(f.cell, f.key) for f in found[1].faults] == [("level", "record.fault.choice")]
    assert found[1].row.at == 6


def test_what_another_wrote_meanwhile_is_met_and_not_overwritten(planned: None) -> None:
    held = list(records.of_kind("node"))[:1]
    content = book("node", held)
    made = changed(content, **{f"{letter('node', 'title.es', content)}5": "Otro título"})
    k = records.kinds()["node"]
    later = {held[0].code: Held(held[0].number + 1, held[0].data, "", True)}
    found = sheets.planned(k, sheets.read(made, k), later, records.known(), lambda d: [])
    assert [i.fate for i in found] == [Fate.MET]


def test_a_row_twice_and_a_record_of_elsewhere_are_named(planned: None) -> None:
    held = list(records.of_kind("node"))[:2]
    content = changed(book("node", held), A6=held[0].code)
    assert [i.fate for i in items("node", content, held)] == [Fate.SAME, Fate.WRONG]
    assert [i.fate for i in items("node", book("node", held), held[:1])] == [Fate.SAME, Fate.WRONG]


@pytest.mark.parametrize("content", [b"", b"code,title\n", b"PK\x03\x04 torn", b"%PDF-1.7"])
def test_a_file_that_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        sheets.read(content, records.kinds()["node"])


def test_a_workbook_that_is_none_of_ours_is_refused() -> None:
    with pytest.raises(Unreadable):
        sheets.read(_blank(), records.kinds()["practice"])


def _blank() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def test_a_team_brings_practices_in_by_workbook_and_sees_them_as_drafts(
    planned: None, client: Client
) -> None:
    """Through the pages: download, fill in one row, look, take in; the same file again changes nothing."""
    client.force_login(person("helena", "focal-point", "HND"))
    address = "/es/planning/records/practice/workbook/"
    got = client.get(f"{address}download/?owner=HND|")
    assert got.status_code == 200
    content = got.content
    k = records.kinds()["practice"]
    letters = sheets.read(content, k).letters
    row = 5 + records.of_kind("practice", state="HND", body="").count()
    made = changed(
        content, **{f"{letters['title.es']}{row}": "Guía de registro", f"{letters['title.en']}{row}": "Guide"}
    )

    def put(**more: object) -> str:
        return str(client.post(f"{address}?owner=HND|", more).content.decode())

    seen = put(file=io.BytesIO(made))
    assert "Nuevos: 1" in seen or "Con errores: 1" in seen
    assert not Record.objects.filter(kind="practice", state="HND", status="draft").exists()
    put(digest=hashlib.sha256(made).hexdigest(), way="right")
    drafts = Record.objects.filter(kind="practice", status="draft").order_by("key")
    assert [records.title("practice", r.data, "es") for r in drafts] == ["Guía de registro"]
    client.force_login(person("gonzalo", "focal-point", "GTM"))
    assert client.get(f"{address}download/?owner=HND|").status_code == 403

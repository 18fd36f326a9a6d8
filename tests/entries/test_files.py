"""Files beside the values: told by their content, kept whole or not at all, never shown in a page's place."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.entries.conftest import person, signed_in
from tests.rounds.conftest import NOW

from mirps.base.access.api import User
from mirps.base.audit.api import AuditEntry
from mirps.base.files import api as files
from mirps.base.files.api import Kind, kind_of, safe_name
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Attachment, Cell, FileFault
from mirps.evidence.rounds.api import Round, Status

AT = "/{lang}/rounds/2025/enter/HND.INM/files/"
PDF = b"%PDF-1.7\nan act of the institute"


def packed(*parts: tuple[str, bytes], stored: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as z:
        for name, blob in parts:
            z.writestr(name, blob)
    return out.getvalue()


XL = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
XLSX = packed(("[Content_Types].xml", XL), ("xl/workbook.xml", b"<workbook/>"))
DOCX = packed(("[Content_Types].xml", WORD), ("word/document.xml", b"<document/>"))
ODS = packed(("mimetype", Kind.ODS.value.encode()), ("content.xml", b"<x/>"), stored=True)


@pytest.mark.parametrize(
    ("blob", "kind"),
    [
        (PDF, Kind.PDF), (b"\x89PNG\r\n\x1a\n....", Kind.PNG), (b"\xff\xd8\xff\xe0....", Kind.JPEG),
        (XLSX, Kind.XLSX), (DOCX, Kind.DOCX), (ODS, Kind.ODS),
        ("año;valor\n2025;3\n".encode(), Kind.CSV), ("año;valor\n2025;3\n".encode("cp1252"), Kind.CSV),
    ],
)  # fmt: skip
def test_a_file_is_what_its_content_is(blob: bytes, kind: Kind) -> None:
    assert kind_of(io.BytesIO(blob)).kind is kind


def test_real_workbooks_are_known() -> None:
    import openpyxl

    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    assert kind_of(out).kind is Kind.XLSX


@pytest.mark.parametrize(
    ("blob", "key"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00 a program", "kind"),
        (b"<html><script>alert(1)</script>,</html>", "kind"),
        (b"<svg onload='x'>,</svg>", "kind"),
        (b"#!/bin/sh\nrm a,b\n", "kind"),
        (b"just one line of words", "kind"),
        (b"PK\x03\x04 broken", "broken"),
        (XLSX[:-30], "broken"),
        (packed(("a.txt", b"x")), "kind"),
        (packed(("xl/workbook.xml", b""), ("[Content_Types].xml", b"something else")), "kind"),
        (packed(("[Content_Types].xml", XL), ("xl/workbook.xml", b""), ("xl/vbaProject.bin", b"x")), "macros"),
        (packed(("[Content_Types].xml", XL), ("xl/workbook.xml", b""), ("../../etc/passwd", b"x")), "kind"),
        (packed(("[Content_Types].xml", XL), ("xl/workbook.xml", bytes(8 * 1024 * 1024))), "bomb"),
        (packed(*((f"{n}", b"") for n in range(5_001))), "bomb"),
    ],
)  # fmt: skip
def test_what_is_not_taken_says_why(blob: bytes, key: str) -> None:
    with pytest.raises(FileFault, match=rf"entries\.file\.{key}\b"):
        kind_of(io.BytesIO(blob))


def test_a_packed_file_behind_a_password_is_not_taken() -> None:
    blob = bytearray(XLSX)
    at = blob.index(b"PK\x01\x02")
    blob[at + 8] |= 1
    with pytest.raises(FileFault, match="locked"):
        kind_of(io.BytesIO(bytes(blob)))


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("acta.pdf", "acta.pdf"), ("../../etc/passwd", "passwd.pdf"), ("C:\\x\\acta.PDF", "acta.PDF"),
        ("acta.pdf.exe", "acta.pdf.exe.pdf"), ("a\r\nb.pdf", "ab.pdf"), ("", "file.pdf"), ("..", "file.pdf"),
        (".pdf", "pdf.pdf"), ("ñandú.pdf", "ñandú.pdf"),
    ],
)  # fmt: skip
def test_a_name_is_only_a_name(given: str, name: str) -> None:
    assert safe_name(given, Kind.PDF) == name


def test_no_word_becomes_a_path() -> None:
    for given in ("../../etc/passwd", "a" * 63 + "/", "A" * 64, ""):
        with pytest.raises(ValueError, match="no SHA-256"):
            files.place(given)


def attach(round_: Round, blob: bytes = PDF, name: str = "acta.pdf") -> Attachment:
    return entries.attach(
        file=io.BytesIO(blob), name=name, round=round_, state="HND", institution="HND.INM", by="ana", at=NOW
    )


@pytest.mark.django_db
def test_a_file_is_kept_under_its_content(round_2025: Round) -> None:
    held = attach(round_2025)
    path = files.place(held.digest)
    assert held.digest == hashlib.sha256(PDF).hexdigest()
    assert path.read_bytes() == PDF
    assert path.stat().st_mode & 0o777 == 0o400
    assert Path(settings.MEDIA_ROOT) in path.parents
    assert Path(settings.STATIC_ROOT) not in path.parents
    assert AuditEntry.objects.filter(act="entry.attached").count() == 1


@pytest.mark.django_db
def test_the_same_content_is_kept_once_and_again_after_it_was_withdrawn(round_2025: Round) -> None:
    held = attach(round_2025)
    with pytest.raises(FileFault, match="twice"):
        attach(round_2025, name="other-name.pdf")
    entries.withdraw_file(file=held.pk, by="ana", at=NOW)
    assert entries.files_of("2025", institution="HND.INM") == []
    assert files.place(held.digest).exists()
    again = attach(round_2025)
    assert again.pk != held.pk


@pytest.mark.django_db
def test_a_file_that_breaks_off_leaves_nothing(round_2025: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", broken)
    blob = PDF + b" that no disk could hold"
    with pytest.raises(OSError, match="disk full"):
        attach(round_2025, blob)
    folder = files.place(hashlib.sha256(blob).hexdigest()).parent
    assert list(folder.glob("*half*")) == []
    assert not files.place(hashlib.sha256(blob).hexdigest()).exists()
    assert not Attachment.objects.exists()


def test_killed_half_way_there_is_no_half_file_under_its_name(tmp_path: Path) -> None:
    """A process of its own is killed after the first chunk: only a hidden half is left, no named file."""
    script = f"""
import io, os, signal, hashlib
from django.conf import settings
settings.configure(MEDIA_ROOT={str(tmp_path)!r}, INSTALLED_APPS=[])
class Slow(io.BytesIO):
    armed = False
    def read(self, n=-1):
        out = super().read(min(n, 4) if n > 0 else n)
        if self.armed and self.tell() > 8: os.kill(os.getpid(), signal.SIGKILL)
        return out
from mirps.base.files import store as files
f = Slow({PDF!r}); d = hashlib.sha256({PDF!r}).hexdigest(); f.armed = True
files.put(f, d)
"""
    done = subprocess.run([sys.executable, "-c", script], timeout=60, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    names = [p.name for p in tmp_path.rglob("*") if p.is_file()]
    assert len(names) == 1
    assert names[0].startswith(".half-")


def sent(client: object, blob: bytes, name: str = "acta.pdf", lang: str = "en"):  # type: ignore[no-untyped-def]
    return client.post(AT.format(lang=lang), {"file": SimpleUploadedFile(name, blob)})  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize(
    ("blob", "says"),
    [
        (b"", {"es": "vacío", "en": "empty"}),
        (b"MZ program", {"es": "no es PDF", "en": "is not PDF"}),
        (XLSX[:-30], {"es": "dañado", "en": "damaged"}),
        (b"%PDF-" + bytes(files.MOST_BYTES), {"es": "pasa de 20 MB", "en": "larger than 20 MB"}),
    ],
    ids=["empty", "wrong", "broken", "large"],
)
def test_the_page_says_what_is_wrong(
    round_2025: Round, ana: User, lang: str, blob: bytes, says: dict[str, str]
) -> None:
    answer = sent(signed_in(ana), blob, lang=lang)
    assert answer.status_code == 422
    assert says[lang] in answer.content.decode()
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_a_file_far_too_large_is_not_even_stored(round_2025: Round, ana: User) -> None:
    stored: list[int] = []

    from mirps.web.uploads import CAP, Capped

    handler = Capped()
    handler.new_file("file", "x.pdf", "application/pdf", None)
    for _ in range(2 * CAP // handler.chunk_size):
        if handler.receive_data_chunk(bytes(handler.chunk_size), 0) is not None:
            stored.append(handler.chunk_size)
    assert sum(stored) <= CAP + 2 * handler.chunk_size
    assert sent(signed_in(ana), b"%PDF-" + bytes(2 * CAP)).status_code == 422


@pytest.mark.django_db
def test_a_file_is_downloaded_and_never_shown(round_2025: Round, ana: User) -> None:
    client = signed_in(ana)
    assert sent(client, PDF, "acta ñ.pdf").status_code == 302
    held = Attachment.objects.get()
    answer = client.get(f"{AT.format(lang='es')}{held.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_who_may_read_a_file(round_2025: Round, ana: User, tica: User) -> None:
    sent(signed_in(ana), PDF)
    address = f"{AT.format(lang='es')}{Attachment.objects.get().pk}/"
    own, other = person("rosa", "focal-point", "HND"), person("otto", "focal-point", "CRI")
    region = signed_in(person("reg", "secretariat", ""))
    assert region.get(address).status_code == 403, "the State has not answered for what it bears out"
    Cell.objects.filter(asked__code="hnd-inm-001").update(status=Status.STATE)
    assert b"".join(region.get(address).streaming_content) == PDF
    for reader in (own, person("reg-reader", "state-approver", "HND")):
        assert b"".join(signed_in(reader).get(address).streaming_content) == PDF
    for stranger in (tica, other, person("lee", "reader", "")):
        assert signed_in(stranger).get(address).status_code == 403
    assert signed_in(ana).get(address.replace("HND.INM", "HND.SEDH")).status_code in (403, 404)


@pytest.mark.django_db
def test_a_withdrawn_file_is_gone_from_the_list_and_from_its_address(round_2025: Round, ana: User) -> None:
    client = signed_in(ana)
    sent(client, PDF)
    address = f"{AT.format(lang='es')}{Attachment.objects.get().pk}/"
    assert client.post(f"{address}withdraw/").status_code == 302
    assert client.get(address).status_code == 404
    assert "acta.pdf" not in client.get(AT.format(lang="es")).content.decode()

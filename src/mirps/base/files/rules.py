"""What a file is, from its content and never from its name. Pure.

Considered: python-magic (needs the libmagic library on every machine), puremagic and filetype (pure
Python). Each tells a ZIP by its first bytes and little more; whether a ZIP is a workbook, a document
or a bomb has to be read from its directory anyway, and what is left for a library are four signatures.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import IO

from mirps.base.refusal import Refusal

MOST_BYTES = 20 * 1024 * 1024
#: A packed file may unfold to this much, hold so many parts, and be packed this densely in any part.
MOST_UNPACKED, MOST_PARTS, MOST_RATIO = 300 * 1024 * 1024, 5_000, 300
#: Parts smaller than this may be packed as densely as they like: a page of blanks is no bomb.
SMALL = 1024 * 1024


class Kind(StrEnum):
    """Media types that are taken."""

    PDF = "application/pdf"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    CSV = "text/csv"
    PNG = "image/png"
    JPEG = "image/jpeg"


#: The endings of file names that fit each type; the first is put where a name has another.
ENDINGS = {
    Kind.PDF: (".pdf",), Kind.XLSX: (".xlsx",), Kind.DOCX: (".docx",), Kind.ODS: (".ods",),
    Kind.CSV: (".csv", ".txt", ".tsv"), Kind.PNG: (".png",), Kind.JPEG: (".jpg", ".jpeg"),
}  # fmt: skip
_SIGNATURES = ((b"%PDF-", Kind.PDF), (b"\x89PNG\r\n\x1a\n", Kind.PNG), (b"\xff\xd8\xff", Kind.JPEG))
_MAIN_PART = {
    "xl/workbook.xml": (Kind.XLSX, b"spreadsheetml.sheet.main+xml"),
    "word/document.xml": (Kind.DOCX, b"wordprocessingml.document.main+xml"),
}


class FileFault(Refusal):
    """A file that is not taken. `key` is a text of data/texts/entries.yaml, `values` fill it."""


@dataclass(frozen=True, slots=True)
class Found:
    kind: Kind
    size: int


def kind_of(file: IO[bytes]) -> Found:
    """The type and size of a file that can be sought in. Raises FileFault: empty, too large, of no type
    that is taken, a packed file that unfolds too far or asks for a password, or holds macros."""
    size = file.seek(0, 2)
    if size == 0:
        raise FileFault("entries.file.empty")
    if size > MOST_BYTES:
        raise FileFault("entries.file.large", most=MOST_BYTES // 1024 // 1024)
    file.seek(0)
    head = file.read(8)
    for mark, kind in _SIGNATURES:
        if head.startswith(mark):
            return Found(kind, size)
    if head.startswith(b"PK"):
        return Found(_packed(file), size)
    file.seek(0)
    if _is_text(file):
        return Found(Kind.CSV, size)
    raise FileFault("entries.file.kind")


def _packed(file: IO[bytes]) -> Kind:
    """Which office file a ZIP is. Only its directory and two small parts are read."""
    try:
        with zipfile.ZipFile(file) as z:
            parts = z.infolist()
            _bounds(parts)
            names = {p.filename: p for p in parts}
            if len(names) != len(parts):
                raise FileFault("entries.file.kind")
            if any(n.lower().endswith(("vbaproject.bin", ".exe", ".js", ".vbs")) for n in names):
                raise FileFault("entries.file.macros")
            return _office(z, names)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        OSError,
        EOFError,
        ValueError,
    ) as e:
        if isinstance(e, FileFault):
            raise
        raise FileFault("entries.file.broken") from None


def _bounds(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > MOST_UNPACKED:
        raise FileFault("entries.file.bomb")
    if any(p.file_size > SMALL and p.file_size > MOST_RATIO * max(p.compress_size, 1) for p in parts):
        raise FileFault("entries.file.bomb")
    if any(p.flag_bits & 1 for p in parts):
        raise FileFault("entries.file.locked")
    for p in parts:
        path = PurePosixPath(p.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in p.filename:
            raise FileFault("entries.file.kind")


def _office(z: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo]) -> Kind:
    if "mimetype" in names and _start(z, names["mimetype"], 100).strip() == Kind.ODS.value.encode():
        return Kind.ODS
    types = _start(z, names["[Content_Types].xml"], SMALL) if "[Content_Types].xml" in names else b""
    for part, (kind, mark) in _MAIN_PART.items():
        if part in names and mark in types:
            return kind
    raise FileFault("entries.file.kind")


def _start(z: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes:
    """The beginning of a part, whatever size its directory claims."""
    with z.open(part) as f:
        return f.read(most)


def _is_text(file: IO[bytes]) -> bool:
    """Whether it is a table in plain text: UTF-8 or the Windows code of our languages, no control marks,
    lines with a common mark between their columns. A page or a program in text is not taken."""
    blob = file.read()
    text = ""
    for code in ("utf-8-sig", "cp1252"):
        try:
            text = blob.decode(code)
            break
        except UnicodeDecodeError:
            continue
    if not text.strip() or any(ord(c) < 32 and c not in "\t\r\n" for c in text):
        return False
    if text.lstrip()[:1] == "<" or text.startswith("#!"):
        return False
    lines = [x for x in text.splitlines()[:20] if x.strip()]
    return any(all(mark in x for x in lines) for mark in ",;\t")


def safe_name(given: str, kind: Kind) -> str:
    """A name to show and to download under: no folders, no control marks, an ending that fits its content."""
    name = PurePosixPath(given.replace("\\", "/")).name
    name = "".join(c for c in name if c.isprintable() and c not in '<>:"/|?*').strip(" .")[:150]
    fits = name.lower().endswith(ENDINGS[kind]) and not name.startswith(".")
    stem = name or "file"
    return stem if fits else f"{stem}{ENDINGS[kind][0]}"

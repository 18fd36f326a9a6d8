"""Whether a file is an XLSX that can be read without harm. Pure.

A packed file is measured before anything in it is unfolded; no part may declare a document type, so
that no entity is expanded or fetched; macros are refused; links to other files are never followed.
"""

from __future__ import annotations

import io
import re
import zipfile

from mirps.evidence.workbooks.rules import Fault, Unreadable

#: Bytes of a file, of all its parts unfolded, of parts; how densely a part may be packed.
MOST_BYTES, MOST_UNPACKED, MOST_PARTS, MOST_RATIO = 10 * 1024 * 1024, 40 * 1024 * 1024, 500, 200
#: Parts smaller than this may be packed as densely as they like.
SMALL = 1024 * 1024
_XLSX = b"spreadsheetml.sheet.main+xml"
_MACROS = (b"macroEnabled", b"vbaProject")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
#: The old compound files: XLS itself, and XLSX behind a password.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
#: Encodings in which a declaration cannot be hidden from the look above.
_PLAIN = {b"utf-8", b"us-ascii", b"ascii"}
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""", re.IGNORECASE)


def opened(content: bytes) -> zipfile.ZipFile:
    """The file as a ZIP whose parts are safe to read. Raises Unreadable saying what it is instead."""
    if not content:
        raise _no("empty")
    if len(content) > MOST_BYTES:
        raise _no("large", most=MOST_BYTES // 1024 // 1024)
    if content.startswith(_COMPOUND):
        raise _no("password" if _LOCKED in content else "xls")
    if not content.startswith(b"PK"):
        raise _no("pdf" if content.startswith(b"%PDF") else "csv" if _is_text(content) else "kind")
    try:
        packed = zipfile.ZipFile(io.BytesIO(content))
        _measured(packed)
        _recognised(packed)
        _harmless(packed)
    except Unreadable:
        raise
    except Exception as e:  # whatever a broken ZIP makes the library say, it is broken
        raise _no("broken") from e
    return packed


def has_links(packed: zipfile.ZipFile) -> bool:
    """Whether it refers to other workbooks."""
    return any(n.startswith("xl/externalLinks/") for n in packed.namelist())


def _no(key: str, **values: object) -> Unreadable:
    return Unreadable(Fault(key, values, whole=True))


def _measured(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    if any(p.flag_bits & 1 for p in parts):
        raise _no("password")
    if (
        len(parts) > MOST_PARTS
        or len({p.filename for p in parts}) != len(parts)
        or sum(p.file_size for p in parts) > MOST_UNPACKED
        or any(p.file_size > SMALL and p.file_size > MOST_RATIO * max(p.compress_size, 1) for p in parts)
    ):
        raise _no("bomb")


def _recognised(packed: zipfile.ZipFile) -> None:
    names = set(packed.namelist())
    if "mimetype" in names:
        raise _no("ods" if packed.read("mimetype").strip() == _ODS else "kind")
    if "xl/workbook.bin" in names:
        raise _no("xlsb")
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise _no("kind")
    types = packed.read("[Content_Types].xml")
    if any(m in types for m in _MACROS) or any(n.lower().endswith("vbaproject.bin") for n in names):
        raise _no("macros")
    if _XLSX not in types:
        raise _no("kind")


def _harmless(packed: zipfile.ZipFile) -> None:
    """No part in XML declares a document type or hides one in another encoding. Reads every such part
    once, so a part whose check sum is wrong is found here."""
    for name in packed.namelist():
        if not name.lower().endswith((".xml", ".rels")):
            continue
        part = packed.read(name).removeprefix(b"\xef\xbb\xbf").lstrip()
        said = _ENCODING.match(part[:200])
        plain = part[:1] == b"<" and (said is None or said[1].lower() in _PLAIN)
        if not plain or b"\0" in part[:64] or _DOCTYPE.search(part):
            raise _no("unsafe")


def _is_text(content: bytes) -> bool:
    head = content[:4096]
    return not any(b < 32 and b not in (9, 10, 13) for b in head) and any(m in head for m in b",;\t\n")

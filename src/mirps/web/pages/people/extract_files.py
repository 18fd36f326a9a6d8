"""A list of people as it leaves the node: XLSX and CSV in one ZIP, with who took it, when and what for inside;
sealed with a passphrase (age) unless somebody chose otherwise.

Every text is a string cell in the XLSX and is guarded in the CSV, so that nothing anybody was registered with
runs as a formula.
"""

from __future__ import annotations

import io
import secrets
import zipfile
from collections.abc import Sequence

import pyrage
import xlsxwriter

from mirps.sharing.exports.api import csv_line, guard

#: As on cards: no letter that is taken for another.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
LEAST = 16

Rows = Sequence[Sequence[str]]


def passphrase() -> str:
    """Twenty letters by chance (99 bits), in groups that can be read out."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


def sealed(content: bytes, phrase: str) -> bytes:
    """Readable with the phrase alone, by any program that knows age (age-encryption.org/v1)."""
    return bytes(pyrage.passphrase.encrypt(content, phrase))


def sealed_to(content: bytes, key: str) -> bytes:
    """Readable with the private half of this age key alone."""
    return bytes(pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(key)]))


def packed(
    name: str, head: Sequence[str], rows: Rows, about: Sequence[tuple[str, str]], sheets: tuple[str, str]
) -> bytes:
    """The ZIP. `about` says of the list what whoever holds it must know; `sheets` are their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.xlsx", _workbook(head, rows, about, sheets))
        archive.writestr(f"{name}.csv", _delimited([head, *rows]))
        archive.writestr(f"{name}-{sheets[1].lower()}.csv", _delimited(about))
    return out.getvalue()


def _delimited(rows: Rows) -> bytes:
    """UTF-8 with its mark, so that a spreadsheet program reads accents."""
    return "".join(csv_line([guard(cell) for cell in row]) for row in rows).encode("utf-8-sig")


def _workbook(head: Sequence[str], rows: Rows, about: Rows, sheets: tuple[str, str]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True})
    for title, table, is_head in ((sheets[1], about, False), (sheets[0], [head, *rows], True)):
        sheet = book.add_worksheet(title)
        sheet.set_column(0, len(head), 24)
        for y, row in enumerate(table):
            for x, cell in enumerate(row):
                sheet.write_string(y, x, cell, bold if (y == 0 if is_head else x == 0) else None)
    book.close()
    return out.getvalue()

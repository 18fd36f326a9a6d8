"""The data package itself as a ZIP: what the public may read, in the form that loads again.

Cells are exact here (no guard against spreadsheet formulas: this form is for machines).
Times in the ZIP are fixed, so the same ledger makes the same bytes.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mirps.base.codelists.api import data_folder
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import COLUMNS, Entry
from mirps.sharing.exports import descriptor
from mirps.sharing.exports.delimited import csv_line

MEDIA = "application/zip"
_FIXED = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP can hold
_CHUNK = 64 * 1024
CODE_LISTS = ("states", "sectors", "populations", "units", "dimensions")


def write_package(entries: Iterable[Entry], round_: str, *, whole: bool) -> Iterator[bytes]:
    """The ZIP's bytes. `whole`: every statement of the round is public, so its answers may go too.

    Relations go with it when every figure that they name does.
    """
    folder = figures.round_folder(round_)
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            shown = _figures(archive, entries)
            tables: dict[str, Sequence[str]] = {"figures": COLUMNS}
            relations = _relations(round_, shown) if (folder / "relations.csv").is_file() else []
            if relations:
                tables["relations"] = descriptor.FIELDS["relations"]
                _put(archive, "relations.csv", _csv(tables["relations"], relations))
            if whole and (folder / "answers.csv").is_file():
                tables["answers"] = tuple(descriptor.header(folder / "answers.csv"))
                _put(archive, "answers.csv", (folder / "answers.csv").read_bytes())
            _catalogues(archive, tables)
            _put(archive, "datapackage.json", _described(round_, tables))
            for name in ("round.yaml", "README.md"):
                if (folder / name).is_file():
                    _put(archive, name, (folder / name).read_bytes())
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _FIXED)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _put(archive: zipfile.ZipFile, name: str, body: bytes) -> None:
    archive.writestr(_info(name), body)


def _figures(archive: zipfile.ZipFile, entries: Iterable[Entry]) -> set[str]:
    """figures.csv, row by row. Returns the ids that it holds."""
    shown = set()
    with archive.open(_info("figures.csv"), "w", force_zip64=True) as out:
        out.write(_csv(COLUMNS, ()))
        for entry in entries:
            cells = {c: figures.cell_text(getattr(entry.figure, c)) for c in COLUMNS}
            cells["status"] = entry.status.value
            out.write(_csv((), [cells]))
            shown.add(entry.figure.id)
    return shown


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    head = csv_line(columns) if columns else ""
    return (head + "".join(csv_line(list(r.values())) for r in rows)).encode()


def _relations(round_: str, shown: set[str]) -> list[dict[str, str]]:
    return [
        {
            "id": r.id,
            "kind": r.kind,
            "left": r.left,
            "right": " ".join(r.right),
            "note_es": r.note_es,
            "note_en": r.note_en,
            "params": r.params,
        }
        for r in figures.read_own_round(round_).relations
        if {r.left, *r.right} <= shown
    ]


def _catalogues(archive: zipfile.ZipFile, tables: dict[str, Sequence[str]]) -> None:
    """The measures (described) and the code lists (as they are) that the figures speak in."""
    data = data_folder()
    _put(archive, "measures.csv", (data / "measures" / "measures.csv").read_bytes())
    tables["measures"] = descriptor.FIELDS["measures"]
    for name in CODE_LISTS:
        _put(archive, f"codelists/{name}.csv", (data / "codelists" / f"{name}.csv").read_bytes())
    _put(archive, "codelists/institutions.csv", (data / "institutions" / "institutions.csv").read_bytes())
    _put(archive, "documents.csv", (data / "documents.csv").read_bytes())


def _described(round_: str, tables: Mapping[str, Sequence[str]]) -> bytes:
    about = descriptor.title(f"export.package.{round_}") or descriptor.title("export.package.round")
    resources = [descriptor.resource(name, columns) for name, columns in tables.items()]
    return descriptor.written(descriptor.package(f"mirps-round-{round_}", about, resources)).encode()

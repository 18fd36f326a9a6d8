"""What sealing rests on: where a value belongs, how its length is hidden, what can go wrong. Pure."""

from __future__ import annotations

from dataclasses import dataclass

#: Sealed values come in steps of this many bytes: a name of 8 letters and one of 60 look alike.
BLOCK = 64
_END = b"\x80"

#: In the code, since keys are read before anything else is, the catalogue of texts included.
_FAULTS: dict[str, tuple[str, str]] = {
    "keys-missing": (
        "No hay archivo de claves en {path}. Restaure la copia guardada; "
        "solo una instalación nueva crea otro con `mirps keys make`.",
        "There is no key file at {path}. Restore the copy kept elsewhere; "
        "only a new installation makes another with `mirps keys make`.",
    ),
    "keys-exist": (
        "Ya hay un archivo de claves en {path} y no se sobrescribe. Para una clave nueva, rote.",
        "There is a key file at {path} already and it is not overwritten. For a new key, rotate.",
    ),
    "keys-open-to-others": (
        "Otros usuarios pueden leer {path}. Ejecute: chmod 600 {path}",
        "Other users can read {path}. Run: chmod 600 {path}",
    ),
    "keys-broken": (
        "El archivo de claves {path} no se entiende ({why}). Restaure la copia guardada.",
        "The key file {path} cannot be understood ({why}). Restore the copy kept elsewhere.",
    ),
    "keys-wrong": (
        "El archivo {path} no tiene la clave (versión {version}) con que se selló esta base de datos. "
        "Restaure la copia del archivo de claves de esta instalación.",
        "The file {path} does not have the key (version {version}) that this database is sealed under. "
        "Restore the copy of this installation's own key file.",
    ),
    "key-needed": (
        "La clave versión {version} todavía abre {count} filas ({where}). Ejecute antes: mirps keys reseal",
        "Key version {version} still opens {count} rows ({where}). Run first: mirps keys reseal",
    ),
    "rotation-first": (
        "Parte del índice está todavía bajo la clave versión {version}. Ejecute antes: mirps keys reseal",
        "Part of the index is still under key version {version}. Run first: mirps keys reseal",
    ),
    "key-unknown": (
        "Falta la clave versión {version}. Restaure un archivo de claves que la tenga.",
        "Key version {version} is missing. Restore a key file that has it.",
    ),
    "key-in-use": (
        "La clave versión {version} es la actual y no se retira. Rote primero.",
        "Key version {version} is the current one and is not retired. Rotate first.",
    ),
    "not-sealed": (
        "Lo guardado en {place} no es un valor sellado. Restaure la fila de un respaldo.",
        "What is kept at {place} is not a sealed value. Restore the row from a backup.",
    ),
    "cannot-open": (
        "Lo guardado en {place} fue alterado, movido de otra fila o sellado con otra clave. "
        "Restaure la fila de un respaldo y avise a seguridad.",
        "What is kept at {place} was altered, moved from another row or sealed with another key. "
        "Restore the row from a backup and tell security.",
    ),
}


class CryptoFault(ValueError):
    """What went wrong and what to do, in both languages; never a key and never a plaintext."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.es, self.en = (text.format(**values) for text in _FAULTS[code])
        super().__init__(f"{self.es} / {self.en}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value belongs: table, column and row (the row's id as text, made by whoever registers).

    A value opens at its own place alone, so that nobody can copy one person's sealed name, or an old
    value of another column, into another row.
    """

    table: str
    column: str
    row: str

    @property
    def field(self) -> str:
        return f"{self.table}.{self.column}"

    def __str__(self) -> str:
        return f"{self.table}.{self.column} ({self.row})"


def packed(*parts: str | bytes) -> bytes:
    """Parts with their lengths before them: no two different lists of parts give the same bytes."""
    encoded = [p.encode() if isinstance(p, str) else p for p in parts]
    return b"".join(len(p).to_bytes(4, "big") + p for p in encoded)


def padded(plain: bytes, block: int = BLOCK) -> bytes:
    """ISO/IEC 7816-4 padding: a mark, then zeros up to the next whole block; at least the mark."""
    return plain + _END + bytes(-(len(plain) + 1) % block)


def unpadded(data: bytes) -> bytes:
    """Raises ValueError where there is no mark."""
    plain, mark, rest = data.rpartition(_END)
    if not mark or any(rest):
        raise ValueError("no end mark")
    return plain

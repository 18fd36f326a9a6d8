"""Second secrets and what people wrote, as they stand in their rows."""

from __future__ import annotations

from collections.abc import Mapping

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from mirps.base.crypto import api as crypto
from mirps.base.crypto.rules import Place
from mirps.casework.window.models import WindowAccess, WindowAnswer, WindowItem

#: argon2id; 19 MiB, two passes (OWASP's least): a secret of six digits is held by its seal and by the waits.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
#: Compared where there is no such code, so that the answer takes as long.
_NOBODY = _HASHER.hash("nobody's")
_BLOCK = 256


def place_of(row: WindowAccess) -> Place:
    return Place("casework_windowaccess", "sealed", f"{row.person_id}/{row.code}")


def place_of_item(row: WindowItem) -> Place:
    return Place("casework_windowitem", "sealed", f"{row.kind}/{row.id}/{row.access_id}")


def place_of_answer(row: WindowAnswer) -> Place:
    return Place("casework_windowanswer", "sealed", f"{row.outcome}/{row.id}/{row.item_id}")


def sealed_secret(secret: str, row: WindowAccess) -> bytes:
    return crypto.sealer().seal(_HASHER.hash(secret), place_of(row), block=_BLOCK)


def agrees(secret: str, row: WindowAccess | None) -> bool:
    """Whether it is the secret of this window; as long for none as for one."""
    kept = crypto.sealer().open(bytes(row.sealed), place_of(row)) if row else _NOBODY
    try:
        return _HASHER.verify(kept, secret) and row is not None
    except VerificationError:
        return False


def sealed_item(told: Mapping[str, str], row: WindowItem) -> bytes:
    return crypto.sealer().seal_json(told, place_of_item(row), block=_BLOCK)


def item(row: WindowItem) -> dict[str, str]:
    found: dict[str, str] = crypto.sealer().open_json(row.sealed, place_of_item(row))
    return found


def sealed_answer(text: str, row: WindowAnswer) -> bytes:
    return crypto.sealer().seal(text, place_of_answer(row), block=_BLOCK)


def answer(row: WindowAnswer) -> str:
    return crypto.sealer().open(bytes(row.sealed), place_of_answer(row))


def hold() -> None:
    """Have all that is sealed here sealed anew when the node's keys rotate."""
    crypto.hold(crypto.SealedColumn(WindowAccess, "sealed", place_of, block=_BLOCK))
    crypto.hold(crypto.SealedColumn(WindowItem, "sealed", place_of_item, block=_BLOCK))
    crypto.hold(crypto.SealedColumn(WindowAnswer, "sealed", place_of_answer, block=_BLOCK))

"""Rows of bits as they travel to whoever compares, and what is refused of them. Pure.

One line of JSON, then the rows, then of each row its groups (a byte for each dimension) and the quarter of its
registration. The rows stand in the order of their bits, which tells nothing of who was registered first. Groups go
under numbers that only the key explains, quarters are shifted by a number of the key: whoever compares learns which
rows are of one group, and which of two is the earlier, not which group or when.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mirps.people.linkage.comparing import filled
from mirps.people.linkage.encoding import Words, check_value, derived, encoded
from mirps.people.linkage.faults import LinkageFault
from mirps.people.linkage.scheme import Scheme
from mirps.people.linkage.tokens import Columns

#: Fewer people than this are not encoded and not compared: a count of so few would be about somebody.
LEAST = 100
#: Rows that may be exactly alike; more are no register but somebody multiplied.
MOST_ALIKE = 5
#: Between these parts of a row's bits are set, whatever is known of a person; all or none is an attack or a fault.
_EMPTIEST, _FULLEST = 0.01, 0.6
MOST_ROWS = 5_000_000
_HEAD = 4096
#: Quarters that registration may lie apart, and how far the key shifts them.
_QUARTERS = 4000


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """A register encoded. `groups`: [n, dimensions]; `when`: quarters, shifted."""

    bits: Words
    groups: npt.NDArray[np.uint8]
    when: npt.NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.bits)


def rows_of(
    columns: Columns, groups: Mapping[str, Sequence[str]], quarters: Sequence[int], scheme: Scheme, key: bytes,
    period: str,
) -> Rows:  # fmt: skip
    """A register as rows; whoever of whom too little is known to be found again is left out. `groups`: of each
    dimension the member of each registration. `period`: of the count; rows of two periods are strangers to each other,
    and their groups go under the same numbers. Raises LinkageFault 'small'."""
    turned = derived(key, f"period {period}")
    bits = encoded(columns, scheme, turned)
    told = np.stack([_numbers(scheme, key, name, groups[name]) for name in scheme.groups], axis=1)
    shift = int.from_bytes(derived(turned, "quarters")[:2], "big") % _QUARTERS
    when = (np.asarray(quarters, np.int64) + shift).astype(np.int16)
    held = np.flatnonzero(filled(bits) >= _EMPTIEST * scheme.size)
    if len(held) < LEAST:
        raise LinkageFault("small", rows=len(held), least=LEAST)
    order = held[np.lexsort(bits[held].T)]
    return Rows(bits[order], told[order], when[order])


def numbers_of(scheme: Scheme, key: bytes, name: str) -> list[int]:
    """Under which number each member of a dimension goes: a permutation that only the key gives."""
    drawn = [derived(key, f"group {name} {n}") for n in range(len(scheme.groups[name]))]
    ranked = sorted(range(len(drawn)), key=drawn.__getitem__)
    return [ranked.index(n) for n in range(len(drawn))]


def _numbers(scheme: Scheme, key: bytes, name: str, values: Sequence[str]) -> npt.NDArray[np.uint8]:
    members, numbers = scheme.groups[name], numbers_of(scheme, key, name)
    by = {member: numbers[n] for n, member in enumerate(members)}
    return np.array([by.get(v, numbers[-1]) for v in values], np.uint8)


def packed(rows: Rows, scheme: Scheme, key: bytes) -> bytes:
    head = {"rows": len(rows), "size": scheme.size, "scheme": scheme.digest, "check": check_value(key)}
    line = json.dumps(head, sort_keys=True).encode() + b"\n"
    return (
        line + rows.bits.astype("<u8").tobytes() + rows.groups.tobytes() + rows.when.astype("<i2").tobytes()
    )


def unpacked(data: bytes, scheme: Scheme) -> tuple[Rows, str]:
    """Rows that came, proved, and the check value of their key. Raises LinkageFault: 'form', 'scheme', 'length',
    'small', 'groups', 'fullness', 'repeated'."""
    line, mark, body = data.partition(b"\n") if b"\n" in data[:_HEAD] else (b"", b"", b"")
    try:
        head = json.loads(line)
        count, check = int(head["rows"]), str(head["check"])[:16]
        size, digest = int(head["size"]), str(head["scheme"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise LinkageFault("form") from None
    if not mark or not 0 <= count <= MOST_ROWS:
        raise LinkageFault("form")
    if digest != scheme.digest or size != scheme.size:
        raise LinkageFault("scheme", theirs=digest[:12], ours=scheme.digest[:12])
    dimensions = len(scheme.groups)
    wide = (scheme.size // 8, dimensions, 2)
    if len(body) != count * sum(wide):
        raise LinkageFault("length", bytes=len(body), rows=count, expected=count * sum(wide))
    bits, groups, when = (body[count * sum(wide[:n]) : count * sum(wide[: n + 1])] for n in range(3))
    found = Rows(
        np.frombuffer(bits, "<u8").reshape(count, -1).astype(np.uint64),
        np.frombuffer(groups, np.uint8).reshape(count, dimensions), np.frombuffer(when, "<i2").astype(np.int16),
    )  # fmt: skip
    prove(found, scheme)
    return found, check


def prove(rows: Rows, scheme: Scheme) -> None:
    """Whether these may be a register's. Raises LinkageFault."""
    if len(rows) < LEAST:
        raise LinkageFault("small", rows=len(rows), least=LEAST)
    for at, members in enumerate(scheme.groups.values()):
        if (wrong := np.flatnonzero(rows.groups[:, at] >= len(members))).size:
            raise LinkageFault(
                "groups", row=int(wrong[0]) + 1, found=int(rows.groups[wrong[0], at]), most=len(members)
            )
    share = filled(rows.bits) / scheme.size
    if (wrong := np.flatnonzero((share < _EMPTIEST) | (share > _FULLEST))).size:
        raise LinkageFault(
            "fullness", row=int(wrong[0]) + 1, found=round(100 * float(share[wrong[0]])),
            least=round(100 * _EMPTIEST), most=round(100 * _FULLEST),
        )  # fmt: skip
    _, first, often = np.unique(
        rows.bits.view(f"V{scheme.size // 8}").ravel(), return_index=True, return_counts=True
    )
    if often.max() > MOST_ALIKE:
        worst = int(often.argmax())
        raise LinkageFault("repeated", row=int(first[worst]) + 1, times=int(often[worst]), most=MOST_ALIKE)


def prove_alike(one: str, other: str) -> None:
    """Whether both were encoded with one key. Raises LinkageFault 'key'."""
    if one != other:
        raise LinkageFault("key", one=one, other=other)

"""The door to linkage: a register as rows under a key, rows proved, and how many people two registers share."""

from __future__ import annotations

from mirps.people.linkage.counting import WAYS, counted, explained
from mirps.people.linkage.encoded import LEAST, Rows, packed, prove_alike, unpacked
from mirps.people.linkage.faults import LinkageFault
from mirps.people.linkage.queries import LEFT_OUT, Register, register
from mirps.people.linkage.scheme import Measured, Scheme
from mirps.people.linkage.shipped import scheme

__all__ = [
    "LEAST", "LEFT_OUT", "WAYS", "LinkageFault", "Measured", "Register", "Rows", "Scheme", "counted", "explained",
    "packed", "prove_alike", "register", "scheme", "unpacked",
]  # fmt: skip

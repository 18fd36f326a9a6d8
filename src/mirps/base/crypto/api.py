"""The keys of this node and what is sealed under them: the door for other areas."""

from __future__ import annotations

from mirps.base.crypto.holders import Holder, SealedColumn, hold, holders
from mirps.base.crypto.keyring import KeyRing
from mirps.base.crypto.node import begin, left, make, path, prove_unused, retire, ring, rotate, sealer
from mirps.base.crypto.rules import CryptoFault, Place
from mirps.base.crypto.sealed import Sealer

__all__ = [
    "CryptoFault",
    "Holder",
    "KeyRing",
    "Place",
    "SealedColumn",
    "Sealer",
    "begin",
    "hold",
    "holders",
    "left",
    "make",
    "path",
    "prove_unused",
    "retire",
    "ring",
    "rotate",
    "sealer",
]

"""Whether a letter is genuine and still holds: from its code alone, or from its PDF."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pypdf
from pypdf.errors import PyPdfError

from mirps.casework.letters import queries, signing, tokens
from mirps.casework.letters.tokens import Claims, NotSigned, Wrong

#: For how long a list of what no longer holds may be used without a line before its reader is warned.
FRESH = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Verified:
    """What a signature vouches for. `void`: it was annulled or replaced. `ended`: its last day has passed.
    `bearer`: whether name and birth agree with it (None: not asked)."""

    claims: Claims
    kid: str
    void: bool
    ended: bool
    bearer: bool | None = None

    @property
    def verdict(self) -> str:
        """holds, void, ended or other: a text `letters.verify.word.<verdict>`."""
        if self.void:
            return "void"
        return "ended" if self.ended else "other" if self.bearer is False else "holds"

    @property
    def holds(self) -> bool:
        return self.verdict == "holds"


def verify(given: str, *, on: date, name: str = "", born: str = "", control: str = "") -> Verified:
    """Raises NotSigned: no code of ours, an unknown or doubted key, or a signature that does not hold."""
    known = {k.kid: k for k in signing.public_keys() if not k.doubted_since}
    kid, told = tokens.read(given, {kid: bytes(k.public) for kid, k in known.items()})
    claims = Claims.of(told)
    if known[kid].institution != claims.issuer:  # nobody signs for another
        raise NotSigned(Wrong.KEY)
    bearer = None
    if name and control:
        bearer = tokens.same(tokens.subject(name, born, control), claims.subject)
    ended = claims.until is not None and on > claims.until
    return Verified(claims, kid, queries.is_void(claims.slot, claims.issuer), ended, bearer)


def code_in(content: bytes) -> str:
    """The code that a PDF of ours, or a text, holds. Raises NotSigned 'form'."""
    if content.lstrip()[:5] != b"%PDF-":
        try:
            return content.decode("ascii").strip()
        except UnicodeDecodeError:
            raise NotSigned(Wrong.FORM) from None
    try:
        about = pypdf.PdfReader(BytesIO(content)).metadata
        keywords = about.get("/Keywords") if about else None
    except (PyPdfError, ValueError, TypeError, KeyError, RecursionError):
        raise NotSigned(Wrong.FORM) from None
    if not isinstance(keywords, str):
        raise NotSigned(Wrong.FORM)
    return keywords


def statuses(issuer: str, *, at: datetime) -> str:
    """What no longer holds of an institution's letters, signed: a bit for each place (IETF Token Status List: a
    zlib-compressed array, the least significant bit first). No serial and no name stands in it."""
    void = queries.void_slots(issuer)
    bits = bytearray(max(void, default=0) // 8 + 1)
    for slot in void:
        bits[slot // 8] |= 1 << (slot % 8)
    listed = base64.urlsafe_b64encode(zlib.compress(bytes(bits), 9)).decode().rstrip("=")
    told: Mapping[str, Any] = {
        "iss": issuer, "sub": f"statuses/{issuer}", "iat": int(at.timestamp()),
        "exp": int((at + FRESH).timestamp()), "status_list": {"bits": 1, "lst": listed},
    }  # fmt: skip
    return tokens.signed(told, signing.signer(issuer, at=at), tokens.STATUSES)

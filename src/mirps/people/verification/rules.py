"""What an engine is asked and what it may answer. Pure: the clock is given.

An answer says whether it fits, how surely (a band, no score) and under which reference its keeper finds it again.
Anything more, a template or a picture above all, is refused whole: nothing of it is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from mirps.base.hooks.rules import HookFault, secret_bytes
from mirps.base.refusal import Refusal

#: What an engine compares: a document and what stands on it, or a face.
ABOUT = ("document", "face")
RESULTS = ("match", "no-match", "unsure")
BANDS = ("high", "medium", "low")
LONGEST_ANSWER = 4_000
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}\Z")
_FIELDS = {"id", "state", "about", "name", "institutions", "address", "secret_env", "consent"}
_MAY = {"adapter", "waits"}


class CheckFault(Refusal):
    """Why nobody is asked, or an answer is not taken, as a text of data/texts/interop-verification.yaml."""


class EngineFault(ValueError):
    """A file of engines that cannot be read; the message names the entry and what is wrong."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine of this installation. `secret` signs what goes and what comes; `consent`: the code of
    lists/consent-purposes.csv without which nothing is sent."""

    id: str
    state: str
    about: str
    name_es: str
    name_en: str
    institutions: frozenset[str]
    address: str
    secret: str
    consent: str
    adapter: str = "http"
    waits: float = 10.0

    def name(self, lang: str) -> str:
        return self.name_es if lang == "es" else self.name_en


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """What an engine is asked, once: it has no repr, since it holds what somebody said of themselves."""

    id: UUID
    about: str
    subject: str  # by which the engine knows the same person again; of no use anywhere else
    sent: Mapping[str, str]

    def body(self) -> bytes:
        told = {
            "request": str(self.id),
            "about": self.about,
            "subject": self.subject,
            "sent": dict(self.sent),
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Answer:
    result: str
    band: str
    reference: str


class Later(Exception):
    """The engine has taken the question and will answer by its own message."""


def read_answer(text: bytes, asked: UUID) -> Answer:
    """Raises CheckFault: no answer at all, to another question, or with more in it than an answer has."""
    try:
        if len(text) > LONGEST_ANSWER:
            raise ValueError
        told = json.loads(text)
        if not isinstance(told, dict):
            raise ValueError
    except (ValueError, RecursionError):
        raise CheckFault("verification.fault.form") from None
    if told.get("request") != str(asked):
        raise CheckFault("verification.fault.other-question")
    if more := sorted(set(told) - {"request", "result", "band", "reference"}):
        raise CheckFault("verification.fault.more", found=", ".join(str(m)[:40] for m in more[:5]))
    result, band, reference = (told.get(k) for k in ("result", "band", "reference"))
    if result not in RESULTS or band not in BANDS:
        raise CheckFault("verification.fault.value")
    if not isinstance(reference, str) or not _REFERENCE.match(reference):
        raise CheckFault("verification.fault.reference")
    return Answer(result, band, reference)


def asked_of(text: bytes) -> UUID:
    """To which question a message says it is the answer. Raises CheckFault."""
    try:
        return UUID(str(json.loads(text[: LONGEST_ANSWER + 1])["request"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise CheckFault("verification.fault.form") from None


def read(path: Path, environment: Mapping[str, str], consents: Iterable[str]) -> list[Engine]:
    """The engines of a file (MIRPS_ENGINES). Raises EngineFault."""
    try:
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as e:
        raise EngineFault(f"{path.name}: {e}") from None
    if not isinstance(listed, list):
        raise EngineFault(f"{path.name}: a list of engines is expected")
    known = frozenset(consents)
    found = [
        _one(f"{path.name}, entry {n}", entry, environment, known) for n, entry in enumerate(listed, start=1)
    ]
    if len({e.id for e in found}) < len(found):
        raise EngineFault(f"{path.name}: an id stands twice")
    return found


def _one(where: str, entry: Any, environment: Mapping[str, str], consents: frozenset[str]) -> Engine:
    if not isinstance(entry, dict) or _FIELDS - set(entry) or set(entry) - _FIELDS - _MAY:
        raise EngineFault(
            f"{where}: needs {', '.join(sorted(_FIELDS))}, and besides no more than {', '.join(sorted(_MAY))}"
        )
    names, bodies, waits = entry["name"], entry["institutions"], entry.get("waits", 10)
    wrong = {
        "id must be small letters, digits and hyphens": not re.fullmatch(
            r"[a-z][a-z0-9-]{1,30}", str(entry["id"])
        ),
        "name must be given in es and en": not isinstance(names, dict) or set(names) != {"es", "en"},
        f"about must be one of {', '.join(ABOUT)}": entry["about"] not in ABOUT,
        "institutions must be a list": not isinstance(bodies, list) or not bodies,
        f"consent must be one of {', '.join(sorted(consents))}": entry["consent"] not in consents,
        "waits must be 1 to 30 seconds": not isinstance(waits, int | float) or not 1 <= waits <= 30,
    }
    for words, holds in wrong.items():
        if holds:
            raise EngineFault(f"{where}: {words}")
    secret = environment.get(str(entry["secret_env"]), "")
    try:
        secret_bytes(secret)
    except HookFault:
        raise EngineFault(f"{where}: the variable {entry['secret_env']} holds no secret (whsec_…)") from None
    return Engine(
        str(entry["id"]), str(entry["state"]), entry["about"], str(names["es"]), str(names["en"]), frozenset(bodies),
        str(entry["address"]), secret, entry["consent"], str(entry.get("adapter", "http")), float(waits),
    )  # fmt: skip

"""By what somebody is found: names, and what is looked up as it stands (a document, a telephone, a birth date).

Pure. What is looked up as it stands is brought into one form first, so that a document with its hyphens and
one without are the same, and a telephone with its country's prefix and one without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mirps.people.identity import finding
from mirps.people.identity.names import Name

DOCUMENT, PHONE, BORN = "document", "phone", "born"
_NAME = "name"
#: Prefix of a country and how many digits its numbers have (ITU-T E.164 and the national plans).
_PREFIXES = {
    "501": 7, "502": 8, "503": 8, "504": 8, "505": 8, "506": 8, "507": 8, "509": 8, "521": 10, "52": 10, "53": 8,
    "57": 10, "58": 10, "593": 9, "1": 10,
}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Terms:
    """Somebody's names and, by purpose, their documents, telephones and birth dates (ISO 8601).

    Names have no repr, and neither has this.
    """

    names: tuple[Name, ...] = ()
    exact: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def values(self) -> Iterator[tuple[str, str]]:
        """What each is kept under in the index, with its note: twice where two facts say the same, so that
        one of them can be taken back and the other still finds."""
        for name in self.names:
            yield from ((named(key), note) for key, note in finding.keys(name).items())
        for purpose, written in self.exact.items():
            yield from ((value, value) for text in written if (value := looked_up(purpose, text)))

    def sounds(self) -> set[str]:
        return {sound for name in self.names for sound in finding.sounds(name)}


def named(key: str) -> str:
    """The value in the index of one key of a name."""
    return f"{_NAME}:{key}"


def looked_up(purpose: str, written: str) -> str:
    """The value in the index of a document, telephone or birth date; empty where nothing is left of it."""
    normal = _digits(written) if purpose == PHONE else "".join(c for c in written.upper() if c.isalnum())
    return f"{purpose}:{normal}" if normal else ""


def _digits(written: str) -> str:
    digits = "".join(c for c in written if c in "0123456789").lstrip("0")
    for prefix, length in _PREFIXES.items():
        if digits.startswith(prefix) and len(digits) == len(prefix) + length:
            return digits[len(prefix) :]
    return digits

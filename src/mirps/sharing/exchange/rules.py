"""What a package says of itself, who may send what to whom, and why one is not taken. Pure.

A package is numbered within its lane: one sender, one receiver, one stream (the name of its schema). Its `link`
is a digest over what it says of itself and the link before it, so that the last link stands for the whole lane:
two nodes whose numbers agree and whose links do not have different pasts. Neither the day nor the signature goes
into the link, so that a package may be signed anew and is still the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from mirps.base.refusal import Refusal

#: The node of the region among the codes of States.
REGION = "MIRPS"
#: What a package may weigh as it travels, and what its contents may weigh unpacked.
MOST_BODY = 64 * 1024 * 1024
MOST_PLAIN = 512 * 1024 * 1024
MOST_HEAD = 8 * 1024
#: A clock may be this much ahead of ours before what it signs counts as from the future.
SKEW = timedelta(minutes=10)
#: How many of a lane's last links two nodes compare to find where their pasts part.
LINKS = 60
LAST_NUMBER = 10**9
FIRST_LINK = ""

_STREAM = re.compile(r"[a-z][a-z-]{1,19}\Z")
NODE = re.compile(r"[A-Z]{3,5}\Z")
_HEX = re.compile(r"[0-9a-f]{64}\Z")
_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})\Z")
#: What claims of any other shape than ours may raise while they are read.
UNREADABLE = (KeyError, ValueError, TypeError, OverflowError, OSError)


class Kind(StrEnum):
    """What a package may hold: the name of its schema and of its stream."""

    FIGURES = "figures"
    ANSWERS = "answers"
    ROUNDS = "rounds"
    LISTS = "lists"
    KEYS = "keys"
    RECEIPTS = "receipts"
    LETTERS = "letters"
    LINKAGE = "linkage"


#: The schema that this code writes. It reads every one of the same major: what it does not know, it passes over.
VERSIONS: Mapping[Kind, tuple[int, int]] = {**dict.fromkeys(Kind, (1, 0)), Kind.FIGURES: (1, 1)}
#: In which order lanes are sent: a new key before what it signs, what a round asks before its figures.
ORDER = (
    Kind.KEYS,
    Kind.LISTS,
    Kind.ROUNDS,
    Kind.ANSWERS,
    Kind.FIGURES,
    Kind.LETTERS,
    Kind.LINKAGE,
    Kind.RECEIPTS,
)


class NotTaken(Refusal):
    """A package that is not taken: `exchange.refused.<why>`, and whether that settles its number.

    What settles it is told back, and the lane goes on after it. What does not (a stranger, an altered file, a
    clock ahead) leaves the lane as it was: the same package may come again in a better state.
    """

    def __init__(self, why: str, /, *, settles: bool = False, **values: object) -> None:
        super().__init__(f"exchange.refused.{why}", **values)
        self.why = why
        self.settles = settles


@dataclass(frozen=True, slots=True)
class Head:
    """What is signed. `previous`: the link of the package before it; `digest`: SHA-256 of the contents as they
    travel, `size` their bytes. Names as they travel are those of RFC 7519 where it has one."""

    id: UUID
    sender: str
    receiver: str
    stream: str
    version: tuple[int, int]
    number: int
    previous: str
    digest: str
    size: int
    made_at: datetime

    @property
    def link(self) -> str:
        major, minor = self.version
        said = (self.previous, self.sender, self.receiver, self.stream, f"{major}.{minor}", str(self.number),
                str(self.id), self.digest)  # fmt: skip
        return sha256("\n".join(said).encode()).hexdigest()

    def told(self) -> dict[str, Any]:
        major, minor = self.version
        return {
            "jti": str(self.id), "iss": self.sender, "aud": self.receiver, "schema": self.stream,
            "version": f"{major}.{minor}", "seq": self.number, "prev": self.previous, "digest": self.digest,
            "size": self.size, "iat": int(self.made_at.timestamp()),
        }  # fmt: skip

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Head:
        """Claims that this code does not know are passed over. Raises NotTaken 'form'."""
        try:
            found = cls(
                id=UUID(_text(told, "jti", 36)), sender=_matched(NODE, told, "iss"),
                receiver=_matched(NODE, told, "aud"), stream=_matched(_STREAM, told, "schema"),
                version=version_of(_text(told, "version", 9)), number=_whole(told, "seq", 1, LAST_NUMBER),
                previous=_text(told, "prev", 64) and _matched(_HEX, told, "prev"),
                digest=_matched(_HEX, told, "digest"), size=_whole(told, "size", 1, 2**50),
                made_at=made_at(told),
            )  # fmt: skip
        except UNREADABLE:
            raise NotTaken("form") from None
        if (found.number == 1) != (found.previous == FIRST_LINK):
            raise NotTaken("form")
        return found


def made_at(told: Mapping[str, Any]) -> datetime:
    """When claims were signed, as they say. Raises one of UNREADABLE."""
    return datetime.fromtimestamp(_whole(told, "iat", 0, 2**36), UTC)


def version_of(text: str) -> tuple[int, int]:
    """`1.2` as (1, 2). Raises ValueError."""
    found = _VERSION.match(text)
    if not found:
        raise ValueError(text)
    return int(found[1]), int(found[2])


def _text(told: Mapping[str, Any], name: str, most: int) -> str:
    value = told[name]
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(name)
    return value


def _matched(pattern: re.Pattern[str], told: Mapping[str, Any], name: str) -> str:
    value = _text(told, name, 64)
    if not pattern.match(value):
        raise ValueError(name)
    return value


def _whole(told: Mapping[str, Any], name: str, least: int, most: int) -> int:
    value = told[name]
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(name)
    return value


def prove(head: Head, *, at: datetime) -> None:
    """What can be said of a head alone, once its signature holds. Raises NotTaken."""
    if head.made_at > at + SKEW:
        raise NotTaken("future", made=head.made_at.isoformat(), now=at.isoformat(timespec="seconds"))
    if head.size > MOST_BODY:
        raise NotTaken("too-big", settles=True, size=head.size, most=MOST_BODY)


def prove_kind(head: Head) -> Kind:
    """Raises NotTaken for a stream that this code does not know, of a newer major, or not its sender's to send."""
    if head.stream not in set(Kind):
        raise NotTaken("kind", settles=True, kind=head.stream)
    kind = Kind(head.stream)
    major, minor = head.version
    if major != VERSIONS[kind][0]:
        ours = "{}.{}".format(*VERSIONS[kind])
        raise NotTaken(
            "newer" if major > VERSIONS[kind][0] else "older", settles=True, kind=kind.value,
            version=f"{major}.{minor}", ours=ours,
        )  # fmt: skip
    if not may_send(kind, head.sender, head.receiver):
        raise NotTaken("not-theirs", settles=True, kind=kind.value, sender=head.sender)
    return kind


def may_send(kind: Kind, sender: str, receiver: str) -> bool:
    """Figures go up; rounds, lists and what is said of the figures come down; keys, sealed
    letters, linkages and receipts go between any two."""
    if kind is Kind.FIGURES:
        return sender != REGION and receiver == REGION
    if kind in (Kind.ROUNDS, Kind.LISTS, Kind.ANSWERS):
        return sender == REGION and receiver != REGION
    return sender != receiver


@dataclass(frozen=True, slots=True)
class Have:
    """How far a node has come in a lane: the last number that is settled and its link, the numbers held beyond a
    gap, and the last links, by number."""

    number: int = 0
    link: str = FIRST_LINK
    waiting: frozenset[int] = frozenset()
    links: Mapping[int, str] = ()  # type: ignore[assignment]

    def told(self) -> dict[str, Any]:
        return {
            "number": self.number, "link": self.link, "waiting": sorted(self.waiting),
            "links": {str(n): link for n, link in sorted(self.links.items())},
        }  # fmt: skip

    @classmethod
    def of(cls, told: object) -> Have:
        """Raises NotTaken 'form'."""
        try:
            if not isinstance(told, dict):
                raise TypeError
            links = {int(n): str(link)[:64] for n, link in dict(told.get("links") or {}).items()}
            waiting = frozenset(int(n) for n in list(told.get("waiting") or ())[:10_000])
            return cls(_whole(told, "number", 0, LAST_NUMBER), _text(told, "link", 64), waiting, links)
        except (KeyError, ValueError, TypeError):
            raise NotTaken("form") from None


def parted(ours: Mapping[int, str], last: int, theirs: Have) -> int:
    """The first number of our own lane that the other holds otherwise, or that we no longer have; 0 for none.

    `ours`: our links by number, `last`: the number we sent last. A node restored from an old backup finds here
    from where on it must be given back what it sent.
    """
    first = min(theirs.links, default=0)
    for number in sorted(theirs.links):
        if number > last:
            return last + 1
        if number in ours and ours[number] != theirs.links[number]:
            return 1 if number == first else number  # parted before what we compare: all of it
    if theirs.number > last:
        return last + 1
    if theirs.number and theirs.number in ours and ours[theirs.number] != theirs.link:
        return theirs.number
    return 0


def lacking(numbers: Iterable[int], theirs: Have) -> list[int]:
    """Which of our numbers the other has yet to be sent."""
    return sorted(n for n in numbers if n > theirs.number and n not in theirs.waiting)


#: Between two tries on a dead line: a minute, then twice as long each time, to six hours.
def pause(tries: int) -> timedelta:
    return min(timedelta(minutes=2 ** min(tries - 1, 10)), timedelta(hours=6))


def fingerprint(public: bytes, sealing: str) -> str:
    """Forty digits in groups of five, to be read out on the telephone; some 132 bits of SHA-256."""
    number = int.from_bytes(sha256(b"mirps node card\n" + public + sealing.encode()).digest()[:17], "big")
    digits = f"{number % 10**40:040d}"
    return " ".join(digits[n : n + 5] for n in range(0, 40, 5))

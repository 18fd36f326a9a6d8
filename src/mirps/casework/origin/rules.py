"""What a source on a country of origin must be, and when it is old. Pure: no Django, no clock, no files."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from mirps.base.refusal import Refusal

#: Our proposal: a situation told more than two years ago is marked, and may be cited all the same.
YEARS = 2
#: Characters of each text.
TITLE, PUBLISHER, ADDRESS, REASON = 300, 200, 500, 1_000
#: Bytes of a kept copy.
MOST_BYTES = 5 * 1024 * 1024


class OriginFault(Refusal):
    """What cannot be done, as a text of data/texts/casework-origin.yaml."""


class SourceFaults(OriginFault):
    """All that is wrong with a source. `faults`: field -> the text that says it."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__("origin.fault.source")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Said:
    """A source as somebody enters it."""

    title: str
    publisher: str
    country: str
    published: date | None
    address: str
    language: str
    topics: tuple[str, ...] = ()


def faults(
    said: Said, *, on: date, countries: Collection[str], languages: Collection[str], topics: Collection[str]
) -> dict[str, str]:
    """Field -> the text of what is wrong with it."""
    return dict(_faults(said, on, countries, languages, topics))


def _faults(
    said: Said, on: date, countries: Collection[str], languages: Collection[str], topics: Collection[str]
) -> Iterator[tuple[str, str]]:
    for name, most in (("title", TITLE), ("publisher", PUBLISHER)):
        text = getattr(said, name)
        if not text.strip() or len(text) > most or not text.isprintable():
            yield name, f"origin.fault.{name}"
    if said.country not in countries:
        yield "country", "origin.fault.country"
    if said.published is None or said.published.year < 1945:
        yield "published", "origin.fault.published"
    elif said.published > on:
        yield "published", "origin.fault.future"
    if not is_address(said.address):
        yield "address", "origin.fault.address"
    if said.language not in languages:
        yield "language", "origin.fault.language"
    if set(said.topics) - set(topics):
        yield "topics", "origin.fault.topics"


def is_address(text: str) -> bool:
    """A page of the web that a reader can open: never a script, a file or an address with somebody's password."""
    if len(text) > ADDRESS or not text.isprintable() or any(c.isspace() or c == "\\" for c in text):
        return False
    try:
        found = urlsplit(text)
        host, _ = found.hostname, found.port
    except ValueError:
        return False
    return found.scheme in ("http", "https") and bool(host) and "." in str(host) and "@" not in found.netloc


def outdated(published: date, on: date) -> bool:
    """Whether it is more than two years old."""
    return (published.year + YEARS, published.month, published.day) < (on.year, on.month, on.day)

"""A calendar as iCalendar (RFC 5545, with the names of RFC 7986). Pure.

- An event whose days are known is a VEVENT: all-day, or with its hours in UTC where they are known.
- One of which only the month or the year is known is left out: every calendar program would show it on a
  day that nobody gave (VTODO and VJOURNAL are dropped or dated by those that people use). The calendar's
  description says how many are left out; the page has them.
- A date by which something is due stands on the last day that its words allow, and says so.
- The UID comes from the record's key and never changes; SEQUENCE and LAST-MODIFIED are those of its last
  change, and DTSTAMP with them, so that the same facts make the same bytes (ETag).
- Nothing blocks anybody's time (TRANSPARENT), and nothing is claimed to be certain that is not: what is
  planned, in doubt or reported with two dates is TENTATIVE, and its description gives the other dates.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vText

from mirps.base.texts.rules import DEFAULT_LOCALE, partial_date
from mirps.planning.meetings.rules import Entry, Of, Reported, Span, said

#: The UIDs of this product; never to be changed, or every subscriber sees everything twice.
NAMESPACE = uuid.UUID("6f0f6c1e-7d0d-5a0c-9d5e-0d5a4d495250")
PRODID = "-//MIRPS//Calendar//{lang}"
#: How often a program should look again.
REFRESH = timedelta(hours=6)
#: Names and descriptions longer than this are cut: some programs refuse a whole calendar for one of them.
LONGEST_NAME, LONGEST_TEXT = 250, 4000


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed is called and about, where it is, and how to say things in its language.

    `say(key, **values)` gives a sentence, `link(entry)` a page's address, `zone(states)` a clock's name.
    """

    lang: str
    name: str
    about: str
    say: Callable[..., str]
    link: Callable[[Entry], str]
    zone: Callable[[Entry], ZoneInfo]


def uid(key: str) -> str:
    """The identifier of a record in every feed and language, for ever."""
    return str(uuid.uuid5(NAMESPACE, key))


def told(entries: Iterable[Entry]) -> list[Entry]:
    """Those that a feed tells: what is due, and what has known days."""
    return [e for e in entries if e.is_due or e.span.by_day]


def build(entries: Iterable[Entry], feed: Feed) -> bytes:
    """The calendar. The same entries give the same bytes."""
    every = sorted(entries, key=lambda e: (e.span.first, e.key))
    shown = told(every)
    out = Calendar()
    out.add("version", "2.0")
    out.add("prodid", PRODID.format(lang=feed.lang.upper()))
    out.add("calscale", "GREGORIAN")
    name, about = _line(feed.name), _clean(feed.about, LONGEST_TEXT)
    if left := len(every) - len(shown):
        about = f"{about} {feed.say('calendar.feed.left-out', n=left)}"
    for prop, text in (
        ("name", name),
        ("x-wr-calname", name),
        ("description", about),
        ("x-wr-caldesc", about),
    ):
        out.add(prop, vText(text))  # the library does not escape these names by itself
    out.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    out.add("x-published-ttl", "PT6H")
    for e in shown:
        out.add_component(_event(e, feed))
    if not shown:
        # A calendar without any component is none (RFC 5545, 3.6); a clock says nothing and is one.
        out.add_component(Timezone.from_tzid("America/Costa_Rica", first_date=date(2020, 1, 1)))
    return bytes(out.to_ical())


def _event(e: Entry, feed: Feed) -> Event:
    event = Event()
    event.add("uid", uid(e.key))
    event.add("dtstamp", e.changed_at.astimezone(UTC))
    event.add("last-modified", e.changed_at.astimezone(UTC))
    event.add("sequence", e.number)
    for prop, day in _when(e, feed):
        event.add(prop, day)
    event.add("summary", _summary(e, feed), parameters={"LANGUAGE": feed.lang})
    event.add("description", _description(e, feed), parameters={"LANGUAGE": feed.lang})
    if place := _line(said(e.place, feed.lang)):
        event.add("location", place, parameters={"LANGUAGE": feed.lang})
    event.add("url", feed.link(e))
    event.add("categories", [_line(feed.say(f"calendar.sort.{e.sort}"))])
    event.add("status", _status(e))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PUBLIC" if e.public else "CONFIDENTIAL")
    return event


def _when(e: Entry, feed: Feed) -> list[tuple[str, date | datetime]]:
    """DTSTART and DTEND. The end of a whole day is the next (3.6.1: it is exclusive)."""
    if e.is_due:
        return [("dtstart", e.span.last), ("dtend", e.span.last + timedelta(days=1))]
    zone = feed.zone(e)
    one_day = e.span.first == e.span.last
    if e.begins and (one_day or e.until):
        begins = datetime.combine(e.span.first, e.begins, tzinfo=zone).astimezone(UTC)
        found: list[tuple[str, date | datetime]] = [("dtstart", begins)]
        if e.until:
            ends = datetime.combine(e.span.last, e.until, tzinfo=zone).astimezone(UTC)
            # It runs over midnight where it ends "before" it begins.
            ends += timedelta(days=1) if ends < begins else timedelta()
            found += [("dtend", ends)] if ends > begins else []
        return found
    return [("dtstart", e.span.first), ("dtend", e.span.last + timedelta(days=1))]


def _status(e: Entry) -> str:
    if e.standing == "cancelled":
        return "CANCELLED"
    tentative = e.in_doubt or e.standing in ("planned", "postponed")
    return "TENTATIVE" if tentative and not e.is_due else "CONFIRMED"


def _summary(e: Entry, feed: Feed) -> str:
    title = _line(said(e.title, feed.lang)) or e.key
    if e.standing in ("cancelled", "postponed"):
        return feed.say(f"calendar.feed.{e.standing}", title=title)
    if e.of in (Of.AGREEMENT, Of.ROUND):
        return feed.say("calendar.feed.due", title=title)
    return title


def _description(e: Entry, feed: Feed) -> str:
    locale = DEFAULT_LOCALE[feed.lang]
    lines = [said(e.summary, feed.lang)]
    if e.is_due and not e.span.by_day:
        lines.append(feed.say("calendar.feed.within", when=spoken(Span(e.span.until), locale)))
    for r in e.reported:
        if r.span != e.span:
            lines.append(feed.say("calendar.feed.other", **other_date(r, locale)))
    lines += [
        said(e.doubt, feed.lang),
        feed.say("calendar.feed.planned") if e.standing == "planned" else "",
        e.online,
    ]
    return _clean("\n".join(filter(None, lines)), LONGEST_TEXT)


def other_date(r: Reported, locale: str) -> dict[str, str]:
    """What the sentence on another date takes."""
    place = ", ".join(filter(None, (r.document, r.locator)))
    return {"when": spoken(r.span, locale), "where": place or "?"}


def spoken(span: Span, locale: str) -> str:
    """A span in words, as exact as it is known."""
    return partial_date(span.starts if span.until == span.starts else f"{span.starts}/{span.until}", locale)


def _line(text: str) -> str:
    return _clean(text.replace("\n", " "), LONGEST_NAME)


def _clean(text: str, most: int) -> str:
    """Text that every reader takes: no control characters but the end of a line, no unpaired surrogates,
    and none of the characters that some take for the end of a line."""
    plain = "".join(
        c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") else " " for c in text
    )
    return plain.strip()[:most].strip()

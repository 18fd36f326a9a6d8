"""The calendar: a year as a list, a month as a sheet, with filters; what is late is named first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from babel import Locale
from babel.dates import format_date, format_skeleton, get_day_names
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.planning.calls import api as calls
from mirps.planning.meetings import api as meetings
from mirps.planning.meetings.api import Agreement, Chosen, Entry, Of, Span
from mirps.planning.records import api as records
from mirps.web.pages.planning import lists, showing
from mirps.web.pages.planning.door import Desk, reading

#: How many late agreements the calendar names before it counts the rest.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the calendar in the reader's words. `lang` where its title is in the other language."""

    entry: Entry
    title: str
    lang: str
    href: str
    when: str  # the day within its month, or that it is not known
    full: str  # the whole date
    whose: str


def entries(desk: Desk) -> list[Entry]:
    """Everything that this person may know of: events, agreements due, calls that close, dates of rounds for who
    works in one."""
    found = meetings.events(desk.may_read) + calls.closings(desk.may_read)
    found += meetings.due_entries(agreements(desk), meetings.today("", desk.now))
    if desk.grants:
        found += meetings.round_dates(states_of(desk))
    return found


def agreements(desk: Desk) -> list[Agreement]:
    return meetings.agreements(desk.may_read)


def states_of(desk: Desk) -> set[str] | None:
    """The States whose dates concern this person; None where they act for the region."""
    regional = any(not g.state and not g.body for g in desk.grants)
    return None if regional else {g.state for g in desk.grants}


def body_name(code: str, lang: str) -> str:
    """A body of the region or an institution."""
    key = f"kind.agreement.choice.bodies.{code}"
    return say(key, lang) if is_body(code) else records.name_of("institutions", code, lang)


def is_body(code: str) -> bool:
    """Whether it is a body of the region, such as a technical team."""
    return f"kind.agreement.choice.bodies.{code}" in texts.catalogue()


def line(desk: Desk, e: Entry) -> Line:
    title, lang = showing.texts_of(e.title, desk.lang)
    return Line(
        entry=e, title=title, lang=lang, href=address(desk, e), when=_within_month(e.span, desk),
        full=meetings.spoken(e.span, desk.locale),
        whose=_whose(desk, e),
    )  # fmt: skip


def _whose(desk: Desk, e: Entry) -> str:
    """Whose it is: States; a team or another body of the region; or the region."""
    names = [records.name_of("states", s, desk.lang) for s in e.states]
    if not names or e.of is Of.AGREEMENT:
        names += [body_name(b, desk.lang) for b in e.bodies if is_body(b) or e.of is Of.AGREEMENT]
    return ", ".join(names) or say("calendar.region", desk.lang)


def address(desk: Desk, e: Entry) -> str:
    if e.of is Of.ROUND:
        return desk.url("round", code=e.key.split("/")[1])
    return showing.address_of(e.key, desk.lang)


def _within_month(span: Span, desk: Desk) -> str:
    """`Wed 11`, `25 – 26`, or that the day is not known."""
    if not span.by_day:
        return say("calendar.no-day" if span.month else "calendar.no-month", desk.lang)
    if span.first == span.last:
        return format_date(span.first, "EEE d", locale=desk.locale)
    skeleton = "d" if span.first.month == span.last.month else "MMMd"
    return f"{span.first.day} – {format_skeleton(skeleton, span.last, locale=desk.locale)}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the calendar, as its form and its links say it again."""

    chosen: Chosen
    year: int
    month: date | None

    def query(self, **change: object) -> str:
        when = {"month": f"{self.month:%Y-%m}"} if self.month else {"year": str(self.year)}
        given = {"state": self.chosen.state, "body": self.chosen.body, "sort": self.chosen.sort, **when}
        return "?" + urlencode({k: v for k, v in {**given, **change}.items() if v})


def asked(desk: Desk, found: list[Entry]) -> Asked:
    ask = desk.request.GET
    this = meetings.today("", desk.now)
    years = meetings.years(found)
    given = ask.get("year", "")
    year = ([y for y in years if y <= this.year] or years or [this.year])[-1]
    if given.isascii() and given.isdecimal() and int(given) in years:
        year = int(given)
    month = None
    if "month" in ask:
        month = meetings.month_of(ask["month"]) or this.replace(day=1)
        year = month.year
    chosen = Chosen(*(ask.get(k, "")[:60] for k in ("state", "body", "sort")))
    return Asked(chosen, year, month)


@require_safe
@reading
def calendar(desk: Desk) -> HttpResponse:
    found = entries(desk)
    ask = asked(desk, found)
    chosen = [e for e in found if ask.chosen.takes(e)]
    today = meetings.today("", desk.now)
    late = (
        [a for a in meetings.most_pressing(agreements(desk), today) if a.late(today)] if desk.grants else []
    )
    return desk.page(
        "planning/calendar.html", ask=ask, today=today, nothing=not found, options=_options(desk, found),
        late=[(a, showing.texts_of(a.title, desk.lang)) for a in late[:NAMED]], late_all=len(late),
        years=meetings.years(found), may_write=bool(desk.owners(records.kinds()["event"])),
        sheet=_sheet(desk, chosen, ask.month) if ask.month else None,
        months=[] if ask.month else _months(desk, chosen, ask.year),
        to_month=_to_month(chosen, ask.year, today), title=say("calendar.title", desk.lang),
        trail=[(say("calendar.title", desk.lang), "")],
    )  # fmt: skip


def _options(desk: Desk, found: list[Entry]) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: only what there is."""
    states = {s for e in found for s in e.states}
    bodies = {b for e in found for b in e.bodies}
    sorts = {e.sort for e in found}
    named = [(s, records.name_of("states", s, desk.lang)) for s in states]
    return {
        "state": [("MIRPS", say("calendar.filter.region", desk.lang)), *sorted(named, key=_named)],
        "body": sorted(
            ((b, body_name(b, desk.lang)) for b in bodies), key=lambda o: (not is_body(o[0]), *_named(o))
        ),
        "sort": sorted(((s, say(f"calendar.sort.{s}", desk.lang)) for s in sorts), key=_named),
    }


def _named(option: tuple[str, str]) -> tuple[str, str]:
    return records.folded(option[1]), option[0]


def _months(desk: Desk, chosen: list[Entry], year: int) -> list[tuple[str, str, list[Line]]]:
    """(id, name, lines) of each month of a year; the last, what has no known month."""
    return [
        (m or "no-month", texts.partial_date(m, desk.locale) if m else say("calendar.no-month", desk.lang),
         [line(desk, e) for e in held])
        for m, held in meetings.by_month(chosen, year)
    ]  # fmt: skip


def _to_month(chosen: list[Entry], year: int, today: date) -> str:
    """The month to which the list leads: this one, or the last of that year with a known day in it."""
    if year == today.year:
        return f"{today:%Y-%m}"
    known = [e.span.starts[:7] for e in chosen if e.span.by_day and e.span.first.year == year]
    return max(known, default=f"{year}-01")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A month on paper: names of the days of the week, weeks, what has no known day, where it goes on."""

    name: str
    days: list[tuple[str, str]]
    weeks: list[list[tuple[date, str, list[Line]]]]
    loose: list[Line]
    before: str
    after: str
    first: date
    any: bool


def _sheet(desk: Desk, chosen: list[Entry], first: date) -> Sheet:
    begins = Locale.parse(desk.locale).first_week_day
    m = meetings.month(chosen, first, begins)
    names = [get_day_names(w, locale=desk.locale) for w in ("wide", "abbreviated")]
    weeks = [
        [
            (d, format_date(d, "EEEE d MMMM", locale=desk.locale), [line(desk, e) for e in on])
            for d, on in week
        ]
        for week in m.weeks
    ]
    return Sheet(
        name=texts.partial_date(f"{first:%Y-%m}", desk.locale),
        days=[(names[0][(begins + n) % 7], names[1][(begins + n) % 7]) for n in range(7)],
        weeks=weeks, loose=[line(desk, e) for e in m.loose], before=m.before, after=m.after, first=first,
        any=bool(m.loose) or any(on for week in m.weeks for d, on in week if d.month == first.month),
    )  # fmt: skip


patterns: list[URLPattern] = [path("planning/calendar/", calendar, name="calendar")]
lists.LEADS["meetings"] = "calendar"

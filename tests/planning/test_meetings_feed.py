"""The feed as iCalendar: read back by a second program, and line by line by the letter of RFC 5545."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import example, given
from hypothesis import strategies as st

from mirps.base.texts.api import say
from mirps.planning.meetings.feed import Feed, build, told, uid
from mirps.planning.meetings.rules import Entry, Of, Reported, Span

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
#: A content line of RFC 5545, 3.1: a name, parameters, a value without control characters but the tab.
LINE = re.compile(
    r'[A-Z0-9-]+(?:;[A-Z0-9-]+=(?:"[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x08\x0a-\x1f\x7f]*))*'
    r":[^\x00-\x08\x0a-\x1f\x7f]*\Z"
)


def entry(key: str = "event/a", starts: str = "2026-03-05", ends: str = "", **more: object) -> Entry:
    given = {
        "of": Of.EVENT, "sort": "meeting", "title": {"es": "Reunión", "en": "Meeting"}, "number": 3, "changed_at": AT,
    }  # fmt: skip
    return Entry(key=key, span=Span(starts, ends), **{**given, **more})  # type: ignore[arg-type]


def made(*entries: Entry, lang: str = "es", name: str = "Calendario") -> bytes:
    return build(
        entries,
        Feed(
            lang=lang, name=name, about="Acerca de él.", say=lambda key, **v: say(key, lang, **v),
            link=lambda e: f"https://mirps.example/{lang}/{e.key}", zone=lambda _: ZoneInfo("America/Tegucigalpa"),
        ),
    )  # fmt: skip


def read(content: bytes):  # type: ignore[no-untyped-def]
    """The calendar as another program reads it, proved by what it demands of one."""
    found = vobject.readOne(content.decode())
    assert found.validate(raiseException=True)
    return found


def events(content: bytes) -> list:  # type: ignore[type-arg]
    return list(getattr(read(content), "vevent_list", []))


def lines(content: bytes) -> list[str]:
    """The content lines, unfolded by the letter of 3.1."""
    text = content.decode()
    assert text.endswith("\r\n")
    assert all(len(raw.encode()) <= 75 for raw in text.split("\r\n"))
    return text.replace("\r\n ", "").replace("\r\n\t", "").split("\r\n")[:-1]


def test_a_known_day_is_a_whole_day_and_ends_where_the_next_begins() -> None:
    [shown] = events(made(entry(starts="2026-03-05", ends="2026-03-06")))
    assert (shown.dtstart.value, shown.dtend.value) == (date(2026, 3, 5), date(2026, 3, 7))
    assert shown.summary.value == "Reunión"
    assert shown.transp.value == "TRANSPARENT"


def test_hours_are_those_of_the_clock_of_its_state() -> None:
    [shown] = events(made(entry(begins=time(9, 30), until=time(11))))
    assert shown.dtstart.value == datetime(2026, 3, 5, 15, 30, tzinfo=UTC)  # Honduras is six hours behind
    assert shown.dtend.value - shown.dtstart.value == timedelta(minutes=90)


def test_what_runs_over_midnight_ends_on_the_next_day() -> None:
    [shown] = events(made(entry(begins=time(22), until=time(1))))
    assert shown.dtend.value - shown.dtstart.value == timedelta(hours=3)


def test_an_end_that_nobody_gave_is_not_made_up() -> None:
    [shown] = events(made(entry(begins=time(9))))
    assert not hasattr(shown, "dtend")


@pytest.mark.parametrize("starts", ["2026", "2026-03"])
def test_what_has_no_known_day_is_left_out_and_counted(starts: str) -> None:
    content = made(entry(starts=starts), entry("event/b"))
    assert [e.uid.value for e in events(content)] == [uid("event/b")]
    assert say("calendar.feed.left-out", "es", n=1) in "".join(lines(content)).replace("\\", "")
    assert told([entry(starts=starts)]) == []


def test_what_is_due_by_a_month_stands_on_its_last_day_and_says_so() -> None:
    [shown] = events(made(entry(starts="2026-02", of=Of.AGREEMENT, sort="agreement-due", key="agreement/a")))
    assert shown.dtstart.value == date(2026, 2, 28)
    assert "febrero de 2026" in shown.description.value
    assert shown.summary.value.startswith("Vence: ")


def test_another_reported_date_is_told_and_makes_it_tentative() -> None:
    other = Reported(Span("2024-09-10"), "AR24", "section 6")
    doubtful = entry(
        starts="2024-09-11", reported=(other,), doubt={"es": "Dos apartados.", "en": "Two sections."}
    )
    [shown] = events(made(doubtful))
    assert shown.status.value == "TENTATIVE"
    assert "10 de septiembre de 2024 (AR24, section 6)" in shown.description.value
    assert "Dos apartados." in shown.description.value
    assert "10 September 2024" in events(made(doubtful, lang="en"))[0].description.value


def test_what_was_cancelled_stays_with_the_word_for_it() -> None:
    [shown] = events(made(entry(standing="cancelled")))
    assert shown.status.value == "CANCELLED"
    assert shown.summary.value == "Se canceló: Reunión"


def test_each_language_has_its_words_and_both_the_same_identifiers() -> None:
    spanish, english = events(made(entry()))[0], events(made(entry(), lang="en"))[0]
    assert (spanish.summary.value, english.summary.value) == ("Reunión", "Meeting")
    assert spanish.uid.value == english.uid.value


def test_the_identifier_and_number_are_those_of_the_record() -> None:
    """The UID of a key may never change: subscribers would see everything twice."""
    [shown] = events(made(entry("event/annual-meeting-7")))
    assert shown.uid.value == "f31fafad-4647-5fac-8939-1fe01c663db4"
    assert shown.sequence.value == "3"
    assert shown.last_modified.value == AT


def test_the_same_facts_make_the_same_bytes_in_whatever_order_they_come() -> None:
    a, b = entry(), entry("event/b", "2026-03-04")
    assert made(a, b) == made(b, a)


def test_a_calendar_with_nothing_in_it_still_is_one() -> None:
    content = made()
    assert read(content).vtimezone
    assert events(content) == []


def test_what_is_for_members_says_that_it_is_confidential() -> None:
    assert events(made(entry(public=False)))[0].contents["class"][0].value == "CONFIDENTIAL"


HOSTILE = st.text(
    st.characters(codec=None, categories=("L", "N", "P", "S", "Z", "Cc", "Cs", "Mn")),
    min_size=1,
    max_size=300,
)


@given(HOSTILE, HOSTILE, HOSTILE)
@example("END:VEVENT\r\nBEGIN:VEVENT", 'a;b,c:d"\\n\\', "\u2028\u2029\x85\x0b\x1c\x00")
@example("ñ" * 200, "日" * 100, " \t leading\n\n\ttrailing ")
@example("\ud800", "=?utf-8?q?x?=", "BEGIN:VALARM\nTRIGGER:-PT1M")
@example("\\", "\\;", "^n^'")
def test_no_title_however_hostile_breaks_the_calendar(title: str, place: str, about: str) -> None:
    one = entry(title={"es": title}, place={"es": place}, summary={"es": about}, doubt={"es": title})
    content = made(one, entry("event/b", title={"es": about}), name=place)
    found = lines(content)
    assert [line for line in found if not LINE.match(line)] == []
    assert [line for line in found if line.startswith(("BEGIN:", "END:"))] == [
        "BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    assert len(events(content)) == 2


@given(
    st.text(
        st.characters(categories=("L", "N", "P", "S", "Mn"), exclude_characters="\u00ad"),
        min_size=1,
        max_size=200,
    )
)
def test_a_title_is_read_back_as_it_was_written(title: str) -> None:
    [shown] = events(made(entry(title={"es": title})))
    assert shown.summary.value == title

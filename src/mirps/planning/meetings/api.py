"""The door to meetings: the calendar, agreements, feeds."""

from __future__ import annotations

from mirps.planning.meetings.actions import feed_of, feed_reader, hats, make_feed, remind, revoke_feed, tell
from mirps.planning.meetings.demo import hold_demo_meetings
from mirps.planning.meetings.feed import Feed, build, other_date, spoken
from mirps.planning.meetings.following import (
    MAY_FOLLOW,
    Agreement,
    FollowUp,
    Hat,
    Progress,
    Result,
    Way,
    answers,
    due_entries,
    most_pressing,
)
from mirps.planning.meetings.models import CalendarFeed
from mirps.planning.meetings.queries import (
    May,
    agreement,
    agreements,
    entry_of,
    events,
    public,
    reported,
    round_dates,
    today,
)
from mirps.planning.meetings.rules import (
    Chosen,
    Entry,
    Of,
    Reported,
    Span,
    by_month,
    in_order,
    month,
    month_of,
    said,
    years,
)

__all__ = [
    "MAY_FOLLOW", "Agreement", "CalendarFeed", "Chosen", "Entry", "Feed", "FollowUp", "Hat", "May", "Of",
    "Progress", "Reported", "Result", "Span", "Way", "agreement", "agreements", "answers", "build",
    "by_month", "due_entries", "entry_of", "events", "feed_of", "feed_reader", "hats", "hold_demo_meetings",
    "in_order", "make_feed", "month", "month_of", "most_pressing", "other_date", "public", "remind",
    "reported", "revoke_feed", "round_dates", "said", "spoken", "tell", "today", "years",
]  # fmt: skip

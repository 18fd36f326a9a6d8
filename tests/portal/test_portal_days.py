"""A day is written as Babel writes it, in every way of writing that a reader can choose."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from babel import Locale
from babel.dates import format_date, format_time

from mirps.base.codelists import api as codelists
from mirps.base.texts import api as texts

LOCALES = sorted({loc for of in codelists.locales().values() for loc in of.values()} | {"es_419", "en_001"})
DAYS = [date(2019, 12, 27) + timedelta(days=37 * n) for n in range(120)]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("form", ["long", "medium", "short", "EEE d MMM y"])
def test_a_day_is_what_babel_makes_of_it(locale: str, form: str) -> None:
    # CLDR's long form says «05 de diciembre» for Honduras and Belize; nobody else does.
    pattern = Locale.parse(locale).date_formats["long"].pattern.replace("dd", "d") if form == "long" else form
    assert [texts.day(d, locale, form) for d in DAYS] == [
        format_date(d, pattern, locale=locale) for d in DAYS
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_so_is_the_minute(locale: str) -> None:
    midnight = datetime(2026, 3, 4, tzinfo=UTC)
    for at in (midnight + timedelta(minutes=47 * n) for n in range(31)):
        assert format_time(at.time(), "short", locale=locale) in texts.moment(at, locale)

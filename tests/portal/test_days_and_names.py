"""Days, periods and names as people say them, the same wherever a figure is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mirps.base.codelists.api import locales
from mirps.base.notices.api import zone
from mirps.base.texts.api import day, partial_date
from mirps.evidence.figures.api import span
from mirps.web.jinja import last_day, moment
from mirps.web.shell import main

LOCALES = sorted({code for row in locales().values() for code in (row["es"], row["en"]) if code})


@pytest.mark.parametrize("locale", LOCALES)
def test_a_day_has_no_leading_nought_in_any_country(locale: str) -> None:
    for said in (day(date(2024, 12, 5), locale), partial_date("2024-12-05", locale)):
        assert "05" not in said
        assert "5" in said
        assert "2024" in said


def test_honduras_says_5_de_diciembre() -> None:
    assert day(date(2024, 12, 5), "es_HN") == "5 de diciembre de 2024"
    assert day(date(2024, 12, 15), "es_HN") == "15 de diciembre de 2024"


@pytest.mark.parametrize(
    ("start", "end", "es", "short"),
    [
        (date(2024, 1, 1), date(2024, 12, 31), "2024", "1 ene 2024 a 31 dic 2024"),
        (date(2024, 1, 1), date(2024, 9, 30), "enero a septiembre de 2024", "1 ene 2024 a 30 sept 2024"),
        (date(2024, 2, 1), date(2024, 2, 29), "febrero de 2024", "1 feb 2024 a 29 feb 2024"),
        (date(2024, 12, 5), date(2024, 12, 5), "5 de diciembre de 2024", "5 dic 2024"),
        (None, date(2024, 9, 30), "hasta el 30 de septiembre de 2024", "hasta el 30 sept 2024"),
        (date(2024, 9, 30), None, "desde el 30 de septiembre de 2024", "desde el 30 sept 2024"),
        (None, None, "", ""),
    ],
)
def test_a_period_is_told_whole_on_a_page_and_short_in_a_table(
    start: date | None, end: date | None, es: str, short: str
) -> None:
    assert span(start, end, "es", "es_419") == es
    assert span(start, end, "es", "es_419", short=True) == short


@given(
    st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.integers(0, 4000), st.sampled_from(["es_HN", "en_BZ"])
)
def test_a_period_always_names_the_year_in_which_it_ends(start: date, days: int, locale: str) -> None:
    end = start + timedelta(days=days)
    for short in (False, True):
        assert str(end.year) in span(start, end, locale[:2], locale, short=short)


def test_listing_the_findings_of_no_state_says_which_states_there_are(loaded: None) -> None:
    for lang, said in (("es", "No existe ese Estado: ZZZ"), ("en", "There is no such State: ZZZ")):
        result = CliRunner().invoke(main, ["findings", "list", "--state", "ZZZ", "--lang", lang])
        assert result.exit_code == 1
        assert said in result.output
        assert "HND" in result.output
    held = CliRunner().invoke(main, ["findings", "list", "--state", "HND"])
    assert held.exit_code == 0
    assert {line.split("\t")[1] for line in held.output.splitlines()} == {"HND"}


def test_each_section_of_a_report_leads_back_to_its_contents(loaded: None, client: Client) -> None:
    page = client.get("/es/report/annual-2024/").content.decode()
    assert (
        page.count('<a href="#report-contents">Volver al contenido</a>')
        == page.count("<section aria-labelledby=") - 3
    )
    assert 'id="report-contents"' in page


@pytest.mark.parametrize(
    ("state", "clock"), [("HND", "10:30"), ("PAN", "11:30"), ("CRI", "10:30")], ids=["HND", "PAN", "CRI"]
)
def test_a_moment_is_of_the_readers_clock(state: str, clock: str) -> None:
    at = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
    with timezone.override(zone(state)):
        assert clock in moment(at, "en_GB")


def test_what_is_due_for_everyone_is_due_on_one_day_everywhere() -> None:
    everyone = datetime(2026, 12, 21, 23, 59, tzinfo=zone(""))
    panama = datetime(2026, 12, 21, 23, 59, tzinfo=zone("PAN"))
    assert {last_day(everyone, s) for s in ("", "PAN", "MEX", "HND")} == {date(2026, 12, 21)}
    assert last_day(panama, "PAN") == date(2026, 12, 21)

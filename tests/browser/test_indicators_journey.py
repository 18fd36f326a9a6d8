"""A reader finds an indicator, sees its counts as known on a day, and takes them along; on a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.people import whole
from tests.product import own_tables, seed, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    env = own_tables(tmp_path_factory.mktemp("home"))
    seed(env, Path(__file__).with_name("seed_indicators.py"))
    with serving(env) as address:
        yield address


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_page_is_whole_on_a_desk_and_on_a_phone(
    counts: str, desk: Page, phone: Page, lang: str
) -> None:
    for page in (desk, phone):
        for path in ("", "asylum_decisions/", "asylum_processing_median/"):
            page.goto(f"{counts}/{lang}/indicators/{path}")
            whole(page)


def test_the_way_from_the_measures_to_a_count_and_back_in_time(counts: str, plain: Page) -> None:
    plain.goto(f"{counts}/en/measures/")
    plain.get_by_role("link", name="What is counted from cases").click()
    plain.get_by_role("link", name="Decisions by outcome").click()
    expect(plain.get_by_role("cell", name="700").first).to_be_visible()
    plain.locator("main table").get_by_role("link", name="Mexico").click()
    expect(plain).to_have_url(re.compile("state=MEX"))
    expect(plain.get_by_role("heading", level=2, name=re.compile("Mexico, "))).to_be_visible()
    with plain.expect_download() as taken:
        plain.get_by_role("link", name="These cells as CSV").click()
    assert taken.value.suggested_filename == "asylum_decisions.csv"
    plain.fill("#known", "2026-02-01")
    plain.get_by_role("button", name="Show").click()
    expect(plain.get_by_text("none was known on that day")).to_be_visible()

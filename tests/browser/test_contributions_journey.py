"""A donor enters what it gives, the secretariat sends it back and publishes it, and the public sums hold it."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page, expect
from tests.browser.people import DESK, PHONE, Enter, entering, screen, whole
from tests.product import own_demo, serving

pytestmark = pytest.mark.browser
TITLE = "Support to asylum offices at the border"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo of its own: contributions are published in it."""
    with serving(own_demo(tmp_path_factory.mktemp("home"))) as address:
        yield address


@pytest.fixture
def enter(served: str, browser: Browser) -> Iterator[Enter]:
    with entering(browser, served) as enter:
        yield enter


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_pages_of_funding_fit_and_can_be_used_by_everyone(
    served: str, browser: Browser, lang: str, size: dict[str, int]
) -> None:
    context = browser.new_context(base_url=served, **screen(size))
    page = context.new_page()
    for path in (
        "contributions/?in=USD",
        "contributions/?donor=IADB",
        "donors/",
        "donors/USA.GOV/",
        "contribution/esp-mirps-fund/",
        "iati/",
    ):
        answer = page.goto(f"/{lang}/planning/{path}")
        assert answer
        assert answer.status == 200
        whole(page)
    context.close()


def test_a_donor_s_own_pages_can_be_used_by_everyone(served: str, enter: Enter, browser: Browser) -> None:
    page = enter("es", "demo-donor")
    state = page.context.storage_state()
    context = browser.new_context(base_url=served, storage_state=state, **screen(PHONE))
    phone = context.new_page()
    for path in ("my-contributions/", "new/contribution/"):
        phone.goto(f"/es/planning/{path}")
        whole(phone)
    context.close()


def act(page: Page, name: str) -> None:
    page.locator(f"form:has(input[name=act][value={name}]) button[type=submit]").click()


def listed(page: Page) -> str:
    page.goto("/en/planning/contributions/?donor=USA.GOV&stage=committed")
    return page.locator("main").inner_text()


def save(page: Page) -> None:
    page.click("main form.record-form > button[type=submit]")


def edit(page: Page, record: str) -> None:
    page.goto(record)
    page.locator("section.steps a.button").click()


def draft(donor: Page) -> str:
    """A draft in one language: it can be kept, not submitted. Gives its address."""
    donor.goto("/en/planning/my-contributions/")
    expect(donor.locator("main")).to_contain_text("You have no drafts")
    expect(donor.locator("main")).to_contain_text("Internships for labour insertion")
    donor.click("main .ways a.button")
    donor.fill("[name='title.en']", TITLE)
    donor.fill("[name='purpose.en']", "Two offices")
    donor.select_option("[name='stage']", "committed")
    donor.select_option("[name='form']", "grant")
    donor.fill("[name='amount.amount']", "2,500,000")
    donor.fill("[name='amount.currency']", "USD")
    donor.fill("[name='made']", "2025-03-14")
    donor.check("input[name='states'][value='HND']")
    save(donor)
    expect(donor.locator("h1")).to_contain_text(TITLE)
    record = donor.url
    act(donor, "submit")
    expect(donor.locator("main")).to_contain_text("language")
    return record


def finish(donor: Page, record: str) -> None:
    """The other language; then it is submitted, and no longer the donor's to change."""
    edit(donor, record)
    donor.fill("[name='title.es']", "Apoyo a oficinas de asilo en la frontera")
    donor.fill("[name='purpose.es']", "Dos oficinas")
    save(donor)
    edit(donor, record)
    for holds in donor.locator("input[name=_holds]").all():  # the original still says the same
        holds.check()
    save(donor)
    donor.goto(record)
    act(donor, "submit")
    donor.goto(record)
    expect(donor.locator("section.steps a.button")).to_have_count(0)
    donor.goto("/en/planning/my-contributions/")
    expect(donor.locator("main")).to_contain_text(TITLE)


def send_back(secretariat: Page, record: str, why: str) -> None:
    secretariat.goto(record)
    back = secretariat.locator("form:has(input[name=act][value=return])")
    back.locator("summary").click()
    back.locator("textarea").fill(why)
    back.locator("button[type=submit]").click()


def test_from_a_donor_s_draft_to_the_public_sum_and_the_file(enter: Enter, served: str) -> None:
    donor, reader = enter("en", "demo-donor"), enter("en", "demo-reader")
    record = draft(donor)
    assert TITLE not in listed(reader)
    finish(donor, record)

    # The secretariat sends it back with a reason, which the donor reads and answers.
    secretariat = enter("en", "demo-secretariat")
    send_back(secretariat, record, "Say which sector it is for.")
    donor.goto("/en/planning/my-contributions/")
    expect(donor.locator("main")).to_contain_text("It was sent back: Say which sector it is for.")
    edit(donor, record)
    donor.check("input[name='sectors'][value='asylum']")
    save(donor)
    donor.goto(record)
    act(donor, "submit")
    assert TITLE not in listed(reader)

    # Published by somebody else, it is in the list, in the sums, on the donor's page and in the file.
    secretariat.goto(record)
    act(secretariat, "publish")
    told = listed(reader)
    assert TITLE in told
    assert "USD 2,500,000" in told
    reader.goto("/en/planning/donors/USA.GOV/")
    expect(reader.locator("main")).to_contain_text(TITLE)
    written = urllib.request.urlopen(f"{served}/en/planning/iati/activities.xml", timeout=30).read()
    found = etree.fromstring(written).iterfind("iati-activity")
    activity = next(a for a in found if a.findtext("title/narrative[2]") == TITLE)
    assert activity.findtext("transaction/value") == "2500000"
    assert [c.get("code") for c in activity.iterfind("recipient-country")] == ["HN"]


def test_a_donor_may_not_write_in_another_s_name(enter: Enter) -> None:
    donor = enter("en", "demo-donor")
    donor.goto("/en/planning/record/contribution/esp-mirps-fund/")
    expect(donor.locator("section.steps")).to_have_count(0)
    answer = donor.goto("/en/planning/edit/contribution/esp-mirps-fund/")
    assert answer
    assert answer.status in (403, 404)

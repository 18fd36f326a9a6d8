"""A new officer in the demo of each State: a case from the desk to a decision and a letter that anybody can verify; and
a case of somebody who stays away, closed by a person, told, and reopened. What a State's procedure has and has not is
asked of its file (walks.py), so that a new version is walked as it is."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.people import DESK, PATIENCE, PHONE, Enter, entering, fits, screen, scripts_hold, whole
from tests.browser.tongues import foreign
from tests.browser.walks import COUNTRY, STATES, TONGUE, Json, Walk, walk_of
from tests.product import own_tables, seed, serving

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.casework.procedures.model import Paper, Type
from mirps.casework.procedures.wording import in_lang

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SEED = Path(__file__).with_name("seed_walk.py")
#: In the order of their codes, by turns: of two that follow each other, each is walked in another language.
LANG = {state: ("en", "es")[n % 2] for n, state in enumerate(STATES)}
ON_A_PHONE = ("GTM", "PAN")
GENUINE = {"es": "El documento es auténtico y vale", "en": "The document is genuine and valid"}
#: What an address has of its own: numbers and ids, what is asked.
OWN = re.compile(r"[A-Z]{3}-([CL]-)?[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]|[0-9a-f-]{36}|\?.*|http://[^/]*")
WHY = "Consta en el expediente. / It is in the file."
EACH = pytest.mark.parametrize("state", STATES)
Node = tuple[str, Json]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """One installation for all: its address, and of each State whoever is at the desk and whoever stays away."""
    env = own_tables(tmp_path_factory.mktemp("home")) | {"PYTHONPATH": str(SEED.parents[2])}
    told = json.loads(seed(env, SEED))
    expect.set_options(timeout=PATIENCE)
    with serving(env) as address:
        yield address, told
    expect.set_options(timeout=5_000)  # as it was


class Walker:
    """The people of one State at their screens, one after the other at the same case."""

    def __init__(self, enter: Enter, state: str) -> None:
        self.enter, self.walk, self.lang = enter, walk_of(state), LANG[state]
        self.size = PHONE if state in ON_A_PHONE else DESK
        self.pages: dict[str, Page] = {}
        self.seen: set[str] = set()
        self.case = ""

    def named(self, user: str) -> Page:
        """Their screen; they sign in once."""
        if user not in self.pages:
            self.pages[user] = self.enter(self.lang, user, size=self.size, scripts=True)
        return self.pages[user]

    def look(self, page: Page) -> None:
        """No fault that axe finds on a page of a new sort; on none a word of the other language."""
        sort = re.sub(
            r"[A-Z]{3}-([CL]-)?[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]|[0-9a-f-]{36}|\?.*|http://[^/]*",
            "*",
            page.url,
        )
        page.wait_for_load_state()
        if sort not in self.seen:
            self.seen.add(sort)
            whole(page)
        assert fits(page), page.url
        assert not (found := foreign(page, self.lang)), f"{page.url}: {found}"

    def at_case(self, user: str) -> Page:
        page = self.named(user)
        page.goto(self.case)
        self.look(page)
        return page

    def at_own(self, user: str, way: str) -> Page:
        """From the case on to what belongs to it."""
        page = self.at_case(user)
        page.locator("p.actions").get_by_role("link", name=say(way, self.lang)).click()
        self.look(page)
        return page

    def does(self, act: str, user: str = "") -> Page:
        """What an officer does from the case's page: its form is filled, sent, and, if it is against the person,
        looked at once more."""
        page, found = self.at_case(user or self.walk.who(act)), self.walk.p.acts[act]
        page.locator(f".acts-now a[href$='/do/{act}/']").click()
        self.look(page)
        self.fills(page, act)
        page.locator("form.one-act .keep button").click()
        if found.adverse:
            self.looks_again(page, act)
        expect(page.locator(".alert.ok")).to_be_visible()
        self.look(page)
        return page

    def looks_again(self, page: Page, act: str) -> None:
        """What the person is told, and what they can do against it."""
        acts = self.walk.p.acts
        ways = [in_lang(acts[r].name, self.lang) for r in acts[act].remedies]
        for name in (*self.walk.papers(act, self.lang), *ways):
            expect(page.locator("section[aria-labelledby=h-person]")).to_contain_text(name)
        self.look(page)
        page.locator("main form button").click()

    def fills(self, page: Page, act: str) -> None:
        found = self.walk.p.acts[act]
        for name, value in self.walk.said(act).items():
            box = f"[name='f.{name}']"
            match self.walk.p.fields[name].type:
                case Type.YES:
                    page.locator(f"{box}[value={'yes' if value else 'no'}]").check()
                case Type.CHOICE | Type.TEXT if page.locator(f"select{box}").count():
                    page.select_option(f"select{box}", str(value))
                case Type.CHOICE:
                    page.locator(f"{box}[value={value}]").check()
                case Type.COUNTRY:
                    page.fill(box, codelists.country_name(str(value), self.lang))
                case Type.DATE:
                    day = (datetime.now(UTC) + timedelta(days=int(str(value)))).date()
                    for part, n in (("d", day.day), ("m", day.month), ("y", day.year)):
                        page.fill(f"[name='f.{name}.{part}']", str(n))
                case _:
                    page.fill(box, str(value))
        if found.reason:
            page.fill("#f-reason", WHY)

    def opens(self, person: str) -> None:
        """At the desk: who it is, what can be opened, the form, the case."""
        act, page = self.walk.way[0], self.named(self.walk.desk["user"])
        desk = self.walk.desk
        page.goto(f"/{self.lang}/people/seat/")
        page.select_option("#f-place", f"{desk['institution']} {desk['office']}")
        page.select_option("#f-purpose", "procedure")
        page.locator("main form button").click()
        page.goto(f"/{self.lang}/people/{person}/")
        page.locator(".actions a[href$='/cases/']").click()
        self.look(page)
        page.locator(f"a[href$='/{act}/']").click()
        self.look(page)
        self.fills(page, act)
        page.locator("form.one-act .keep button").click()
        expect(page.locator(".alert.ok")).to_be_visible()
        self.look(page)
        self.case = page.url.partition("?")[0]

    def sees_why(self) -> None:
        """The table says what it proposes and why; where the file has none, the page does not speak of one."""
        page, p = self.at_case(self.walk.who(self.walk.way[1])), self.walk.p
        expect(page.locator("#h-triage")).to_have_count(1 if p.triage else 0)
        if p.triage:
            expect(page.locator("tr.agreed")).to_have_count(1)
            expect(page.locator("#h-triage + p b")).to_have_text(
                re.compile("|".join(in_lang(m, self.lang) for m in p.fields["modality"].options.values()))
            )
        if p.deadlines and page.locator("a[href*='/deadline/']").count():
            page.locator("a[href*='/deadline/']").first.click()
            self.look(page)
        page = self.at_case(self.walk.who(self.walk.way[1]))
        page.locator("details.cannot summary").click()
        expect(page.locator("details.cannot li").first).to_contain_text(re.compile(r": \S"))

    def books(self) -> None:
        """An interview with a woman who interprets, in the language that the person said they speak."""
        page = self.at_own(self.walk.site["by"], "casework.more.appointments")
        page.locator(".actions a.leads").click()
        self.look(page)
        expect(page.locator("#f-language")).to_have_value(TONGUE)
        page.select_option("#f-gender", "F")
        page.locator("button[value=look]").click()
        expect(page.locator("#slots input[type=radio]").first).to_be_checked()
        expect(page.locator("section[aria-labelledby=h-match] > ol li").first).to_be_visible()
        self.look(page)
        page.locator("button[value=book]").click()
        expect(page.locator(".alert.ok")).to_have_text(say("appointments.done.booked", self.lang))
        expect(page.locator("dl.case-head")).to_contain_text(say("appointments.interpreter", self.lang))
        self.look(page)

    def decides(self, act: str) -> None:
        """A body sits: it is called, who is there is noted, each votes, the chair confirms, a person does it."""
        found = self.walk.body(act)
        assert found
        body, people = found
        page = self.named(people["by"])
        page.goto(f"/{self.lang}/sessions/")
        self.look(page)
        form = page.locator(f"form:has(input[name=body][value={body.code}])")
        form.locator("input[type=date]").fill((datetime.now(UTC) + timedelta(days=3)).date().isoformat())
        form.locator("input[type=time]").fill("09:00")
        form.locator(f"input[name=case][value='{self.number}']").check()
        form.locator("button").click()
        expect(page.locator(".alert.ok").first).to_have_text(say("sessions.done.called", self.lang))
        for box in page.locator("input[name=member]").all():
            box.check()
        page.locator("button[value=there]").click()
        expect(page.locator("main")).to_contain_text(say("sessions.quorum-met", self.lang))
        self.look(page)
        page.locator("section[aria-labelledby=h-agenda] ol a").first.click()
        item = page.url
        page.select_option("#f-act", act)
        page.locator("button[value=put]").click()
        self.look(page)
        for user in people["members"]:
            self.votes(self.named(user), item)
        page.goto(item)
        page.locator("button[value=closed]").click()
        chair = self.named(people["members"][0])
        chair.goto(item)
        chair.locator("button[value=confirmed]").click()
        page.goto(item)
        if page.locator("button[value=acted]").count():
            page.locator("textarea[name=reason]").fill(WHY)
            self.look(page)
            page.locator("button[value=acted]").click()
            expect(page.locator(".alert.ok").first).to_have_text(say("sessions.done.acted", self.lang))
        else:
            self.does(act, people["by"])
        page.goto(item)
        self.look(page)

    def votes(self, page: Page, item: str) -> None:
        page.goto(item)
        self.look(page)
        page.locator("input[name=way]").first.check()
        page.locator("button[value=voted]").click()
        expect(page.locator(".alert.ok").first).to_have_text(say("sessions.done.voted", self.lang))

    @property
    def number(self) -> str:
        return self.case.rstrip("/").rpartition("/")[2]

    def stands(self, page: Page, stage: str) -> None:
        page.goto(self.case)
        expect(page.locator(".case-head dd b").first).to_have_text(
            in_lang(self.walk.p.stages[stage].name, self.lang)
        )
        self.look(page)

    def hands_over(self, act: str, document: str, folder: Path) -> tuple[str, Path]:
        """The paper of an act among the case's letters, printed, given to the person and signed for: its serial, and
        the paper."""
        page = self.at_own(self.walk.who(act), "casework.more.letters")
        name = in_lang(self.walk.p.documents[document].name, self.lang)
        page.locator("ul.file-facts a", has_text=name).first.click()
        self.look(page)
        paper = paper_of(page, self.lang, folder)
        page.locator("section[aria-labelledby=h-deliver] .keep button").click()
        expect(page.locator("#faults a")).to_have_attribute("href", "#f-proof")  # that it was given is proved
        self.look(page)
        page.set_input_files("#f-proof", paper)
        page.locator("section[aria-labelledby=h-deliver] .keep button").click()
        expect(page.locator(".alert.ok")).to_have_text(say("letters.done.delivered", self.lang))
        self.look(page)
        return page.locator(".opening .lead code").inner_text(), paper


def paper_of(page: Page, lang: str, folder: Path) -> Path:
    """The letter of a page as an office's scanner sees it."""
    pdf, paper = folder / "letter.pdf", folder / "paper"
    where = page.locator(f"main a[hreflang={lang}]").first.get_attribute("href")
    pdf.write_bytes(page.request.get(str(where), timeout=PATIENCE).body())
    subprocess.run(["pdftoppm", "-r", "200", "-f", "1", "-l", "1", "-png", pdf, paper], check=True)
    return next(folder.glob("paper*.png"))


def anybody_verifies(browser: Browser, address: str, lang: str, paper: Path, serial: str) -> None:
    """Somebody without an account and without a line, who has the paper and once opened the page."""
    context = browser.new_context(**screen(PHONE))
    page = scripts_hold(context.new_page())
    page.set_default_timeout(PATIENCE)
    try:
        page.goto(f"{address}/{lang}/verify/")
        page.evaluate(
            """async (scope) => { while (!(await navigator.serviceWorker.getRegistration(scope))?.active)
                 await new Promise((done) => setTimeout(done, 100)); }""",
            f"/{lang}/verify/",
        )
        context.set_offline(True)
        page.goto(f"{address}/{lang}/verify/")
        page.set_input_files("#v-file", paper)
        expect(page.locator("#verdict h2")).to_have_text(GENUINE[lang], timeout=PATIENCE)
        expect(page.locator("#verdict")).to_contain_text(serial)
        whole(page)
        assert not (found := foreign(page, lang)), found
    finally:
        context.close()


def decision_of(walk: Walk) -> tuple[str, str]:
    """The last act of the way that gives a letter, and the letter."""
    given = ((a, d) for a in reversed(walk.way) for d in walk.p.acts[a].issues)
    return next((a, d) for a, d in given if walk.p.documents[d].paper is Paper.LETTER)


@EACH
def test_a_case_goes_from_the_desk_to_a_decision_and_a_letter_that_verifies(
    node: Node, browser: Browser, tmp_path: Path, state: str
) -> None:
    address, told = node
    with entering(browser, address) as enter:
        w = Walker(enter, state)
        w.opens(told[state]["person"])
        expect(w.named(w.walk.desk["user"]).locator("main")).to_contain_text(
            codelists.country_name(COUNTRY, w.lang)
        )
        stage = w.walk.p.acts[w.walk.way[0]].to
        booked = False
        for act in w.walk.way[1:]:
            if stage == w.walk.site["stage"] and not booked:
                w.books()
                booked = True
            if "modality" in w.walk.p.acts[act].asked:
                w.sees_why()
            w.decides(act) if w.walk.body(act) else w.does(act)
            stage = w.walk.p.acts[act].to or stage
        assert booked
        if not w.walk.p.triage:
            w.sees_why()
        w.stands(w.named(w.walk.who(act)), stage)
        by, document = decision_of(w.walk)
        serial, paper = w.hands_over(by, document, tmp_path)
    anybody_verifies(browser, address, LANG[state], paper, serial)


@EACH
def test_who_stays_away_is_told_that_the_case_was_closed_by_a_person_and_it_is_reopened(
    node: Node, browser: Browser, tmp_path: Path, state: str
) -> None:
    address, told = node
    with entering(browser, address) as enter:
        w = Walker(enter, state)
        closing = w.walk.closing
        deadline = w.walk.p.deadlines.get(closing.deadline)
        page = w.named(w.walk.who(closing.act))
        missed = deadline is not None and deadline.repeats
        page.goto(f"/{w.lang}/cases/?view={'missed' if missed else 'all'}")
        page.fill("#f-q", told[state]["away"])
        page.locator("form.filters button").click()
        w.look(page)
        page.locator(".cases tbody th a").click()
        w.look(page)
        w.case = page.url.partition("?")[0]
        before = page.locator(".case-head dd b").first.inner_text()
        proposed = page.locator(f".alert a[href$='/do/{closing.act}/']")  # by the system; nobody has done it
        expect(proposed).to_have_count(1 if closing.proposed else 0)
        page.locator(f"a[href$='/do/{closing.act}/']").first.click()
        page.locator("form.one-act .keep button").click()  # without a reason
        expect(page.locator("#faults li").first).to_be_visible()
        w.look(page)
        page = w.does(closing.act)
        w.stands(page, w.walk.p.acts[closing.act].to)
        w.hands_over(closing.act, w.walk.p.acts[closing.act].notice, tmp_path)
        page = w.does(w.walk.again)
        expect(page.locator(".case-head dd b").first).to_have_text(before)

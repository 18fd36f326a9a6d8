"""The desk without a line, as officers use it: on a phone and on a desk, in both languages, and when all goes wrong."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, expect
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.offline import (
    NOTHING,
    PHRASE,
    RECEIPTS,
    Human,
    Line,
    Node,
    at_desk,
    come_back,
    fill,
    finish,
    line_to,
    picture,
    sent,
    set_up,
    unlock,
    write,
)
from tests.browser.people import DESK, PATIENCE, PHONE, screen, scripts_hold, sign_in, whole

from mirps.people.registry.numbers import number, tidy

pytestmark = pytest.mark.browser
WAYS = [("es", PHONE, "demo-mex-tapachula"), ("en", DESK, "demo-blz-benque")]
FIVE: list[Human] = [
    ("María José", "Ñáñez O'Neill", "head"), ("Julián", "Pérez", "partner"), ("Ana", "Pérez Ñáñez", "child"),
    ("Luz", "Pérez Ñáñez", "child"), ("Rosa", "Ñáñez", "parent"),
]  # fmt: skip
WAIT = {
    "es": "1 registro espera para enviarse; nada se pierde.",
    "en": "1 registration waits to be sent; nothing is lost.",
}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    made = Node(tmp_path_factory.mktemp("home"))
    try:
        yield made
    finally:
        made.kill()


@pytest.fixture
def line(node: Node) -> Iterator[Line]:
    """A line to a node that runs."""
    if node.server is None:
        node.start()
    with line_to(node) as made:
        yield made


def open_(browser: Browser, size: dict[str, int] = DESK) -> BrowserContext:
    made = browser.new_context(**screen(size))
    made.set_default_timeout(PATIENCE)
    return made


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = open_(browser)
    yield made
    made.close()


@pytest.mark.parametrize(("lang", "size", "who"), WAYS, ids=["es-phone", "en-desk"])
def test_a_family_of_five_is_registered_without_a_line(
    node: Node, line: Line, browser: Browser, lang: str, size: dict[str, int], who: str
) -> None:
    """Set up with a line; then reloads, a change of language, a closed tab; at the end five people, once."""
    context = open_(browser, size)
    page = scripts_hold(context.new_page())
    set_up(page, line.address, lang, who)
    whole(page)
    node.kill()
    page.reload()
    whole(page)
    unlock(page)

    page.click("#start")
    page.click(".form-end button[type=submit]")  # nothing is filled in: every box that lacks is told
    expect(page.locator("#entry")).to_be_focused()
    whole(page)
    page.locator("#entry a").first.click()
    assert page.evaluate("document.activeElement.closest('.wrong') !== null")
    fill(page.locator("section.owner").nth(1), FIVE[0], year=1987)
    page.click("#language")
    expect(page.locator("[id$='-name'] input[id$='-surnames']")).to_have_value(FIVE[0][1])
    page.click("#language")
    come_back(page)  # what was typed is kept at every change
    page.locator("section:has(#desk-drafts-title) button").click()
    for n, human in enumerate(FIVE[1:], start=2):
        page.click("#another")
        fill(page.locator("section.owner").nth(n), human, year=1980 + n)
    whole(page)
    page.click(".form-end button[type=submit]")
    whole(page)
    numbers = page.locator(".cards-reg .reg").all_inner_texts()
    page.click("#next")
    expect(page.locator("#waits")).to_have_text(WAIT[lang])
    whole(page)
    page.close()

    page = scripts_hold(context.new_page())
    page.goto(f"{line.address}/{lang}/people/desk/")
    expect(page.locator("#waits")).to_have_text(WAIT[lang])  # told before it is unlocked
    unlock(page)
    node.start()
    sent(page)
    whole(page)
    people = {p["number"]: p["name"] for p in node.told()["people"] if p["by"] == who}
    assert sorted(people) == sorted(numbers[1:])
    assert sorted(people.values()) == sorted(f"{given} {surnames}" for given, surnames, _ in FIVE)
    expect(page.locator(f"section:has({RECEIPTS})")).to_contain_text(numbers[0])
    context.close()


def test_what_people_of_a_family_are_to_each_other_is_said_without_a_line(
    node: Node, line: Line, context: BrowserContext
) -> None:
    """Half of it is a fault at its box; somebody who is taken off again is tied to nobody."""
    page = scripts_hold(context.new_page())
    set_up(page, line.address, "es", "demo-pan-meteti")
    node.kill()
    write(page, ("Berta", "Guainora", "head"), ("Abel", "Guainora", "child"), ("Ciro", "Guainora", "child"))
    for who in (2, 3):
        box = page.locator("section.owner").nth(who)
        box.locator("details[id^=ties-] summary").click()
        box.locator("details[id^=ties-] > button").click()
        box = page.locator("section.owner").nth(who)
        box.locator("select[id^=t-][id$=-relation]").select_option("child" if who == 2 else "sibling")
    abel, ciro = (page.locator("section.owner").nth(n) for n in (2, 3))
    page.click(".form-end button[type=submit]")
    expect(page.locator("#entry li")).to_have_count(2)
    whole(page)
    abel.locator("select[id^=t-][id$=-other]").select_option(label="1. Berta Guainora")
    ciro.locator("select[id^=t-][id$=-other]").select_option(label="2. Abel Guainora")
    come_back(page)
    page.locator("section:has(#desk-drafts-title) button").click()
    expect(ciro.locator("select[id^=t-][id$=-other] option:checked")).to_have_text("2. Abel Guainora")
    whole(page)
    finish(page)
    node.start()
    sent(page)
    told = {p["name"]: p["ties"] for p in node.told()["people"] if p["by"] == "demo-pan-meteti"}
    assert told == {
        "Berta Guainora": [], "Abel Guainora": ["child Berta Guainora"], "Ciro Guainora": ["sibling Abel Guainora"],
    }  # fmt: skip


def test_numbers_are_those_of_the_registry(line: Line, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{line.address}/es/people/desk/")
    ids = [uuid4() for _ in range(200)]
    made = page.evaluate(
        """async (ids) => { const m = await import("/static/desk/ids.js");
             return ids.map((id) => [m.number("MEX", id), m.number("BLZ", id, true)]); }""",
        [str(i) for i in ids],
    )
    assert made == [[number("MEX", i), number("BLZ", i, mark="G")] for i in ids]
    own = page.evaluate(
        """async () => { const m = await import("/static/desk/ids.js");
             return Array.from({ length: 500 }, (_, n) => m.uuid7(1_700_000_000_000 + n)); }"""
    )
    assert len(set(own)) == 500
    assert own == sorted(own)
    assert {(UUID(i).version, UUID(i).variant) for i in own} == {(7, "specified in RFC 4122")}
    assert all(tidy(number("PAN", UUID(i))) for i in own)


def test_a_key_opens_with_its_passphrase_alone_and_cannot_be_taken_out(
    line: Line, context: BrowserContext
) -> None:
    """Nor can what it sealed be moved to another place, or be altered."""
    page = context.new_page()
    page.goto(f"{line.address}/es/people/desk/")
    told = page.evaluate(
        """async (phrase) => { const v = await import("/static/desk/vault.js");
             const { vault, key } = await v.make("rosa", phrase);
             const again = await v.open(vault, phrase);
             const sealed = await v.seal(key, ["drafts", "1", "rosa"], { name: "Ana" });
             const short = await v.seal(key, ["drafts", "1", "rosa"], {});
             const opens = (where, what) => v.unseal(again, where, what).then((x) => x.name, () => null);
             const altered = { ...sealed, data: new Uint8Array(sealed.data.slice(0)).fill(7, 3, 4).buffer };
             return { rounds: vault.rounds, out: [key.extractable, again.extractable],
               wrong: await v.open(vault, phrase + "x"), other: await v.open({ ...vault, id: "tomas" }, phrase),
               here: await opens(["drafts", "1", "rosa"], sealed), moved: await opens(["drafts", "2", "rosa"], sealed),
               altered: await opens(["drafts", "1", "rosa"], altered),
               lengths: [sealed.data.byteLength, short.data.byteLength] }; }""",
        PHRASE,
    )
    assert told.pop("rounds") >= 600_000
    assert told.pop("lengths") == [528, 528]
    assert told == {
        "out": [False, False],
        "wrong": None,
        "other": None,
        "here": "Ana",
        "moved": None,
        "altered": None,
    }


def test_nothing_on_the_device_names_anybody(
    node: Node, line: Line, browser: Browser, tmp_path: Path
) -> None:
    """Every file of the browser's profile is searched for what was typed; a value put there openly is found."""
    profile, planted = tmp_path / "profile", ["Zyxwendolina", "Quetzalmotzin", "Kj8842917", "Guaymuras"]
    context = profile_of(browser, profile)
    page = context.pages[0]
    set_up(page, line.address, "es", "demo-mex-tenosique")
    node.kill()
    write(page, (planted[0], planted[1], "head"), photo=picture())
    box = page.locator("section.owner").nth(1)
    box.locator("details[id$='-document'] summary").click()
    box.locator("details[id$='-document'] select[id$='-type']").select_option("id")
    box.locator("details[id$='-document'] input[id$='-number']").fill(planted[2])
    finish(page)
    write(page, (planted[3], planted[1], "head"))  # and one that is not finished
    page.evaluate(
        """() => new Promise((done) => { const asked = indexedDB.open("open", 1);
             asked.onupgradeneeded = () => asked.result.createObjectStore("t");
             asked.onsuccess = () => { const t = asked.result.transaction("t", "readwrite", { durability: "strict" });
               t.objectStore("t").put({ name: "Oropendolanegra" }, 1); t.oncomplete = () => done(true); }; })"""
    )
    page.wait_for_timeout(500)
    context.close()
    held = b"".join(p.read_bytes() for p in profile.rglob("*") if p.is_file())

    def found(word: str) -> bool:
        ways = {
            w.encode(coding) for w in (word, word.lower(), word.upper()) for coding in ("utf-8", "utf-16-le")
        }
        return any(way in held for way in ways)

    assert found("Oropendolanegra")
    assert [word for word in [*planted, PHRASE] if found(word)] == []


def profile_of(browser: Browser, profile: Path, *flags: str) -> BrowserContext:
    """A browser of its own whose profile stays on the disk."""
    made = browser.browser_type.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=[*QUIET, *flags], **screen(DESK)
    )
    made.set_default_timeout(PATIENCE)
    return made


def test_a_photo_is_taken_with_the_camera_of_the_device(
    node: Node, line: Line, browser: Browser, tmp_path: Path
) -> None:
    flags = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    context = profile_of(browser, tmp_path / "profile", *flags)
    page = scripts_hold(context.pages[0])
    set_up(page, line.address, "en", "demo-blz-benque")
    write(page, ("Fotografiada", "Cámara", "head"))
    block = page.locator("details[id$='-photo']")
    block.locator("summary").click()
    block.get_by_role("button", name="Take it with the camera").click()
    expect(block.locator("video")).to_be_visible()
    while not page.evaluate("document.querySelector('video').videoWidth"):
        page.wait_for_timeout(100)
    whole(page)
    block.get_by_role("button", name="Take the photo").click()
    expect(block.locator("canvas")).to_be_visible()
    whole(page)
    finish(page)
    sent(page)
    (person,) = [p for p in node.told()["people"] if p["name"] == "Fotografiada Cámara"]
    assert len(person["photos"]) == 1
    context.close()


def test_a_browser_that_is_killed_keeps_what_waits(
    node: Node, line: Line, browser: Browser, tmp_path: Path
) -> None:
    """SIGKILL to Chromium the moment a registration is finished: the next one that opens has it."""
    profile = tmp_path / "profile"
    context = profile_of(browser, profile)
    page = context.pages[0]
    set_up(page, line.address, "es", "demo-mex-tenosique")
    node.kill()
    write(page, ("Matada", "Navegadora", "head"), photo=picture())
    numbers = finish(page)
    for pid in of_profile(profile):
        os.kill(pid, signal.SIGKILL)
    with suppress(Error):  # it is gone
        context.close()
    context = profile_of(browser, profile)
    page = context.pages[0]
    at_desk(page, line.address, "es")
    expect(page.locator("#waits")).to_have_text(WAIT["es"])
    node.start()
    # A browser writes its cookies half a minute late: whoever was signed in may have to do so again.
    sign_in(page, line.address, "es", "demo-mex-tenosique", "/es/people/desk/")
    unlock(page)
    sent(page)
    (person,) = [p for p in node.told()["people"] if p["name"] == "Matada Navegadora"]
    assert [person["number"]] == numbers[1:]
    assert len(person["photos"]) == 1
    context.close()


def of_profile(profile: Path) -> list[int]:
    """The processes of the browser that has this profile."""
    mine = f"--user-data-dir={profile}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mine in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_a_wrong_passphrase_waits_longer_each_time_and_loses_nothing(
    node: Node, line: Line, context: BrowserContext
) -> None:
    page = scripts_hold(context.new_page())
    set_up(page, line.address, "es", "demo-mex-tenosique")
    node.kill()
    write(page, ("Paciente", "Espera", "head"))
    finish(page)
    page.click("#lock")
    for n in range(4):
        page.fill("#passphrase", f"otra frase de paso {n}")
        page.click("main button[type=submit]")
        expect(page.locator(".alert")).to_contain_text("La frase no es esa")
    expect(page.locator(".alert")).to_contain_text(re.compile(r"Espere \d+ segundos"))
    whole(page)
    page.fill("#passphrase", PHRASE)
    page.click("main button[type=submit]")
    expect(page.locator(".alert")).to_contain_text("Espere")  # even the right one
    page.reload()
    page.wait_for_timeout(4500)
    unlock(page)
    expect(page.locator("#waits")).to_have_text(WAIT["es"])


def test_a_desk_left_alone_locks_itself(line: Line, context: BrowserContext) -> None:
    page = scripts_hold(context.new_page())
    set_up(page, line.address, "es", "demo-mex-tenosique")
    page.clock.install()
    come_back(page)
    page.click("#start")
    page.locator("[id$='-name'] input[id$='-given']").fill("Ausente")
    page.clock.fast_forward("05:30")
    expect(page.locator("h1")).to_have_text("La mesa está cerrada con llave")
    assert "Ausente" not in page.content()
    unlock(page)
    expect(page.locator("section:has(#desk-drafts-title)")).to_contain_text("Ausente")


def test_a_forgotten_passphrase_is_replaced_with_a_line_and_the_account(
    node: Node, line: Line, context: BrowserContext
) -> None:
    page = scripts_hold(context.new_page())
    set_up(page, line.address, "en", "demo-blz-benque")
    line.page = b"HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    write(page, ("Olvidadiza", "Memoria", "head"))
    finish(page)
    line.mend()
    page.click("#lock")
    page.get_by_role("button", name="I forgot my passphrase").click()
    page.get_by_role("button", name="Set another passphrase").click()
    whole(page)
    page.fill("#passphrase", "a wholly new phrase")
    page.fill("#passphrase-again", "a wholly new phrase")
    page.click("main button[type=submit]")
    sent(page)
    assert [p["name"] for p in node.told()["people"]].count("Olvidadiza Memoria") == 1
    page.click("#lock")
    unlock(page, "a wholly new phrase")


def test_what_the_server_refuses_comes_back_to_be_mended(
    node: Node, line: Line, context: BrowserContext
) -> None:
    """By this device's clock, years ahead, a date is past; the server knows better, and the desk tells both."""
    page = scripts_hold(context.new_page())
    set_up(page, line.address, "es", "demo-mex-tenosique")
    page.clock.set_fixed_time("2031-05-01T12:00:00Z")
    page.click("#start")
    fill(page.locator("section.owner").nth(1), ("Futura", "Adelantada", "head"), year=2030)
    finish(page)
    expect(page.locator(".mends")).to_have_text("1 registro por corregir.")
    expect(page.locator(".clock")).to_contain_text("adelantado")
    whole(page)
    page.locator("section:has(#desk-mend-title) button").click()
    expect(page.locator("fieldset.date.wrong")).to_contain_text("La fecha todavía no ha llegado")
    whole(page)
    page.locator("[id$='-birth'] input[id$='-year']").fill("1990")
    finish(page)
    sent(page)
    told = node.told()
    assert [p["born"] for p in told["people"] if p["name"] == "Futura Adelantada"] == [["1990-05-04"]]
    assert "clock" in told["tasks"]


def test_two_desks_correct_the_same_person_and_neither_overwrites_the_other(
    node: Node, line: Line, browser: Browser
) -> None:
    """Both take the file along, both correct the date of birth without a line: both answers stand, with a task."""
    desks = []
    for who in ("demo-mex-tapachula", "demo-mex-tenosique"):
        context = open_(browser)
        page = scripts_hold(context.new_page())
        set_up(page, line.address, "es", who)
        desks.append(page)
    write(desks[0], ("Disputada", "Fecha", "head"))
    numbers = finish(desks[0])
    sent(desks[0])
    for page, year in zip(desks, ("1977", "1997"), strict=True):
        page.fill("#number", numbers[1])
        page.click("#carry")
        expect(page.locator("[id$='-birth'] input[id$='-year']")).to_have_value("1987")
        whole(page)
        page.locator("[id$='-birth'] input[id$='-year']").fill(year)
    node.kill()
    for page in desks:
        finish(page)
        expect(page.locator("#waits")).to_have_text(WAIT["es"])
    node.start()
    for page in desks:
        sent(page)
    told = node.told()
    (person,) = [p for p in told["people"] if p["name"] == "Disputada Fecha"]
    assert sorted(person["born"]) == ["1977-05-04", "1997-05-04"]
    assert told["tasks"].count("contradiction birth") == 1
    # Whichever found the line later is told.
    receipts = [page.locator(f"section:has({RECEIPTS})").inner_text() for page in desks]
    assert ["Queda 1 asunto" in words for words in receipts].count(True) == 1
    for page in desks:
        expect(page.locator("#waits")).to_have_text(NOTHING)
        page.context.close()

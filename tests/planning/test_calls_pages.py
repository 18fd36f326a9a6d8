"""The pages of a call, walked by everybody at every stage: what each sees, and what nobody sees at any door."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from tests.access.test_every_door import shut
from tests.planning import calls_world as world
from tests.planning.calls_world import CLOSED, CODE, START, who

from mirps.base.notices.api import Notice
from mirps.base.texts.api import say
from mirps.planning.calls.api import Proposal
from mirps.planning.records import api as records

pytestmark = pytest.mark.django_db

Get = Callable[..., tuple[int, str]]
Held = dict[str, Proposal]


@pytest.fixture(autouse=True)
def _world(db: None, settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    world.people()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the clock that pages read."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    set_to(START)
    return set_to


@pytest.fixture
def in_reading(at: Callable[[datetime], None]) -> Held:
    """The call as far as its first reading, at its closing."""
    world.opened()
    held = world.applied()
    world.reading(held)
    at(CLOSED)
    return held


@pytest.fixture
def discussed(in_reading: Held) -> Held:
    """The same as far as the discussion."""
    world.read(in_reading)
    return in_reading


@pytest.fixture
def get() -> Get:
    clients: dict[str, Client] = {}

    def opened(
        name: str, path: str, post: dict[str, object] | None = None, lang: str = "en"
    ) -> tuple[int, str]:
        if name not in clients:
            clients[name] = Client()
            if name:
                clients[name].force_login(who(name))
        client, address = clients[name], f"/{lang}/planning/{path}"
        answer = client.post(address, post) if post is not None else client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        shut(answer)
        return answer.status_code, re.sub(
            r'csrfmiddlewaretoken" value="\w+"', "", body.decode(errors="replace")
        )

    return opened


CALL = f"calls/{CODE}/"
EVERYBODY = ["", *world.PEOPLE]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_everybody_reads_what_an_open_call_asks(at: object, get: Get, lang: str) -> None:
    world.opened()
    for name in EVERYBODY:
        status, page = get(name, CALL, lang=lang)
        assert status == 200, name
        assert ("Need" if lang == "en" else "Necesidad") in page
        assert "60 %" in page
    _, page = get("", "calls/", lang=lang)
    assert f'href="/{lang}/planning/calls/{CODE}/"' in page


def test_a_question_is_public_once_it_is_answered_and_never_tells_who_asked(at: object, get: Get) -> None:
    world.opened()
    assert get("app-hnd", f"{CALL}ask/", {"text": "May HND.SEDH pay rent?"})[0] == 302
    assert get("rea", f"{CALL}ask/", {"text": "x y z"})[0] == 403
    for name in EVERYBODY:
        assert ("pay rent" in get(name, CALL)[1]) == (name in ("sec", "sec2", "app-hnd")), name
    asked = re.search(r'name="asked" value="(\d+)"', get("sec", f"{CALL}run/")[1])
    assert asked
    words = {
        "question-es": "¿Alquiler?",
        "question-en": "Rent?",
        "answer-es": "Sí.",
        "answer-en": "Yes, a year.",
    }
    assert get("sec", f"{CALL}run/", {"step": "answer", "asked": asked[1], **words})[0] == 302
    for name in EVERYBODY:
        page = get(name, CALL)[1]
        assert "Yes, a year." in page
        assert "HND.SEDH pay" not in page
        assert "app-hnd" not in page.lower() or name == "app-hnd"


def test_only_who_runs_calls_opens_and_runs_one(at: object, get: Get) -> None:
    world.published()
    for name in world.PEOPLE:
        status, _ = get(name, f"{CALL}run/", {"step": "open"})
        assert status == (302 if name in ("sec", "sec2") else 403), name
    assert get("", f"{CALL}run/")[0] == 302
    told = Notice.objects.filter(kind="call.ties").order_by("user__username")
    assert list(told.values_list("user__username", flat=True)) == world.MEMBERS


def test_an_applicant_writes_for_their_own_institution_alone(at: object, get: Get) -> None:
    world.opened()
    assert get("app-hnd", f"{CALL}apply/", {"institution": "GTM.MINTRAB"})[0] == 403
    assert get("don", f"{CALL}apply/")[0] == 403
    assert get("app-hnd", f"{CALL}apply/", {"institution": "HND.SEDH"})[0] == 302
    p = Proposal.objects.get()
    for name in world.PEOPLE:
        for page in ("", "write/", "agreement/"):
            status, _ = get(name, f"proposals/{p.pk}/{page}")
            expected = 200 if name == "app-hnd" and page != "agreement/" else 404
            assert status == expected, (name, page)


def test_what_is_missing_leads_to_where_it_is_mended(at: object, get: Get) -> None:
    world.opened()
    get("app-hnd", f"{CALL}apply/", {"institution": "HND.SEDH"})
    p = Proposal.objects.get()
    status, page = get("app-hnd", f"proposals/{p.pk}/")
    assert (status, page.count('<li><a href="/en/planning/proposals')) == (200, 6)
    assert '<a href="#papers">The paper is missing: Letter</a>' in page
    status, page = get("app-hnd", f"proposals/{p.pk}/act/", {"act": "submit"})
    assert status == 422
    assert "Not answered: Which problem does it address?" in page


def test_amounts_are_read_as_the_readers_country_writes_them_and_nothing_is_guessed(
    at: object, get: Get
) -> None:
    world.opened()
    get("app-hnd", f"{CALL}apply/", {"institution": "HND.SEDH"})
    p = Proposal.objects.get()
    form = {"base": "0", "title-es": "Uno", "what-0": "Rooms", "payer-0": "fund", "months": "12"}
    assert get("app-hnd", f"proposals/{p.pk}/write/", {**form, "amount-0": "about ten"})[0] == 422
    assert get("app-hnd", f"proposals/{p.pk}/write/", {**form, "amount-0": "12,500.50"})[0] == 302
    p.refresh_from_db()
    assert p.content["lines"][0]["amount"] == "12500.50"
    status, page = get("app-hnd", f"proposals/{p.pk}/write/", {**form, "title-es": "Dos", "amount-0": "1"})
    assert status == 409
    assert "Somebody else kept the proposal" in page
    assert 'value="Dos"' in page


# --- what nobody may see


SECRETS = ("Work permits", "Shelters", "Clinics", "Rosa Pérez", "sees it daily", "Thought by", "Summary of")


def doors(held: Held) -> list[str]:
    """Every address at which something of a call could be seen: its own, and those of all records."""
    ids = [str(p.pk) for p in held.values()]
    papers = [x.pk for p in held.values() for x in p.papers.order_by("id")]
    own = ["", "run/", "apply/", "interests/", "reading/", "ranking/", *(f"reading/{x}/" for x in "ABC")]
    generic = [
        "", "calls/", "records/call/", "records/award/", "records/proposal/", "records/project/",
        "records/call/workbook/download/",
        f"record/call/{CODE}/", f"record/call/{CODE}/history/", f"record/call/{CODE}/edit/",
        f"record/proposal/{ids[0]}/",
        "new/call/", "new/award/?parent=call/" + CODE,
    ]  # fmt: skip
    each = [f"proposals/{i}/{x}" for i in ids for x in ("", "write/", "agreement/")]
    return [*(f"{CALL}{x}" for x in own), *generic, *each, *(f"papers/{n}/" for n in papers)]


#: Other doors of the product: the search, the API, what changed.
OUTSIDE = ["search/?q=Shelters", "search/?q=Clinics", "search/?q=Rosa", "news/", "notices/"]


def leaked(get: Get, name: str, held: Held, *, but: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    found = []
    for door in [*doors(held), *(f"../{x}" for x in OUTSIDE)]:
        _, page = get(name, door)
        # What a reader typed into the search comes back in its own field.
        page = re.sub(r"q=\w+|value=\"\w+\"|“\w+”", "", page)
        found += [(door, s) for s in SECRETS if s in page and s not in but]
    return found


OUTSIDERS = ["", "don"]
GTM_TEXT = ("Work permits", "sees it daily", "Summary of Work")


def test_before_the_closing_nobody_but_its_applicant_sees_anything_of_a_proposal(
    at: object, get: Get
) -> None:
    world.opened()
    held = world.applied()
    for name in [*OUTSIDERS, "sec", "ana"]:
        assert leaked(get, name, held) == [], name
    mine = {s for _, s in leaked(get, "app-hnd", held)}
    assert mine == {"Shelters", "Rosa Pérez", "Summary of"}


def test_in_the_blind_reading_nobody_learns_what_is_not_theirs_to_learn(
    at: Callable[[datetime], None], get: Get
) -> None:
    world.opened()
    held = world.applied()
    world.reading(held)
    world.scored("ana", held["gtm"], 5, 5)
    world.scored("ana", held["hnd"], 5, 5)
    at(CLOSED)
    for name in [*OUTSIDERS, "rea", "adm", "pre"]:
        assert leaked(get, name, held) == [], name
    # Another applicant sees their own alone; the focal point of Guatemala its State's.
    assert {s for _, s in leaked(get, "app-pan", held)} == {"Clinics", "Rosa Pérez", "Summary of"}
    assert {s for _, s in leaked(get, "fp-gtm", held)} == {
        "Work permits",
        "Rosa Pérez",
        "sees it daily",
        "Summary of",
    }
    # The recused member reads the others and nothing of the one; a reader no names and no one else's scores.
    assert not {s for _, s in leaked(get, "gus", held)} & {
        "Work permits",
        "sees it daily",
        "Thought by",
        "Rosa Pérez",
    }
    assert not {s for _, s in leaked(get, "eva", held)} & {"Thought by", "Rosa Pérez"}
    for door in doors(held):
        for name in ("eva", "gus"):
            page = get(name, door)[1]
            for told in ("MINTRAB", "Ministry of Human Rights", "SEDH", "MINSA", "Ministry of Health"):
                assert told not in page or "datalist" in page, (name, door, told)
    # Who runs the call sees names and texts, and no score.
    assert "Thought by" not in {s for _, s in leaked(get, "sec", held)}


def test_who_is_recused_from_what_is_told_to_nobody_in_the_committee_while_it_reads(
    in_reading: Held, get: Get
) -> None:
    """That somebody of Guatemala does not read a proposal would say whose it is."""
    for name in ("ana", "eva", "leo"):
        for door in (CALL, f"{CALL}reading/", *(f"{CALL}reading/{x}/" for x in "ABC")):
            page = get(name, door)[1]
            assert "Gus" not in page
            assert "ecusal" not in page
    for name in ("ana", "gus"):
        assert get(name, f"{CALL}run/")[0] == 403


def test_the_letter_of_a_recused_proposal_is_as_little_there_as_one_that_is_not(
    in_reading: Held, get: Get
) -> None:
    mine = Proposal.objects.get(pk=in_reading["gtm"].pk).label
    status, page = get("gus", f"{CALL}reading/{mine}/")
    none = get("gus", f"{CALL}reading/Z/")
    assert (status, page.replace(f"/{mine}/", "/Z/")) == none
    assert get("gus", f"{CALL}reading/{mine}/", {"step": "give", "score-need": "5"})[0] == 404
    for step in ("check", "recusal", "start", "tell", "excuse"):
        assert get("gus", f"{CALL}run/", {"step": step, "proposal": str(in_reading["gtm"].pk)})[0] == 403


def test_in_the_discussion_a_recused_member_sees_neither_scores_nor_text_nor_its_place(
    discussed: Held, get: Get
) -> None:
    world.decided(discussed["gtm"], "selected", "ana", "eva", amount=80000)
    seen = {s for _, s in leaked(get, "gus", discussed)}
    assert "Thought by" in seen
    assert not seen & {"Work permits", "sees it daily"}
    page = get("gus", f"{CALL}ranking/")[1]
    assert "Not shown to you because of a recusal: 1" in page
    assert "80,000" not in page
    assert re.findall(r'data-label="Place">(\d)', page) == ["1", "2"]
    assert re.findall(r'data-label="Place">(\d)', get("ana", f"{CALL}ranking/")[1]) == ["1", "2", "3"]
    for name in [*OUTSIDERS, "app-gtm", "fp-gtm"]:
        assert get(name, f"{CALL}ranking/")[0] in (302, 403)
        assert "Thought by" not in {s for _, s in leaked(get, name, discussed)}


def test_papers_with_names_open_for_readers_only_after_the_first_reading(in_reading: Held, get: Get) -> None:
    letter = in_reading["gtm"].papers.get(document="letter")
    plan = in_reading["gtm"].papers.get(document="plan")
    for name in [*OUTSIDERS, "gus", "app-hnd"]:
        assert get(name, f"papers/{letter.pk}/")[0] in (302, 404)
        assert get(name, f"papers/{plan.pk}/")[0] in (302, 404)
    assert get("ana", f"papers/{letter.pk}/")[0] == 404
    client = Client()
    client.force_login(who("ana"))
    answer = client.get(f"/en/planning/papers/{plan.pk}/")
    b"".join(answer.streaming_content)
    shut(answer)
    assert "MINTRAB" not in answer["Content-Disposition"]
    world.read(in_reading)
    assert get("ana", f"papers/{letter.pk}/")[0] == 200
    assert get("gus", f"papers/{letter.pk}/")[0] == 404


def test_what_was_told_is_public_for_the_selected_and_for_nobody_else(discussed: Held, get: Get) -> None:
    world.told(discussed)
    for name in OUTSIDERS:
        page = get(name, CALL)[1]
        assert "Work permits" in page
        assert "Shelters" in page
        assert "Clinics" not in page
        assert {s for _, s in leaked(get, name, discussed)} <= {"Work permits", "Shelters"}
    page = get("app-pan", f"proposals/{discussed['pan'].pk}/", lang="es")[1]
    assert "En reserva" in page
    assert "Responde a una necesidad clara." in page
    assert "Thought by" not in page


def test_a_generic_page_of_records_writes_no_award_past_the_committee(at: object, get: Get) -> None:
    """Awards come of decisions: who runs calls may mend their words afterwards, nobody else writes one."""
    world.opened()
    for name in [*OUTSIDERS, *world.MEMBERS, "app-gtm"]:
        if name:
            assert get(name, f"new/award/?parent=call/{CODE}")[0] in (403, 404), name
    assert list(records.of_kind("award")) == []
    data = {"title": {"es": "De nadie", "en": "Nobody's own"}, "entity": "HND.SEDH"}
    records.save(kind="award", code="past", data=data, base=0, by="sec", at=START, parent=f"call/{CODE}")
    assert '<section aria-labelledby="h-awards">' not in get("", CALL)[1]


def test_everybody_concerned_is_told_with_nothing_secret(at: Callable[[datetime], None], get: Get) -> None:
    world.opened()
    held = world.applied()
    world.declared()
    world.checked(*held.values())
    world.recused("gus", held["gtm"])
    at(CLOSED)
    assert get("sec", f"{CALL}run/", {"step": "start"})[0] == 302
    world.read(held)
    world.decided(held["gtm"], "selected", "ana", "eva", amount=80000)
    world.decided(held["hnd"], "selected", "ana", "eva", amount=60000)
    world.decided(held["pan"], "reserve", "ana", "eva")
    assert get("sec", f"{CALL}run/", {"step": "tell"})[0] == 302
    told = {(n.user.username, n.kind) for n in Notice.objects.select_related("user").order_by("id")}
    assert told >= {(m, "call.reading") for m in world.MEMBERS}
    assert told >= {(a, "call.result") for a in ("app-gtm", "app-hnd", "app-pan", "fp-gtm")}
    for n in Notice.objects.filter(kind__startswith="call.").order_by("id"):
        assert set(n.params) == {"what_es", "what_en"}
        assert n.params["what_en"] == "Trial call"


def test_an_agreement_is_written_signed_by_both_and_leads_to_the_project(discussed: Held, get: Get) -> None:
    world.told(discussed)
    page = f"proposals/{discussed['gtm'].pk}/agreement/"
    for name in [*OUTSIDERS, *world.MEMBERS, "app-hnd"]:
        assert get(name, page)[0] in (302, 404), name
    form = {
        "step": "write", "amount": "80,000", "starts": "2027-01-01", "ends": "2027-12-31", "due-0": "2027-01-15",
        "amount-0": "80,000", "condition-es-0": "Firma", "condition-en-0": "Signature",
    }  # fmt: skip
    assert get("app-gtm", page, form)[0] == 404
    assert get("sec", page, {**form, "amount-0": "79,000"})[0] == 422
    assert get("sec", page, form)[0] == 302
    sign = {"step": "sign", "number": "1"}
    assert get("sec", page, {**sign, "side": "fund"})[0] == 422
    assert get("sec2", page, {**sign, "side": "fund"})[0] == 302
    assert get("app-gtm", page, {**sign, "side": "applicant"})[0] == 302
    shown = get("app-gtm", page)[1]
    assert "Signed by both sides" in shown
    project = records.of_kind("project").filter(state="GTM").first()
    assert project
    assert project.public is None


def test_what_was_done_is_listed_for_who_runs_the_call_without_what_is_sealed(
    at: Callable[[datetime], None], get: Get
) -> None:
    from mirps.planning.calls.ledger import _STEPS

    world.opened()
    get("app-hnd", f"{CALL}ask/", {"text": "May rent be paid?"})
    held = world.applied()
    page = get("sec", f"{CALL}run/")[1]
    assert "a question came in" in page
    for sealed in ("proposal handed in", "proposal begun", "App-hnd", "App-gtm"):
        assert sealed not in page
    world.reading(held)
    world.scored("ana", held["gtm"], 5, 5)
    at(CLOSED)
    page = get("sec2", f"{CALL}run/")[1]
    assert "proposal handed in" in page
    assert "scores handed in" in page
    assert "Thought by" not in page
    for lang in ("es", "en"):
        assert all(say(f"calls.event.{what}", lang) for what in _STEPS)

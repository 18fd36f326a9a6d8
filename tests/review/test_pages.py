"""The pages of review: who sees what, what may be done there, and why something may not."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.review.conftest import NOW, approve, cell, handed, submit, write

from mirps.base.access.api import Delegation, User, give_role
from mirps.base.notices.api import Notice
from mirps.evidence.entries.api import Cell
from mirps.evidence.findings import api as findings
from mirps.evidence.narratives import api as narratives
from mirps.evidence.narratives.api import Section, SectionStep, SectionText
from mirps.evidence.review import api as review
from mirps.evidence.review.api import Level, RemarkKind
from mirps.evidence.review.models import Remark
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Round, Status

pytestmark = pytest.mark.django_db
REASONS = {"reason_es": "Diez personas cuentan dos veces.", "reason_en": "Ten people are counted twice."}


def person(name: str, role: str, state: str = "", body: str = "") -> Client:
    user = User.objects.create(username=name, first_name=name.capitalize(), email=f"{name}@example.org")
    give_role(
        user=user, role=role, state=state, body=body, starts=date(2024, 1, 1), ends=None, by="t", at=NOW
    )
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def focal(round_2025: Round) -> Client:
    return person("fernanda", "state-approver", "HND")


@pytest.fixture
def region(round_2025: Round) -> Client:
    return person("rosa", "secretariat")


@pytest.fixture
def clerk(round_2025: Round) -> Client:
    return person("clerk", "data-entry", "HND", "HND.INM")


def test_who_reviews_one_answer_settles_no_question_about_another(region: Client, focal: Client) -> None:
    own, other = handed("hnd-inm-001", 5), handed("cri-dgme-001", 7)
    asked = review.remark(
        kind=RemarkKind.QUESTION, text="Sure?", lang="en", by="otto", role="any", at=NOW, cell=other.pk
    )
    focal.post(f"/en/rounds/2025/review/cell/{own.pk}/", {"do": "settle", "question": asked.pk})
    assert Remark.objects.get(pk=asked.pk).resolved_at is None
    endless = {"do": "settle", "question": "9" * 3000}
    assert focal.post(f"/en/rounds/2025/review/cell/{own.pk}/", endless).status_code < 500


def test_nothing_is_done_about_what_is_no_longer_asked(focal: Client) -> None:
    c = handed("hnd-inm-002", 5)
    rounds.withdraw(asked=c.asked, reason="Asked by mistake.", by="secretariat", at=NOW)
    page = f"/en/rounds/2025/review/cell/{c.pk}/"
    for given in ({"do": "comment", "text": "Why?"}, {"do": "send-back", "seen": f"{c.pk}:1", "text": "No."}):
        assert focal.post(page, given).status_code == 404
    assert not Remark.objects.exists()
    assert status(c) is Status.SUBMITTED


def status(c: Cell) -> Status:
    return Status(Cell.objects.get(pk=c.pk).status)


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


BASE = "/en/rounds/2025/review"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_page_of_review_is_there_in_both_languages(focal: Client, region: Client, lang: str) -> None:
    c = handed("hnd-inm-001", 7)
    write(cell("hnd-inm-001", "sex=F"), 9)
    submit(cell("hnd-inm-001", "sex=F"))
    doubt = findings.current().get(round="2025")
    at = f"/{lang}/rounds/2025/review"
    for address in (
        "/HND/", "/HND/?show=all&institution=HND.INM", "/HND/?show=contradictions", "/HND/approve/",
        f"/cell/{c.pk}/", f"/finding/{doubt.code}/",
    ):  # fmt: skip
        assert focal.get(at + address).status_code == 200, address
    assert region.get(f"{at}/").status_code == 200
    assert region.get(f"{at}/HND/").status_code == 200
    assert focal.get(f"{at}/").headers["Location"].endswith("/review/HND/")


def test_a_state_page_is_for_its_own_people_and_the_region(focal: Client, clerk: Client) -> None:
    assert focal.get(f"{BASE}/CRI/").status_code == 403
    assert clerk.get(f"{BASE}/HND/").status_code == 403
    assert Client().get(f"{BASE}/HND/").status_code == 302
    assert focal.get(f"{BASE}/XXX/").status_code == 404


def test_the_region_does_not_read_what_the_state_has_not_approved(focal: Client, region: Client) -> None:
    c = handed("hnd-inm-002", 987654)
    for address in (f"{BASE}/HND/?show=all", f"{BASE}/cell/{c.pk}/"):
        assert "987,654" not in text(region.get(address))
        assert "987,654" in text(focal.get(address))
    approve(c, by="fernanda")
    for address in (f"{BASE}/HND/?show=all", f"{BASE}/cell/{c.pk}/"):
        assert "987,654" in text(region.get(address))


def test_the_state_and_then_the_region_approve_on_their_pages(focal: Client, region: Client) -> None:
    c = handed("hnd-inm-002", 7)
    given = {"seen": f"{c.pk}:1", "back": "?show=waiting#list"}
    answer = focal.post(f"{BASE}/HND/approve/now/", given)
    assert answer.headers["Location"] == f"{BASE}/HND/?show=waiting&done=approve&n=1#list"
    assert "Approved: 1." in text(focal.get(f"{BASE}/HND/?done=approve&n=1"))
    assert status(c) is Status.STATE
    assert region.post(f"{BASE}/HND/approve/now/", given).status_code == 302
    assert status(c) is Status.REGION


def test_who_wrote_it_is_told_that_somebody_else_approves_it_and_who(region: Client) -> None:
    me = person("fernanda", "state-approver", "HND")
    person("gloria", "state-approver", "HND")
    c = cell("hnd-inm-002")
    write(c, 7, by="fernanda")
    submit(c)
    shown = text(me.get(f"{BASE}/cell/{c.pk}/"))
    assert "You wrote this value on" in shown
    assert "Ask: Gloria." in shown
    refused = me.post(f"{BASE}/HND/approve/now/", {"seen": f"{c.pk}:1"})
    assert refused.status_code == 422
    assert "somebody else approves it" in text(refused)
    assert status(c) is Status.SUBMITTED


def test_who_may_not_approve_is_told_who_may(round_2025: Round, focal: Client) -> None:
    c = handed("hnd-inm-002", 7)
    watcher = person("wendy", "focal-point", "HND")
    assert "Those who may: Fernanda." in text(watcher.get(f"{BASE}/cell/{c.pk}/"))
    assert watcher.post(f"{BASE}/HND/approve/now/", {"seen": f"{c.pk}:1"}).status_code == 403
    assert status(c) is Status.SUBMITTED


def test_a_contradiction_is_named_and_answered_there_and_then(focal: Client) -> None:
    total, women = handed("hnd-inm-001", 7), cell("hnd-inm-001", "sex=F")
    write(women, 9)
    submit(women)
    refused = focal.post(f"{BASE}/HND/approve/now/", {"seen": f"{total.pk}:1"})
    assert refused.status_code == 422
    doubt = findings.current().get(round="2025")
    link = f"{BASE}/finding/{doubt.code}/"
    assert link in text(refused)
    lacking = focal.post(link, {"kind": "explained", "reason_es": "", "reason_en": "No."})
    assert lacking.status_code == 422
    assert 'href="#f-reason_es"' in text(lacking)
    assert focal.post(link, {"kind": "acknowledged", **REASONS}).status_code == 302
    given = findings.current().get(code=doubt.code).answers.get()
    assert (given.kind, given.role, given.by) == ("acknowledged", "state-approver", "fernanda")
    assert focal.post(f"{BASE}/HND/approve/now/", {"seen": f"{total.pk}:1"}).status_code == 302


def test_somebody_was_faster_and_one_is_told_who_and_when(focal: Client) -> None:
    c = handed("hnd-inm-002", 7)
    other = person("gloria", "state-approver", "HND")
    message = {"do": "send-back", "seen": f"{c.pk}:1", "text": "Is this the whole year?"}
    assert other.post(f"{BASE}/cell/{c.pk}/", message).status_code == 302
    late = focal.post(f"{BASE}/HND/approve/now/", {"seen": f"{c.pk}:1"})
    assert late.status_code == 409
    assert "Gloria sent it back on" in text(late)


def test_what_is_sent_back_says_why_and_reaches_who_gave_it(focal: Client, clerk: Client) -> None:
    c = handed("hnd-inm-002", 7)
    empty = focal.post(f"{BASE}/cell/{c.pk}/", {"do": "send-back", "seen": f"{c.pk}:1", "text": ""})
    assert empty.status_code == 422
    nothing = focal.post(f"{BASE}/cell/{c.pk}/", {"do": "send-back", "text": "Look again."})
    assert nothing.status_code == 422
    done = focal.post(f"{BASE}/cell/{c.pk}/", {"do": "send-back", "seen": f"{c.pk}:1", "text": "Look again."})
    assert done.status_code == 302
    assert status(c) is Status.RETURNED
    notice = Notice.objects.get(user__username="clerk")
    assert (notice.kind, notice.institution) == ("returned", "HND.INM")
    assert "Look again." in text(clerk.get(f"{BASE}/cell/{c.pk}/"))


def test_one_message_sends_back_several_parts_and_leaves_the_rest(focal: Client) -> None:
    total, women, men = (handed("hnd-inm-001", n, d) for n, d in ((7, ""), (4, "sex=F"), (3, "sex=M")))
    other = handed("hnd-inm-002", 5)
    focal.post(
        f"{BASE}/cell/{total.pk}/",
        {
            "do": "send-back",
            "seen": [f"{women.pk}:1", f"{men.pk}:1", f"{other.pk}:1"],
            "text": "By sex again.",
        },
    )
    assert [status(c) for c in (total, women, men, other)] == [
        Status.SUBMITTED, Status.RETURNED, Status.RETURNED, Status.SUBMITTED,
    ]  # fmt: skip


def test_a_question_goes_to_the_institution_and_its_answer_back(focal: Client, clerk: Client) -> None:
    c = handed("hnd-inm-002", 7)
    at = f"{BASE}/cell/{c.pk}/"
    assert focal.post(at, {"do": "question", "text": "All of the year?"}).status_code == 302
    asked = Remark.objects.get(cell=c)
    assert Notice.objects.get(user__username="clerk").kind == "question"
    assert clerk.post(at, {"do": "question", "text": "And you?"}).status_code == 403
    assert clerk.post(at, {"do": "answer", "question": asked.pk, "text": " "}).status_code == 422
    assert clerk.post(at, {"do": "answer", "question": asked.pk, "text": "Yes."}).status_code == 302
    assert Notice.objects.get(user__username="fernanda").kind == "comment"
    assert clerk.post(at, {"do": "settle", "question": asked.pk}).status_code == 403
    assert focal.post(at, {"do": "settle", "question": asked.pk}).status_code == 302
    assert Remark.objects.get(pk=asked.pk).resolved_by == "fernanda"


def test_a_reviewer_of_an_institution_sees_that_institution_alone(round_2025: Round) -> None:
    mine = person("ines", "institution-reviewer", "HND", "HND.INM")
    assert mine.get(f"{BASE}/HND/").status_code == 200
    elsewhere = person("olga", "institution-reviewer", "HND", "HND.DINAF")
    assert elsewhere.get(f"{BASE}/HND/").status_code == 403


def test_the_state_unlocks_what_it_approved_with_a_reason(focal: Client, region: Client) -> None:
    c = handed("hnd-inm-002", 7)
    approve(c, by="gloria")
    assert (
        region.post(f"{BASE}/cell/{c.pk}/", {"do": "unlock", "seen": f"{c.pk}:1", "text": "x"}).status_code
        == 403
    )
    given = {"do": "unlock", "seen": f"{c.pk}:1", "text": "A late file came in."}
    assert focal.post(f"{BASE}/cell/{c.pk}/", given).status_code == 302
    assert status(c) is Status.RETURNED


def test_all_that_nothing_holds_up_is_approved_after_a_summary(focal: Client) -> None:
    cells = [handed("hnd-inm-001", n, d) for n, d in ((100, ""), (60, "sex=F"), (40, "sex=M"))]
    held = handed("hnd-inm-002", 7)
    review.remark(
        kind=RemarkKind.QUESTION, text="Sure?", by="fernanda", lang="en", role="any", at=NOW, cell=held.pk
    )
    shown = text(focal.get(f"{BASE}/HND/approve/"))
    assert "3 values will be approved, all or none." in shown
    assert "A question is open" in shown
    seen = " ".join(f"{c.pk}:1" for c in cells)
    assert f'value="{seen}"' in shown
    assert focal.post(f"{BASE}/HND/approve/now/", {"seen": seen}).status_code == 302
    assert {status(c) for c in cells} == {Status.STATE}
    assert status(held) is Status.SUBMITTED


def test_nothing_changed_since_you_approved_is_said(focal: Client) -> None:
    c = handed("hnd-inm-002", 7)
    approve(c, by="fernanda")
    assert "Nothing has changed since you approved" in text(focal.get(f"{BASE}/HND/"))


def test_a_section_is_read_asked_about_sent_back_and_approved(focal: Client, round_2025: Round) -> None:
    s = Section.objects.create(
        round=round_2025,
        state="HND",
        code="context",
        title_es="Contexto",
        title_en="Context",
        status=Status.DRAFT,
    )
    SectionText.objects.create(
        section=s, lang="es", number=1, text="Una frase.", client=uuid4(), by="ana", at=NOW
    )
    SectionText.objects.create(
        section=s, lang="en", number=1, of=1, text="A sentence.", client=uuid4(), by="ana", at=NOW
    )
    review.SECTIONS.take(keys=[s.pk], step=rounds.Step.SUBMIT, by="ana", role="any", at=NOW, reason="")
    at = f"{BASE}/section/{s.pk}/"
    assert "Una frase." in text(focal.get(at))
    assert focal.post(at, {"do": "question", "text": "Is it all?"}).status_code == 302
    assert focal.post(at, {"do": "approve", "version": 2}).status_code == 422
    focal.post(at, {"do": "settle", "question": Remark.objects.get().pk})
    assert focal.post(at, {"do": "approve", "version": 2}).status_code == 302
    assert Section.objects.get(pk=s.pk).status == Status.STATE
    assert focal.post(at, {"do": "send-back", "version": 2, "text": ""}).status_code == 422
    assert focal.post(at, {"do": "send-back", "version": 2, "text": "One more sentence."}).status_code == 302
    assert Section.objects.get(pk=s.pk).status == Status.RETURNED
    c = handed("hnd-inm-002", 1234)
    later = f"Otra frase, con [[{c.figure}]]."
    later_en = f"A sentence, with [[{c.figure}]]."
    for lang, words, of in (("es", later, 0), ("en", later_en, 2)):
        narratives.write(
            section=s.pk, lang=lang, text=words, base=1, of=of, client=uuid4(), by="ana", at=timezone.now()
        )
    shown = text(focal.get(at))
    assert "<ins>Otra</ins><del>Una</del>" in shown or "<del>Una</del><ins>Otra</ins>" in shown
    assert f'<b class="bound" title="{c.figure}">1,234</b>' in shown
    assert "[[" not in shown


def test_a_story_without_a_consent_is_not_approved_and_it_is_said(focal: Client, round_2025: Round) -> None:
    s = Section.objects.create(
        round=round_2025, state="HND", code="story", title_es="Historia", title_en="Story", story=True,
        status=Status.SUBMITTED,
    )  # fmt: skip
    SectionText.objects.create(
        section=s, lang="es", number=1, text="Una frase.", client=uuid4(), by="ana", at=NOW
    )
    SectionStep.objects.create(section=s, step="submit", by="ana", at=NOW, version=1)
    at = f"{BASE}/section/{s.pk}/"
    assert "no consent is recorded" in text(focal.get(at))
    assert focal.post(at, {"do": "approve", "version": 1}).status_code == 422
    assert Section.objects.get(pk=s.pk).status == Status.SUBMITTED


def test_what_the_address_carries_is_never_trusted(focal: Client) -> None:
    c = handed("hnd-inm-002", 7)
    answer = focal.post(
        f"{BASE}/HND/approve/now/", {"seen": f"{c.pk}:1 x:y 99999999:1", "back": "https://evil"}
    )
    assert answer.status_code == 422
    answer = focal.post(f"{BASE}/HND/approve/now/", {"seen": f"{c.pk}:1", "back": "https://evil"})
    assert answer.headers["Location"] == f"{BASE}/HND/?done=approve&n=1"
    assert focal.get(f"{BASE}/HND/?show=nonsense&page=x&institution=zz&done=approve&n=x").status_code == 200


def test_who_stands_in_approves_but_not_what_they_wrote_themselves(focal: Client, round_2025: Round) -> None:
    taker = person("wendy", "data-entry", "HND", "HND.INM")
    today = timezone.now().date()
    Delegation.objects.create(
        giver=User.objects.get(username="fernanda"), taker=User.objects.get(username="wendy"), starts=today,
        ends=today + timedelta(days=9), reason="On leave.", made_at=timezone.now(),
    )  # fmt: skip
    theirs, own = handed("hnd-inm-002", 7), cell("hnd-inm-001")
    write(own, 5, by="wendy")
    submit(own)
    assert "You approve here in place of Fernanda." in text(taker.get(f"{BASE}/HND/"))
    assert taker.post(f"{BASE}/HND/approve/now/", {"seen": f"{own.pk}:1"}).status_code == 422
    assert taker.post(f"{BASE}/HND/approve/now/", {"seen": f"{theirs.pk}:1"}).status_code == 302
    assert (status(own), status(theirs)) == (Status.SUBMITTED, Status.STATE)
    assert "Those who may approve here: Fernanda, Wendy." in text(focal.get(f"{BASE}/HND/"))


def test_a_page_of_a_state_is_a_fixed_number_of_queries(
    focal: Client, django_assert_max_num_queries: object
) -> None:
    for d in ("", "sex=F", "sex=M"):
        handed("hnd-inm-001", 10, d)
    focal.get(f"{BASE}/HND/")
    with django_assert_max_num_queries(36):  # type: ignore[operator]
        focal.get(f"{BASE}/HND/?show=all")


def test_a_level_that_is_not_ones_own_is_not_taken_from_the_address(focal: Client) -> None:
    c = handed("hnd-inm-002", 7)
    approve(c, by="gloria")
    assert (
        focal.post(f"{BASE}/HND/approve/now/", {"seen": f"{c.pk}:1", "level": Level.REGION.value}).status_code
        == 409
    )
    assert status(c) is Status.STATE


@pytest.mark.parametrize("page", ["", "2025/", "2025/review/HND/"])
def test_who_may_see_releases_finds_them_from_the_round(focal: Client, clerk: Client, page: str) -> None:
    def leads(client: Client) -> bool:
        return 'href="/en/releases/"' in client.get(f"/en/rounds/{page}").content.decode()

    assert leads(focal)
    assert focal.get("/en/releases/").status_code == 200
    assert not leads(clerk)
    assert clerk.get("/en/releases/").status_code == 403

"""Reviewing a round: what was seen is what is approved, and what blocks is named."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.review.conftest import NOW, approve, cell, handed, seen, send_back, submit, write

from mirps.evidence.entries.api import Cell, CellStep
from mirps.evidence.figures.api import FigureRow, Qualifier
from mirps.evidence.findings import api as findings
from mirps.evidence.narratives.models import Section, SectionStep, SectionText
from mirps.evidence.review import api as review
from mirps.evidence.review.api import Hold, Level, Overtaken, RemarkKind, Seen, Shift, StillAsked, Unanswered
from mirps.evidence.review.models import Remark
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import CannotStep, Round, Stage, Status

pytestmark = pytest.mark.django_db
REASONS = {
    "reason_es": "Diez personas no dieron su sexo.",
    "reason_en": "Ten people did not give their sex.",
}


def status(c: Cell) -> Status:
    return Status(Cell.objects.get(pk=c.pk).status)


def contradicting() -> tuple[Cell, Cell, Cell]:
    """A total of 100 with 70 women and 60 men, handed over."""
    total, women, men = (cell("hnd-inm-001", d) for d in ("", "sex=F", "sex=M"))
    for c, v in ((total, 100), (women, 70), (men, 60)):
        write(c, v)
    submit(total, women, men)
    return total, women, men


def item(level: Level = Level.STATE, code: str = "hnd-inm-001") -> review.Item:
    return next(i for i in review.review("2025", state="HND", level=level) if i.asked.code == code)


def test_the_state_approves_and_then_the_region(round_2025: Round) -> None:
    c = handed("hnd-inm-002", 7)
    assert len(approve(c, by="focal")) == 1
    assert status(c) is Status.STATE
    approve(c, by="region", level=Level.REGION, minutes=20)
    assert status(c) is Status.REGION
    assert FigureRow.objects.get(pk=Cell.objects.get(pk=c.pk).figure).status == "approved"


def test_who_approves_twice_by_a_double_click_approves_once(round_2025: Round) -> None:
    c = handed("hnd-inm-002", 7)
    saw = seen(c)
    assert len(approve(c, by="focal", saw=saw)) == 1
    assert len(approve(c, by="focal", saw=saw)) == 0
    assert CellStep.objects.filter(cell=c, step="approve-state").count() == 1


def test_two_who_act_on_one_value_at_once_see_who_was_faster(round_2025: Round) -> None:
    c = handed("hnd-inm-002", 7)
    saw = seen(c)
    send_back(c, by="ana", message="Is it the whole year?")
    with pytest.raises(Overtaken) as caught:
        approve(c, by="luis", saw=saw)
    assert (caught.value.last.by, caught.value.last.step) == ("ana", "send-back")
    assert status(c) is Status.RETURNED


def test_a_value_that_changed_since_it_was_seen_is_not_approved_unseen(round_2025: Round) -> None:
    c = handed("hnd-inm-002", 7)
    saw = seen(c)
    send_back(c, by="ana")
    write(c, 9)
    submit(c, minutes=15)
    with pytest.raises(Overtaken) as caught:
        approve(c, by="luis", saw=saw, minutes=20)
    assert caught.value.held.version == 2
    assert status(c) is Status.SUBMITTED


def test_of_many_all_are_approved_or_none(round_2025: Round) -> None:
    c, other = handed("hnd-inm-002", 7), cell("hnd-inm-001")
    with pytest.raises(CannotStep):
        approve(c, other, by="focal")
    assert status(c) is Status.SUBMITTED


def test_nothing_of_another_state_is_approved_with_it(round_2025: Round) -> None:
    c, other = handed("hnd-inm-002", 7), handed("cri-dgme-001", 8)
    with pytest.raises(CannotStep, match="gone"):
        approve(c, other, by="focal")
    assert {status(c), status(other)} == {Status.SUBMITTED}


def test_an_unanswered_contradiction_keeps_a_value_from_approval_and_is_named(round_2025: Round) -> None:
    total, _, _ = contradicting()
    with pytest.raises(Unanswered) as caught:
        approve(total, by="focal")
    codes = caught.value.codes[total.pk]
    assert findings.current().get(code=codes[0]).kind == "parts_exceed_total"
    findings.answer(finding=codes[0], kind="explained", role="focal-point", by="focal", at=NOW, **REASONS)
    assert len(approve(total, by="focal")) == 1


def test_a_contradiction_blocks_every_value_that_it_is_about_and_no_other(round_2025: Round) -> None:
    total, women, men = contradicting()
    other = handed("hnd-inm-002", 7)
    for c in (total, women, men):
        with pytest.raises(Unanswered):
            approve(c, by="focal")
    assert len(approve(other, by="focal")) == 1


def test_a_contradiction_is_gone_when_what_was_sent_back_is_corrected(round_2025: Round) -> None:
    total, women, men = contradicting()
    send_back(total, by="focal")
    assert not findings.current().filter(round="2025").exists()
    write(total, 130)
    submit(total, minutes=15)
    assert not findings.current().filter(round="2025").exists()
    assert len(approve(total, women, men, by="focal", minutes=20)) == 3


def test_what_comes_back_unchanged_keeps_the_answer_that_was_given(round_2025: Round) -> None:
    total, *_ = contradicting()
    found = findings.current().get(round="2025")
    findings.answer(
        finding=found.code, kind="acknowledged", role="focal-point", by="focal", at=NOW, **REASONS
    )
    send_back(total, by="focal")
    submit(total, minutes=15)
    assert findings.standing_of(findings.current().get(code=found.code)) == "acknowledged"
    assert len(approve(total, by="focal", minutes=20)) == 1


def test_ages_that_add_up_do_not_hide_that_the_sexes_do_not(round_2025: Round) -> None:
    contradicting()
    for part, value in (("age=0-17", 60), ("age=18+", 40)):
        handed("hnd-inm-001", value, part)
    assert [f.kind for f in findings.current().filter(round="2025")] == ["parts_exceed_total"]


def test_checking_one_state_leaves_what_was_found_of_another(round_2025: Round) -> None:
    contradicting()
    handed("cri-dgme-001", 8)
    assert findings.current().filter(round="2025", state="HND").count() == 1
    rounds.check(code="2025", by="checks", at=NOW)
    assert findings.current().filter(round="2025", state="HND").count() == 1


def test_a_question_stays_open_until_the_reviewer_settles_it(round_2025: Round) -> None:
    c = handed("hnd-inm-002", 7)
    about = {"lang": "en", "role": "any", "at": NOW, "cell": c.pk}
    asked = review.remark(kind=RemarkKind.QUESTION, text="All of the year?", by="focal", **about)
    with pytest.raises(StillAsked) as caught:
        approve(c, by="focal")
    assert caught.value.questions == {c.pk: [asked.pk]}
    reply = review.remark(kind=RemarkKind.ANSWER, text="Yes, all.", by="clerk", answers=asked.pk, **about)
    assert review.remarks(cell=c.pk) == [asked, reply]
    with pytest.raises(StillAsked):
        approve(c, by="focal")
    assert review.settle(question=asked.pk, by="focal", at=NOW, cell=asked.cell_id)
    assert not review.settle(question=asked.pk, by="luis", at=NOW, cell=asked.cell_id)
    assert len(approve(c, by="focal")) == 1


def test_what_is_said_twice_in_a_row_is_said_once(round_2025: Round) -> None:
    c = handed("hnd-inm-002", 7)
    for _ in range(2):
        review.remark(
            kind=RemarkKind.COMMENT, text="Good.", by="focal", lang="en", role="any", at=NOW, cell=c.pk
        )
    assert Remark.objects.filter(cell=c).count() == 1


@pytest.mark.parametrize(
    ("kind", "text", "key"),
    [("comment", " ", "empty"), ("comment", "x" * 2001, "long"), ("answer", "Yes", "no-question")],
)
def test_a_remark_that_says_nothing_is_refused(round_2025: Round, kind: str, text: str, key: str) -> None:
    c = handed("hnd-inm-002", 7)
    with pytest.raises(CannotStep, match=key):
        review.remark(kind=RemarkKind(kind), text=text, by="focal", lang="en", role="any", at=NOW, cell=c.pk)


def test_whoever_wrote_the_value_may_not_approve_it_and_is_told_before_trying(round_2025: Round) -> None:
    c = handed("hnd-inm-002", 7)
    found = item(code="hnd-inm-002").fields[0]
    assert found.hold(Level.STATE, "clerk") is Hold.SIGNED
    assert found.hold(Level.STATE, "focal") is None
    with pytest.raises(CannotStep, match="same-person"):
        approve(c, by="clerk")


def test_the_difference_since_the_last_approval_is_of_value_or_of_note(round_2025: Round) -> None:
    c = handed("hnd-inm-002", 7)
    assert item(code="hnd-inm-002").fields[0].shift is Shift.NEW
    approve(c, by="focal")
    send_back(c, by="region", minutes=20)
    write(c, 7, note_es="Todo el año.", note_en="The whole year.")
    submit(c, minutes=30)
    field = item(code="hnd-inm-002").fields[0]
    assert (field.shift, field.then and field.then.by) == (Shift.NOTE, "focal")
    send_back(c, by="region", minutes=40)
    write(c, 7, qualifier=Qualifier.ABOUT, note_es="Todo el año.", note_en="The whole year.")
    submit(c, minutes=50)
    assert item(code="hnd-inm-002").fields[0].shift is Shift.VALUE
    assert item(Level.REGION, "hnd-inm-002").fields[0].shift is Shift.NEW  # the region never approved it


def test_what_was_never_approved_is_compared_with_last_year(loaded: None, round_2025: Round) -> None:
    row = FigureRow.objects.filter(round="2024", state="HND", status="published", superseded_by="").exclude(
        value=None
    )
    past = (
        row.order_by("id")
        .filter(period_end__isnull=False, dimensions="", document="AR24", unit="person")
        .first()
    )
    assert past is not None
    rounds.ask(
        round=round_2025, by="secretariat", at=NOW,
        asks=[rounds.Ask(
            code="hnd-inm-009", state="HND", institution="HND.INM", sector=past.sector, measure=past.measure,
            unit=past.unit, population=past.population, stage=past.stage, universe=past.universe, place=past.place,
            series=past.series, period_start=round_2025.starts, period_end=round_2025.ends,
        )],
    )  # fmt: skip
    from mirps.evidence.entries import api as entries

    entries.prepare(round="2025")
    write(cell("hnd-inm-009"), int(past.value or 0))
    field = item(code="hnd-inm-009").fields[0]
    assert field.then is not None
    assert not field.then.approved
    assert field.shift is Shift.SAME


def test_bulk_takes_what_nothing_holds_up_and_names_the_rest(round_2025: Round) -> None:
    total, women, men = contradicting()
    asked, mine = handed("hnd-inm-002", 7), cell("hnd-inm-001", "age=18+")
    review.remark(
        kind=RemarkKind.QUESTION, text="Sure?", by="focal", lang="en", role="any", at=NOW, cell=asked.pk
    )
    write(mine, 40, by="focal")
    free = cell("hnd-inm-001", "age=0-17")
    write(free, 60)
    submit(mine, free)
    found = review.bulk(review.review("2025", state="HND", level=Level.STATE), Level.STATE, "focal")
    assert found.ready == {free.pk: 1}
    assert {h: n for h, n in found.left.items() if h is not Hold.STATUS} == {
        Hold.CONTRADICTION: 3, Hold.QUESTION: 1, Hold.SIGNED: 1,
    }  # fmt: skip
    assert {f.cell.pk for _, f, _ in found.out} == {total.pk, women.pk, men.pk, asked.pk, mine.pk}


def test_the_state_takes_up_again_only_what_it_names_and_says_why(round_2025: Round) -> None:
    c, other = handed("hnd-inm-002", 7), handed("hnd-inm-001", 100)
    approve(c, other, by="focal")
    with pytest.raises(CannotStep, match="reason"):
        review.unlock(round="2025", state="HND", seen=seen(c), reason=" ", by="focal", role="any", at=NOW)
    review.unlock(
        round="2025", state="HND", seen=seen(c), reason="A late file came in.", by="focal", role="any",
        at=NOW + timedelta(minutes=20),
    )  # fmt: skip
    assert (status(c), status(other)) == (Status.RETURNED, Status.STATE)
    assert CellStep.objects.filter(cell=c).order_by("-id")[0].reason == "A late file came in."


def test_after_publication_nothing_is_reviewed(round_2025: Round) -> None:
    c = handed("hnd-inm-002", 7)
    Round.objects.filter(pk="2025").update(stage=Stage.PUBLISHED)
    with pytest.raises(CannotStep, match="stage"):
        send_back(c, by="focal")


def test_a_section_is_reviewed_by_the_same_steps(round_2025: Round) -> None:
    s = Section.objects.create(round=round_2025, state="HND", code="context", title_es="Contexto", title_en="Context",
                               status=Status.DRAFT)  # fmt: skip
    SectionText.objects.create(
        section=s, lang="es", number=1, text="Texto.", client=uuid4(), by="ana", at=NOW
    )
    SectionText.objects.create(
        section=s, lang="en", number=1, of=1, text="Text.", client=uuid4(), by="ana", at=NOW
    )
    review.SECTIONS.take(keys=[s.pk], step=rounds.Step.SUBMIT, by="ana", role="any", at=NOW, reason="")
    about = {"round": "2025", "state": "HND", "seen": Seen({}, {s.pk: 2}), "role": "any"}
    with pytest.raises(CannotStep, match="same-person"):
        review.approve(level=Level.STATE, by="ana", at=NOW, **about)
    assert len(review.approve(level=Level.STATE, by="focal", at=NOW, **about)) == 1
    with pytest.raises(CannotStep, match="same-person"):
        review.approve(level=Level.REGION, by="focal", at=NOW, **about)
    review.send_back(message="Two sentences more, please.", by="region", at=NOW, **about)
    part = review.parts("2025", state="HND", level=Level.STATE)[0]
    assert (part.status, part.shift) == (Status.RETURNED, Shift.SAME)
    assert [x.step for x in SectionStep.objects.order_by("id")] == ["submit", "approve-state", "send-back"]


def test_the_page_of_the_seven_counts_each_state(round_2025: Round) -> None:
    contradicting()
    handed("cri-dgme-001", 8)
    found = review.standings("2025")
    assert (found["HND"].contradictions, found["HND"].of(Status.SUBMITTED)) == (1, 3)
    assert (found["CRI"].contradictions, found["CRI"].all) == (0, 1)


def test_a_review_is_a_fixed_number_of_queries(
    round_2025: Round, django_assert_max_num_queries: object
) -> None:
    contradicting()
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        review.review("2025", state="HND", level=Level.STATE)

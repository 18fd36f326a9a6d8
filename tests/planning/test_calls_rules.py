"""A call's clock, form and eligibility, and what an applicant is told is missing: pure rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from mirps.planning.calls import completeness, masking, rules
from mirps.planning.calls.completeness import Applicant, Content, Line
from mirps.planning.calls.rules import Stage

GUATEMALA = ZoneInfo("America/Guatemala")
CALL = {
    "title": {"es": "Prueba", "en": "Trial"},
    "opens": "2026-11-02",
    "opens-at": "09:00",
    "closes": "2026-11-30",
    "closes-at": "17:00",
    "total": {"amount": "300000", "currency": "USD"},
    "most": {"amount": "150000", "currency": "USD"},
    "least": {"amount": "10000", "currency": "USD"},
    "committee": "OAS.CSAN",
    "quorum": "2",
    "readers": "2",
    "eligibility": [
        {"test": "state", "value": "GTM HND SLV"},
        {"test": "sort", "value": "government municipal"},
        {"test": "plan-links-least", "value": "1"},
        {"test": "confirmed", "es": "No recibe otro fondo.", "en": "It has no other funding."},
    ],
    "sections": [{"code": "what", "es": "Qué", "en": "What"}],
    "questions": [
        {"code": "problem", "section": "what", "answer": "text", "most": "5", "required": True, "es": "P", "en": "P"},
        {"code": "people", "section": "what", "answer": "number", "required": True, "es": "Personas", "en": "People"},
        {"code": "contact", "section": "what", "answer": "line", "names": True, "es": "Contacto", "en": "Contact"},
    ],
    "documents": [{"code": "letter", "required": True, "names": True, "es": "Carta", "en": "Letter"}],
    "criteria": [
        {"code": "need", "weight": "60", "top": "5", "es": "Necesidad", "en": "Need"},
        {"code": "cost", "weight": "40", "top": "5", "es": "Costo", "en": "Cost"},
    ],
}  # fmt: skip
TERMS = rules.terms(CALL, GUATEMALA)
NOW = datetime(2026, 11, 10, tzinfo=UTC)
WHOLE = Content(
    title={"es": "Título", "en": "Title"}, summary="Short.", months=12,
    answers={"problem": "one two three", "people": "120"},
    lines=(Line("Staff", Decimal(40000), "fund", "node/a"), Line("Room", Decimal(10000), "own")),
    confirmed=frozenset({3}),
)  # fmt: skip
LONG = {"problem": "a b c d e f", "people": "1"}
MINTRAB = Applicant("GTM.MINTRAB", "GTM", "government")


def test_the_moments_of_a_call_are_those_of_its_state() -> None:
    assert TERMS.opens == datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
    assert TERMS.closes == datetime(2026, 11, 30, 23, 0, tzinfo=UTC)


def at(now: datetime, *acts: str, opened: bool = True) -> Stage:
    return rules.stage(opened=opened, opens=TERMS.opens, closes=TERMS.closes, acts=acts, now=now)


def test_a_call_is_open_from_its_moment_until_the_moment_of_closing_which_is_too_late() -> None:
    assert TERMS.opens
    assert TERMS.closes
    second = timedelta(seconds=1)
    assert at(TERMS.opens - second) is Stage.ANNOUNCED
    assert at(TERMS.opens) is Stage.OPEN
    assert at(TERMS.closes - second) is Stage.OPEN
    assert at(TERMS.closes) is Stage.CLOSED
    assert at(TERMS.opens, opened=False) is Stage.DRAWN


def test_after_closing_a_call_stands_where_people_brought_it() -> None:
    late = datetime(2026, 12, 20, tzinfo=UTC)
    assert at(late, "reading-started") is Stage.READING
    assert at(late, "reading-started", "reading-ended") is Stage.DISCUSSION
    assert at(late, "reading-started", "reading-ended", "told") is Stage.TOLD


def test_whole_terms_can_be_opened() -> None:
    assert rules.not_ready(TERMS, NOW) == []


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"opens": ""}, "calls.unready.opens"),
        ({"closes": "2026-11-01"}, "calls.unready.order"),
        ({"closes": "2026-11-05"}, "calls.unready.past"),
        ({"quorum": "0"}, "calls.unready.quorum"),
        ({"readers": "0"}, "calls.unready.readers"),
        ({"criteria": []}, "calls.unready.criteria"),
        ({"questions": []}, "calls.unready.questions"),
        ({"sections": []}, "calls.unready.section"),
        ({"eligibility": [{"test": "months-most", "value": "a year"}]}, "calls.unready.test-number"),
        ({"eligibility": [{"test": "state"}]}, "calls.unready.test-codes"),
        ({"eligibility": [{"test": "confirmed"}]}, "calls.unready.test-words"),
        (
            {"criteria": [{"code": "x", "weight": "0", "top": "5", "es": "x", "en": "x"}]},
            "calls.unready.weight",
        ),
        ({"documents": [CALL["documents"][0], CALL["documents"][0]]}, "calls.unready.code"),  # type: ignore[index]
    ],
)
def test_a_call_that_lacks_something_is_not_opened_and_says_what(change: dict[str, object], key: str) -> None:
    assert key in {f.key for f in rules.not_ready(rules.terms({**CALL, **change}, GUATEMALA), NOW)}


def test_a_whole_proposal_lacks_nothing() -> None:
    assert completeness.lacking(TERMS, WHOLE, {"letter"}) == []


@pytest.mark.parametrize(
    ("change", "papers", "missing"),
    [
        ({"title": {"es": "Solo"}}, {"letter"}, [("calls.lack.title", "title-en")]),
        ({"summary": ""}, {"letter"}, [("calls.lack.summary", "summary")]),
        ({"summary": "x " * 301}, {"letter"}, [("calls.lack.long", "summary")]),
        ({"months": None}, {"letter"}, [("calls.lack.months", "months")]),
        ({"answers": {"people": "12"}}, {"letter"}, [("calls.lack.answer", "answer-problem")]),
        ({"answers": LONG}, {"letter"}, [("calls.lack.long-answer", "answer-problem")]),
        ({"answers": {"problem": "a", "people": "many"}}, {"letter"}, [("calls.lack.number", "answer-people")]),
        ({"lines": ()}, {"letter"}, [("calls.lack.budget", "lines")]),
        ({"lines": (Line("All", Decimal(150001)),)}, {"letter"}, [("calls.lack.most", "lines")]),
        ({"lines": (Line("All", Decimal(9999)),)}, {"letter"}, [("calls.lack.least", "lines")]),
        ({"lines": (Line("Own", Decimal(20000), "own"),)}, {"letter"}, [("calls.lack.asked", "lines")]),
        ({"lines": (Line("", Decimal(20000)),)}, {"letter"}, [("calls.lack.line", "line-0")]),
        ({}, set(), [("calls.lack.paper", "paper-letter")]),
        ({"confirmed": frozenset()}, {"letter"}, [("calls.lack.confirmed", "confirmed-3")]),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_with_where_to_mend_it(
    change: dict[str, object], papers: set[str], missing: list[tuple[str, str]]
) -> None:
    found = completeness.lacking(TERMS, replace(WHOLE, **change), papers)  # type: ignore[arg-type]
    assert [(f.key, f.cell) for f in found] == missing


def test_an_empty_proposal_is_told_everything_at_once() -> None:
    cells = {f.cell for f in completeness.lacking(TERMS, Content(), set())}
    assert cells == {
        "title-es", "title-en", "summary", "months", "answer-problem", "answer-people", "lines", "paper-letter",
        "confirmed-3",
    }  # fmt: skip


def test_a_proposal_comes_back_from_its_keeping_as_it_was() -> None:
    assert completeness.content(completeness.kept(WHOLE)) == WHOLE


def failing(c: Content, who: Applicant, *tests: tuple[str, str]) -> list[str]:
    call = {**CALL, "eligibility": [{"test": t, "value": v, "es": "x", "en": "x"} for t, v in tests]}
    return [t.test for t in completeness.failed(rules.terms(call, GUATEMALA), c, who)]


@pytest.mark.parametrize(
    ("test", "passes", "fails"),
    [
        ("state", "GTM HND", "HND SLV"),
        ("sort", "government", "academia"),
        ("institution", "GTM.MINTRAB", "*.NTT"),
        ("institution", "*.MINTRAB", "GTM.MINTRA"),
        ("amount-most", "40000", "39999.99"),
        ("amount-least", "40000", "40000.01"),
        ("months-most", "12", "11"),
        ("own-share-least", "20", "20.01"),
        ("plan-links-least", "1", "2"),
        ("proposals-most", "1", "0"),
    ],
)
def test_each_test_of_eligibility_passes_on_one_side_of_its_border(
    test: str, passes: str, fails: str
) -> None:
    assert failing(WHOLE, MINTRAB, (test, passes)) == []
    assert failing(WHOLE, MINTRAB, (test, fails)) == [test]


def test_one_proposal_an_applicant_counts_those_handed_in() -> None:
    assert failing(WHOLE, replace(MINTRAB, others=1), ("proposals-most", "1")) == ["proposals-most"]


def test_an_applicant_hears_before_writing_what_no_proposal_of_theirs_could_pass() -> None:
    mexican = Applicant("MEX.COMAR", "MEX", "government")
    assert [t.test for t in completeness.may_apply(TERMS, mexican)] == ["state"]
    assert completeness.may_apply(TERMS, MINTRAB) == []


NAMES = ("Ministerio de Trabajo y Previsión Social", "MINTRAB", "Guatemala", "NTT")


def test_names_of_the_applicant_are_out_of_sight_whatever_their_accents() -> None:
    text = "El ministerio de trabajo y prevision social (MINTRAB) de GUATEMALA atiende a guatemaltecos."
    assert masking.masked(text, NAMES) == "El ▇▇▇ (▇▇▇) de ▇▇▇ atiende a guatemaltecos."
    assert masking.names_in(text, NAMES) == list(NAMES[:3])


def test_a_short_name_hides_no_ordinary_word() -> None:
    assert masking.masked("La sal es SAL.", ("SAL",)) == "La sal es ▇▇▇."

"""A finding is never silently mended: people answer it, in a role, with a reason in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.base.access.api import NotAllowed, User, give_role, require
from mirps.base.access.rules import Grant, may
from mirps.evidence.checks.finding import LedgerFinding
from mirps.evidence.findings import api
from mirps.evidence.findings.rules import standing

NOW = datetime(2025, 3, 1, tzinfo=UTC)
DOUBT = LedgerFinding("parts_exceed_total", "contradiction", ("a", "b", "c"), "10", "12", {}, "HND")
REASONS = {"reason_es": "Las partes se solapan.", "reason_en": "The parts overlap."}


@pytest.mark.django_db
def test_a_contradiction_stands_open_until_someone_answers_it() -> None:
    api.keep(round="t", found=[DOUBT], by="checks", at=NOW - timedelta(days=2))
    assert api.unanswered(["a", "z"]) == {"a": [DOUBT.code]}
    api.answer(finding=DOUBT.code, kind="acknowledged", role="secretariat", by="ana", at=NOW, **REASONS)
    assert api.unanswered(["a"]) == {}
    assert api.unanswered(["a"], known_on=NOW - timedelta(days=1)) == {"a": [DOUBT.code]}
    assert api.unanswered(["a"], known_on=NOW - timedelta(days=3)) == {}  # nobody had found it yet
    api.answer(finding=DOUBT.code, kind="withdrawn", role="secretariat", by="ana", at=NOW, **REASONS)
    assert api.unanswered(["a"]) == {"a": [DOUBT.code]}


@pytest.mark.django_db
def test_a_doubt_that_is_found_again_keeps_its_answers_and_one_that_is_gone_is_marked() -> None:
    api.keep(round="t", found=[DOUBT], by="checks", at=NOW)
    api.answer(finding=DOUBT.code, kind="explained", role="focal-point", by="ana", at=NOW, **REASONS)
    assert api.keep(round="t", found=[DOUBT], by="checks", at=NOW) == (0, 0)
    assert api.standing_of(api.current().get(code=DOUBT.code)) == "explained"
    assert api.keep(round="t", found=[], by="checks", at=NOW) == (0, 1)
    assert not api.current().filter(code=DOUBT.code).exists()
    api.keep(round="t", found=[DOUBT], by="checks", at=NOW)
    assert api.standing_of(api.current().get(code=DOUBT.code)) == "explained"


@pytest.mark.django_db
def test_an_answer_without_a_reason_in_both_languages_is_refused_and_nothing_is_kept() -> None:
    api.keep(round="t", found=[DOUBT], by="checks", at=NOW)
    with pytest.raises(api.AnswerFault) as caught:
        api.answer(
            finding=DOUBT.code,
            kind="corrected",
            role="presidency",
            by="ana",
            at=NOW,
            reason_es="",
            reason_en="ok",
        )
    assert caught.value.keys == ["answer.fault.reason_es", "answer.fault.reason_en", "answer.fault.figure"]
    assert not api.Answer.objects.filter(finding__code=DOUBT.code).exists()


@pytest.mark.django_db
def test_a_focal_point_answers_for_its_own_state_and_no_other() -> None:
    user = User.objects.create(username="ana")
    give_role(
        user=user,
        role="focal-point",
        state="HND",
        starts=date(2025, 1, 1),
        ends=date(2025, 12, 31),
        by="x",
        at=NOW,
    )
    require(user, "finding.acknowledge", state="HND", on=date(2025, 3, 1))
    for state, on in (("CRI", date(2025, 3, 1)), ("HND", date(2026, 1, 1)), ("HND", date(2024, 12, 31))):
        with pytest.raises(NotAllowed):
            require(user, "finding.acknowledge", state=state, on=on)


@given(st.text(max_size=10), st.text(max_size=20))
def test_what_no_role_allows_is_denied(role: str, act: str) -> None:
    granted = [Grant(role=role, state="", starts=date(2020, 1, 1), ends=None)]
    if act not in {"finding.acknowledge", "finding.explain", "figure.correct", "figure.record"}:
        assert not may([granted[0]], act, state="HND", on=date(2025, 1, 1)) or role in {
            "secretariat",
            "presidency",
        }
    assert not may([], act, state="HND", on=date(2025, 1, 1))


def test_the_code_of_a_doubt_does_not_depend_on_the_order_of_its_parts() -> None:
    again = LedgerFinding("parts_exceed_total", "contradiction", ("a", "c", "b"), "10", "12")
    other = LedgerFinding("parts_exceed_total", "contradiction", ("b", "a", "c"), "10", "12")
    assert DOUBT.code == again.code != other.code


@given(st.lists(st.sampled_from(["explained", "acknowledged", "corrected", "withdrawn"])))
def test_the_last_answer_stands_unless_it_was_withdrawn(kinds: list[str]) -> None:
    expected = "open" if not kinds or kinds[-1] == "withdrawn" else kinds[-1]
    assert standing(kinds) == expected


@pytest.mark.django_db
def test_a_finding_is_not_corrected_by_a_figure_of_something_else() -> None:
    api.keep(round="t", found=[DOUBT], by="checks", at=NOW)
    for other in ("a", "z"):
        with pytest.raises(api.AnswerFault) as caught:
            api.answer(
                finding=DOUBT.code,
                kind="corrected",
                role="presidency",
                by="ana",
                at=NOW,
                figure=other,
                **REASONS,
            )
        assert caught.value.keys == ["answer.fault.figure_other"]

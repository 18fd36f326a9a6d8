"""A person decides what is released: approved, figures stand in the ledger, protected, beside the reported ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.releases.making import CODES, HALF, YEAR, case, proposed

from mirps.base.audit.api import entries_about
from mirps.base.crypto.api import CryptoFault
from mirps.base.marked.faults import Faults
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import SUPPRESSED, FigureRow, Origin, Role, Status
from mirps.evidence.findings.models import Finding
from mirps.evidence.indicators import api as indicators
from mirps.evidence.releases import api, queries
from mirps.evidence.releases.api import CannotRelease, Release, Stage
from mirps.evidence.releases.proposing import Asked, Proposed
from mirps.evidence.rounds.models import Round
from mirps.evidence.rounds.rules import Stage as RoundStage

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
ASKED = Asked("MEX", "2025", YEAR, date(2026, 11, 1))
HALF_ASKED = Asked("MEX", "2025", HALF, date(2026, 11, 1))
SIGN = {"by": "luz", "role": "state-approver", "at": AT + timedelta(hours=1)}


def decided(n: int, *, refused: int = 0) -> list[dict[str, Any]]:
    rows = [case(k, sex="FM"[k % 2]) for k in range(n)]
    return rows + [case(1000 + k, sex="M", outcome="refused") for k in range(refused)]


def counted(
    rows: Sequence[Any], asked: Asked = ASKED, at: datetime = AT, codes: Sequence[str] = CODES
) -> Proposed:
    return proposed(rows, asked, at=at, codes=codes)


def release(rows: Sequence[Any], **more: Any) -> Release:
    found = counted(rows, **more).release
    assert found is not None
    return found


def approved(rows: Sequence[Any], at: datetime = AT, **more: Any) -> Release:
    row = release(rows, at=at, **more)
    return api.approve(
        release=str(row.pk), counted_at=row.counted_at, **SIGN | {"at": at + timedelta(hours=1)}
    )


def computed(**where: Any) -> FigureRow:
    return FigureRow.objects.get(origin=Origin.COMPUTED, superseded_by="", **where)


def test_nothing_stands_in_the_ledger_before_a_person_has_approved() -> None:
    row = release(decided(40, refused=3))
    assert row.stage == Stage.PROPOSED
    assert not FigureRow.objects.exists()
    assert set(CODES) < set(row.indicators)  # the whole family: what is known of one tells of the others
    api.approve(release=str(row.pk), counted_at=row.counted_at, **SIGN)
    total = computed(measure="asylum.decisions", dimensions="")
    assert (total.value, total.status, total.recorded_by) == (43, Status.APPROVED, "luz")
    assert (total.period_start, total.period_end, total.round) == (YEAR.first, YEAR.last, "2025")
    assert [e.act for e in entries_about(f"release {row.pk}")] == ["release.proposed", "release.approved"]


def test_a_figure_says_by_which_indicator_as_known_when_and_how_protected() -> None:
    approved(decided(40))
    told = api.computed(figures.figure_from(computed(measure="asylum.decisions", dimensions="")))
    assert told == api.Computed("asylum_decisions", ASKED.known_on, "default")
    assert "Decisiones" in computed(measure="asylum.decisions", dimensions="").note_es
    assert (
        api.computed(figures.Figure("x", "", "page 4", "", "MEX", "asylum", "asylum.decisions", None, "x"))
        is None
    )


def test_what_is_suppressed_is_stated_as_suppressed_and_never_as_a_number() -> None:
    rows = decided(40) + [case(2000 + n, sex="M", age="60+") for n in range(3)]
    row = approved(rows)
    old = computed(measure="asylum.decisions", dimensions="age=60+")
    assert (old.value, old.absence) == (None, SUPPRESSED)
    hidden = [r for r in api.rows_of(row) if r.absence == SUPPRESSED]
    assert len(hidden) >= 2  # never one alone, or it could be worked out
    assert all(r.value is None for r in hidden)
    assert b"60+" not in bytes(row.sealed)
    assert api.opened(row)["why"]["asylum_decisions age=60+"] == "threshold"


def test_true_values_are_sealed_to_their_release() -> None:
    one, other = release(decided(40)), release(decided(60), asked=HALF_ASKED)
    one.sealed = bytes(other.sealed)
    with pytest.raises(CryptoFault):
        api.opened(one)


def test_the_same_count_again_proposes_nothing_new() -> None:
    row = release(decided(40))
    again = counted(decided(40), at=AT + timedelta(days=1))
    assert (again.told, again.release) == ("same", row)
    assert Release.objects.get().counted_at == row.counted_at
    approved(decided(40))
    assert counted(decided(40)).told == "same"


def test_whoever_approves_what_was_counted_again_is_told_so() -> None:
    row = release(decided(40))
    seen = row.counted_at
    assert release(decided(50), at=AT + timedelta(hours=2)).pk == row.pk
    with pytest.raises(CannotRelease, match="counted-again"):
        api.approve(release=str(row.pk), counted_at=seen, **SIGN)
    assert not FigureRow.objects.exists()


def test_a_change_too_small_to_tell_waits_and_a_larger_one_takes_the_place_of_the_figure() -> None:
    approved(decided(40))
    assert counted(decided(42)).told == "little"
    approved(decided(60), at=AT + timedelta(days=1))
    now = computed(measure="asylum.decisions", dimensions="")
    assert now.value == 60
    assert FigureRow.objects.get(pk=now.supersedes).value == 40


def test_what_was_released_of_another_period_is_thought_of() -> None:
    """Nine months were released; ten would tell that three people were decided in October."""
    approved(decided(40))
    ten = Asked("MEX", "2025", type(YEAR)(YEAR.first, date(2024, 10, 31)), ASKED.known_on)
    rows = decided(40) + [case(3000 + n, decided=date(2024, 10, 10)) for n in range(3)]
    row = release(rows, asked=ten)
    told = {(r.code, r.cell): r for r in api.rows_of(row)}
    assert row.stage == Stage.PROPOSED
    assert told["asylum_decisions", "_T"].absence == SUPPRESSED


def test_declined_with_a_reason_it_is_proposed_anew_by_the_next_count() -> None:
    row = release(decided(40))
    with pytest.raises(CannotRelease, match="reason"):
        api.decline(release=str(row.pk), by="luz", role="state-approver", at=AT, reason="no")
    api.decline(release=str(row.pk), by="luz", role="state-approver", at=AT, reason="two offices are missing")
    with pytest.raises(CannotRelease, match="declined"):
        api.approve(release=str(row.pk), counted_at=row.counted_at, **SIGN)
    assert counted(decided(40)).told == "same"
    assert release(decided(41), at=AT + timedelta(days=1)).stage == Stage.PROPOSED


@pytest.fixture
def sensitive(monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses

    from mirps.evidence.indicators.model import Protect

    every = {c: dataclasses.replace(i, protect=Protect("gbv")) for c, i in indicators.indicators().items()}
    monkeypatch.setattr(indicators, "_all", lambda: (every, []))


@pytest.mark.usefixtures("sensitive")
def test_what_is_sensitive_takes_two_persons() -> None:
    row = release(decided(40))
    assert row.persons == 2
    first = api.approve(release=str(row.pk), counted_at=row.counted_at, **SIGN)
    assert first.stage == Stage.PROPOSED
    assert not FigureRow.objects.exists()
    with pytest.raises(CannotRelease, match="twice"):
        api.approve(release=str(row.pk), counted_at=row.counted_at, **SIGN)
    second = api.approve(release=str(row.pk), counted_at=row.counted_at, **SIGN | {"by": "rosa"})
    assert second.stage == Stage.APPROVED
    assert FigureRow.objects.exists()


def test_a_small_cell_that_everybody_knows_already_refuses_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules become stricter than they were: eight were shown, and ten must not be told. It is named, nothing leaves."""
    from mirps.evidence.disclosure import api as disclosure

    approved(decided(8))
    rules = dict(disclosure.rules())
    monkeypatch.setattr(disclosure, "rules", lambda: rules | {"default": rules["gbv"]})
    row = release(decided(8) + [case(500 + n, nationality="NIC", sex="_U") for n in range(30)])
    told = api.opened(row)["bare"]
    assert row.stage == Stage.REFUSED
    assert row.shown == []
    assert {"what", "period", "breakdown"} <= set(told[0]["cell"])
    with pytest.raises(CannotRelease, match="refused"):
        api.approve(release=str(row.pk), counted_at=row.counted_at, **SIGN)


# What was agreed in advance


def agree(**more: Any) -> api.StandingApproval:
    said = {"state": "MEX", "indicator": "asylum_decisions", "by": "luz", "role": "state-approver", "at": AT,
            "reason": "the round is open", "until": None}  # fmt: skip
    return api.agree(**said | more)


def test_what_was_agreed_in_advance_goes_out_as_provisional_and_is_approved_later() -> None:
    assert not api.let_go(release=release(decided(40)), at=AT)
    agree()
    row = Release.objects.get()
    assert api.let_go(release=row, at=AT)
    total = computed(measure="asylum.decisions", dimensions="")
    assert (total.value, total.status, total.recorded_by) == (40, Status.SUBMITTED, "mirps count")
    row.refresh_from_db()
    assert row.stage == Stage.PROVISIONAL
    assert "luz" in row.steps.get(step="provisional").reason
    api.approve(release=str(row.pk), counted_at=row.counted_at, **SIGN)
    assert computed(measure="asylum.decisions", dimensions="").status == Status.APPROVED


@pytest.mark.parametrize(
    ("more", "key"),
    [({"reason": "yes"}, "reason"), ({"until": date(2026, 10, 31)}, "past")],
)
def test_what_may_not_be_agreed_is_refused(more: dict[str, Any], key: str) -> None:
    with pytest.raises(CannotRelease, match=key):
        agree(**more)


@pytest.mark.usefixtures("sensitive")
def test_what_is_sensitive_is_not_agreed_in_advance() -> None:
    with pytest.raises(CannotRelease, match="sensitive"):
        agree()


def test_an_agreement_ends_by_its_day_or_by_a_person() -> None:
    held = agree(until=date(2026, 11, 2))
    with pytest.raises(CannotRelease, match="agreed"):
        agree()
    assert api.standing("MEX", date(2026, 11, 2)) == {"asylum_decisions": held}
    assert not api.standing("MEX", date(2026, 11, 3))
    api.end_agreement(agreement=held.pk, by="rosa", at=AT)
    assert not api.standing("MEX", date(2026, 11, 2))
    with pytest.raises(CannotRelease, match="ended"):
        api.end_agreement(agreement=held.pk, by="rosa", at=AT)
    assert not api.let_go(release=release(decided(40)), at=AT)


# Beside what is reported


def reported(
    value: int, *, round: str = "2025", status: Status = Status.SUBMITTED, **more: Any
) -> figures.Figure:
    f = figures.Figure(
        id=f"r-{value}", document="", locator="", fragment="", state="MEX", sector="asylum",
        measure="asylum.decisions", value=Decimal(value), unit="application", population="ASY", stage="processed",
        period_start=YEAR.first, period_end=YEAR.last, **more,
    )  # fmt: skip
    figures.state_figures(figures=[f], round=round, by="clerk", at=AT)
    FigureRow.objects.filter(pk=f.id).update(status=status)
    return f


@pytest.mark.parametrize(("said", "found"), [(40, 0), (55, 1)])
def test_the_checks_compare_what_is_counted_with_what_is_reported(said: int, found: int) -> None:
    Round.objects.create(
        code="2025", kind="annual", stage=RoundStage.OPEN, title_es="2025", title_en="2025", starts=YEAR.first,
        ends=YEAR.last,
    )  # fmt: skip
    reported(said)
    approved(decided(40))
    total = computed(measure="asylum.decisions", dimensions="")
    assert total.role == Role.TRIANGULATION  # what is reported is used, what is counted is compared
    about = [f for f in Finding.objects.all() if total.id in f.figures and f"r-{said}" in f.figures]
    assert len(about) == found


def test_a_published_figure_is_not_replaced_by_a_count() -> None:
    row = approved(decided(40))
    assert api.publish(releases=[row], by="luz", at=AT + timedelta(hours=2)) > 0
    later = release(decided(60), at=AT + timedelta(days=1))
    with pytest.raises(CannotRelease, match="published"):
        api.approve(release=str(later.pk), counted_at=later.counted_at, **SIGN)


def test_what_a_document_told_before_anything_was_protected_stays_shown() -> None:
    """Three people of a sex unknown stand in the report of 2024: no secret. Of another round they would be."""
    rows, cell = decided(40, refused=12) + [case(500 + k, sex="_U") for k in range(3)], "sex=_U"
    codes = ("asylum_decisions",)

    def told() -> api.Row:
        Release.objects.all().delete()
        return next(r for r in api.rows_of(release(rows, codes=codes)) if r.cell == cell)

    assert told().absence == SUPPRESSED
    reported(3, round="2024", status=Status.PUBLISHED, dimensions=cell)
    assert told().value == 3
    assert all(r.value is not None for r in api.rows_of(Release.objects.get()) if r.code == codes[0])
    FigureRow.objects.update(round="2025")
    assert told().absence == SUPPRESSED


def test_the_list_of_what_is_exempt_is_proved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "disclosure").mkdir()
    (tmp_path / "disclosure" / "exempt.yaml").write_text("round: [2024]")
    monkeypatch.setattr(queries, "data_folder", lambda: tmp_path)
    with pytest.raises(Faults) as e:
        queries.exempt_rounds.__wrapped__()
    assert {f.key for f in e.value.faults} == {"unknown_near", "lacks"}
    assert queries.exempt_rounds() == {"2024"}

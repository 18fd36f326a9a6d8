"""A published figure that is corrected leaves an erratum; both statements stay."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.errata.conftest import MARCH, REASON_EN, REASON_ES, TOTAL
from tests.figures.test_ledger import record

from mirps.base.audit.api import AuditEntry
from mirps.evidence.errata import api as errata
from mirps.evidence.figures import api as figures
from mirps.evidence.findings import api as findings
from mirps.evidence.rounds import api as rounds

WHY = {"reason_es": REASON_ES, "reason_en": REASON_EN}
#: Figures that some finding is about, each with a value that mends or breaks something.
CASES = [(TOTAL, "234430"), (TOTAL, "5"), ("ar24-hnd-010", "322"), ("ar24-hnd-011", "1000")]

pytestmark = pytest.mark.usefixtures("loaded")


def correct(old: str = TOTAL, value: str = "234430", finding: str = "", **changes: str) -> errata.Corrected:
    return errata.correct(
        old=old, changes={"value": value, **changes}, role="focal-point", by="ana", at=MARCH,
        finding=finding, **WHY,
    )  # fmt: skip


def doubt(kind: str = "parts_exceed_total", first: str = TOTAL) -> findings.Finding:
    return findings.current().get(kind=kind, figures__0=first)


def test_a_correction_of_a_published_figure_is_an_erratum_with_both_values() -> None:
    done = correct()
    assert done.erratum is not None
    assert (done.erratum.code, done.erratum.round, done.erratum.state) == ("E1", "2024", "CRI")
    assert (done.erratum.old, done.erratum.new) == (TOTAL, f"{TOTAL}-r2")
    assert figures.FigureRow.objects.get(pk=TOTAL).value == 226029
    assert done.figure.value == 234430
    assert AuditEntry.objects.filter(act="erratum.issued", by="ana").count() == 1


def test_a_second_correction_is_the_next_erratum_and_both_are_of_one_thread() -> None:
    correct()
    second = correct(old=f"{TOTAL}-r2", value="234431").erratum
    other = correct(old="ar24-hnd-010", value="322").erratum
    assert second is not None
    assert other is not None
    assert [second.code, other.code] == ["E2", "E3"]
    found = errata.of([TOTAL, f"{TOTAL}-r3", "ar24-hnd-010", "ar24-hnd-011"], errata.Erratum.objects.all())
    assert {i: [e.code for e in es] for i, es in found.items()} == {
        TOTAL: ["E1", "E2"], f"{TOTAL}-r3": ["E1", "E2"], "ar24-hnd-010": ["E3"],
    }  # fmt: skip
    assert errata.latest(TOTAL) == f"{TOTAL}-r3"


def test_an_erratum_is_never_changed() -> None:
    erratum = correct().erratum
    assert erratum is not None
    with pytest.raises(ValueError, match="never changed"):
        erratum.save()


def test_a_correction_of_what_was_never_published_is_no_erratum() -> None:
    figures.FigureRow.objects.filter(pk=TOTAL).update(status="approved")
    made = errata.correct(
        old=TOTAL, changes={"value": "234430"}, role="focal-point", by="ana", at=MARCH, **WHY
    )
    assert made.erratum is None
    assert not errata.Erratum.objects.exists()


def test_the_finding_that_led_to_it_is_answered_and_gone_in_the_same_act() -> None:
    found = doubt()
    correct(finding=found.code)
    found.refresh_from_db()
    assert found.gone_at == MARCH
    answer = found.answers.order_by("-at")[0]
    assert (answer.kind, answer.figure, answer.reason_es) == ("corrected", f"{TOTAL}-r2", REASON_ES)
    assert errata.Erratum.objects.get().finding == found.code


def test_when_the_finding_is_about_other_figures_nothing_at_all_is_kept() -> None:
    other = findings.current().filter(state="HND").order_by("code")[0]
    answers, rows = other.answers.count(), figures.FigureRow.objects.count()
    with pytest.raises(findings.AnswerFault):
        correct(finding=other.code)
    assert figures.FigureRow.objects.count() == rows
    assert figures.FigureRow.objects.get(pk=TOTAL).superseded_by == ""
    assert (other.answers.count(), errata.Erratum.objects.count()) == (answers, 0)


def test_who_comes_second_is_told_what_stands_now() -> None:
    correct()
    with pytest.raises(errata.Superseded) as caught:
        correct(value="1")
    assert caught.value.by == f"{TOTAL}-r2"
    assert errata.Erratum.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "key"),
    [
        ({"value": "226029", "note_es": "", "note_en": ""}, "value", "correct.fault.nothing"),
        ({"value": "226029.5"}, "value", "correct.fault.whole"),
        ({"value": "-3"}, "value", "correct.fault.negative"),
        ({"value": "9" * 30}, "value", "correct.fault.size"),
        ({"locator": "x" * 301}, "locator", "correct.fault.long"),
        ({"fragment": "of nowhere at all"}, "document", "correct.fault.fragment-of-nothing"),
        ({"note_es": "Solo en un idioma."}, "note_en", "correct.fault.note"),
        ({"state": "MEX"}, "state", "export.fault.set"),
        ({"status": "draft"}, "status", "export.fault.set"),
    ],
)
def test_what_is_unfit_is_named_by_its_field_and_changes_nothing(
    changes: dict[str, str], field: str, key: str
) -> None:
    figures.FigureRow.objects.filter(pk=TOTAL).update(note_es="", note_en="")
    rows = figures.FigureRow.objects.count()
    with pytest.raises(errata.Refused) as caught:
        correct(**{"value": "234430", **changes})
    assert (caught.value.field, caught.value.key) == (field, key)
    assert figures.FigureRow.objects.count() == rows


@pytest.mark.parametrize(("id_", "value"), CASES)
def test_what_is_foreseen_is_what_then_happens(id_: str, value: str) -> None:
    old = figures.figure_from(figures.FigureRow.objects.get(pk=id_))
    made = errata.proposed(old=id_, changes={"value": value})
    before = set(findings.current().values_list("code", flat=True))
    seen = errata.foreseen(old=old.id, new=made, at=MARCH)
    assert set(findings.current().values_list("code", flat=True)) == before, "nothing was kept"
    correct(old=id_, value=value)
    after = set(findings.current().values_list("code", flat=True))
    assert {f.code for f in (*seen.remaining, *seen.arising)} == after - before
    assert {f.code for f in seen.settled} <= before - after
    # What is gone and not settled is the same doubt about the new statement.
    assert len(before - after) - len(seen.settled) == len(seen.remaining)


def test_the_sum_of_the_parts_settles_the_doubt_about_the_total_and_less_would_not() -> None:
    right = errata.foreseen(old=TOTAL, new=errata.proposed(old=TOTAL, changes={"value": "234430"}), at=MARCH)
    assert doubt().code in {f.code for f in right.settled}
    wrong = errata.foreseen(old=TOTAL, new=errata.proposed(old=TOTAL, changes={"value": "5"}), at=MARCH)
    assert "parts_exceed_total" in {f.kind for f in wrong.remaining}


def test_an_erratum_of_what_an_embargo_keeps_is_not_public_until_it_ends() -> None:
    correct()
    ends = MARCH + timedelta(days=30)
    figures.set_embargo(round="2024", state="CRI", until=ends, by="ana", at=MARCH)

    def public(at: object) -> int:
        rows = figures.book(at=at).entries  # type: ignore[arg-type]
        return len(errata.public({i: e for i, e in rows.items() if e.public}))

    assert public(MARCH + timedelta(days=1)) == 0
    assert public(ends + timedelta(seconds=1)) == 1


def test_a_round_that_people_worked_in_has_its_own_errata_and_its_own_foresight() -> None:
    figure_rows = [
        {"id": "t-1", "value": "5"},
        {"id": "t-2", "value": "3", "dimensions": "sex=F"},
        {"id": "t-3", "value": "3", "dimensions": "sex=M"},
    ]
    days = {"starts": date(2025, 1, 1), "ends": date(2025, 12, 31)}
    rounds.Round.objects.create(
        code="t", kind="annual", stage="published", title_es="Ronda", title_en="Round", **days
    )
    record(*figure_rows)
    rounds.check(code="t", by="checks", at=MARCH)
    found = findings.current().get(round="t", kind="parts_exceed_total")
    made = errata.proposed(old="t-1", changes={"value": "6"})
    seen = errata.foreseen(old="t-1", new=made, at=MARCH)
    assert [f.code for f in seen.settled] == [found.code]
    correct()
    mine = correct(old="t-1", value="6", finding=found.code).erratum
    assert mine is not None
    assert (mine.round, mine.code) == ("t", "E1"), "each round counts its own"
    assert not findings.current().filter(round="t", kind="parts_exceed_total").exists()

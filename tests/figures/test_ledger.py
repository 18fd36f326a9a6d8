"""The figure ledger: nothing is overwritten, and every day can be read again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from mirps.base.audit.api import AuditEntry
from mirps.evidence.figures import api
from mirps.evidence.figures.package import COLUMNS, OPTIONAL
from mirps.evidence.figures.rules import Figure, Qualifier, Status

pytestmark = pytest.mark.django_db
MARCH = datetime(2025, 3, 1, tzinfo=UTC)


def table(*rows: dict[str, str]) -> api.Table:
    base = {
        **dict.fromkeys(COLUMNS, ""),
        **OPTIONAL,
        "state": "HND",
        "sector": "protection",
        "measure": "idp.assisted",
        "unit": "person",
        "qualifier": "exact",
        "population": "IDP",
        "period_start": "2024-01-01",
        "period_end": "2024-09-30",
    }
    full = [{**base, **r} for r in rows]
    return api.Table(columns={c: tuple(r[c] for r in full) for c in COLUMNS}, length=len(full))


def record(*rows: dict[str, str], at: datetime = MARCH) -> int:
    return api.record_table(table=table(*rows), round="t", by="ana", at=at, known_at=lambda _: at)


def test_a_recorded_figure_reads_back_as_it_was_stated() -> None:
    record({"id": "t-1", "value": "332.5", "qualifier": "about", "dimensions": "sex=F"})
    held = api.book().get("t-1").figure
    assert (held.value, held.qualifier, held.dimensions) == (Decimal("332.5"), Qualifier.ABOUT, "sex=F")
    assert held.period_end == date(2024, 9, 30)


def test_recording_the_same_statement_twice_changes_nothing() -> None:
    record({"id": "t-1", "value": "332"})
    version = api.ledger_version()
    assert record({"id": "t-1", "value": "332"}) == 0
    assert api.ledger_version() == version


def test_a_statement_cannot_be_changed_under_its_id() -> None:
    record({"id": "t-1", "value": "332"})
    with pytest.raises(api.PackageFaults) as caught:
        record({"id": "t-1", "value": "322"}, {"id": "t-2", "value": "1"})
    assert caught.value.faults[0].key == "fault.restated"
    assert set(api.book().entries) == {"t-1"}  # nothing of the second table was taken


def test_a_correction_supersedes_and_both_stay_citable() -> None:
    record({"id": "t-1", "value": "332"})
    old = api.book().get("t-1").figure
    new = Figure(**{**fields(old), "id": "t-1-v2", "value": Decimal(322)})
    api.correct(
        old="t-1",
        new=new,
        by="ana",
        at=MARCH + timedelta(days=9),
        reason_es="La suma es 322.",
        reason_en="Sum.",
    )
    now = api.book()
    assert now.get("t-1").superseded_by == "t-1-v2"
    assert now.get("t-1").figure.value == 332
    assert [e.figure.id for e in now.select(measure="idp.assisted")] == ["t-1-v2"]
    with pytest.raises(api.WrongStep):
        api.correct(old="t-1", new=new, by="ana", at=MARCH, reason_es="otra vez", reason_en="again")


def test_the_ledger_is_read_as_it_was_known_on_any_day() -> None:
    record({"id": "t-1", "value": "332"})
    old = api.book().get("t-1").figure
    later = MARCH + timedelta(days=9)
    api.correct(
        old="t-1",
        new=Figure(**{**fields(old), "id": "t-1-v2"}),
        by="ana",
        at=later,
        reason_es="x",
        reason_en="x",
    )
    before = api.book(known_on=later - timedelta(seconds=1))
    assert set(before.entries) == {"t-1"}
    assert before.get("t-1").superseded_by == ""
    assert set(api.book(known_on=MARCH - timedelta(days=1)).entries) == set()


def test_a_draft_reaches_the_public_only_by_being_submitted_approved_and_published() -> None:
    record({"id": "t-1", "value": "5", "status": "draft"})
    assert not api.book().get("t-1").public
    with pytest.raises(api.WrongStep):
        api.move(figures=["t-1"], to=Status.PUBLISHED, by="ana", at=MARCH)
    for step in (Status.SUBMITTED, Status.RETURNED, Status.SUBMITTED, Status.APPROVED, Status.PUBLISHED):
        api.move(figures=["t-1"], to=step, by="ana", at=MARCH)
    assert api.book().get("t-1").public
    assert [e.kind for e in api.history("t-1")].count("submitted") == 2


def test_moving_many_figures_moves_all_or_none() -> None:
    record({"id": "t-1", "value": "5", "status": "draft"}, {"id": "t-2", "value": "6"})
    with pytest.raises(api.WrongStep, match="t-2"):
        api.move(figures=["t-1", "t-2"], to=Status.SUBMITTED, by="ana", at=MARCH)
    assert api.book().get("t-1").status is Status.DRAFT


def test_an_embargo_hides_one_states_figures_until_its_moment() -> None:
    record({"id": "t-1", "value": "5"}, {"id": "t-2", "value": "6", "state": "CRI"})
    lifted = MARCH + timedelta(days=10)
    api.set_embargo(round="t", state="HND", until=lifted, by="ana", at=MARCH)
    during, after = MARCH + timedelta(days=1), lifted + timedelta(seconds=1)
    assert [r.id for r in api.public(during)] == ["t-2"]
    assert [r.id for r in api.public(after)] == ["t-1", "t-2"]
    assert api.cache_token(during) != api.cache_token(after)  # so a kept page does not outlive it


def test_every_act_leaves_one_audit_entry_that_cannot_be_changed() -> None:
    record({"id": "t-1", "value": "5"})
    entry = AuditEntry.objects.get(act="figures.recorded")
    assert (entry.by, entry.detail) == ("ana", {"count": 1})
    with pytest.raises(ValueError, match="never changed"):
        entry.save()
    with pytest.raises(ValueError, match="never deleted"):
        entry.delete()


def test_the_2024_round_is_loaded_and_loading_it_again_changes_nothing(loaded: None) -> None:
    from mirps.evidence.rounds import api as rounds

    version, count = api.ledger_version(), len(api.book())
    assert count >= 350
    assert rounds.load(code="2024", by="tests", at=MARCH)["figures"] == 0
    assert (api.ledger_version(), len(api.book())) == (version, count)


def fields(figure: Figure) -> dict[str, object]:
    return {name: getattr(figure, name) for name in Figure.__dataclass_fields__}


def test_a_correction_takes_the_doubt_it_mends_with_it(loaded: None) -> None:
    from mirps.evidence.findings import api as findings
    from mirps.evidence.rounds import api as rounds

    doubts = findings.current().filter(kind="parts_below_total", figures__0="ar24-hnd-010")
    assert doubts.count() == 1
    old = api.book().get("ar24-hnd-010").figure
    new = Figure(
        **{**fields(old), "id": "ar24-hnd-010-r2", "value": Decimal(322), "supersedes": "ar24-hnd-010"}
    )
    rounds.correct(old="ar24-hnd-010", new=new, by="ana", at=MARCH, reason_es="Suma.", reason_en="Sum.")
    assert not findings.current().filter(kind="parts_below_total", state="HND").exists()
    assert findings.current().filter(state="CRI").exists()  # the others still stand

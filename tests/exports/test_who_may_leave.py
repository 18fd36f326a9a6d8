"""Only published statements that stand and are under no embargo leave, in any form, by any door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.exports.conftest import NOW

from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import FigureRow, Status
from mirps.sharing.exports import api
from mirps.sharing.exports.api import NoSuchRound, Wanted

FIGURE = "ar24-cri-001"
Act = Callable[[], None]
#: How a statement of its own (not a mention of it) begins in CSV, JSON and SDMX.
MARKS = (b"\nar24-cri-001,", b'"id": "ar24-cri-001"', b'id="STATEMENT" value="ar24-cri-001"')


def embargo() -> None:
    figures.set_embargo(round="2024", state="CRI", until=NOW + timedelta(days=1), by="test", at=NOW)


def unpublish() -> None:
    FigureRow.objects.filter(pk=FIGURE).update(status=Status.DRAFT)


def replace(at: datetime = NOW) -> None:
    import dataclasses

    old = figures.figure_from(FigureRow.objects.get(pk=FIGURE))
    new = dataclasses.replace(old, id="ar24-cri-001-r2", value=Decimal(234430), known_at=None)
    figures.correct(
        old=FIGURE, new=new, by="test", at=at, reason_es="Suma de las partes", reason_en="Sum of the parts"
    )


@pytest.mark.parametrize("format", ["csv", "hxl", "json", "sdmx"])
@pytest.mark.parametrize("act", [embargo, unpublish, replace])
def test_what_is_not_public_or_does_not_stand_is_left_out(exported: Any, format: str, act: Act) -> None:
    def holds() -> bool:
        body: bytes = exported(format)
        return any(mark in body for mark in MARKS)

    assert holds()
    act()
    assert not holds()


@pytest.mark.parametrize("act", [embargo, unpublish, replace])
def test_the_package_leaves_it_out_too(exported: Any, act: Act) -> None:
    import io
    import zipfile

    act()
    with zipfile.ZipFile(io.BytesIO(exported("package"))) as z:
        assert b"\nar24-cri-001," not in z.read("figures.csv")
        if act is not replace:
            assert "answers.csv" not in z.namelist()


def test_an_embargo_ends_by_itself(exported: Any) -> None:
    embargo()
    assert b"\nar24-cri-001," in exported("csv", at=NOW + timedelta(days=2))


def test_a_past_day_is_read_as_it_was_known_then(exported: Any) -> None:
    replace(at=datetime(2026, 3, 1, tzinfo=UTC))
    before, after = exported("csv", known_on=date(2026, 2, 28)), exported("csv", known_on=date(2026, 3, 1))
    assert b"\nar24-cri-001," in before
    assert b"\nar24-cri-001-r2," not in before
    assert b"\nar24-cri-001-r2," in after
    assert b"\nar24-cri-001," not in after


def test_a_day_before_a_document_knows_nothing_of_it(exported: Any) -> None:
    body = exported("csv", known_on=date(2024, 8, 1))
    assert b"\nmy24-" in body
    assert b"\nar24-" not in body


def test_an_embargo_hides_on_past_days_as_well(exported: Any) -> None:
    embargo()
    assert b",CRI," not in exported("csv", known_on=date(2025, 1, 1))


def test_the_web_never_reads_a_round_that_is_not_loaded(db: None) -> None:
    wanted = Wanted("2024", unloaded=False)
    if FigureRow.objects.exists():
        FigureRow.objects.filter(round="2024").update(round="other")
    with pytest.raises(NoSuchRound):
        api.export(wanted=wanted, format="csv", lang="es", at=NOW)

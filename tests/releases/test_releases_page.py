"""A State's officer sees what is about to be released, what is hidden and why, and decides."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from tests.access.conftest import Make, enter, make
from tests.releases.making import YEAR, case, proposed

from mirps.evidence.disclosure import api as disclosure
from mirps.evidence.figures.api import FigureRow, Status
from mirps.evidence.releases import api
from mirps.evidence.releases.models import Release, StandingApproval
from mirps.evidence.releases.proposing import Asked
from mirps.evidence.releases.rules import Stage

__all__ = ["enter", "make"]
pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)


def decided(n: int) -> list[dict[str, Any]]:
    return [case(k, state="HND", sex="FM"[k % 2]) for k in range(n)]


def waits(rows: list[dict[str, Any]]) -> Release:
    row = proposed(rows, Asked("HND", "2025", YEAR, AT.date()), at=AT).release
    assert row is not None
    return row


def counted() -> Release:
    few = [case(1000 + k, state="HND", sex="M", age="60+", outcome="refused") for k in range(3)]
    return waits(decided(40) + few)


@pytest.fixture
def officer(make: Make, enter: Any) -> Client:
    client: Client = enter(make("helena", "state-approver", "HND"))
    return client


def text(client: Client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


@pytest.mark.parametrize(
    ("lang", "words"),
    [("es", ("Decisiones", "Menos personas que el umbral", "Aprobar la salida")),
     ("en", ("Decisions", "Fewer people than the threshold", "Approve the release"))],
)  # fmt: skip
def test_an_officer_sees_what_goes_out_what_does_not_and_why(
    officer: Client, lang: str, words: tuple[str, ...]
) -> None:
    row = counted()
    assert f"/{lang}/releases/{row.pk}/" in text(officer, f"/{lang}/releases/")
    page = text(officer, f"/{lang}/releases/{row.pk}/")
    for word in (*words, ">20<"):
        assert word in page
    assert ">3<" not in page  # the three who were refused


def test_what_is_approved_enters_the_ledger(officer: Client) -> None:
    row = counted()
    done = officer.post(f"/en/releases/{row.pk}/approve/", {"seen": row.counted_at.isoformat()})
    assert done.headers["Location"] == f"/en/releases/{row.pk}/?kept=approved"
    total = FigureRow.objects.get(measure="asylum.decisions", dimensions="")
    assert (total.status, total.recorded_by) == (Status.APPROVED, "helena")
    assert "Approved. Its figures" in text(officer, f"/en/releases/{row.pk}/?kept=approved")


@pytest.mark.parametrize("seen", ["", "yesterday", "2026-11-01T08:00:00+00:00"])
def test_whoever_saw_something_else_approves_nothing(officer: Client, seen: str) -> None:
    row = counted()
    answer = officer.post(f"/en/releases/{row.pk}/approve/", {"seen": seen})
    assert answer.status_code == 422
    assert "counted again" in answer.content.decode() or "required" in answer.content.decode()
    assert not FigureRow.objects.exists()


def test_what_is_declined_says_why(officer: Client) -> None:
    row = counted()
    where = f"/es/releases/{row.pk}/decline/"
    assert officer.post(where, {"reason": "no"}).status_code == 422
    assert officer.post(where, {"reason": "faltan dos oficinas"}).status_code == 302
    assert "faltan dos oficinas" in text(officer, f"/es/releases/{row.pk}/")
    assert officer.post(where, {"reason": "faltan dos oficinas"}).status_code == 422


def test_a_refused_table_names_the_cells_and_cannot_be_approved(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight were released before rules became stricter: what everybody knows already cannot be hidden."""
    known = waits(decided(8))
    api.approve(release=str(known.pk), counted_at=known.counted_at, by="luz", role="state-approver", at=AT)
    rules = dict(disclosure.rules())
    monkeypatch.setattr(disclosure, "rules", lambda: rules | {"default": rules["gbv"]})
    row = waits(decided(8) + [case(500 + k, state="HND", nationality="NIC", sex="_U") for k in range(30)])
    assert row.stage == Stage.REFUSED
    page = text(officer, f"/en/releases/{row.pk}/")
    assert "Refused: cells that could be inferred" in page
    assert page.count("<li><b>") == len(api.opened(row)["bare"]) > 0
    assert "Approve the release" not in page
    answer = officer.post(f"/en/releases/{row.pk}/approve/", {"seen": row.counted_at.isoformat()})
    assert answer.status_code == 422
    assert "audit refuses it" in answer.content.decode()


def test_what_is_agreed_in_advance_is_kept_shown_and_ended(officer: Client) -> None:
    said = {"indicator": "asylum_decisions", "until": "", "reason": "the round is open until May"}
    assert officer.post("/en/releases/", said | {"reason": "yes"}).status_code == 422
    assert officer.post("/en/releases/", said | {"indicator": "nothing"}).status_code == 422
    assert officer.post("/en/releases/", said | {"until": "2020-01-01"}).status_code == 422
    assert officer.post("/en/releases/", said).status_code == 302
    assert officer.post("/en/releases/", said).status_code == 422  # it stands already
    held = StandingApproval.objects.get()
    assert (held.state, held.by, held.role) == ("HND", "helena", "state-approver")
    assert "the round is open until May" in text(officer, "/en/releases/")
    assert officer.post(f"/en/releases/agreed/{held.pk}/end/").status_code == 302
    assert officer.post(f"/en/releases/agreed/{held.pk}/end/").status_code == 403
    assert "the round is open until May" not in text(officer, "/en/releases/")


def test_another_state_and_the_region_learn_nothing_of_it(make: Make, enter: Any) -> None:
    row = counted()
    for client in (enter(make("carmen", "focal-point", "CRI")), enter(make("sec", "secretariat"))):
        assert client.get(f"/en/releases/{row.pk}/").status_code == 404
        assert (
            client.post(f"/en/releases/{row.pk}/approve/", {"seen": row.counted_at.isoformat()}).status_code
            == 404
        )
        assert str(row.pk) not in client.get("/en/releases/").content.decode()
    assert not FigureRow.objects.exists()

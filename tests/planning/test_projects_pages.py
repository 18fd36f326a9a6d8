"""The portfolio as each document knows it, and the pages that show where documents disagree."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.planning.conftest import read

from mirps.base.codelists.api import data_folder
from mirps.planning.projects import api as projects
from mirps.planning.records import api as records

pytestmark = pytest.mark.usefixtures("planned")
FACTS = data_folder() / "planning" / "facts"


def at(day: str) -> datetime:
    return datetime.fromisoformat(day + "T23:59:59").replace(tzinfo=UTC)


def states(day: str, programme: str = "FUND") -> set[str]:
    return {h.data["states"][0] for h in projects.portfolio(at(day)) if h.data["programme"] == programme}


def test_who_is_in_the_first_portfolio_depends_on_the_day() -> None:
    seven = {"BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN"}
    assert states("2024-01-23") == set()
    assert states("2024-01-24") == seven - {"BLZ"}
    assert states("2024-12-05") == states("2024-08-01") == seven


def test_what_a_document_says_is_kept_when_a_later_one_says_otherwise() -> None:
    said = {(s.project, s.document): s.data for s in projects.said()}
    assert len(said) == 33
    assert said["project/fund-blz", "MY24"]["stage"] == "negotiated"
    assert said["project/fund-blz", "AR24"]["stage"] == "starting"
    assert ("project/fund-mex", "MY24") not in said
    assert ("project/fund-blz", "VIAM") not in said


def test_the_documents_are_told_apart_on_who_is_in_and_on_what_they_contradict_each_other_in() -> None:
    found = projects.by_programme((h.record.key for h in projects.portfolio()), projects.said())
    assert found["FUND"].documents == ("VIAM", "MY24", "AR24")
    assert set(found["FUND"].disputed) == {"project/fund-blz", "project/fund-mex"}
    assert [found["FUND"].named(d) for d in found["FUND"].documents] == [6, 6, 7]
    differ = {r.project: r.differ for r in found["FUND"].rows}
    assert differ["project/fund-cri"] == ("entity",)
    assert differ["project/fund-blz"] == ("title",)
    assert differ["project/fund-hnd"] == ()
    assert found["GPIP"].disputed == ()


def test_every_figure_that_the_facts_name_stands_in_the_ledger() -> None:
    from mirps.evidence.figures import api as figures

    held = {f.id: f for f in figures.read_own_round("2024").figures}
    for h in projects.portfolio():
        for named in h.data.get("figures", ()):
            figure = held[named["figure"]]
            assert figure.state in h.data["states"], (h.record.key, figure.id)
            if named["what"] == "execution":
                assert figure.measure == "project.execution"


@pytest.mark.parametrize("name", ["project", "portfolio", "practice", "course", "visit"])
def test_each_fact_quotes_its_document(name: str, sources: Path) -> None:
    from tests.data.reading import one_line, places

    from mirps.base.codelists import api as codelists

    texts = {
        code: one_line((sources / row["file"]).read_text(encoding="utf-8"))
        for code, row in codelists.documents().items()
    }
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for line in row["source"].split("\n"):
                document, locator, fragment = (part.strip() for part in line.split("|"))
                assert places(one_line(fragment), texts[document]), (row["code"], fragment)
                assert len(fragment.split()) <= 8
                assert locator


def test_the_portfolio_reads_in_both_languages_and_as_known_on_a_day(client: Client) -> None:
    today = read(client, "/en/planning/projects/")
    assert "through the modernization of the Refugee Unit of Costa Rica" in today
    assert "No source gives the amount of an agreement" in today
    assert "Ninguna fuente da el monto de un acuerdo" in read(client, "/es/planning/projects/")
    early = read(client, "/en/planning/projects/?on=2024-01-24")
    assert "Proposal submitted" in early
    assert "Border" not in early
    assert "No document known on that day" in read(client, "/en/planning/projects/?on=2023-01-01")
    assert "That is no day" in read(client, "/en/planning/projects/?on=nonsense")


def test_what_is_reported_is_a_figure_that_leads_to_its_source_and_never_a_computed_one(
    client: Client,
) -> None:
    page = read(client, "/en/planning/projects/fund-slv/")
    assert "/en/figure/ar24-slv-018/" in page
    assert "79%" in page
    assert "Cannot be computed: no source gives the amount of the agreement." in page


def test_a_project_whose_end_has_passed_in_silence_is_not_called_late(client: Client) -> None:
    page = read(client, "/en/planning/projects/?on=2026-01-01")
    assert "Nothing is late." in page
    assert "nobody has said since whether it ended" in page


def test_the_matrix_says_which_document_leaves_a_project_out(client: Client) -> None:
    page = read(client, "/en/planning/projects/documents/")
    assert page.count("Does not name it") == 2
    assert page.count("Not every document names it") == 2
    assert "They differ on: implementing entity" in page


def test_one_document_on_one_project_shows_what_changed_from_the_one_before(client: Client) -> None:
    page = read(client, "/en/planning/projects/gpip-slv/documents/AR24/")
    assert "Self-help groups for women" in page
    assert "What changes from" in page
    read(client, "/en/planning/projects/gpip-slv/documents/VIAM/", 404)
    read(client, "/en/planning/projects/nothing/", 404)


def test_a_schedule_is_paid_late_and_computed(client: Client) -> None:
    """From an agreement with two disbursements to a share that is computed, day by day."""
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    held = records.get("project/fund-gtm")
    agreed: dict[str, Any] = {**held.data, "agreed": {"amount": "1000", "currency": "USD"}}
    records.save(kind="project", code="fund-gtm", data=agreed, base=held.number, by="a", at=now)
    publish("project/fund-gtm", now)
    two: list[dict[str, Any]] = [
        {"due": "2026-01-10", "paid": "2026-01-12"},
        {"due": "2026-02-10", "condition": {"es": "Informe aprobado", "en": "Report approved"}},
    ]
    for n, given in enumerate(two):
        data = {
            "title": {"es": f"Pago {n}", "en": f"Payment {n}"},
            "amount": {"amount": "400", "currency": "USD"},
        }
        code = f"gtm-{n}"
        records.save(
            kind="disbursement", code=code, data={**data, **given}, base=0, parent="project/fund-gtm", state="GTM",
            by="a", at=now,
        )  # fmt: skip
        publish(f"disbursement/{code}", now)
    found = next(h for h in projects.portfolio() if h.record.key == "project/fund-gtm").project
    assert [(x.matter.value, x.key) for x in projects.late(found, date(2026, 3, 1))] == [
        ("condition", "disbursement/gtm-1")
    ]
    assert projects.computed(found, date(2026, 3, 1)).paid.percent == 40
    page = read(client, "/en/planning/projects/fund-gtm/")
    assert "USD 400 of USD 1,000" in page
    assert "Condition not met: the disbursement was for" in page


def publish(key: str, now: datetime) -> None:
    held = records.get(key)
    held = records.step(key=key, act=records.Act.SUBMIT, by="a", at=now, base=held.number)
    records.step(key=key, act=records.Act.PUBLISH, by="b", at=now, base=held.number)


def test_the_portfolio_costs_as_many_queries_with_more_projects(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    read(client, "/en/planning/projects/")
    for n in range(12):
        key = f"project/more-{n}"
        data = {**records.get("project/fund-hnd").data, "source": []}
        records.save(kind="project", code=f"more-{n}", data=data, base=0, by="a", at=at("2026-01-01"))
        publish(key, at("2026-01-01"))
    with django_assert_max_num_queries(30):
        page = read(client, "/en/planning/projects/")
    assert "/en/planning/projects/more-11/" in page

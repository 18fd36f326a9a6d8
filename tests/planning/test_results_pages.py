"""Pages of results: what readers see, who may draw, and what a page says when something is lacking."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.planning.conftest import read, signed_in

from mirps.planning.records import api as records
from mirps.planning.records.api import Record

pytestmark = pytest.mark.usefixtures("planned")
AT = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)


def signed(role: str, state: str = "", body: str = "") -> Client:
    return signed_in(f"{role}-{state}-{body}", role, state, body)


def test_a_framework_says_that_it_is_ours_and_which_document_says_what(client: Client) -> None:
    page = read(client, "/en/planning/framework/asylum-systems/")
    assert "Our proposal. The annual report only says" in page
    assert page.count('class="whence">AR24') >= 8
    assert "our proposal</span>" in page
    assert page.count("<svg") == 2 + page.count('class="mark"'), (
        "the wide drawing, the slim one and the masthead's mark"
    )


def test_every_arrow_of_the_drawing_stands_in_the_list(client: Client) -> None:
    page = read(client, "/es/planning/framework/labour-integration/")
    for r in records.of_kind("framework-node"):
        if r.parent == "framework/labour-integration":
            assert f'id="b-{r.code.replace(".", "-")}"' in page
            for k in r.data.get("leads_to", ()):
                assert f'href="#b-{k.partition("/")[2].replace(".", "-")}"' in page


def test_an_indicator_without_a_value_says_what_is_needed(client: Client) -> None:
    page = read(client, "/es/planning/indicator/as.referral/")
    assert "Todavía no hay ningún valor." in page
    told = read(client, "/en/planning/indicator/as.meeting/")
    assert "Stated: no series of the ledger measures it" in told
    assert "Target reached." in told


def test_a_target_that_a_figure_sets_is_told_with_its_document(client: Client) -> None:
    page = read(client, "/en/planning/indicator/li.platform/")
    assert "Target: 70% (without a date); by MY24" in page
    insured = read(client, "/en/planning/indicator/li.insured/")
    assert "There is only the baseline, 4,835 people (31 May 2024)" in insured
    assert "Not yet at 5,000 people." in insured


@pytest.mark.parametrize(
    ("role", "state", "body", "status"),
    [
        ("secretariat", "", "", 200),
        ("reader", "", "", 403),
        ("focal-point", "GTM", "", 403),
        ("team-lead", "", "JL", 403),
    ],
)
def test_only_who_writes_or_reviews_for_the_team_may_draw(
    role: str, state: str, body: str, status: int
) -> None:
    assert signed(role, state, body).get("/en/planning/framework/asylum-systems/draw/").status_code == status


def test_nobody_draws_without_signing_in(client: Client) -> None:
    answer = client.get("/en/planning/framework/asylum-systems/draw/")
    assert (answer.status_code, "/sign-in/" in answer["Location"]) == (302, True)


def post(client: Client, **data: str) -> tuple[int, str]:
    answer = client.post("/en/planning/framework/asylum-systems/draw/", data)
    return answer.status_code, answer.content.decode()


def test_a_wrong_arrow_is_answered_with_why_and_a_strangers_box_is_not_there() -> None:
    client = signed("secretariat")
    status, page = post(
        client, do="connect", box="framework-node/as.impact", target="framework-node/as.output.coi"
    )
    assert (status, "An arrow does not go down a level" in page) == (422, True)
    assert (
        post(client, do="connect", box="framework-node/li.impact", target="framework-node/as.impact")[0]
        == 404
    )
    assert (
        post(client, do="connect", box="framework-node/as.output.coi", target="framework-node/li.impact")[0]
        == 422
    )
    assert post(client, do="anything")[0] == 404


def test_somebody_who_only_writes_cannot_remove_or_publish() -> None:
    member = signed("team-member", body="RACP")
    assert member.get("/en/planning/framework/asylum-systems/draw/").status_code == 200
    assert post(member, do="remove", box="framework-node/as.impact", reason="no")[0] == 403
    assert post(member, do="publish")[0] == 403
    assert post(member, do="move", box="framework-node/as.output.coi", way="down")[0] == 302


def test_a_baseline_is_one_of_the_indicators_own_figures() -> None:
    client = signed("secretariat")
    address = "/en/planning/indicator/li.vacancies/baseline/"
    assert client.post(address, {"state": "CRI", "figure": "ar24-mex-022"}).status_code == 404
    assert client.post(address, {"state": "CRI", "figure": "ar24-cri-021"}).status_code == 302
    assert records.get("indicator/li.vacancies").data["baseline"] == [
        {"state": "CRI", "figure": "ar24-cri-021"}
    ]
    assert signed("reader").post(address, {"state": "CRI", "figure": "ar24-cri-021"}).status_code == 403


def test_a_draft_without_its_level_does_not_break_the_page(client: Client) -> None:
    held = records.get("framework/asylum-systems")
    words = {"title": {"es": "sin nivel", "en": "no level"}}
    records.save(
        kind="framework-node",
        code="bare",
        data=words,
        base=0,
        parent=held.key,
        body=held.body,
        by="ana",
        at=AT,
    )
    assert "no level" in read(signed("secretariat"), "/en/planning/framework/asylum-systems/")
    assert "no level" not in read(client, "/en/planning/framework/asylum-systems/")


def test_a_framework_that_is_withdrawn_is_gone_for_readers(client: Client) -> None:
    held: Record = records.get("framework/asylum-systems")
    records.step(
        key=held.key,
        act=records.Act.WITHDRAW,
        by="eva",
        at=AT,
        base=held.number,
        reason="replaced by the team's",
    )
    read(client, "/en/planning/framework/asylum-systems/", 404)
    assert "Asylum systems" not in read(client, "/en/planning/results/").partition("<main")[2]


def test_a_framework_is_read_as_it_was_known_on_a_day(client: Client) -> None:
    address = "/en/planning/framework/asylum-systems/"
    held = records.get("framework-node/as.output.coi")
    data = {**held.data, "title": {"es": "dicho de otro modo", "en": "said in another way"}}
    later = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    held = records.save(kind=held.kind, code=held.code, data=data, base=held.number, by="ana", at=later)
    held = records.step(key=held.key, act=records.Act.SUBMIT, by="ana", at=later, base=held.number)
    records.step(key=held.key, act=records.Act.PUBLISH, by="eva", at=later, base=held.number)
    assert "said in another way" in read(client, address)
    before = read(client, address + "?on=2026-02-01")
    assert "said in another way" not in before
    assert "Authorities exchange objective country-of-origin information" in before
    read(client, address + "?on=2020-01-01", 404)
    assert "said in another way" in read(client, address + "?on=nonsense")

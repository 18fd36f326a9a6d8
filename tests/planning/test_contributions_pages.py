"""The pages of contributions, donors and IATI: what the documents name, by filter, summed once, in both languages."""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree
from tests.planning.conftest import read

from mirps.base.access import api as access
from mirps.planning.contributions import api as contributions
from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Record
from mirps.sharing.exports import iati_files as files
from mirps.sharing.exports import iati_reading as iati
from mirps.sharing.exports.iati import Why

pytestmark = pytest.mark.usefixtures("planned")
AT = datetime(2026, 2, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _files_made_anew() -> None:
    iati.forget()


def words(html: str) -> str:
    root = etree.HTML(html)
    main = root.find(".//main")
    assert main is not None
    return " ".join(" ".join(str(x) for x in main.itertext()).split())


def test_what_the_documents_name_is_there_in_both_languages(client: Client) -> None:
    for lang, more in (("en", "more than USD 196,000,000"), ("es", "más de USD 196,000,000")):
        page = words(read(client, f"/{lang}/planning/contributions/"))
        assert more in page
        assert "76" in page


def test_amounts_without_a_currency_are_named_and_in_no_sum(client: Client) -> None:
    page = words(read(client, "/en/planning/contributions/?donor=IADB"))
    assert "The source does not say the currency 2" in page
    assert "187,000,000" in page
    assert "None of this can be summed in money." in page


def test_a_part_is_named_under_its_whole_and_summed_there_only(client: Client) -> None:
    page = words(read(client, "/en/planning/contributions/?donor=CAN.GOV"))
    assert "CAD 75,000,000" in page
    assert "Within the above, for the MIRPS States Pledged CAD 2,300,000" in page
    assert "CAD 77,300,000" not in page
    assert "Already within another that is summed 2" in page
    assert "Is part of Six-year commitment to asylum capacity" in page


@pytest.mark.parametrize(
    "query", ["state=CRI", "year=2023", "stage=pledged", "form=in-kind", "state=none", "donor=NOBODY"]
)
def test_filters_choose_what_the_rules_choose(client: Client, query: str) -> None:
    name, _, value = query.partition("=")
    wanted = contributions.Wanted(**{name: value})
    chosen = [c for c in contributions.contributions() if wanted.holds(c)]
    page = words(read(client, f"/en/planning/contributions/?{query}"))
    assert f"Contributions {len(chosen)}" in page
    assert all(c.title["en"] in page for c in chosen[:50])
    assert bool(chosen) != ("See all" in page)


def test_lempiras_convert_as_the_source_did_and_what_no_rate_converts_says_so(client: Client) -> None:
    page = words(read(client, "/en/planning/contributions/?in=USD"))
    assert "USD 6,055,348" in page
    assert "without an exchange rate of their date" in page


def test_a_donor_s_page_tells_what_keeps_its_promise_and_where_the_money_goes(client: Client) -> None:
    page = words(read(client, "/en/planning/donors/USA.GOV/"))
    assert "What keeps it Good Practice Implementation Projects" in page
    assert "Nothing published says that it was kept." in page
    spain = words(read(client, "/en/planning/donors/ESP.GOV/"))
    assert "Where it goes First portfolio of the MIRPS Fund" in spain
    assert "Projects 7" in spain


def test_a_contribution_tells_its_donor_its_whole_its_parts_and_the_figure_behind_it(client: Client) -> None:
    page = words(read(client, "/en/planning/contribution/esp-mirps-fund/"))
    assert "EUR 1,000,000 Disbursed · Government of Spain" in page
    assert "Is part of we assume so Contributions of three years" in page
    assert "Includes Fund project in Darién" in page
    assert "First call for proposals of the MIRPS Fund" in page
    assert "Spain contributed the pioneering contribution of EUR 1M" in page
    pledge = words(read(client, "/es/planning/contribution/usa-good-practice-pledge/"))
    assert "Lo que la cumple Proyectos de implementación de buenas prácticas" in pledge
    kept = words(read(client, "/es/planning/contribution/usa-good-practice-projects/"))
    assert "La promesa que cumple Promesa de apoyar un proyecto" in kept


def test_a_contribution_is_read_as_it_was_known_on_a_day(client: Client) -> None:
    assert "As known on" in words(read(client, "/en/planning/contribution/esp-mirps-fund/?on=2024-06-01"))
    read(client, "/en/planning/contribution/esp-mirps-fund/?on=2023-06-01", 404)
    pledge = "/en/planning/contribution/usa-good-practice-pledge/"
    assert "December 2023" not in words(
        read(client, f"{pledge}?on=2024-02-01")
    )  # the mid-year report says it
    assert "December 2023" in words(read(client, f"{pledge}?on=2024-08-02"))
    read(client, "/en/planning/contribution/none/", 404)


def test_every_contribution_has_a_page_in_both_languages_that_leaves_nothing_blank(client: Client) -> None:
    for c in contributions.contributions():
        for lang in ("es", "en"):
            page = words(read(client, f"/{lang}/planning/contribution/{c.code}/"))
            assert "None" not in page, c.code


def test_a_donor_with_nothing_and_one_that_is_none(client: Client) -> None:
    assert "No contributions of this institution" in words(read(client, "/en/planning/donors/ARG.GOV/"))
    read(client, "/en/planning/donors/NOBODY/", 404)


def test_the_list_of_donors_parts_the_states_own_money(client: Client) -> None:
    page = words(read(client, "/en/planning/donors/"))
    assert page.index("Support Platform and other donors") < page.index("The MIRPS States' own money")
    assert "HNL 150,000,000" in page[page.index("The MIRPS States' own money") :]


def test_a_figure_restated_is_noticed_beside_the_contribution(client: Client) -> None:
    from mirps.evidence.figures.models import FigureRow

    FigureRow.objects.filter(pk="viam-mirps-007").update(value=Decimal(6_300_000))
    found = contributions.disagreeing(contributions.contributions(), AT)
    assert found == {"esp-three-years": "viam-mirps-007"}


# IATI


def test_the_files_are_valid_and_hold_what_can_be_told(client: Client) -> None:
    answer = client.get("/en/planning/iati/activities.xml")
    assert answer["Content-Type"].startswith("application/xml")
    root = etree.fromstring(answer.content)
    assert files.against_schema(root) == []
    told = {e.findtext("iati-identifier") for e in root.iterfind("iati-activity")}
    assert f"{iati.settings().reporting.ref}-contribution-usa-humanitarian-2023" in told
    assert not any("iadb-new" in (x or "") for x in told)
    organisations = etree.fromstring(client.get("/en/planning/iati/organisations.xml").content)
    assert files.against_schema(organisations) == []


def test_what_is_not_in_the_files_is_on_the_page_with_its_reason_and_remedy(client: Client) -> None:
    page = words(read(client, "/en/planning/iati/"))
    assert "No currency 2 Ask the donor for the currency" in page
    made = iati.made(AT)
    refused = {r.key: r.why for r in made.refused}
    assert refused["contribution/iadb-new-grants"] is Why.CURRENCY
    assert refused["contribution/esp-humanitarian"] is Why.DAY
    assert refused["contribution/bra-food-panama"] is Why.KIND
    every = {c.key for c in contributions.contributions()}
    assert every <= set(refused) | {a.key for a in made.told}
    assert "proposal" in page.lower()


def test_a_file_that_is_not_there_is_not_found(client: Client) -> None:
    read(client, "/en/planning/iati/anything.xml", 404)


# Workbook


def book(client: Client, query: str = "") -> bytes:
    answer = client.get(f"/es/planning/contributions.xlsx{query}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_the_workbook_holds_the_same_choice_and_sums(client: Client) -> None:
    held = openpyxl.load_workbook(io.BytesIO(book(client, "?donor=CAN.GOV")))
    rows = list(held["Contribuciones"].values)
    assert len(rows) == 1 + sum(c.donor == "CAN.GOV" for c in contributions.contributions())
    assert next(iter(list(held["Sumas"].values)[1:]))[4] == 75_000_000
    assert len(list(held["Sin sumar"].values)) > 2
    assert held.sheetnames[-1] == "Notas"


def test_the_same_contributions_make_the_same_bytes(client: Client) -> None:
    assert book(client) == book(client)


@pytest.mark.office
def test_libreoffice_opens_the_workbook_and_writes_the_same_again(client: Client, tmp_path: Path) -> None:
    written = book(client)
    (tmp_path / "c.xlsx").write_bytes(written)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx",
         "--outdir", str(tmp_path / "again"), str(tmp_path / "c.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    ours, theirs = (openpyxl.load_workbook(x) for x in (io.BytesIO(written), tmp_path / "again" / "c.xlsx"))
    assert theirs.sheetnames == ours.sheetnames
    for name in ours.sheetnames:
        assert list(theirs[name].values) == list(ours[name].values)


# A donor's own


def given(code: str, body: str, **more: Any) -> Record:
    data = {
        "title": {"es": f"Aporte {code}", "en": f"Gift {code}"}, "purpose": {"es": "Para asilo", "en": "For asylum"},
        "stage": "pledged", "form": "grant", "amount": {"amount": "10", "currency": "CAD"}, "states": ["HND"], **more,
    }  # fmt: skip
    return records.save(
        kind="contribution", code=code, data=data, base=0, by="dona", at=AT, role="donor", body=body
    )


def test_a_draft_is_in_no_list_and_no_sum_until_somebody_else_publishes_it(client: Client) -> None:
    draft = given("can-new", "CAN.GOV")
    assert "can-new" not in {c.code for c in contributions.contributions()}
    assert "Gift can-new" not in read(client, "/en/planning/contributions/?donor=CAN.GOV")
    sent = records.step(key=draft.key, act=Act.SUBMIT, by="dona", at=AT, base=draft.number)
    with pytest.raises(records.Refused):
        records.step(key=draft.key, act=Act.PUBLISH, by="dona", at=AT, base=sent.number)
    records.step(key=draft.key, act=Act.PUBLISH, by="secretaria", at=AT, base=sent.number)
    assert "can-new" in {c.code for c in contributions.contributions()}


def test_a_donor_may_write_and_read_its_own_and_no_other_s() -> None:
    grant = access.Grant("donor", "", date(2026, 1, 1), None, "CAN.GOV")
    for act, body, allowed in (
        ("write", "CAN.GOV", True),
        ("write", "ESP.GOV", False),
        ("review", "CAN.GOV", False),
        ("publish", "CAN.GOV", False),
    ):  # fmt: skip
        assert access.may([grant], f"funding.{act}", state="", body=body, on=date(2026, 2, 1)) is allowed


def test_my_contributions_asks_to_sign_in(client: Client) -> None:
    assert client.get("/en/planning/my-contributions/").status_code == 302


# Many


def test_five_thousand_contributions_are_summed_and_paged_fast(client: Client) -> None:
    """Measured after the first reading; the bench holds the same in more detail."""
    many = [
        Record(
            key=f"contribution/many-{n}", kind="contribution", root=f"contribution/many-{n}", body="ESP.GOV",
            audience="public", status="published", number=1, known_at=AT, changed_at=AT + timedelta(seconds=n),
            public={
                "title": {"es": f"A {n}", "en": f"G {n}"}, "purpose": {"es": "x", "en": "x"}, "stage": "pledged",
                "form": "grant",
                "amount": {"amount": str(n + 1), "currency": "EUR"}, "states": ["HND"], "made": "2025",
                **({"part-of": [f"contribution/many-{n - 1}"]} if n % 2 else {}),
            },
        )
        for n in range(5000)
    ]  # fmt: skip
    Record.objects.bulk_create(many)
    read(client, "/en/planning/contributions/?year=2025")
    with CaptureQueriesContext(connection) as asked:
        started = process_time()
        _, sums = contributions.book().of(contributions.Wanted(year="2025", donor="ESP.GOV"))
        spent = process_time() - started
    assert [(x.count, x.total) for x in sums.lines if x.stage == "pledged"] == [
        (2500, Decimal(sum(range(1, 5001, 2))))
    ]
    assert len(asked) <= 3  # whether anything has changed
    assert spent < 0.25

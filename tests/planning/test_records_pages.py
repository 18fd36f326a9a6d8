"""The pages that every kind shares, through the doors that people use."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.planning.conftest import Enter, read, whole_practice

from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Record

pytestmark = pytest.mark.usefixtures("planned")
AT = datetime(2026, 2, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_files(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_record_in_force_has_a_page_and_every_kind_a_list(client: Client, lang: str) -> None:
    for kind in records.kinds():
        read(client, f"/{lang}/planning/records/{kind}/")
    for held in Record.objects.filter(public__isnull=False, audience="public").order_by("key"):
        page = read(client, f"/{lang}/planning/record/{held.kind}/{held.code}/")
        assert ">None<" not in page


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_kind_has_a_form(enter: Enter, lang: str) -> None:
    region = enter("severo", "secretariat")
    for k in records.kinds().values():
        above = Record.objects.filter(kind__in=k.parents, state="").order_by("key").first()
        if k.parents and above is None:
            continue
        if k.domain in ("proposal", "score"):
            continue
        read(region, f"/{lang}/planning/new/{k.name}/" + (f"?parent={above.key}" if above else ""))


def test_a_draft_is_seen_by_those_who_work_on_it_and_by_nobody_else(enter: Enter, client: Client) -> None:
    whole_practice("own-draft", state="HND")
    at = "/es/planning/record/practice/own-draft/"
    team, neighbour = enter("helena", "focal-point", "HND"), enter("gonzalo", "focal-point", "GTM")
    assert "Borrador" in read(team, at)
    for other in (client, neighbour, enter("leila", "reader")):
        for more in ("", "history/"):
            read(other, at + more, 404)
        assert "own-draft" not in read(other, "/es/planning/records/practice/")
        assert other.post(at + "remark/", {"text": "x"}).status_code in (302, 404)
    assert "own-draft" in read(team, "/es/planning/records/practice/?status=draft")


def test_a_practice_is_written_sent_back_mended_and_published_by_somebody_else(
    enter: Enter, client: Client
) -> None:
    held = whole_practice("the-way", state="HND", by="helena")
    at = "/en/planning/record/practice/the-way/"
    helena, approver = enter("helena", "focal-point", "HND"), enter("hugo", "state-approver", "HND")
    assert helena.post(at + "act/", {"act": "submit", "base": held.number}).status_code == 302
    assert "sent back" not in read(approver, at)
    no_reason = approver.post(at + "act/", {"act": "return", "base": 2, "reason": ""})
    assert no_reason.status_code == 422
    assert "Say why" in no_reason.content.decode()
    assert (
        approver.post(at + "act/", {"act": "return", "base": 2, "reason": "Which year?"}).status_code == 302
    )
    assert helena.post(at + "act/", {"act": "submit", "base": 3}).status_code == 302
    assert helena.post(at + "act/", {"act": "publish", "base": 4}).status_code == 403
    assert approver.post(at + "act/", {"act": "publish", "base": 3}).status_code == 409
    assert approver.post(at + "act/", {"act": "publish", "base": 4}).status_code == 302
    assert records.get(held.key).public == held.data
    assert "helena" not in read(client, at + "history/"), "who wrote it is no business of the public"


def test_what_two_people_write_at_once_is_shown_side_by_side(enter: Enter) -> None:
    held = whole_practice("met", state="HND", by="helena")
    helena = enter("helena", "focal-point", "HND")
    cells = records.flat(records.kinds()["practice"], held.data)
    records.save(
        kind="practice", code="met", data={**held.data, "note": {"es": "de otra", "en": "another's"}}, base=1,
        by="irma", at=AT,
    )  # fmt: skip
    answer = helena.post(
        "/es/planning/record/practice/met/edit/", {**cells, "note.es": "mía", "note.en": "mine", "_base": "1"}
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "de otra" in page
    assert "mía" in page
    assert records.get(held.key).data["note"]["es"] == "de otra"


def test_a_form_that_is_wrong_names_each_cell_and_keeps_what_was_typed(enter: Enter) -> None:
    helena = enter("helena", "focal-point", "HND")
    answer = helena.post("/es/planning/new/practice/", {"title.es": "x" * 400, "title.en": "Kept words"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#f-title.es"' in page
    assert "Kept words" in page
    assert not Record.objects.filter(kind="practice", status="draft").exists()


def test_a_form_may_be_begun_by_its_address_and_takes_nothing_that_does_not_fit(enter: Enter) -> None:
    helena = enter("helena", "focal-point", "HND")
    page = read(helena, "/es/planning/new/practice/?title.es=Empezado&states=HND&topic=nonsense&other=x")
    assert 'value="Empezado"' in page
    assert "nonsense" not in page.split("<main", 1)[1].split("</main>")[0]


def test_the_secretariat_enters_a_contribution_for_its_donor(enter: Enter) -> None:
    region = enter("severo", "secretariat")
    assert "?body=CAN.GOV" in read(region, "/es/planning/donors/CAN.GOV/")
    given = {
        "title.es": "Apoyo", "title.en": "Support", "stage": "pledged", "form": "grant", "purpose.es": "Asilo.",
        "purpose.en": "Asylum.", "_owner": "|CAN.GOV",
    }  # fmt: skip
    assert region.post("/es/planning/new/contribution/?body=CAN.GOV", given).status_code == 302
    made = Record.objects.get(kind="contribution", status="draft")
    assert (made.state, made.body) == ("", "CAN.GOV")
    donor = enter("donata", "donor", "", "USA.GOV")
    assert donor.post("/es/planning/new/contribution/?body=CAN.GOV", given).status_code == 403


def test_nobody_writes_for_another_state(enter: Enter) -> None:
    whole_practice("theirs", state="GTM")
    helena = enter("helena", "focal-point", "HND")
    assert helena.get("/es/planning/record/practice/theirs/edit/").status_code == 404
    answer = helena.post("/es/planning/new/practice/", {"title.es": "a", "title.en": "a", "_owner": "GTM|"})
    assert answer.status_code == 403
    assert not Record.objects.filter(
        kind="practice", state="GTM", status="draft", data__title__es="a"
    ).exists()


def test_a_paper_is_kept_with_its_record_and_read_by_whoever_reads_it(enter: Enter, client: Client) -> None:
    region = enter("severo", "secretariat")
    k = records.kinds()["document"]
    held = records.of_kind("document").exclude(public=None)[0]
    cells = records.flat(k, held.data)
    pdf = b"%PDF-1.7\nminutes"
    answer = region.post(
        f"/es/planning/record/document/{held.code}/edit/",
        {**cells, "_base": held.number, "file": SimpleUploadedFile("Acta ñ.pdf", pdf)},
    )
    assert answer.status_code == 302, answer.content.decode()
    digest = records.get(held.key).data["file"]
    got = region.get(f"/es/planning/record/document/{held.code}/paper/{digest}/")
    assert b"".join(got.streaming_content) == pdf  # type: ignore[attr-defined]
    assert client.get(f"/es/planning/record/document/{held.code}/paper/{'0' * 64}/").status_code == 404
    bad = region.post(
        f"/es/planning/record/document/{held.code}/edit/",
        {**cells, "_base": held.number + 1, "file": SimpleUploadedFile("x.pdf", b"MZ\x90 not a document")},
    )
    assert bad.status_code == 422
    assert records.get(held.key).data["file"] == digest


def test_a_page_can_be_read_as_it_was_known_on_a_day(client: Client) -> None:
    read(client, "/es/planning/record/project/fund-blz/?on=2024-12-31")
    read(client, "/es/planning/record/project/fund-blz/?on=2019-01-01", 404)
    read(client, "/es/planning/record/project/fund-blz/?on=yesterday")


def test_what_is_withdrawn_leaves_public_pages_at_once(enter: Enter, client: Client) -> None:
    held = whole_practice("gone", state="HND", by="helena")
    held = records.step(key=held.key, act=Act.SUBMIT, by="helena", at=AT, base=1)
    records.step(key=held.key, act=Act.PUBLISH, by="hugo", at=AT, base=2)
    at = "/es/planning/record/practice/gone/"
    read(client, at)
    records.step(key=held.key, act=Act.WITHDRAW, by="hugo", at=AT, base=3, reason="Ya no vale")
    read(client, at, 404)


def test_a_day_before_anything_was_known_says_so_and_leads_to_today(client: Client) -> None:
    page = read(client, "/es/planning/record/project/fund-blz/?on=2019-01-01", 404)
    assert "todavía no se sabía nada de esto" in page
    assert "Conocido desde" in page


def test_names_and_days_are_taken_as_people_write_them(enter: Enter) -> None:
    from mirps.planning.records.kinds import Field, Type
    from mirps.web.pages.planning.editing import understood

    institution = Field("x", Type.CODE, list="institutions", many=True)
    assert understood(institution, "ACNUR; HND.INM") == "UNHCR; HND.INM"
    assert understood(Field("x", Type.DATE), "5/12/2024") == "2024-12-05"
    assert understood(Field("x", Type.DATE), "2024-12-05") == "2024-12-05"
    assert understood(Field("x", Type.CLOCK), "9:00") == "09:00"


def test_the_heading_of_faults_speaks_of_the_record(enter: Enter) -> None:
    helena = enter("helena", "focal-point", "HND")
    page = helena.post("/es/planning/new/practice/", {"title.es": "", "_owner": "HND|", "_code": "X!"})
    assert page.status_code == 422
    assert "Hay algo que corregir en el registro" in page.content.decode()
    assert "Falta algo en la respuesta" not in page.content.decode()


def test_rounds_are_in_the_masthead_of_those_who_work_in_them(enter: Enter) -> None:
    link = 'class="language" href="/es/rounds/"'
    assert link in read(enter("helena", "focal-point", "HND"), "/es/planning/")
    for name, role in (("lea", "reader"), ("nadie", ""), ("dona", "donor")):
        reader = enter(name, role)
        assert link not in read(reader, "/es/planning/")
        assert link not in read(reader, "/es/")

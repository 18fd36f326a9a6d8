"""A course from its announcement to the certificate that anybody can verify, and what nobody is told."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.planning.conftest import person

from mirps.planning.knowledge import api as knowledge
from mirps.planning.knowledge.api import Certificate, Declined, Enrolment
from mirps.planning.records import api as records
from mirps.planning.records.api import Act

pytestmark = pytest.mark.usefixtures("planned")
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY = "course/solutions"


def announced(**more: Any) -> None:
    data: dict[str, Any] = {
        "title": {"es": "Soluciones", "en": "Solutions"}, "sort": "course", "opens": "2020-01-01",
        "days": [{"day": "2020-03-02"}, {"day": "2020-03-03"}], "closes": "2099-01-01", "certificate": True,
        "attendance": "100", "hours": "12", "organisers": ["UNHCR"], **more,
    }  # fmt: skip
    held = records.save(kind="course", code="solutions", data=data, base=0, by="ana", at=AT, state="GTM")
    held = records.step(key=KEY, act=Act.SUBMIT, by="ana", at=AT, base=held.number)
    records.step(key=KEY, act=Act.PUBLISH, by="luis", at=AT, base=held.number)


def enrolled(name: str, *, shown: bool = False) -> Enrolment:
    return knowledge.enrol(
        key=KEY, person=name, name=f"{name.capitalize()} Pérez", shown=shown, by=name, at=AT, on=AT.date()
    )


def certified(name: str, *, shown: bool = False) -> Certificate:
    e = enrolled(name, shown=shown)
    knowledge.attend(key=KEY, days={e.pk: ["2020-03-02", "2020-03-03"]}, by="ana", at=AT)
    return knowledge.certify(key=KEY, by="ana", at=AT, on=AT.date())[0]


def test_from_enrolling_to_a_certificate_through_the_pages(client: Client) -> None:
    announced()
    learner, staff = person("rosa"), person("ana", "focal-point", "GTM")
    client.force_login(learner)
    assert "Write your name" in client.post(
        "/en/planning/learning/solutions/enrol/", {"act": "enrol", "name": " "}
    ).content.decode()  # fmt: skip
    client.post(
        "/en/planning/learning/solutions/enrol/", {"act": "enrol", "name": "Rosa  Pérez", "shown": "yes"}
    )
    page = client.get("/en/planning/learning/solutions/").content.decode()
    assert "You are in it, as Rosa Pérez." in page
    assert client.get("/en/planning/learning/solutions/people/").status_code == 403
    client.force_login(staff)
    e = Enrolment.objects.get()
    people = client.get("/en/planning/learning/solutions/people/").content.decode()
    assert f'name="day-{e.pk}"' in people
    client.post(
        "/en/planning/learning/solutions/people/",
        {"act": "attend", f"day-{e.pk}": ["2020-03-02", "2020-03-03"]},
    )
    client.post("/en/planning/learning/solutions/people/", {"act": "certify"})
    c = Certificate.objects.get()
    client.force_login(learner)
    assert c.code in client.get("/en/planning/learning/mine/").content.decode()
    paper = client.get(f"/es/planning/certificates/{c.code}/paper/")
    assert paper["Content-Type"] == "application/pdf"
    assert paper["Cache-Control"] == "private, no-store"
    client.logout()
    seen = client.get(f"/en/planning/certificates/{c.code}/").content.decode()
    assert "The certificate is genuine." in seen
    assert "Rosa Pérez" in seen
    assert client.get(f"/en/planning/certificates/{c.code}/paper/").status_code in (302, 404)


def test_a_name_is_shown_to_the_public_only_as_long_as_its_holder_agrees(client: Client) -> None:
    announced()
    c = certified("rosa")
    address = f"/es/planning/certificates/{c.code}/"
    assert "Rosa Pérez" not in client.get(address).content.decode()
    knowledge.show(key=KEY, person="rosa", shown=True, by="rosa", at=AT)
    assert "Rosa Pérez" in client.get(address).content.decode()
    knowledge.show(key=KEY, person="rosa", shown=False, by="rosa", at=AT)
    seen = client.get(address).content.decode()
    assert "Rosa Pérez" not in seen
    assert "El certificado es auténtico." in seen


def test_nobody_is_named_on_a_courses_public_page(client: Client) -> None:
    announced()
    certified("rosa", shown=True)
    for address in (
        "/es/planning/learning/", "/es/planning/learning/solutions/", "/es/search/?q=soluciones",
        "/es/planning/record/course/solutions/history/",
    ):  # fmt: skip
        assert "Rosa" not in client.get(address).content.decode(), address


def test_the_paper_says_in_either_language_what_was_attended_and_its_code_leads_to_its_page(
    client: Client,
) -> None:
    import io

    import pypdf

    announced()
    c = certified("rosa")
    client.force_login(person("rosa"))
    for lang, words in (("es", "Certificado de asistencia"), ("en", "Certificate of attendance")):
        content = client.get(f"/{lang}/planning/certificates/{c.code}/paper/").content
        pdf = pypdf.PdfReader(io.BytesIO(content))
        text = " ".join(pdf.pages[0].extract_text().split())
        assert words in text
        assert "Rosa Pérez" in text
        assert c.code in text
        assert f"/{lang}/planning/certificates/{c.code}/" in text.replace(" ", "")
        root: Any = pdf.trailer["/Root"]
        assert root["/Lang"] == lang
        assert "/StructTreeRoot" in root


@pytest.mark.parametrize(
    "name", ['"#panic("x")', "{course} {qr}", "#set page(width: 1pt)", "\\", "Ñandú O'Neil <b>"]
)
def test_a_name_is_set_as_it_is_written_and_never_read_as_markup(client: Client, name: str) -> None:
    import io

    import pypdf

    announced()
    e = knowledge.enrol(
        key=KEY, person="rosa", name=f"Rosa {name}", shown=True, by="rosa", at=AT, on=AT.date()
    )
    knowledge.attend(key=KEY, days={e.pk: ["2020-03-02", "2020-03-03"]}, by="ana", at=AT)
    c = knowledge.certify(key=KEY, by="ana", at=AT, on=AT.date())[0]
    client.force_login(person("rosa"))
    content = client.get(f"/en/planning/certificates/{c.code}/paper/").content
    text = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "".join(name.split()) in "".join(text.split())


def test_a_certificate_is_found_however_its_code_is_written_and_no_other_is(client: Client) -> None:
    announced()
    c = certified("rosa")
    for written in (c.code, c.code.lower(), c.code.replace("-", ""), f" {c.code.replace('-', ' ')} "):
        assert client.get("/en/planning/certificates/", {"code": written}).status_code == 200
    other = client.get("/en/planning/certificates/", {"code": "AAAA-BBBB-CCCC-DDDD"})
    assert other.status_code == 404
    assert "There is no certificate with that code." in other.content.decode()


def test_a_withdrawn_certificate_says_so_and_has_no_paper(client: Client) -> None:
    announced()
    c = certified("rosa")
    with pytest.raises(Declined):
        knowledge.revoke(code=c.code, why=" ", by="ana", at=AT)
    knowledge.revoke(code=c.code, why="Given to the wrong person", by="ana", at=AT)
    seen = client.get(f"/en/planning/certificates/{c.code}/").content.decode()
    assert "This certificate was withdrawn" in seen
    assert "wrong person" not in seen
    client.force_login(person("rosa"))
    assert client.get(f"/en/planning/certificates/{c.code}/paper/").status_code == 404


def test_somebody_elses_paper_is_not_given(client: Client) -> None:
    announced()
    c = certified("rosa")
    client.force_login(person("pedro"))
    assert client.get(f"/en/planning/certificates/{c.code}/paper/").status_code == 404


def test_the_last_seat_goes_to_one_and_who_leaves_frees_it() -> None:
    announced(seats="1")
    enrolled("rosa")
    with pytest.raises(Declined, match="full"):
        enrolled("pedro")
    knowledge.leave(key=KEY, person="rosa", by="rosa", at=AT)
    enrolled("pedro")
    assert [e.person for e in knowledge.enrolments(KEY)] == ["pedro"]


def test_a_certificate_tells_of_the_course_as_it_was_when_it_was_given(client: Client) -> None:
    announced()
    c = certified("rosa")
    held = records.get(KEY)
    now = {**held.data, "title": {"es": "Otro", "en": "Another"}}
    held = records.save(kind="course", code="solutions", data=now, base=held.number, by="ana", at=AT)
    held = records.step(key=KEY, act=Act.SUBMIT, by="ana", at=AT, base=held.number)
    records.step(key=KEY, act=Act.PUBLISH, by="luis", at=AT, base=held.number)
    assert "Solutions" in client.get(f"/en/planning/certificates/{c.code}/").content.decode()


def test_who_missed_a_day_is_told_how_much_was_asked_for(client: Client) -> None:
    announced()
    e = enrolled("rosa")
    knowledge.attend(key=KEY, days={e.pk: ["2020-03-02", "1999-01-01"]}, by="ana", at=AT)
    assert Enrolment.objects.get().days == ["2020-03-02"]
    assert knowledge.certify(key=KEY, by="ana", at=AT, on=AT.date()) == []
    client.force_login(person("rosa"))
    page = client.get("/en/planning/learning/solutions/").content.decode()
    assert "attendance of 50% where 100% is asked for" in page


def test_somebody_can_be_forgotten() -> None:
    announced()
    certified("rosa")
    assert knowledge.forget(person="rosa", by="ana", at=AT) == 1
    assert not Enrolment.objects.exists()
    assert not Certificate.objects.exists()


def test_a_course_that_only_a_document_tells_of_takes_no_enrolments(client: Client) -> None:
    page = client.get("/en/planning/learning/learning-2023-col/").content.decode()
    assert "It takes no enrolments on this platform." in page
    with pytest.raises(Declined):
        knowledge.enrol(key="course/learning-2023-col", person="rosa", name="Rosa", shown=False, by="rosa",
                        at=timezone.now(), on=AT.date())  # fmt: skip


def test_learning_events_stand_with_what_the_documents_leave_open(client: Client) -> None:
    page = client.get("/en/planning/learning/").content.decode()
    for words in ("mental health and psychosocial support", "MIRPS Learning Event in Costa Rica", "CONAREs"):
        assert words in page
    inferred = client.get("/en/planning/learning/learning-2023-cri/").content.decode()
    assert "The topic is inferred" in inferred


def test_a_practice_shows_figures_that_lead_to_their_source_and_none_that_was_typed(client: Client) -> None:
    page = client.get("/en/planning/practices/gpip-hnd/").content.decode()
    assert "/en/figure/ar24-hnd-034/" in page
    kind = records.kinds()["practice"]
    assert not [f.name for f in kind.fields if f.type in (records.Type.NUMBER, records.Type.MONEY)]


def test_practices_are_found_by_topic_state_and_words_with_or_without_accents(client: Client) -> None:
    def found(query: str) -> set[str]:
        page = client.get(f"/es/planning/practices/?{query}").content.decode()
        return set(re.findall(r"/es/planning/practices/([\w-]+)/", page))

    assert found("state=HND") == {"gpip-hnd", "hnd-idp-law-participation", "rtt-id", "rtt-lg"}
    assert found("q=lluvias+inundacionés") == {"mex-dzahui"}
    assert "cri-health-insurance" in found("sector=health")
    assert "mex-dzahui" not in found("sector=health")
    assert "Ninguno corresponde" in client.get("/es/planning/practices/?q=xyzzy").content.decode()


def test_a_visit_names_who_went_where_and_what_came_of_it(client: Client) -> None:
    page = client.get("/es/planning/visits/gtm-slv-cubo-2024/").content.decode()
    assert "Villa Nueva y Amatitlán" in page
    assert "/es/planning/practices/slv-cubo/" in page


def test_a_seat_that_is_taken_is_taken_for_every_reader_at_once(client: Client) -> None:
    announced(seats="1", days=[{"day": "2099-03-02"}])
    assert "To enrol you need to sign in." in client.get("/en/planning/learning/solutions/").content.decode()
    enrolled("rosa")
    assert "No seats are left." in client.get("/en/planning/learning/solutions/").content.decode()

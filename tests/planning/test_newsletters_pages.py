"""A newsletter from its proposal to the mail: written by one, published by another, left in one click."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from pypdf import PdfReader
from tests.planning.conftest import signed_in

from mirps.base.audit.api import entries_about
from mirps.planning.library import api as library
from mirps.planning.library.api import Letter, Subscriber
from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Record, Refused
from mirps.web.pages.planning.newsletters import compose
from mirps.web.shell import main

NOW = datetime.now(UTC)
TODAY = NOW.date()


def person(name: str, role: str = "secretariat") -> Client:
    return signed_in(name, role)


def published(held: Record, at: datetime = NOW) -> Record:
    held = records.step(key=held.key, act=Act.SUBMIT, by="ana", at=at, base=held.number)
    return records.step(key=held.key, act=Act.PUBLISH, by="luis", at=at, base=held.number)


def document(code: str, title: str, *, audience: str = "public", at: datetime = NOW) -> Record:
    data = {"title": {"es": f"{title} (es)", "en": title}, "type": "guide", "audience": audience}
    return published(records.save(kind="document", code=code, data=data, base=0, by="ana", at=at), at)


def newsletter(
    code: str = "2026-02", es: str = "Van [[ar24-mex-001]].", en: str = "There are [[ar24-mex-001]]."
) -> Record:
    data = {
        "title": {"es": "Boletín", "en": "Newsletter"}, "text": {"es": es, "en": en}, "since": "2026-01-01",
        "until": "2026-02-01",
    }  # fmt: skip
    return records.save(kind="newsletter", code=code, data=data, base=0, by="ana", at=NOW)


def subscriber(address: str = "rosa@example.org", language: str = "es") -> Subscriber:
    return Subscriber.objects.create(address=address, language=language, since=NOW)


def send() -> Any:
    return library.send(clock=lambda: datetime.now(UTC), compose=compose)


def test_a_proposal_gathers_what_the_public_may_read_and_nothing_else(loaded: None) -> None:
    document("g1", "Open guide")
    document("g2", "Guide for members", audience="members")
    document("g0", "Old guide", at=NOW - timedelta(days=400))
    answer = person("ana").post(
        "/es/planning/newsletters/propose/",
        {"since": (TODAY - timedelta(days=3)).isoformat(), "until": TODAY.isoformat()},
    )
    assert answer.status_code == 302
    text = records.of_kind("newsletter").get().data["text"]
    assert "Open guide" in text["en"]
    assert "Open guide (es)" in text["es"]
    assert "/en/planning/record/document/g1/" in text["en"]
    assert "members" not in text["en"]
    assert "Old guide" not in text["en"]


def test_a_proposal_names_the_documents_whose_figures_came_in(loaded: None) -> None:
    when = {"since": "2026-01-15", "until": "2026-01-15"}
    person("ana").post("/es/planning/newsletters/propose/", when)
    held = records.of_kind("newsletter").get()
    assert "/es/source/AR24/" in held.data["text"]["es"]
    assert library.newsletter_faults(held.data) == [], "what is proposed could be published as it is"


def test_a_proposal_of_quiet_days_says_so(loaded: None) -> None:
    person("ana").post("/es/planning/newsletters/propose/", {"since": "2001-01-01", "until": "2001-02-01"})
    assert records.of_kind("newsletter").get().data["text"]["en"] == "Nothing changed in these days."


def test_whoever_may_not_write_it_is_told_who_may(loaded: None) -> None:
    answer = person("dona", "donor").post(
        "/es/planning/newsletters/propose/", {"since": "2026-01-01", "until": "2026-02-01"}
    )
    assert answer.status_code == 403
    assert not records.of_kind("newsletter").exists()


def test_it_is_not_published_with_a_number_that_no_figure_stands_behind(loaded: None) -> None:
    held = newsletter(es="Van 320 personas.", en="There are 320 people.")
    with pytest.raises(Refused) as e:
        records.step(key=held.key, act=Act.SUBMIT, by="ana", at=NOW, base=held.number)
    assert {f.key for f in e.value.faults} == {"newsletter.fault.literal"}


def test_it_is_not_published_with_a_figure_that_the_ledger_does_not_hold(loaded: None) -> None:
    held = newsletter(es="Van [[nobody-001]].", en="There are [[nobody-001]].")
    with pytest.raises(Refused) as e:
        records.step(key=held.key, act=Act.SUBMIT, by="ana", at=NOW, base=held.number)
    assert {f.key for f in e.value.faults} == {"newsletter.fault.figure"}


def test_its_writer_does_not_publish_it(loaded: None) -> None:
    held = newsletter()
    held = records.step(key=held.key, act=Act.SUBMIT, by="ana", at=NOW, base=held.number)
    with pytest.raises(Refused):
        records.step(key=held.key, act=Act.PUBLISH, by="ana", at=NOW, base=held.number)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_reader_reads_it_with_its_figures_as_the_ledger_has_them(
    loaded: None, client: Client, lang: str
) -> None:
    published(newsletter())
    page = client.get(f"/{lang}/planning/newsletter/2026-02/").content.decode()
    assert re.search(rf'<a class="num" href="/{lang}/figure/ar24-mex-001/">[^<\[⟨]*\d', page)
    listed = client.get(f"/{lang}/planning/newsletters/").content.decode()
    assert f"/{lang}/planning/newsletter/2026-02/" in listed


def test_a_draft_is_read_by_its_editors_with_what_it_lacks_and_by_nobody_else(
    loaded: None, client: Client
) -> None:
    newsletter(es="Van 320 personas.", en="There are many.")
    assert client.get("/es/planning/newsletter/2026-02/").status_code == 404
    page = person("eva").get("/es/planning/newsletter/2026-02/").content.decode()
    assert "números sin cifra" in page


def test_a_draft_that_was_only_begun_can_be_looked_at(loaded: None) -> None:
    data = {"title": {"es": "Boletín"}}
    records.save(kind="newsletter", code="begun", data=data, base=0, by="ana", at=NOW)
    editor = person("eva")
    assert editor.get("/en/planning/newsletter/begun/").status_code == 200
    assert editor.get("/en/planning/newsletter/begun/pdf/").status_code == 200


def test_a_text_that_would_run_is_shown_as_text(loaded: None) -> None:
    newsletter(es="<script>alert()</script> [x](javascript:alert)", en="Well.")
    page = person("eva").get("/es/planning/newsletter/2026-02/").content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize("lang", ["es", "en"])
def test_as_pdf_it_is_tagged_and_names_its_sources(loaded: None, client: Client, lang: str) -> None:
    published(newsletter())
    answer = client.get(f"/{lang}/planning/newsletter/2026-02/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    pdf = PdfReader(io.BytesIO(answer.content))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == lang
    assert "AR24" in "".join(p.extract_text() for p in pdf.pages)


# --- by mail


def test_an_address_is_kept_only_once_its_owner_confirms(db: None, client: Client) -> None:
    answer = client.post("/es/planning/newsletters/subscribe/", {"address": "rosa@example.org"})
    assert answer.status_code == 200
    assert not Subscriber.objects.exists()
    (sent,) = mail.outbox
    assert sent.to == ["rosa@example.org"]
    path = re.search(r"https?://[^/]+(/\S+)", sent.body)[1]  # type: ignore[index]
    assert client.get(path).status_code == 200
    assert not Subscriber.objects.exists(), "a mail filter that opens the link confirms nothing"
    client.post(path)
    assert Subscriber.objects.get().language == "es"
    client.post(path)
    assert Subscriber.objects.count() == 1


def test_what_is_not_an_address_is_told_and_nothing_is_sent(db: None, client: Client) -> None:
    answer = client.post("/en/planning/newsletters/subscribe/", {"address": "rosa at example"})
    assert answer.status_code == 422
    assert b"rosa at example" in answer.content
    assert not mail.outbox


def test_one_place_cannot_have_many_addresses_written_to(db: None, client: Client) -> None:
    codes = [
        client.post("/en/planning/newsletters/subscribe/", {"address": f"a{n}@example.org"}).status_code
        for n in range(8)
    ]
    assert codes[-1] == 429
    assert len(mail.outbox) <= 6


def test_a_confirmation_that_was_changed_or_is_old_is_refused(db: None, client: Client) -> None:
    token = library.asked(address="rosa@example.org", language="es")
    assert client.post(f"/es/planning/newsletters/confirm/{token}x/").status_code == 410
    assert not Subscriber.objects.exists()


def test_sending_gives_each_subscriber_one_mail_in_their_language_with_a_way_out(loaded: None) -> None:
    held = published(newsletter())
    subscriber("rosa@example.org", "es")
    subscriber("ruth@example.org", "en")
    client = person("eva")
    assert client.post("/es/planning/newsletter/2026-02/send/").status_code == 302
    assert client.post("/es/planning/newsletter/2026-02/send/").status_code == 302
    assert send().sent == 2
    assert send().sent == 0
    spanish, english = sorted(mail.outbox, key=lambda m: m.to[0])
    assert (spanish.subject, english.subject) == ("Boletín", "Newsletter")
    assert spanish.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [e.act for e in entries_about(held.key)].count("newsletter.sent") == 1


def test_one_click_from_a_mail_program_is_enough_to_leave(loaded: None, client: Client) -> None:
    published(newsletter())
    subscriber()
    library.send_out(key="newsletter/2026-02", by="eva", at=NOW)
    send()
    path = re.search(r"<https?://[^/]+(/[^>]+)>", mail.outbox[0].extra_headers["List-Unsubscribe"])[1]  # type: ignore[index]
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(path).status_code == 200
    assert Subscriber.objects.exists(), "opening the address alone ends nothing"
    answer = strict.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not Subscriber.objects.exists()
    assert not Letter.objects.exists(), "the mails that named them are gone too"
    assert strict.post(path).status_code == 200


def test_the_mail_says_the_same_in_plain_text_and_in_html(loaded: None) -> None:
    published(newsletter())
    subscriber(language="en")
    library.send_out(key="newsletter/2026-02", by="eva", at=NOW)
    send()
    (found,) = mail.outbox
    html = found.alternatives[0][0]  # type: ignore[attr-defined]
    value = re.search(r"There are ([\d,]+)", str(found.body))[1]  # type: ignore[index]
    assert value in str(html)
    assert "/en/planning/newsletter/2026-02/" in str(found.body)


def test_what_is_withdrawn_before_the_sender_comes_is_not_sent(loaded: None) -> None:
    held = published(newsletter())
    subscriber()
    library.send_out(key=held.key, by="eva", at=NOW)
    records.step(key=held.key, act=Act.WITHDRAW, by="luis", at=NOW, base=held.number, reason="A wrong figure")
    assert send().sent == 0
    assert not mail.outbox
    assert Letter.objects.get().given_up_at


def test_an_address_that_the_server_refuses_for_good_is_forgotten(
    loaded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import smtplib

    def refuse(self: EmailBackend, messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({"rosa@example.org": (550, b"5.1.1 no such user")})

    published(newsletter())
    subscriber()
    library.send_out(key="newsletter/2026-02", by="eva", at=NOW)
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    assert send().bounced == 1
    assert not Subscriber.objects.exists()


def test_a_server_that_is_away_keeps_the_mails_for_later(
    loaded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: EmailBackend, messages: Any) -> int:
        raise OSError("no route")

    published(newsletter())
    subscriber()
    library.send_out(key="newsletter/2026-02", by="eva", at=NOW)
    monkeypatch.setattr(EmailBackend, "send_messages", away)
    assert send().away
    held = Letter.objects.get()
    assert held.sent_at is None
    assert held.due_at > NOW


def test_no_page_and_no_audit_names_a_subscriber(loaded: None) -> None:
    published(newsletter())
    subscriber("rosa@example.org")
    client = person("eva")
    client.post("/es/planning/newsletter/2026-02/send/")
    page = client.get("/es/planning/newsletter/2026-02/").content.decode()
    assert "rosa@example.org" not in page
    assert "rosa" not in str([(e.act, e.detail) for e in entries_about("newsletter/2026-02")])


def test_the_feed_tells_newsletters_too(loaded: None, client: Client) -> None:
    published(newsletter())
    assert "/en/planning/newsletter/2026-02/" in client.get("/en/news/feed/").content.decode()


def test_the_sender_of_all_mails_takes_the_newsletters_too(loaded: None) -> None:
    published(newsletter())
    subscriber()
    library.send_out(key="newsletter/2026-02", by="eva", at=NOW)
    done = CliRunner().invoke(main, ["notices", "send"])
    assert done.exit_code == 0, done.output
    assert [m.subject for m in mail.outbox if m.to == ["rosa@example.org"]] == ["Boletín"]

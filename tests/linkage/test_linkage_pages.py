"""On pages: an agreement is put down, signed by two, declined or ended with why; a count is read, the hidden hidden."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as product
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.entries.conftest import signed_in
from tests.exchange.other import NOW, Other, peer, set_up
from tests.linkage.parties import Cell, agreement, result, take, terms
from tests.linkage.test_linkage_state import counting, person, proposed

from mirps.base.audit.api import AuditEntry
from mirps.base.texts.api import LANGUAGES, say
from mirps.people.linkage import api as linkage
from mirps.sharing.linkage import api as links

pytestmark = pytest.mark.django_db
EVIL = "<img src=x onerror=alert(1)>"
T = "_T"
#: What a region tells of Mexico's count with Honduras; the numbers of groups are explained by the agreement's key.
CELLS: list[Cell] = [
    ((T, T, T, T), 132), (("onward", T, T, T), 120), (("back", T, T, T), 12), ((T, "n1", T, T), 61),
    (("onward", "n1", T, T), None), (("back", "n1", T, T), None), ((T, T, "n0", T), 71),
]  # fmt: skip


@pytest.fixture
def eli(others: tuple[Other, Other]) -> Client:
    return signed_in(person("eli"))


def shown(client: Client, where: str, status: int = 200) -> str:
    """What a page says, without its marks."""
    answer = client.get(where)
    assert answer.status_code == status, answer.content.decode()
    return plain(answer)


def plain(answer: Any) -> str:
    page = answer.content.decode().partition("</main>")[0]
    assert EVIL not in page
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])).split())


def said(**changes: str) -> dict[str, str]:
    until = (timezone.now() + timedelta(days=300)).date().isoformat()
    return {"partner": "HND", "comparer": "MIRPS", "purpose": f"Onward movement {EVIL}", "basis": "MoU 2026, art. 4",
            "every": "year", "until": until, "threshold": "10"} | changes  # fmt: skip


def put_down(client: Client) -> links.Agreement:
    answer = client.post("/en/linkage/new/", said())
    assert answer.status_code == 302, plain(answer)
    return links.Agreement.objects.get()


def counted(others: tuple[Other, Other], cells: list[Cell] = CELLS) -> links.Agreement:
    hnd, region = others
    held = counting(hnd, region)
    held.counts.update(
        sent_at=NOW, sent={"rows": 4200, "no-consent": 310, "national": 3, "refused-abroad": 0}
    )
    assert take(result(region, held.pk, "2025-Q4", cells)).state == "taken"
    return held


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_there_is_no_agreement_the_page_says_what_this_is_and_what_it_never_does(
    eli: Client, lang: str
) -> None:
    page = shown(eli, f"/{lang}/linkage/")
    for key in ("none", "what", "never-names", "never-nationals", "never-few", "never-decides"):
        assert say(f"linkage.page.{key}", lang) in page


def test_terms_are_put_down_signed_by_two_and_told_to_the_others(
    eli: Client, others: tuple[Other, Other]
) -> None:
    held = put_down(eli)
    where = f"/en/linkage/{held.pk}/"
    page = shown(eli, f"{where}?done=proposed")
    for words in (
        "MoU 2026, art. 4",
        "Once a year",
        "none below 10",
        "Date of birth",
        "missing: 2",
        held.digest[:16],
    ):
        assert words in page, words
    assert eli.post(where, {"do": "sign"}).status_code == 422  # it was not ticked that the terms were read
    assert not held.signatures.exists()
    for client, done in ((eli, "signed"), (signed_in(person("luis", "state-approver")), "sealed")):
        assert client.post(where, {"do": "sign", "sure": "1"})["Location"] == f"{where}?done={done}"
    assert [s.node for s in held.seals.all()] == ["MEX"]
    told = shown(eli, f"{where}?done=sealed")
    assert "Two persons of Honduras are missing" in told
    assert "eli, luis" in told
    assert "signed by one State" in shown(eli, "/en/linkage/")
    acts = AuditEntry.objects.filter(act__startswith="linkage.").order_by("pk").values_list("by", "act")
    assert list(acts) == [("eli", "linkage.proposed"), ("eli", "linkage.signed"), ("luis", "linkage.signed")]


def test_one_person_is_not_two_on_the_page_either(eli: Client) -> None:
    where = f"/es/linkage/{put_down(eli).pk}/"
    eli.post(where, {"do": "sign", "sure": "1"})
    assert "Usted ya firmó" in shown(eli, where)
    answer = eli.post(where, {"do": "sign", "sure": "1"})
    assert answer.status_code == 422
    assert say("linkage.refused.twice", "es", user="eli") in plain(answer)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"partner": ""}, "partner", "Choose"), ({"partner": "GTM"}, "partner", ""), ({"purpose": ""}, "purpose", ""),
        ({"comparer": "HND"}, "comparer", "neither MEX nor HND"), ({"threshold": "4"}, "threshold", "from 5 to 1000"),
        ({"threshold": "7.5"}, "threshold", "whole number"), ({"threshold": ""}, "threshold", "whole number"),
        ({"until": "2026-01-01"}, "until", "is past"), ({"until": "soon"}, "until", ""),
        ({"every": "day"}, "every", ""), ({"basis": "x" * 601}, "basis", "600"),
        ({"threshold": "9" * 17}, "threshold", "from 5"),
    ],
)  # fmt: skip
def test_terms_that_may_not_be_are_told_by_their_field(
    eli: Client, changes: dict[str, str], field: str, words: str
) -> None:
    answer = eli.post("/en/linkage/new/", said(**changes))
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.content.decode()
    assert words in plain(answer)
    assert not links.Agreement.objects.exists()


def test_what_the_other_state_proposed_is_read_and_declined_with_why(
    eli: Client, others: tuple[Other, Other]
) -> None:
    theirs = terms(one="HND", other="MEX", purpose=EVIL)
    assert take(agreement(others[0], theirs, others[0])).state == "taken"
    where = f"/en/linkage/{theirs.id}/"
    assert "Ana Ruiz, Luis Paz" in shown(eli, where)
    assert eli.post(where, {"do": "end", "reason": "no"}).status_code == 422
    answer = eli.post(where, {"do": "end", "reason": f"The basis does not allow it. {EVIL}"})
    assert answer["Location"] == f"{where}?done=declined"
    page = shown(eli, f"{where}?done=declined")
    assert "Declined or withdrawn by eli" in page
    assert "The basis does not allow it." in page
    assert say("linkage.page.sure", "en", state="Mexico") not in page
    assert "Ended or declined" in shown(eli, "/en/linkage/")


def test_an_agreement_in_force_is_ended_by_one_person_at_once(
    eli: Client, others: tuple[Other, Other]
) -> None:
    held = counting(*others)
    where = f"/es/linkage/{held.pk}/"
    assert f"mirps link encode {held.pk}" in shown(eli, where)
    assert eli.post(where, {"do": "end", "reason": "Cambió la ley."})["Location"] == f"{where}?done=ended"
    held.refresh_from_db()
    assert (held.ended_by, held.ended_why) == ("eli", "Cambió la ley.")
    with pytest.raises(links.LinkageRefused, match="ended"):
        links.encode(agreement=held.pk, by="admin", at=NOW)


def test_what_the_other_state_ended_says_so(eli: Client, others: tuple[Other, Other]) -> None:
    held = counting(*others)
    told = {"what": "end", "agreement": str(held.pk), "reason": f"The law has changed. {EVIL}"}
    assert take(others[0].package("linkage", told)).state == "taken"
    page = shown(eli, f"/en/linkage/{held.pk}/")
    assert "Ended by Honduras" in page
    assert "The law has changed." in page
    assert "mirps link encode" not in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_count_is_told_with_what_is_hidden_how_sure_it_is_and_what_it_is_not_for(
    others: tuple[Other, Other], lang: str
) -> None:
    held, client = counted(others), signed_in(person("rosa", "state-approver"))
    assert f"/{lang}/linkage/{held.pk}/2025-Q4/" in client.get(f"/{lang}/linkage/").content.decode()
    page = shown(client, f"/{lang}/linkage/{held.pk}/2025-Q4/")
    assert say("linkage.page.total-words", lang, n="132") in page
    assert page.count(say("linkage.suppressed", lang)) >= 2
    assert say("linkage.page.few", lang, n=5) in page.lower()  # the three nationals of Honduras
    for n in ("132", "120", "12", "61", "71", "4,200", "310", "97", "92", "0.942", "105", "100,000"):
        assert re.search(rf"(?<![\d,.]){re.escape(n)}(?![\d,.]\d)", page), n
    for why in ("person", "fraud", "movement", "official", "other"):
        assert say(f"linkage.page.not-for-{why}", lang) in page
    assert "Onward movement" in page
    assert say("linkage.page.sure-never", lang) not in page
    rows = re.findall(r'scope="row">([^<]+)<', client.get(f"/en/linkage/{held.pk}/2025-Q4/").content.decode())
    assert "Guatemala" in rows
    assert not {"Honduras", "Mexico"} & set(rows)  # of neither State's nationals is there a row
    assert held.digest[:16] in page


def test_a_total_that_is_hidden_is_said_to_be_hidden(others: tuple[Other, Other], eli: Client) -> None:
    held = counted(others, [((T, T, T, T), None)])
    assert say("linkage.page.total-hidden", "en") in shown(eli, f"/en/linkage/{held.pk}/2025-Q4/")


def test_there_is_no_result_of_another_period_or_agreement_or_of_a_count_that_is_open(
    eli: Client, others: tuple[Other, Other]
) -> None:
    held = counting(*others)
    for where in (f"{held.pk}/2025-Q4/", f"{held.pk}/once/", f"{uuid4()}/2025-Q4/", f"{uuid4()}/"):
        shown(eli, f"/en/linkage/{where}", 404)


def test_a_result_of_groups_that_are_no_longer_here_says_so(
    eli: Client, others: tuple[Other, Other], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = counted(others)
    told = held.terms | {"scheme": "0" * 64}
    links.Agreement.objects.update(terms=told)
    assert say("linkage.page.other-scheme", "en") in plain(eli.get(f"/en/linkage/{held.pk}/2025-Q4/"))
    assert eli.get(f"/en/linkage/{held.pk}/").status_code == 200


def test_words_of_another_version_are_shown_as_they_came(eli: Client, others: tuple[Other, Other]) -> None:
    theirs = terms(one="HND", other="MEX", attributes=("iris",), groups=("shoe",), scheme="f" * 64)
    assert take(agreement(others[0], theirs, others[0])).state == "taken"
    assert "Iris" in shown(eli, f"/en/linkage/{theirs.id}/")
    answer = eli.post(f"/en/linkage/{theirs.id}/", {"do": "sign", "sure": "1"})
    assert "another scheme of rows" in plain(answer)


def test_who_administers_the_node_reads_and_signs_nothing(others: tuple[Other, Other]) -> None:
    held, client = proposed(), signed_in(person("ada", "administrator"))
    where = f"/en/linkage/{held.pk}/"
    page = shown(client, where)
    assert "Focal point" in page
    assert say("linkage.page.sure", "en", state="Mexico") not in page
    shown(client, "/en/linkage/new/", 403)
    for post in ({"do": "sign", "sure": "1"}, {"do": "end", "reason": "Because I can do it."}):
        assert client.post(where, post).status_code == 403
    assert not held.signatures.exists()


@pytest.mark.parametrize(
    ("role", "state"), [("data-entry", "MEX"), ("focal-point", "HND"), ("secretariat", ""), ("reader", "")]
)
def test_nobody_else_learns_that_there_is_an_agreement(
    others: tuple[Other, Other], role: str, state: str
) -> None:
    held = counted(others)
    client = signed_in(person("eva", role, state))
    for where in ("", "new/", f"{held.pk}/", f"{held.pk}/2025-Q4/"):
        shown(client, f"/es/linkage/{where}", 403)
    assert Client().get("/es/linkage/").status_code == 302


def test_whoever_compares_reads_agreements_and_no_result(db: None, settings: Any, tmp_path: Any) -> None:
    set_up(settings, "MIRPS", tmp_path)
    mex, hnd = peer("MEX", "MIRPS"), peer("HND", "MIRPS")
    agreed = terms()
    assert take(agreement(hnd, agreed, mex, hnd)).state == "taken"
    made = links.open_(agreement=agreed.id, by="admin", at=NOW)
    made.compared_at = NOW
    made.save()
    client = signed_in(person("ada", "administrator", ""))
    page = shown(client, f"/en/linkage/{agreed.id}/")
    assert f"mirps link open {agreed.id}" in page
    assert say("linkage.page.reason", "en") not in page
    assert "Propose an agreement" not in shown(client, "/en/linkage/")
    for where in (f"/en/linkage/{agreed.id}/2025-Q4/", "/en/linkage/new/"):
        shown(client, where, 404 if "Q4" in where else 403)
    assert client.post(f"/en/linkage/{agreed.id}/", {"do": "sign", "sure": "1"}).status_code == 403


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_one_process_plays_every_node_the_page_says_so(db: None, settings: Any, lang: str) -> None:
    client = signed_in(person("rosa"))
    for where in ("", "new/", f"{uuid4()}/", f"{uuid4()}/2025/"):
        answer = client.get(f"/{lang}/linkage/{where}")
        assert "<code>mirps nodes</code>" in answer.content.decode()  # a command looks like one
        before, _, after = say("linkage.page.plays-all", lang).split("`")
        assert all(part in plain(answer) for part in (before, after))
    settings.NODE = "MEX"
    assert "mirps node setup" in shown(client, f"/{lang}/linkage/")


def test_a_state_that_knows_no_other_is_told_how_to_begin(db: None, settings: Any, tmp_path: Any) -> None:
    set_up(settings, "MEX", tmp_path)
    peer("MIRPS", "MEX")
    assert "mirps node add" in shown(signed_in(person("rosa")), "/en/linkage/new/")


def test_pages_ask_the_database_little(eli: Client, others: tuple[Other, Other]) -> None:
    held = counted(others)
    for n in range(8):
        links.sign(agreement=proposed(purpose=f"Number {n}").pk, user=person(f"u{n}"), at=NOW)
    for where in ("", "new/", f"{held.pk}/", f"{held.pk}/2025-Q4/"):
        eli.get(f"/es/linkage/{where}")
        with CaptureQueriesContext(connection) as asked:
            shown(eli, f"/es/linkage/{where}")
        assert len(asked) <= 12, (where, [q["sql"][:90] for q in asked])


def test_what_pages_say_of_accuracy_is_what_the_documents_say(db: None) -> None:
    text = (product.ROOT / "docs" / "linkage.md").read_text(encoding="utf-8")
    found = linkage.scheme().measured
    assert found is not None
    for told in (found.f1, found.precision, found.recall):
        assert f"{told:.3f}".lstrip("0") in text
    assert f"{found.people:,} made-up people" in text
    assert found.f1 == pytest.approx(2 / (1 / found.precision + 1 / found.recall), abs=0.001)


@pytest.mark.parametrize(
    ("role", "where"), [("focal-point", "releases"), ("administrator", "nodes"), ("focal-point", "rounds")]
)
def test_it_is_found_from_where_one_would_look(others: tuple[Other, Other], role: str, where: str) -> None:
    page = signed_in(person("rosa", role)).get(f"/es/{where}/").content.decode()
    assert 'href="/es/linkage/"' in page

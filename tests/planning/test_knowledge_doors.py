"""Who may read what of a country of origin, at every door: pages, lists, search, history, days gone by, workbooks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from tests.planning.conftest import person

from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Record

pytestmark = pytest.mark.usefixtures("planned")
AT = datetime(2026, 2, 1, 9, tzinfo=UTC)
SECRET = "Zafiro"  # stands in every text of what is being kept


def put(
    kind: str, code: str, *, state: str = "CRI", parent: str = "", at: datetime = AT, **data: Any
) -> Record:
    """Write a record and bring it into force."""
    held = Record.objects.filter(pk=f"{kind}/{code}").first()
    held = records.save(
        kind=kind,
        code=code,
        data=data,
        base=held.number if held else 0,
        by="ana",
        at=at,
        state=state,
        parent=parent,
    )
    held = records.step(key=held.key, act=Act.SUBMIT, by="ana", at=at, base=held.number)
    return records.step(key=held.key, act=Act.PUBLISH, by="luis", at=at, base=held.number)


def words(text: str) -> dict[str, str]:
    return {"es": text, "en": text}


def source(code: str, audience: str, **more: Any) -> Record:
    return put("coi-source", code, title=words(f"{SECRET} {code}"), publisher="IRB", sort="government",
               reliability="high", assessed="2026-01-15", assessment=words("Known"), audience=audience,
               **more)  # fmt: skip


def product(code: str, audience: str, *, at: datetime = AT, title: str = SECRET) -> Record:
    return put("coi-product", code, at=at, title=words(f"{title} {code}"), country="HND", topic="gangs",
               question=words(f"¿{title}?"), audience=audience)  # fmt: skip


def dossier(
    code: str, audience: str, *, edition: str = "1", title: str = SECRET, at: datetime = AT
) -> Record:
    return put("dossier", code, at=at, title=words(f"{title} {code}"), country="HND", edition=edition,
               summary=words(title), audience=audience, **{"as-of": "2026-01-01"})  # fmt: skip


def signed(client: Client, role: str, state: str = "", body: str = "") -> Client:
    client.force_login(person(f"{role}-{state}-{body}", role, state, body))
    return client


def nobody(client: Client) -> Client:
    return client


READERS: dict[str, Callable[[Client], Client]] = {
    "nobody": nobody,
    "a reader with a role": lambda c: signed(c, "donor", body="ESP.GOV"),
    "another State": lambda c: signed(c, "focal-point", "GTM"),
    "the owner": lambda c: signed(c, "focal-point", "CRI"),
    "who decides claims there": lambda c: signed(c, "data-entry", "CRI"),
}
#: audience -> who reads.
MAY = {
    "public": set(READERS),
    "members": set(READERS) - {"nobody"},
    "own": {"the owner", "who decides claims there"},
}
KINDS = {
    "coi-product": ("product", "/en/planning/origins/questions/{code}/"),
    "dossier": ("dossier", "/en/planning/origins/dossiers/{code}/"),
    "coi-source": ("source", "/en/planning/record/coi-source/{code}/"),
}


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("audience", MAY)
@pytest.mark.parametrize("kind", KINDS)
def test_every_door_opens_to_the_same_people(client: Client, kind: str, audience: str, who: str) -> None:
    maker, page = KINDS[kind]
    made: Record = {"product": product, "dossier": dossier, "source": source}[maker]("x1", audience)
    reader = READERS[who](client)
    may = who in MAY[audience]
    for address in (
        page.format(code="x1"), f"/en/planning/record/{kind}/x1/", f"/en/planning/record/{kind}/x1/?on=2026-02-02",
        f"/en/planning/record/{kind}/x1/history/",
    ):  # fmt: skip
        answer = reader.get(address)
        assert (answer.status_code == 200) is may, (address, answer.status_code)
        assert (SECRET in answer.content.decode()) is may, address
    for address in (
        "/en/planning/origins/", f"/en/planning/records/{kind}/", f"/en/planning/records/{kind}/?q={SECRET}",
    ):  # fmt: skip
        listed = reader.get(address).content.decode()
        assert (f"{SECRET} x1" in listed) is may, address
    found = reader.get("/en/search/", {"q": SECRET}).content.decode()
    assert (f"{SECRET} x1" in found) is may
    edit = reader.get(f"/en/planning/record/{kind}/x1/edit/")
    assert (SECRET in edit.content.decode()) is (who == "the owner")
    book = reader.get(f"/en/planning/records/{kind}/workbook/download/?owner=CRI|")
    assert (book.status_code == 200) is (who == "the owner"), book.status_code
    assert made.audience == audience


def once_own_now_public(kind: str) -> None:
    make = {"coi-product": product, "dossier": dossier, "coi-source": source}[kind]
    first = make("x1", "own")
    data: dict[str, Any] = {k: v for k, v in first.data.items() if k != "audience"}
    now: dict[str, Any] = {k: words("Open") if isinstance(v, dict) else v for k, v in data.items()}
    put(kind, "x1", at=datetime(2026, 3, 1, tzinfo=UTC), audience="public", **now)


@pytest.mark.parametrize("kind", ["coi-product", "dossier", "coi-source"])
def test_what_was_once_for_its_owner_alone_stays_so_when_a_later_version_is_public(
    client: Client, kind: str
) -> None:
    once_own_now_public(kind)
    for address in (
        f"/en/planning/record/{kind}/x1/", "/en/planning/origins/dossiers/x1/", "/en/planning/origins/dossiers/x1/3/",
        "/en/planning/origins/", f"/en/planning/records/{kind}/", "/en/search/?q=x1",
    ):  # fmt: skip
        assert SECRET not in client.get(address).content.decode(), address


@pytest.mark.parametrize("way", ["history/", "?on=2026-02-02"])
def test_looking_back_opens_no_door_that_was_closed_then(client: Client, way: str) -> None:
    once_own_now_public("dossier")
    assert SECRET not in client.get(f"/en/planning/record/dossier/x1/{way}").content.decode()


def test_a_draft_is_for_its_owner_alone_whatever_it_says_of_its_readers(client: Client) -> None:
    held = product("x1", "public", title="Open")
    records.save(kind="coi-product", code="x1", data={**held.data, "title": words(SECRET)}, base=held.number,
                 by="ana", at=AT)  # fmt: skip
    assert SECRET not in client.get("/en/planning/origins/questions/x1/").content.decode()
    owner = signed(client, "focal-point", "CRI")
    assert SECRET in owner.get("/en/planning/origins/questions/x1/").content.decode()


def test_a_source_that_a_reader_may_not_see_is_neither_named_nor_assessed(client: Client) -> None:
    product("q1", "public", title="Question")
    source("s1", "own")
    put("coi-statement", "t1", parent="coi-product/q1", title=words("Says so"), origin="coi-source/s1",
        says=words("Something"), answers="yes", audience="public")  # fmt: skip
    page = client.get("/en/planning/origins/questions/q1/").content.decode()
    assert "Something" in page
    assert "The source is not visible to you." in page
    assert SECRET not in page
    assert (
        SECRET
        in signed(client, "focal-point", "CRI").get("/en/planning/origins/questions/q1/").content.decode()
    )


def test_contradictory_sources_stand_side_by_side_and_what_is_hidden_weighs_nothing(client: Client) -> None:
    product("q1", "public", title="Question")
    for n, (answer, reliability) in enumerate((("yes", "low"), ("yes", "high"), ("no", "fair"))):
        put("coi-source", f"s{n}", title=words(f"Source {n}"), publisher="P", sort="media", reliability=reliability,
            audience="public", assessed="2026-01-15", assessment=words("Known"))  # fmt: skip
        put("coi-statement", f"t{n}", parent="coi-product/q1", title=words(f"Statement {n}"),
            origin=f"coi-source/s{n}", says=words(f"Words {n}"), answers=answer,
            audience="own" if answer == "no" else "public")  # fmt: skip
    seen = client.get("/en/planning/origins/questions/q1/").content.decode()
    assert "The sources agree." in seen
    assert "Words 2" not in seen
    assert seen.index("Statement 1") < seen.index("Statement 0")  # the more reliable first
    owner = signed(client, "focal-point", "CRI").get("/en/planning/origins/questions/q1/").content.decode()
    assert "The sources contradict each other." in owner
    assert "Words 2" in owner


def test_every_edition_of_a_dossier_is_kept_and_can_be_cited(client: Client) -> None:
    dossier("d1", "public", edition="2025", title="Older")
    dossier("d1", "public", edition="2026", title="Newer", at=datetime(2026, 3, 1, tzinfo=UTC))
    now = client.get("/en/planning/origins/dossiers/d1/").content.decode()
    assert "Newer d1" in now
    first = client.get("/en/planning/origins/dossiers/d1/3/").content.decode()
    assert "Older d1" in first
    assert "there is a later one" in first
    assert client.get("/en/planning/origins/dossiers/d1/2/").status_code == 404  # it never came into force


def test_nothing_is_invented_of_countries_of_origin(client: Client) -> None:
    page = client.get("/en/planning/origins/").content.decode()
    assert "There is no query that you may read." in page
    sessions = client.get("/en/planning/learning/coi-sessions-2024/").content.decode()
    assert "Immigration and Refugee Board of Canada" in sessions

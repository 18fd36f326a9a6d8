"""One search for everything: records in force beside figures, in both languages, each to whom may read it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from tests.planning.conftest import signed_in

from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Record
from mirps.sharing.portal import recorded

AT = datetime(2026, 2, 1, 9, tzinfo=UTC)
EVERYTHING = lambda group: True  # noqa: E731 - a reader who may read all


def document(
    code: str,
    es: str,
    en: str,
    *,
    audience: str = "public",
    state: str = "",
    publish: bool = True,
    **more: Any,
) -> Record:
    data = {"title": {"es": es, "en": en}, "type": "guide", "audience": audience, **more}
    held = records.save(kind="document", code=code, data=data, base=0, by="ana", at=AT, state=state)
    return published(held) if publish else held


def published(held: Record, by: str = "luis") -> Record:
    held = records.step(key=held.key, act=Act.SUBMIT, by="ana", at=AT, base=held.number)
    return records.step(key=held.key, act=Act.PUBLISH, by=by, at=AT, base=held.number)


def changed(held: Record, **data: Any) -> Record:
    held = records.get(held.key)
    new = records.save(
        kind=held.kind, code=held.code, data={**held.data, **data}, base=held.number, by="ana", at=AT
    )
    return published(new)


def found(client: Client, lang: str, query: str) -> dict[str, list[str]]:
    page = client.get(f"/{lang}/search/", {"q": query}).content.decode()
    groups = re.findall(r'id="g-([\w-]+)">(.*?)</section>', page, re.DOTALL)
    return {kind: re.findall(r'<li><a href="([^"]+)"', inner) for kind, inner in groups}


@pytest.mark.parametrize(
    "query", ["guía de protección", "GUIA DE PROTECCION", "protection guide", "proteccion"]
)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_record_is_found_in_either_language_with_accents_or_without(
    loaded: None, client: Client, lang: str, query: str
) -> None:
    document("g1", "Guía de protección", "Protection guide")
    assert f"/{lang}/planning/record/document/g1/" in found(client, lang, query)["document"]


def test_figures_and_records_are_found_by_the_same_words(loaded: None, client: Client) -> None:
    document("g1", "Refugiados en Honduras", "Refugees in Honduras")
    groups = found(client, "en", "refugees Honduras")
    assert groups["document"]
    assert groups["figures"]


def test_a_draft_is_not_found_and_is_once_it_is_in_force(loaded: None, client: Client) -> None:
    held = document("g1", "Zarigüeya", "Opossum", publish=False)
    assert found(client, "es", "zarigüeya") == {}
    published(held)
    assert found(client, "es", "zarigueya")["document"] == ["/es/planning/record/document/g1/"]


def test_what_changed_is_found_by_its_new_words_and_no_more_by_the_old(loaded: None, client: Client) -> None:
    held = document("g1", "Zarigüeya", "Opossum")
    assert "document" in found(client, "en", "opossum")
    changed(held, title={"es": "Ocelote", "en": "Ocelot"})
    assert found(client, "en", "opossum") == {}
    assert "document" in found(client, "en", "ocelot")


def test_what_was_withdrawn_is_found_no_more(loaded: None, client: Client) -> None:
    held = document("g1", "Zarigüeya", "Opossum")
    found(client, "en", "opossum")
    records.step(key=held.key, act=Act.WITHDRAW, by="luis", at=AT, base=held.number, reason="Duplicated")
    assert found(client, "en", "opossum") == {}


def test_what_is_for_members_is_found_by_whoever_holds_a_role_and_by_nobody_else(
    loaded: None, client: Client
) -> None:
    document("g1", "Zarigüeya", "Opossum", audience="members")
    assert found(client, "en", "opossum") == {}
    assert "document" in found(signed_in("rosa", "donor"), "en", "opossum")


def test_what_is_its_owners_own_is_found_by_the_owner_and_not_by_another_state(
    loaded: None, client: Client
) -> None:
    document("g1", "Zarigüeya", "Opossum", audience="own", state="HND")
    assert found(client, "en", "opossum") == {}
    assert found(signed_in("otra", "focal-point", "GTM"), "en", "opossum") == {}
    assert "document" in found(signed_in("suya", "focal-point", "HND"), "en", "opossum")


def test_a_document_that_is_closed_again_leaves_the_public_search_at_once(
    loaded: None, client: Client
) -> None:
    held = document("g1", "Zarigüeya", "Opossum")
    assert "document" in found(client, "en", "opossum")
    changed(held, audience="members")
    assert found(client, "en", "opossum") == {}
    assert "document" in found(signed_in("rosa", "donor"), "en", "opossum")


def test_the_page_of_a_signed_in_person_is_kept_by_nobody(loaded: None) -> None:
    answer = signed_in("rosa", "donor").get("/en/search/", {"q": "x"})
    assert "no-store" in answer["Cache-Control"]


def test_words_in_the_name_weigh_more_than_words_in_the_text(db: None) -> None:
    document(
        "in-text", "Otra cosa", "Another thing", summary={"es": "Sobre el tapir", "en": "About the tapir"}
    )
    document("in-name", "El tapir", "The tapir")
    ((kind, total, keys),) = recorded.search(recorded.index(), "tapir", EVERYTHING).groups
    assert (kind, total) == ("document", 2)
    assert keys == ("document/in-name", "document/in-text")


def test_the_beginning_of_the_last_word_is_enough(db: None) -> None:
    document("g1", "Metodología del mapeo", "Mapping methodology")
    assert recorded.search(recorded.index(), "methodolo", EVERYTHING).total == 1
    assert recorded.search(recorded.index(), "mapping methodo", EVERYTHING).total == 1


def test_when_nothing_has_every_word_the_nearest_come(db: None) -> None:
    document("g1", "El tapir", "The tapir")
    assert recorded.search(recorded.index(), "tapir zzzz", EVERYTHING).total == 0
    assert recorded.search(recorded.index(), "tapir zzzz", EVERYTHING, loose=True).total == 1


def test_what_the_reader_may_not_read_is_not_even_counted(db: None) -> None:
    document("g1", "El tapir", "The tapir")
    document("g2", "El tapir", "The tapir", audience="own", state="HND")
    ((_, total, keys),) = recorded.search(recorded.index(), "tapir", lambda g: g.audience == "public").groups
    assert (total, keys) == (1, ("document/g1",))


def test_nothing_new_costs_one_small_query(db: None, django_assert_num_queries: Any) -> None:
    document("g1", "El tapir", "The tapir")
    recorded.index()
    with django_assert_num_queries(1):
        recorded.search(recorded.index(), "tapir", EVERYTHING)


def test_a_change_that_another_process_commits_late_is_taken_in_when_it_comes(db: None) -> None:
    """On PostgreSQL a change may be committed after a later one was seen."""
    document("g1", "El tapir", "The tapir")
    index = recorded.index()
    late = records.history("document/g1")[-1]
    index.missing.add(late.pk)
    index.drop("document/g1")
    assert recorded.search(index, "tapir", EVERYTHING).total == 0
    assert recorded.search(recorded.index(), "tapir", EVERYTHING).total == 1
    assert late.pk not in recorded.index().missing


def test_the_source_document_of_the_library_stands_for_that_of_the_ledger(
    loaded: None, client: Client
) -> None:
    assert found(client, "en", "annual report")["documents"]
    document("ar24", "Informe anual", "Annual report", ledger="AR24")
    groups = found(client, "en", "annual report")
    assert "/en/source/AR24/" not in groups.get("documents", [])
    assert "/en/planning/record/document/ar24/" in groups["document"]


def test_meetings_of_one_name_are_told_apart_by_their_day(planned: None, client: Client) -> None:
    page = client.get("/es/search/", {"q": "plenaria virtual"}).content.decode()
    details = re.findall(r'>Plenaria virtual</a><span class="detail">([^<]*)<', page)
    assert {"24 de enero de 2023", "20 de abril de 2023"} <= {d.replace("\u00a0", " ") for d in details}

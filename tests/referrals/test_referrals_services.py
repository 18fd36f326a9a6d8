"""What travels is what its service names, and nothing else; a file that is wrong is told where and what to do."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mirps.base.codelists.api import data_folder
from mirps.casework.referrals import services
from mirps.casework.referrals.queries import catalogue
from mirps.casework.referrals.services import ServiceFault
from mirps.people.registry import api as registry
from mirps.people.registry.api import Fact

AT = datetime(2026, 11, 21, tzinfo=UTC)


def said(kind: str, sensitivity: str = "", **data: Any) -> Fact:
    return Fact(uuid4(), kind, data, AT, AT, sensitivity=sensitivity)


FILE = [
    said("name", given="Ximena", surnames="Vásquez", use="current", sure="stated"),
    said("birth", date="1987-05-04", place="Yoro"),
    said("document", type="id", number="0801"),
    said("contact", channel="phone", value="999", safety="safe"),
    said("contact", channel="phone", value="666", safety="unsafe"),
    said("need", "medical", need="medical", words="diabetes"),
    said("need", "gbv", need="gbv"),
    said("note", "security", words="she fled"),
    said("consent", purpose="share-state", given="given"),
]


def travels(service: str) -> list[tuple[str, Any]]:
    return [(s, dict(i["data"])) for s, i in services.least(catalogue()[service], FILE)]


def test_for_work_the_year_of_birth_and_no_document_or_need_travels() -> None:
    assert travels("work") == [
        ("", {"given": "Ximena", "surnames": "Vásquez"}), ("", {"date": "1987"}),
        ("", {"channel": "phone", "value": "999", "safety": "safe"}),
    ]  # fmt: skip


def test_a_need_to_know_fact_travels_only_where_the_service_names_it_and_without_its_words() -> None:
    assert ("medical", {"need": "medical"}) in travels("health")
    assert ("gbv", {"need": "gbv"}) not in travels("health")
    assert ("gbv", {"need": "gbv"}) in travels("gbv")


@pytest.mark.parametrize("service", sorted(catalogue()))
def test_no_note_no_consent_no_unsafe_telephone_ever_travels(service: str) -> None:
    everything = repr(travels(service))
    assert not re.search("fled|share-state|666|diabetes", everything)
    assert all(s in ("", *registry.book().lists["sensitivities"]) for s, _ in travels(service))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=500),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3), max_leaves=6,
)  # fmt: skip


@given(service=st.sampled_from(sorted(catalogue())), kind=st.sampled_from(["name", "need", "note", "photo", 1, None]),
       data=st.dictionaries(st.sampled_from(["given", "need", "words", "file", "value"]), JSON) | JSON)  # fmt: skip
def test_of_what_another_node_sends_no_more_is_let_in_than_ours_lets_out(
    service: str, kind: Any, data: Any
) -> None:
    found = services.narrowed(catalogue()[service], {"kind": kind, "data": data})
    if found is not None:
        allowed = catalogue()[service].carries.get(kind, ("need",) if kind == "need" else ())
        assert set(found["data"]) <= {"date" if n == "year" else n for n in allowed}
        assert all(not isinstance(v, str) or len(v) <= services.MOST_TEXT for v in found["data"].values())


GIVEN = yaml.safe_load((data_folder() / "referrals" / "services.yaml").read_text())


def test_every_service_of_the_file_has_names_and_days_and_a_person_to_find() -> None:
    assert len(catalogue()) >= 12
    assert all(s.name.es and s.name.en and "name" in s.carries for s in catalogue().values())


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("", [], "expected"),
        ("work", 3, "work"),
        ("work.es", "", "work.es"),
        ("work.en", None, "work.en"),
        ("work.answer", 0, "work.answer"),
        ("work.outcome", "ten", "work.outcome"),
        ("work.answer", True, "work.answer"),
        ("work.moood", 1, "moood"),
        ("work.sensitivity", "high", "sensitivities.csv"),
        ("work.carries", {"birth": ["year"]}, "name among them"),
        ("work.carries", {"name": ["given"], "note": ["words"]}, "'note'"),
        ("work.carries", {"name": ["given"], "photo": ["file"]}, "work.carries.photo"),
        ("work.carries", {"name": "given"}, "work.carries.name"),
        ("work.carries", {"name": ["nickname"]}, "given"),
        ("work.needs", "medical", "work.needs"),
        ("work.needs", ["flu"], "needs.csv"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_where_and_what_to_write(path: str, value: Any, told: str) -> None:
    given: Any = deepcopy(GIVEN)
    first, _, second = path.partition(".")
    if not first:
        given = value
    elif second:
        given[first][second] = value
    else:
        given[first] = value
    with pytest.raises(ServiceFault, match=re.escape(told)):
        services.read(given, registry.book())

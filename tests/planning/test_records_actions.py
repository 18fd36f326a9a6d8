"""Records in the database: written once each, never over another's, loaded again without change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.planning.conftest import whole_practice

from mirps.base.access.api import User, give_role
from mirps.base.audit.api import entries_about
from mirps.base.notices import api as notices
from mirps.evidence.figures import api as figures
from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Change, FactFault, Met, Record, Refused

AT = datetime(2026, 2, 1, 9, tzinfo=UTC)
BOTH = {"es": "Reunión", "en": "Meeting"}


def practice(code: str = "p1", base: int = 0, by: str = "ana", **data: Any) -> Record:
    """A kind that is reviewed."""
    held = {"title": BOTH, **data}
    return records.save(kind="practice", code=code, data=held, base=base, by=by, at=AT, state="HND")


def step(held: Record, act: Act, by: str, reason: str = "") -> Record:
    held = records.get(held.key)
    return records.step(key=held.key, act=act, by=by, at=AT, base=held.number, reason=reason)


@pytest.fixture
def complete(db: None) -> Record:
    """A good practice with all that its kind requires, as a draft of Ana's."""
    return whole_practice("whole", state="HND")


@pytest.mark.django_db
def test_a_draft_is_kept_but_not_in_force() -> None:
    held = practice()
    assert (held.status, held.public, held.number) == ("draft", None, 1)
    assert records.history(held.key)[0].data == held.data
    assert [e.act for e in entries_about("practice/p1")] == ["record.save"]


@pytest.mark.django_db
def test_the_same_again_changes_nothing_and_a_taken_code_is_refused() -> None:
    practice()
    again = practice(base=1)
    assert again.number == 1
    with pytest.raises(Refused) as e:
        practice()
    assert [f.key for f in e.value.faults] == ["record.fault.taken"]


@pytest.mark.django_db
def test_two_who_write_at_once_both_keep_their_words() -> None:
    practice()
    practice(base=1, by="bea", note={"es": "de Bea", "en": "Bea's"})
    with pytest.raises(Met) as e:
        practice(base=1, by="carla", note={"es": "de Carla", "en": "Carla's"})
    assert e.value.held.data["note"]["en"] == "Bea's"
    assert e.value.mine["note"]["en"] == "Carla's"
    assert records.get("practice/p1").number == 2


@pytest.mark.django_db
def test_nobody_publishes_their_own_words_and_what_lacks_a_language_is_not_published(
    complete: Record,
) -> None:
    held = step(complete, Act.SUBMIT, "ana")
    with pytest.raises(Refused) as e:
        step(held, Act.PUBLISH, "Ana")
    assert [f.key for f in e.value.faults] == ["record.fault.own"]
    assert step(held, Act.PUBLISH, "bea").public == complete.data
    practice("half", title={"es": "Solo en español"})
    with pytest.raises(Refused) as e:
        step(records.get("practice/half"), Act.SUBMIT, "ana")
    assert ("title.en", "record.fault.language") in [(f.cell, f.key) for f in e.value.faults]


@pytest.mark.django_db
def test_sending_back_needs_a_reason_and_a_submitted_record_is_not_written(complete: Record) -> None:
    held = step(complete, Act.SUBMIT, "ana")
    with pytest.raises(Refused):
        step(held, Act.RETURN, "bea")
    with pytest.raises(Refused) as e:
        records.save(
            kind="practice", code="whole", data={**complete.data, "note": BOTH}, base=2, by="ana", at=AT
        )
    assert [f.key for f in e.value.faults] == ["record.fault.not-now.submitted"]
    assert step(held, Act.RETURN, "bea", "Falta la fecha").status == "returned"


@pytest.mark.django_db
def test_a_record_is_what_its_changes_add_up_to(planned: None) -> None:
    for held in Record.objects.order_by("key"):
        now = records.standing(held)
        assert (now.status, now.data, now.public, now.known_at) == (
            held.status,
            held.data,
            held.public,
            held.known_at,
        )
        assert held.number == Change.objects.filter(record=held).count()


def test_loading_the_facts_again_changes_nothing(planned: None) -> None:
    folder = Path(__file__).parents[2] / "data" / "planning" / "facts"
    before = Change.objects.count()
    assert not any(records.load(folder, by="tests", at=AT).values())
    assert Change.objects.count() == before


def test_every_fact_says_where_it_is_said_or_that_it_is_ours(planned: None) -> None:
    bare = [
        c.record_id
        for c in Change.objects.order_by("id")
        if not c.data.get("source") and not c.data.get("proposal")
    ]
    assert bare == []


def test_fragments_of_the_sources_are_at_most_eight_words(planned: None) -> None:
    long = [
        (c.record_id, s["fragment"])
        for c in Change.objects.order_by("id")
        for s in c.data.get("source", ())
        if len(s.get("fragment", "").split()) > 8
    ]
    assert long == []


def test_every_fragment_stands_in_its_document(planned: None, sources: Path) -> None:
    """The fragment is where a reader finds the place: what is not there leads nowhere."""
    from mirps.base.codelists import api as codelists

    texts = {code: _plain((sources / d["file"]).read_text()) for code, d in codelists.documents().items()}
    lost = [
        (c.record_id, s["document"], s["fragment"])
        for c in Change.objects.order_by("id")
        for s in c.data.get("source", ())
        if s.get("fragment")
        and s.get("document") in texts
        and _plain(s["fragment"]) not in texts[s["document"]]
    ]
    assert lost == []


def _plain(text: str) -> str:
    import re

    return " ".join(re.sub(r"[*_>#|“”\"‘’']", "", text).split()).casefold()


def test_what_a_record_names_is_linked_and_only_what_is_in_force_is_public(planned: None) -> None:
    link = records.Link.objects.filter(public=True).order_by("id").first()
    assert link is not None
    assert link.source_id in [r.key for r in records.naming(link.target)]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("nothing.csv", "code\nx\n", "there is no kind 'nothing'"),
        ("practice.csv", "code,colour\nx1,red\n", "the column 'colour' is none of the kind's"),
        ("practice.csv", "code,title.es,title.en\nX 1,a,b\n", "code 'X 1'"),
        (
            "practice.csv",
            "code,title.es,title.en,source\nx1,a,,AR24\n",
            "column title.en: record.fault.language",
        ),
        (
            "practice.csv",
            "code,title.es,title.en,states,source\nx1,a,b,HND,ZZ24\n",
            "column source: record.fault.row",
        ),
    ],
)
@pytest.mark.django_db
def test_a_facts_file_that_is_wrong_is_refused_with_its_place_and_nothing_is_kept(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(FactFault) as e:
        records.load(tmp_path, by="tests", at=AT)
    assert told in str(e.value)
    assert not Record.objects.exists()


@pytest.mark.django_db
def test_what_comes_into_force_is_seen_at_once_on_public_pages(complete: Record) -> None:
    token = figures.cache_token(AT)
    held = step(complete, Act.SUBMIT, "ana")
    assert figures.cache_token(AT) == token, "a draft is no business of the public"
    step(held, Act.PUBLISH, "bea")
    assert figures.cache_token(AT) != token


@pytest.mark.django_db
def test_a_remark_is_kept_and_settled_once(complete: Record) -> None:
    made = records.comment(key=complete.key, text="¿De qué año?", by="bea", at=AT)
    records.settle(comment=made.pk, by="ana", at=AT + timedelta(hours=1))
    records.settle(comment=made.pk, by="carla", at=AT + timedelta(hours=2))
    assert records.comments(complete.key)[0].settled_by == "ana"
    with pytest.raises(Refused):
        records.comment(key=complete.key, text="  ", by="bea", at=AT)


@pytest.mark.django_db
def test_who_may_publish_is_told_that_something_waits_and_its_writer_what_became_of_it(
    complete: Record,
) -> None:
    roles = {"ana": ("focal-point", "HND"), "bea": ("state-approver", "HND"), "c": ("focal-point", "GTM")}
    people = {}
    for name, (role, state) in roles.items():
        people[name] = User.objects.create_user(name, password="x")
        give_role(user=people[name], role=role, state=state, starts=AT.date(), ends=None, by="t", at=AT)

    def told(name: str) -> list[str]:
        return [n.kind for n in notices.inbox(people[name])]

    held = step(complete, Act.SUBMIT, "ana")
    assert (told("ana"), told("bea"), told("c")) == ([], ["record.submitted"], [])
    step(held, Act.RETURN, "bea", "Falta la fecha")
    assert told("ana") == ["record.returned"]
    step(held, Act.SUBMIT, "ana")
    step(held, Act.PUBLISH, "bea")
    assert sorted(told("ana")) == ["record.published", "record.returned"]
    step(held, Act.WITHDRAW, "bea", "Ya no vale")
    assert sorted(told("ana")) == ["record.published", "record.returned", "record.withdrawn"]
    assert "record.withdrawn" not in told("bea"), "nobody is told what they did themselves"
    assert complete.data["title"]["es"] not in str([n.params for n in notices.inbox(people["bea"])])

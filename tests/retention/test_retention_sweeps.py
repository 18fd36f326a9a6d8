"""A dry run lists and changes nothing; two people let go; what counts stays and leads back to nobody."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from tests.custody.conftest import COMAR, TAPACHULA, Make, hire, now
from tests.registry.said import Json, fact, family, ids, more, who

from mirps.base.audit.api import AuditEntry
from mirps.base.crypto import api as crypto
from mirps.people.adjudication import api as adjudication
from mirps.people.adjudication.models import Suspicion
from mirps.people.custody import api as custody
from mirps.people.custody import rows
from mirps.people.custody.api import CustodyFault, Duty, Seat
from mirps.people.identity import api as identity
from mirps.people.intake import api as intake
from mirps.people.intake.openrosa_actions import place_of
from mirps.people.intake.openrosa_models import Device, SentForm
from mirps.people.registry import api as registry
from mirps.people.registry.models import Fact, Group, Person, SealedFile
from mirps.people.retention import api as retention
from mirps.people.retention.api import Sweep

__all__ = ["hire", "now"]
pytestmark = pytest.mark.django_db
DESK = Seat("rocio", *COMAR, TAPACHULA, purpose="registration")
KEEPER = Seat("diego", *COMAR, duty=Duty.RETENTION)
FACE = b"\x89PNG\r\n\x1a\n" + b"face" * 500
LONG = timedelta(days=8 * 366)


def take(said: Json, at: datetime) -> Json:
    said["made_at"] = at.isoformat()
    intake.take(said, seat=DESK, door="page", at=at)
    return said


def found(text: str) -> set[UUID]:
    return {c.row for c in identity.find(identity.read_line(text))}


def standing(person: UUID) -> Counter[str]:
    return Counter(f.kind for f in (registry.file(person, knows=["gbv"]) or pytest.fail("no file")).standing)


def swept(hire: Make, now: datetime) -> Sweep:
    """The dry run of today, approved by another and carried out."""
    _, delia = (hire(n, "data-protection-officer") for n in ("diego", "delia"))
    sweep = retention.dry_run(seat=KEEPER, at=now)
    asked = retention.ask(seat=KEEPER, sweep=sweep.pk, why="Yearly", at=now)
    custody.decide(request=asked.pk, by=delia, approve=True, said="", at=now)
    assert list(retention.carry_out(seat=KEEPER, sweep=sweep.pk, request=asked.pk, at=now)) is not None
    with custody.seated(KEEPER):
        sweep.refresh_from_db()
    return sweep


def test_a_dry_run_lists_what_is_due_and_changes_nothing(now: datetime) -> None:
    old = take(family(who(), who("José", role="partner")), now - LONG)
    take(family(who("Marta", "Paz")), now - timedelta(days=300))
    before = (Person.objects.count(), Fact.objects.count())
    sweep = retention.dry_run(seat=KEEPER, at=now)
    assert set(sweep.found["quiet-files"]) == {str(i) for i in ids(old)}
    assert sweep.found["withdrawn"] == sweep.found["old-photos"] == []
    assert (Person.objects.count(), Fact.objects.count()) == before
    listed = AuditEntry.objects.get(act="retention.listed")
    assert listed.detail["quiet-files"] == 2


def test_another_institutions_people_are_no_part_of_it(now: datetime) -> None:
    take(family(who()), now - LONG)
    sweep = retention.dry_run(seat=Seat("p", "MEX", "MEX.INM", duty=Duty.RETENTION), at=now)
    assert not any(sweep.found.values())


def test_who_was_let_go_counts_on_and_nothing_leads_back(hire: Make, now: datetime) -> None:
    with transaction.atomic():
        digest = registry.put_file(FACE, by="rocio", at=now - LONG)
    mother = who("Ximena", "Vásquez López", document="0801-1987-12345", phone="+504 9999 1234")
    said = family(mother, who("José", role="child", born="2015-03-02", sex="M"))
    said["facts"].append(fact("photo", person=mother["id"], file=digest))
    said["facts"].append(fact("note", person=mother["id"], words="Fled from Choluteca by night"))
    said["facts"].append(
        fact("relation", person=mother["id"], other=said["people"][1]["id"], relation="parent")
    )
    take(said, now - LONG)
    person, group = ids(said)[0], UUID(said["groups"][0]["id"])
    number = Person.objects.get(pk=person).number
    assert found("Jimena Basques") == {person}
    sweep = swept(hire, now)
    assert sweep.done == {"old-photos": 1, "quiet-files": 2}
    assert found("Ximena Vásquez") == found("José") == set()
    assert identity.find_exact(identity.DOCUMENT, "0801198712345") == []
    assert identity.find_exact(identity.PHONE, "99991234") == []
    assert not Person.objects.filter(pk__in=ids(said)).exists()
    assert not Group.objects.filter(pk=group).exists()
    assert not SealedFile.objects.exists()
    left = list(Person.objects.order_by("pk"))
    assert [(p.institution, p.office, p.by, p.let_go_at is not None) for p in left] == [
        ("MEX.COMAR", TAPACHULA, "retention", True)
    ] * 2
    assert not {number} & {p.number for p in left}
    every = [registry.fact(f) for f in Fact.objects.order_by("pk")]
    assert Counter(f.kind for f in every if f.person) == {
        "birth": 2, "sex": 2, "nationality": 2, "consent": 2, "membership": 2, "document": 1
    }  # fmt: skip
    assert {str(f.data["date"]) for f in every if f.kind == "birth"} == {"1987", "2015"}
    told = json.dumps([f.data for f in every])
    for word in ("Ximena", "0801", "9999", "Choluteca", digest):
        assert word not in told
    assert {(f.happened_at.day, f.by, f.group) for f in every} == {(1, "retention", None)}
    listed = retention.dry_run(seat=KEEPER, at=now + LONG)
    assert not any(listed.found.values()), "what counts is not let go again"


def test_a_file_lives_on_while_anything_of_it_does(hire: Make, now: datetime) -> None:
    one, other = take(family(who()), now - LONG), take(family(who("Jimena")), now - LONG)
    take(more(fact("note", person=str(ids(other)[0]), words="Came by")), now - timedelta(days=9))
    a, b = ids(one)[0], ids(other)[0]
    with custody.seated(DESK):
        registry.say_same(kept=a, other=b, joined=True, by="sofia", second="octavio", why="Same card", at=now)
    sweep = retention.dry_run(seat=KEEPER, at=now)
    assert sweep.found["quiet-files"] == []
    later = now + LONG
    assert set(retention.dry_run(seat=KEEPER, at=later).found["quiet-files"]) == {str(a)}


def test_joined_files_are_let_go_as_one_person(hire: Make, now: datetime) -> None:
    one, other = take(family(who()), now - LONG), take(family(who("Jimena")), now - LONG)
    with custody.seated(DESK):
        adjudication.keep_suspected(adjudication.suspected(ids(other), at=now))
        registry.say_same(
            kept=ids(one)[0], other=ids(other)[0], joined=True, by="s", second="o", why="Same card", at=now
        )  # fmt: skip
    swept(hire, now)
    assert Person.objects.count() == 1
    assert not Suspicion.objects.exists()


def test_an_old_telephone_that_was_replaced_goes_and_what_stands_is_still_found(
    hire: Make, now: datetime
) -> None:
    said = take(family(who(phone="+504 9999 1234")), now - timedelta(days=800))
    person = ids(said)[0]
    old = next(f for f in said["facts"] if f["kind"] == "contact")
    take(more(fact("contact", person=str(person), replaces=old["id"], channel="phone", value="+504 8888 4321")),
         now - timedelta(days=500))  # fmt: skip
    before = standing(person)
    sweep = swept(hire, now)
    assert sweep.done == {"old-contacts": 1}
    assert not Fact.objects.filter(pk=old["id"]).exists()
    assert standing(person) == before
    assert identity.find_exact(identity.PHONE, "99991234") == []
    assert identity.find_exact(identity.PHONE, "88884321") == [person]
    assert found("Ximena Vásquez") == {person}


def test_old_photos_go_from_the_disk_too(hire: Make, now: datetime, tmp_path: object) -> None:
    with transaction.atomic():
        digest = registry.put_file(FACE, by="rocio", at=now)
    said = family(who())
    said["facts"].append(fact("photo", person=said["people"][0]["id"], file=digest))
    take(said, now - timedelta(days=900))
    assert swept(hire, now).done == {"old-photos": 1}
    assert not SealedFile.objects.exists()
    assert Person.objects.get().let_go_at is None


@pytest.mark.parametrize(("days", "due"), [(31, 1), (29, 0)])
def test_who_withdraws_the_agreement_is_let_go_after_thirty_days(
    hire: Make, now: datetime, days: int, due: int
) -> None:
    said = take(family(who()), now - timedelta(days=60))
    consent = next(f for f in said["facts"] if f["kind"] == "consent")
    take(more(fact("consent", person=str(ids(said)[0]), replaces=consent["id"], purpose="registration",
                   given="withdrawn", how="spoken")), now - timedelta(days=days))  # fmt: skip
    assert len(retention.dry_run(seat=KEEPER, at=now).found["withdrawn"]) == due


def test_nothing_is_let_go_without_a_second_person(hire: Make, now: datetime) -> None:
    diego, delia = (hire(n, "data-protection-officer") for n in ("diego", "delia"))
    take(family(who()), now - LONG)
    sweep = retention.dry_run(seat=KEEPER, at=now)
    with pytest.raises(CustodyFault, match="not-approved"):
        list(retention.carry_out(seat=KEEPER, sweep=sweep.pk, at=now))
    asked = retention.ask(seat=KEEPER, sweep=sweep.pk, why="Yearly", at=now)
    with pytest.raises(CustodyFault, match="four-eyes"):
        custody.decide(request=asked.pk, by=diego, approve=True, said="", at=now)
    with pytest.raises(CustodyFault, match="not-approved"):
        list(retention.carry_out(seat=KEEPER, sweep=sweep.pk, request=asked.pk, at=now))
    another = retention.dry_run(seat=KEEPER, at=now)
    custody.decide(request=asked.pk, by=delia, approve=True, said="", at=now)
    with pytest.raises(CustodyFault, match="not-approved"):
        list(retention.carry_out(seat=KEEPER, sweep=another.pk, request=asked.pk, at=now))
    assert Person.objects.get().let_go_at is None


def test_a_sweep_broken_off_goes_on_and_leaves_alone_what_is_no_longer_due(hire: Make, now: datetime) -> None:
    _, delia = (hire(n, "data-protection-officer") for n in ("diego", "delia"))
    said = [take(family(who(name, "Paz")), now - LONG) for name in ("Ana", "Berta", "Carla")]
    sweep = retention.dry_run(seat=KEEPER, at=now)
    asked = retention.ask(seat=KEEPER, sweep=sweep.pk, why="Yearly", at=now)
    custody.decide(request=asked.pk, by=delia, approve=True, said="", at=now)
    assert next(retention.carry_out(seat=KEEPER, sweep=sweep.pk, request=asked.pk, at=now)) == 1
    left = [i for s in said for i in ids(s) if Person.objects.filter(pk=i).exists()]
    assert len(left) == 2
    take(more(fact("note", person=str(left[0]), words="Came back")), now - timedelta(days=1))
    assert list(retention.carry_out(seat=KEEPER, sweep=sweep.pk, at=now)) == [1]
    sweep.refresh_from_db()
    assert sweep.done == {"quiet-files": 2}
    assert [p.pk for p in Person.objects.filter(let_go_at=None)] == [left[0]]
    with pytest.raises(CustodyFault):
        list(retention.carry_out(seat=KEEPER, sweep=sweep.pk, at=now))


@pytest.mark.parametrize("gone", [1, 2])
def test_a_filled_form_goes_with_the_last_person_it_told_of(hire: Make, now: datetime, gone: int) -> None:
    said, old = family(who(), who("José", role="partner")), now - LONG
    said["made_at"] = old.isoformat()
    intake.take(said, seat=DESK, door="openrosa", at=old)
    place = {"state": "MEX", "institution": "MEX.COMAR", "office": TAPACHULA}
    device = Device.objects.create(id=uuid4(), login="x", holder=hire("rocio", "registration-officer"), made_at=old,
                                   expires_at=old, **place)  # fmt: skip
    for submission in (said["id"], str(uuid4())):
        form = SentForm(id=uuid4(), device=device, stage="taken", token=b"x", at=old, done_at=old, **place)
        form.sealed = crypto.sealer().seal(json.dumps({"submission": submission}), place_of(form))
        form.save()
    if gone == 1:
        take(more(fact("note", person=str(ids(said)[1]), words="Came by")), now - timedelta(days=9))
    assert swept(hire, now).done == {"quiet-files": gone}
    assert SentForm.objects.count() == 3 - gone


@pytest.mark.postgres
def test_the_role_that_serves_pages_may_let_go_from_the_seat_of_retention(hire: Make, now: datetime) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("row security is PostgreSQL's")
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE pages_of_retention NOSUPERUSER")
        rows.grant("pages_of_retention")
        cursor.execute("SET ROLE pages_of_retention")
        take(family(who()), now - LONG)
        assert swept(hire, now).done == {"quiet-files": 1}
        cursor.execute("RESET ROLE")
    assert Person.objects.get().let_go_at is not None

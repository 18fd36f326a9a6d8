"""Two desks at the same moment: one family for one submission, both findable, both answers kept."""

from __future__ import annotations

from uuid import UUID

import pytest
from tests.intake.test_intake_taking import found, take
from tests.registry.said import fact, family, ids, more, who
from tests.together import at_once

from mirps.people.intake import api as intake
from mirps.people.registry import api as registry
from mirps.people.registry.models import Person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_the_same_submission_sent_twice_at_once_registers_one_family() -> None:
    said = family(who(), who("José", role="partner"))
    receipts = at_once(take, [said] * 4)
    assert sorted(r.again for r in receipts) == [False, True, True, True]
    assert Person.objects.count() == 2


def test_families_with_the_same_names_are_all_found() -> None:
    families = [family() for _ in range(6)]
    at_once(take, families)
    assert set(found("Ximena Vásquez López")) == {id_ for f in families for id_ in ids(f)}


def test_two_corrections_of_one_date_at_once_both_stand_and_become_one_task() -> None:
    said = family(who(born="1987"))
    take(said)
    birth = next(f for f in said["facts"] if f["kind"] == "birth")
    person = birth["person"]
    dates = ("1987-05-04", "1987-04-05")
    at_once(take, [more(fact("birth", person=person, replaces=birth["id"], date=d)) for d in dates])
    assert intake.Task.objects.filter(kind="contradiction", closed_at=None).count() == 1
    file = registry.file(UUID(person), knows=())
    assert file is not None
    assert len(file.of("birth")) == 2

"""A person in a case stays until the case's own time has passed; then nothing of what was said in it can be read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import BinaryField
from django.utils import timezone
from tests.cases.desks import AT, ENTERED, MEX, PROFILE, TEN, posted, registered, saying, seat
from tests.custody.conftest import hire, now
from tests.custody.test_custody_rows import as_role
from tests.registry.said import fact, more, who

from mirps.base.access.api import User
from mirps.base.crypto import api as crypto
from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseFault, Saying
from mirps.casework.conduct import api as conduct
from mirps.casework.letters.models import Letter
from mirps.casework.window import api as window
from mirps.casework.window.models import WindowAccess, WindowItem
from mirps.people.custody import api as custody
from mirps.people.custody.api import Duty, Seat
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry
from mirps.people.registry.models import Fact, SealedFile
from mirps.people.retention import api as retention
from mirps.people.retention.api import Sweep

__all__ = ["hire", "now"]
pytestmark = pytest.mark.django_db
KEEPER = Seat("diego", "MEX", "MEX.COMAR", duty=Duty.RETENTION)
DESK = Seat("rocio", "MEX", "MEX.COMAR", "MEX.COMAR.TAP", purpose="registration")
YEAR = timedelta(days=365.25)
LATE = AT + 8 * YEAR
#: What a reader searched for, public keys, and the keyed digest by which a submission that is sent again is known.
NOT_SEALED = {"Reading.typed", "SigningKey.public", "Arrival.token"}
WORDS, MOTHER, SON = "Fled from Choluteca by night", "Ximena", "Anselmo"
ACTS: list[tuple[str, str, float, dict[str, Any]]] = [
    ("admit", "registration", 1, {}), ("profile", "protection", 2, PROFILE),
    ("assign_modality", "protection", 2, {"modality": "regular"}),
    ("transfer", "coordinator", 3, {"office": TEN}),
]  # fmt: skip


@pytest.fixture
def two(hire: Any) -> tuple[User, User]:
    return hire("diego", "data-protection-officer"), hire("delia", "data-protection-officer")


def closed(of: list[UUID] | None = None) -> UUID:
    """A claim of a mother and her son, with its letters, transferred, in somebody's hands, and withdrawn."""
    posted(office="")
    of = of or registered(who(MOTHER, "Vásquez López"), who(SON, role="child", born="2015-03-02", sex="M"))
    family = [(p, "principal" if n == 0 else "dependant") for n, p in enumerate(of)]
    first = conduct.open_case(
        MEX,
        people=family,
        saying=saying("claim", 0, ENTERED),
        seat=seat(office=""),
        role="registration",
        at=AT,
    )
    for act, role, days, values in ACTS:
        do(first.case, saying(act, days, values, WORDS), role)
    cases.assign(first.case, "ana", note=WORDS, seat=seat(office=""), at=AT)
    do(first.case, saying("withdraw", 20, {}, WORDS), "registration")
    return first.case


def do(case: UUID, said: Saying, role: str) -> None:
    conduct.do(case, said, seat=seat(office=""), role=role, at=said.happened)


def swept(two: tuple[User, User], at: datetime, keeper: Seat = KEEPER) -> Sweep:
    sweep = retention.dry_run(seat=keeper, at=at)
    asked = retention.ask(seat=keeper, sweep=sweep.pk, why="Yearly", at=at)
    custody.decide(request=asked.pk, by=two[1], approve=True, said="", at=at)
    list(retention.carry_out(seat=keeper, sweep=sweep.pk, request=asked.pk, at=at))
    with custody.seated(keeper):
        sweep.refresh_from_db()
    return sweep


def sealed() -> set[tuple[str, bytes]]:
    """Every sealed value that stands in any table of people and of casework, read raw."""
    found: set[tuple[str, bytes]] = set()
    with connection.cursor() as cursor:
        for model in (
            *apps.get_app_config("people").get_models(),
            *apps.get_app_config("casework").get_models(),
        ):
            for f in model._meta.concrete_fields:
                if isinstance(f, BinaryField) and f"{model.__name__}.{f.column}" not in NOT_SEALED:
                    cursor.execute(f"SELECT {f.column} FROM {model._meta.db_table}")
                    found |= {
                        (f"{model.__name__}.{f.column}", bytes(v))
                        for (v,) in cursor.fetchall()
                        if v is not None
                    }
    return found


def told() -> str:
    """All that whoever has the keys can open."""
    columns = [h for h in crypto.holders() if isinstance(h, crypto.SealedColumn)]
    rows = ((c, row) for c in columns for row in c.model._default_manager.order_by("pk"))
    return " ".join(
        crypto.sealer().open(bytes(getattr(row, c.column)), c.place(row))
        for c, row in rows
        if getattr(row, c.column)
    )


def test_somebody_in_an_open_case_is_never_due_however_long_nothing_was_said() -> None:
    posted()
    people = registered()
    cases.open_case(MEX, people=[(people[0], "principal")], event=saying("claim", 0, ENTERED), seat=seat(),
                    role="registration", at=AT)  # fmt: skip
    sweep = retention.dry_run(seat=KEEPER, at=AT + 40 * YEAR)
    assert sweep.found["quiet-files"] == sweep.found["closed-cases"] == []
    assert sweep.found[retention.HELD] == [str(people[0])]


@pytest.mark.parametrize(("years", "due"), [(6.9, False), (7.1, True)])
def test_where_the_persons_own_rule_is_the_later_it_decides(years: float, due: bool) -> None:
    case = closed()
    sweep = retention.dry_run(seat=KEEPER, at=AT + years * YEAR)
    assert len(sweep.found["quiet-files"]) == 2 * due
    assert sweep.found["closed-cases"] == [str(case)] * due


@pytest.mark.parametrize(("years", "due"), [(4.9, False), (5.1, True)])
def test_who_withdraws_the_agreement_stays_until_the_cases_rule_has_passed(years: float, due: bool) -> None:
    closed()
    given = Fact.objects.filter(kind="consent").order_by("pk")[0]
    withdrawn = fact("consent", person=str(given.person_id), replaces=str(given.pk), purpose="registration",
                     given="withdrawn", how="spoken")  # fmt: skip
    moment = AT + timedelta(days=30)
    intake.take(more(withdrawn, made_at=moment.isoformat()), seat=DESK, door="page", at=moment)
    sweep = retention.dry_run(seat=KEEPER, at=AT + years * YEAR)
    assert sweep.found["withdrawn"] == [str(given.person_id)] * due
    assert (str(given.person_id) in sweep.found[retention.HELD]) is not due


def test_nothing_that_was_said_or_given_in_a_case_remains(two: tuple[User, User]) -> None:
    case = closed()
    people = list(registry.Person.objects.order_by("pk").values_list("pk", "number"))
    number = cases.Case.objects.get(pk=case).number
    before = sealed()
    assert WORDS in told()
    assert Letter.objects.exists()
    assert swept(two, LATE).done == {"quiet-files": 2, "closed-cases": 1}
    assert {where for where, _ in before & sealed()} == set()
    left = told()
    for word in (WORDS, "Choluteca", MOTHER, SON, "2026-02-20", number, *(n for _, n in people)):
        assert word not in left
    for model in (Letter, SealedFile, cases.Handling, cases.Party):
        assert not model._default_manager.exists(), model
    for model, name in (
        (cases.Case, "pk"),
        (cases.CaseEvent, "case"),
        (cases.Standing, "pk"),
        (cases.Subject, "case"),
    ):
        assert not model._default_manager.filter(**{name: case}).exists()
    assert not cases.Subject.objects.filter(person__in=[p for p, _ in people]).exists()


def test_acts_and_days_stand_on_for_the_figures_and_lead_to_nobody(two: tuple[User, User]) -> None:
    closed()
    swept(two, LATE)
    bare = cases.Case.objects.get()
    acts = cases.CaseEvent.objects.filter(case=bare)
    assert [(e.act, (e.happened_at - AT).days + 1) for e in acts] == [
        ("claim", 1), ("admit", 2), ("profile", 3), ("assign_modality", 3), ("transfer", 4), ("withdraw", 21)
    ]  # fmt: skip
    assert {(e.by, e.device, e.target) for e in acts} == {("retention", "", None)}
    assert (bare.standing.stage, bare.standing.open, bare.standing.office) == ("withdrawn", False, TEN)
    assert [s.person.let_go_at is None for s in bare.subjects.select_related("person")] == [False, False]
    *_, checked = cases.check(at=LATE)
    assert checked.wrong == {}
    with pytest.raises(CaseFault, match="let-go"):
        cases.record(
            bare.pk, saying("reopen", 30, {}, WORDS), seat=seat(office=""), role="coordinator", at=LATE
        )
    assert not any(retention.dry_run(seat=KEEPER, at=LATE + 9 * YEAR).found.values())


def test_a_case_goes_with_the_first_of_its_people_and_the_other_stays_in_its_acts(
    two: tuple[User, User],
) -> None:
    closed()
    mother, son = registry.Person.objects.order_by("recorded_at", "pk")
    intake.take(more(fact("note", person=str(son.pk), words="Came by"), made_at=(AT + 2 * YEAR).isoformat()),
                seat=DESK, door="page", at=AT + 2 * YEAR)  # fmt: skip
    assert swept(two, LATE).done == {"quiet-files": 1, "closed-cases": 1}
    bare = cases.Case.objects.get()
    assert son.pk in {s.person_id for s in bare.subjects.all()}
    assert mother.pk not in {s.person_id for s in bare.subjects.all()}
    assert WORDS not in told()
    assert swept(two, AT + 10 * YEAR).done == {"quiet-files": 1}
    assert not cases.Subject.objects.filter(person__in=[mother.pk, son.pk]).exists()
    assert cases.Subject.objects.count() == 2


def test_a_case_that_came_from_one_that_goes_stands_on(two: tuple[User, User]) -> None:
    case = closed()
    child = cases.Case.objects.get(pk=case)
    child.pk, child.number, child.parent_id = UUID(int=9), "MEX-C-22222-22222-2", case
    child.save(force_insert=True)
    swept(two, LATE)
    child.refresh_from_db()
    assert child.parent is not None
    assert child.parent.let_go_at


def test_a_window_goes_with_its_person(two: tuple[User, User]) -> None:
    people = registered()
    window.open_window(people[0], "", seat=seat(), at=AT)
    assert swept(two, LATE).done == {"quiet-files": 1}
    assert not WindowAccess.objects.exists()
    assert not WindowItem.objects.exists()


@pytest.mark.postgres
def test_the_role_that_serves_pages_lets_go_of_a_case_from_the_seat_of_retention_alone(
    role: str, two: tuple[User, User]
) -> None:
    closed()
    with as_role():
        with custody.seated(seat(office="")):
            for table in ("caseevent", "case", "letter", "subject"):
                with connection.cursor() as cursor:
                    cursor.execute(f"SELECT count(*) FROM casework_{table}")
                    assert cursor.fetchone() > (0,)
        assert swept(two, LATE).done == {"quiet-files": 2, "closed-cases": 1}
    assert WORDS not in told()
    assert cases.Case.objects.get().let_go_at


@pytest.mark.postgres
def test_a_person_whom_another_institution_registered_is_held_by_the_holders_case_and_goes_with_it(
    role: str, hire: Any
) -> None:
    body = ("MEX", "MEX.INM")
    two = hire("diego", "data-protection-officer", body), hire("delia", "data-protection-officer", body)
    inm = seat("inma", "", "MEX.INM")
    of = registered(sits=inm)
    with custody.seated(inm):
        custody.share(subject=of[0], state="MEX", institution="MEX.COMAR", purpose="procedure", consent=of[0],
                      by="inma", at=AT, until=timezone.now() + YEAR)  # fmt: skip
    case = closed(of)
    theirs = Seat("diego", "MEX", "MEX.INM", duty=Duty.RETENTION)
    with as_role():
        assert retention.dry_run(seat=theirs, at=AT + 4 * YEAR).found["quiet-files"] == []
        assert retention.dry_run(seat=theirs, at=LATE).found["closed-cases"] == [str(case)]
        assert swept(two, LATE, theirs).done == {"quiet-files": 1, "closed-cases": 1}
    assert WORDS not in told()
    assert cases.Case.objects.get().let_go_at

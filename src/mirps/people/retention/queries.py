"""What is due to be let go, by rule. From a seat of retention, which sees every fact sealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any
from uuid import UUID

import yaml
from django.db.models import Exists, OuterRef, Q, QuerySet

from mirps.base.codelists import api as codelists
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry
from mirps.people.registry.models import Fact, Person
from mirps.people.retention import above, rules
from mirps.people.retention.rules import Of, Rule, Since

#: How many facts or files of one rule a sweep takes: what a person can answer for at a time.
MOST = 5000
#: Files of which it is asked at once whether their cases hold them.
_AT_ONCE = 500


@cache
def _given() -> dict[str, Any]:
    path = codelists.data_folder() / "registration" / "retention.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


@cache
def all_rules() -> list[Rule]:
    book = registry.book()
    return rules.read(_given(), book.kinds, book.lists["sensitivities"])


def keeps() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = _given()["keeps"]
    return found


def loose_files(at: datetime) -> datetime:
    """Files that were sent by this moment and that nothing has named since are due at `at`."""
    return at - timedelta(days=int(_given()["unnamed-files"]["days"]))


def forget() -> None:
    """Read the rules anew (tests, an edited file)."""
    _given.cache_clear()
    all_rules.cache_clear()


def rules_for(state: str) -> list[Rule]:
    return [r for r in all_rules() if not r.states or state in r.states]


def due(
    rule: Rule, seat: Seat, *, at: datetime, only: set[UUID] | None = None, stayed: set[UUID] | None = None
) -> Iterator[UUID]:
    """Ids of what the rule lets go of at the seat's institution; with `only`, those of them that still are due.
    Who is in an open case, or in one whose own time has not passed, is not among them (`held`): put into `stayed`,
    where a rule would let go of their file by itself."""
    if rule.of is Of.CASE:  # these go with their people
        return
    found = _facts(rule, seat, rule.cut(at)) if rule.of is Of.FACT else _files(rule, seat, rule.cut(at))
    if only is not None:
        found = found.filter(pk__in=only)
    whose = "person" if rule.of is Of.FACT else "pk"
    rows = found.values_list("pk", whose).iterator()
    while some := list(islice(rows, _AT_ONCE)):
        stay = held(rule, seat, {p for _, p in some if p}, at=at)
        for id_, person in some:
            if (goes := person not in stay) or (stayed is not None and rule.of is Of.FILE):
                if rule.since is Since.WITHDRAWN and not _withdrew(id_, rule.cut(at)):
                    continue
                if goes:
                    yield id_
                elif stayed is not None:
                    stayed.add(id_)


def held(rule: Rule, seat: Seat, persons: Iterable[UUID], *, at: datetime) -> set[UUID]:
    """Who of these stays because of what bands above keep of them. A statement that was replaced, or that is old,
    goes all the same; nobody is quiet whose case is at work."""
    if rule.of is Of.FACT and rule.since is not Since.QUIET:
        return set()
    cuts = [r.cut(at) for r in rules_for(seat.state) if r.of is Of.CASE]
    return above.held(seat, set(persons), min(cuts, default=None))


def _facts(rule: Rule, seat: Seat, cut: datetime) -> QuerySet[Fact]:
    found = Fact.objects.filter(state=seat.state, institution=seat.institution, recorded_at__lte=cut)
    if rule.kinds:
        found = found.filter(kind__in=rule.kinds)
    if rule.sensitivities:
        found = found.filter(sensitivity__in=rule.sensitivities)
    # A file that was let go keeps what counts.
    found = found.exclude(person__let_go_at__isnull=False)
    if rule.since is Since.REPLACED:
        found = found.filter(
            Exists(Fact.objects.filter(replaces=OuterRef("pk"), recorded_at__lte=cut).order_by())
        )
    if rule.since is Since.QUIET:
        said = Fact.objects.filter(person=OuterRef("person"), recorded_at__gt=cut).order_by()
        found = found.filter(~Exists(said), person__isnull=False)
    return found.order_by("pk")


def _files(rule: Rule, seat: Seat, cut: datetime) -> QuerySet[Person]:
    """Files (all registrations that are one person's) of which nothing was said since."""
    held = Person.objects.filter(
        state=seat.state, institution=seat.institution, let_go_at=None, stands_for=None
    )
    if rule.since is Since.WITHDRAWN:
        said = Fact.objects.filter(Q(person=OuterRef("pk")) | Q(person__stands_for=OuterRef("pk")))
        return held.filter(Exists(said.filter(kind="consent", recorded_at__lte=cut).order_by())).order_by(
            "pk"
        )
    lately = Fact.objects.filter(recorded_at__gt=cut).order_by()
    return held.filter(
        ~Exists(lately.filter(person=OuterRef("pk"))), ~Exists(lately.filter(person__stands_for=OuterRef("pk"))),
        recorded_at__lte=cut,
    ).order_by("pk")  # fmt: skip


def _withdrew(person: UUID, cut: datetime) -> bool:
    """Whether the last answer on being registered is no, and was given by then."""
    rows = Fact.objects.filter(Q(person=person) | Q(person__stands_for=person), kind="consent").order_by("pk")
    said = [
        f
        for f in registry.in_force(registry.fact(row) for row in rows)
        if f.data.get("purpose") == "registration"
    ]
    return bool(said) and said[-1].data.get("given") != "given" and said[-1].recorded_at <= cut

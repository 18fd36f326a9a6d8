"""Letting go: a dry run that lists, a second person's approval, the sweep itself, one file a transaction.

Broken off, a sweep is begun again where it stopped: what is no longer due is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from mirps.base.audit.api import record
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.identity import api as identity
from mirps.people.registry import api as registry
from mirps.people.registry.models import Fact, Group, Person
from mirps.people.retention import above, queries, removing
from mirps.people.retention.models import Sweep
from mirps.people.retention.rules import Of, To

ACT = "retention.run"
#: In what a dry run found, beside the rules: files that stay for the sake of their cases.
HELD = "held"


def dry_run(*, seat: Seat, at: datetime) -> Sweep:
    """List what the rules would let go of; nothing is changed."""
    with custody.seated(seat):
        found: dict[str, list[str]] = {}
        stayed: set[UUID] = set()
        for rule in queries.rules_for(seat.state):
            gone = queries.due(rule, seat, at=at, stayed=stayed)
            found[rule.key] = [str(i) for i in islice(gone, queries.MOST + 1)]
        found |= _with_cases(found, stayed, seat)
        row = Sweep.objects.create(
            id=uuid4(), state=seat.state, institution=seat.institution, at=at, by=seat.user,
            found={key: ids[: queries.MOST] for key, ids in found.items()},
            more=any(len(ids) > queries.MOST for ids in found.values()),
        )  # fmt: skip
        record(
            by=seat.user, at=at, act="retention.listed", subject=row.subject,
            detail={key: len(ids) for key, ids in row.found.items()},
        )  # fmt: skip
        return row


def _with_cases(found: Mapping[str, list[str]], stayed: Iterable[UUID], seat: Seat) -> dict[str, list[str]]:
    """The cases that go with these files, under the first rule of them, and the files that cases hold back."""
    of = {rule.key: rule.of for rule in queries.rules_for(seat.state)}
    files = {UUID(i) for key, ids in found.items() if of[key] is Of.FILE for i in ids}
    told = {key: sorted(map(str, above.beside(seat, files))) for key in of if of[key] is Of.CASE}
    return dict(islice(told.items(), 1)) | {HELD: sorted(map(str, stayed))}


def ask(*, seat: Seat, sweep: UUID, why: str, at: datetime) -> custody.Request:
    """Ask a second person to approve exactly what this dry run listed."""
    with custody.seated(seat):
        row = Sweep.objects.get(pk=sweep, state=seat.state, institution=seat.institution)
        return custody.ask(seat=seat, act=ACT, subject=row.subject, detail=why, at=at)


def carry_out(*, seat: Seat, sweep: UUID, at: datetime, request: UUID | None = None) -> Iterator[int]:
    """Let go of what the dry run listed and is still due; after each file or fact, how many so far.

    `request`: the approval; one that was begun and broken off goes on without another. Raises CustodyFault.
    """
    with custody.seated(seat):
        row = Sweep.objects.select_for_update().get(pk=sweep, state=seat.state, institution=seat.institution)
        if row.ended_at is not None:
            raise custody.CustodyFault("custody.request.not-approved")
        if row.begun_at is None:
            if request is None:
                raise custody.CustodyFault("custody.request.not-approved")
            custody.use(request=request, act=ACT, subject=row.subject, by=seat.user, at=at)
            row.begun_at = at
            row.save(update_fields=["begun_at"])
            record(by=seat.user, at=at, act="retention.begun", subject=row.subject)
    done = 0
    for rule in (r for r in queries.rules_for(seat.state) if r.of is not Of.CASE):
        for each in row.found.get(rule.key, []):
            with custody.seated(seat):
                if not list(queries.due(rule, seat, at=at, only={UUID(each)})):
                    continue
                if rule.to is To.DELETE:
                    _let_go_of_fact(UUID(each), at)
                else:
                    _count(row, _let_go_of_file(UUID(each), seat, at))
                row.done[rule.key] = row.done.get(rule.key, 0) + 1
                row.save(update_fields=["done"])
            done += 1
            yield done
    with custody.seated(seat), transaction.atomic():
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        record(by=seat.user, at=at, act="retention.ended", subject=row.subject, detail=dict(row.done))


def _count(row: Sweep, cases: int) -> None:
    """The cases that went with a file, under the rule that the dry run named them under."""
    key = next((r.key for r in queries.rules_for(row.state) if r.of is Of.CASE), "")
    if cases and key:
        row.done[key] = row.done.get(key, 0) + cases


def loose_files(*, at: datetime, dry: bool) -> int:
    """Let go of files of forms that nobody finished; how many. `dry`: how many there are."""
    before = queries.loose_files(at)
    if dry:
        return registry.loose(before=before).count()
    gone = registry.let_go_of_loose(before=before)
    if gone:
        record(by="retention", at=at, act="retention.files", subject="files", detail={"files": gone})
    return gone


def _let_go_of_fact(id_: UUID, at: datetime) -> None:
    """One statement goes; what replaced it stands on, and the person is found by what is left."""
    gone = registry.fact(Fact.objects.get(pk=id_))
    if gone.person:
        every = _facts_of([gone.person])
        identity.take_back(gone.person, registry.terms_of([gone]))
        left = registry.terms_of(f for f in every if f.id != id_ and not f.withdrawn and f.kind == gone.kind)
        identity.take_back(gone.person, left)
        if left.names or left.exact:
            identity.keep({gone.person: left})
    removing.files_of([gone])
    removing.facts(Fact.objects.filter(pk=id_))


def _let_go_of_file(root: UUID, seat: Seat, at: datetime) -> int:
    """A person's file goes; its codes and years stand on, of somebody without a name. How many cases went too."""
    ids = [root, *Person.objects.filter(stands_for=root).order_by("pk").values_list("pk", flat=True)]
    held = Person.objects.get(pk=root)
    facts = _facts_of(ids)
    groups = {f.group for f in facts if f.group and f.kind == "membership"}
    for person in ids:
        identity.take_back(
            person, registry.terms_of(f for f in facts if f.person == person and not f.withdrawn)
        )
        custody.end_shares(shares=custody.Share.objects.filter(subject=person), by="retention", at=at)
    said = set(Fact.objects.filter(person__in=ids).order_by().values_list("submission", flat=True))
    standing = (f for f in registry.in_force(facts) if f.person in ids)
    nameless = removing.nameless(held, standing, queries.keeps(), at)
    cases = above.let_go(seat, ids, nameless, at)
    removing.files_of(facts)
    removing.people(ids)
    for group in groups:
        if not Fact.objects.filter(group=group, kind="membership").exists():
            of_group = [registry.fact(f) for f in Fact.objects.filter(group=group).order_by("pk")]
            removing.nameless(Group.objects.get(pk=group), registry.in_force(of_group), queries.keeps(), at)
            removing.files_of(of_group)
            removing.group(group)
    removing.forms(said)
    return cases


def _facts_of(ids: Iterable[UUID]) -> list[registry.Fact]:
    held = list(ids)
    return [
        registry.fact(f) for f in Fact.objects.filter(Q(person__in=held) | Q(other__in=held)).order_by("pk")
    ]

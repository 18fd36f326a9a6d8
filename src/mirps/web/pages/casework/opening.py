"""A person's cases, and opening one: under which procedures of the State, and with whom of their group."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.refusal import Refusal
from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseFault, NotPossible, Subject
from mirps.casework.conduct import api as conduct
from mirps.casework.procedures import wording
from mirps.casework.procedures.api import Procedure
from mirps.people.custody import api as custody
from mirps.people.registry import api as registry
from mirps.people.registry.api import Person
from mirps.web.pages.casework import answers, telling
from mirps.web.pages.casework.answers import answers_of
from mirps.web.pages.casework.case import fault_words
from mirps.web.pages.casework.door import Desk, allows, with_cases
from mirps.web.pages.casework.worklist import rows, today
from mirps.web.pages.people import register_boxes as boxes
from mirps.web.pages.people.person import in_view

#: The opening acts that somebody may do: the procedure, the act, the role in which they do it.
Way = tuple[Procedure, str, str]


def _person(desk: Desk, number: str) -> Person:
    """Whoever is in view under this number, inside `seated`; 404 for nobody."""
    found = Person.objects.filter(custody.seen(desk.seat, at=desk.now), number=number).first()
    if found is None:
        raise Http404
    return found


def ways(desk: Desk) -> list[Way]:
    """How this reader may open a case here and today; inside `seated`."""
    held: dict[str, set[str]] = {}
    on = desk.now.date()
    for post in cases.posts(desk.username, institution=desk.seat.institution, on=on):
        if post.office in ("", desk.office):
            held.setdefault(post.procedure, set()).add(post.role)
    out: list[Way] = []
    for name, roles in sorted(held.items()):
        try:
            p = cases.latest(name, today(desk, cases.latest(name)))
        except CaseFault:  # it is not in force
            continue
        for code, act in p.acts.items():
            role = next((r for r in act.by if r in roles), "") if act.opens else ""
            if role and p.state == desk.seat.state:
                out.append((p, code, role))
    return out


@require_safe
@with_cases()
def of_person(desk: Desk, number: str) -> HttpResponse:
    """The cases of a person that are in view, and those that can be opened."""
    custody.admit(seat=desk.seat, act="open", at=desk.now)
    with custody.seated(desk.seat):
        person = _person(desk, number)
        name = registry.names_of([person.id]).get(person.id, "")
        found = cases.of_person(person.id, seat=desk.seat)
        listed = rows(desk, found)
        wards = _answering(desk, person, found)
        can = ways(desk) if allows(desk, "act") else []
        custody.shown(seat=desk.seat, act="open", subjects=[person.id, *wards], at=desk.now)
    return desk.page(
        "casework/person.html", person=person, name=name, rows=listed, wards=list(wards.values()),
        ways=[(p.name, code, wording.in_lang(p.title, desk.lang), wording.in_lang(p.acts[code].name, desk.lang))
              for p, code, _ in can],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@with_cases("act")
def begin(desk: Desk, number: str, name: str, code: str) -> HttpResponse:
    """Open a case of a person, with whoever of their group it is also about."""
    given = answers_of(desk)
    custody.admit(seat=desk.seat, act="open", at=desk.now)
    with custody.seated(desk.seat):
        person = _person(desk, number)
        way = next((w for w in ways(desk) if w[0].name == name and w[1] == code), None)
        family = _family(desk, person)
        names = registry.names_of([person.id, *(i for i, _ in family)])
        custody.shown(seat=desk.seat, act="open", subjects=[person.id, *(i for i, _ in family)], at=desk.now)
    if way is None:
        raise Http404
    p, _, role = way
    if desk.request.method == "POST":
        going = [(i, Subject.Role.DEPENDANT.value) for i, n in family if n in given.typed.getlist("with")]
        said = answers.saying(p, code, given, at=desk.now, last=None)
        try:
            done = conduct.open_case(
                p.name, people=[(person.id, Subject.Role.PRINCIPAL.value), *going], saying=said, seat=desk.seat,
                role=role, at=desk.now, office=desk.office,
            )  # fmt: skip
        except NotPossible as e:
            answers.tell(given, e.reasons, desk.lang)
        except Refusal as e:
            given.others.append(fault_words(e, desk.lang))
        else:
            return desk.go("case", "?done=opened", number=done.number)
    act = p.acts[code]
    return desk.page(
        "casework/begin.html", 422 if given.summary else 200, person=person, name=names.get(person.id, ""), p=p,
        act=act, title=wording.in_lang(act.name, desk.lang), given=given, countries=boxes.country_names(desk.lang),
        boxes=answers.boxes_of(desk, p, act, given, {}, institution=desk.seat.institution),
        family=[(n, names.get(i, n), not given.typed or n in given.typed.getlist("with")) for i, n in family],
        laws=[(c, p.law[c]) for c in act.law if c in p.law],
        issues=telling.listed(act.issues, p.documents, desk.lang),
    )  # fmt: skip


def _answering(desk: Desk, person: Person, found: list[cases.Standing]) -> dict[UUID, tuple[str, str, str]]:
    """Who answers for them in these cases, and for whom they answer: role, number and name, of those in view."""
    theirs = Subject.objects.filter(case__in=[s.case_id for s in found], until=None).select_related("person")
    by_case: dict[UUID, list[Subject]] = {}
    for row in theirs.order_by("id"):
        by_case.setdefault(row.case_id, []).append(row)
    out: dict[UUID, tuple[str, str]] = {}
    for rows_ in by_case.values():
        guards = any(s.person_id == person.id and s.role == Subject.Role.GUARDIAN for s in rows_)
        for s in rows_:
            if (
                s.person_id != person.id
                and (guards or s.role == Subject.Role.GUARDIAN)
                and in_view(desk, s.person)
            ):
                out[s.person_id] = (s.role, s.person.number)
    names = registry.names_of(out) if out else {}
    return {i: (role, number, names.get(i, number)) for i, (role, number) in out.items()}


def _family(desk: Desk, person: Person) -> list[tuple[UUID, str]]:
    """The others of the person's groups who are in view: id and number."""
    standing = registry.standing_of([person.id], "membership").get(person.id, [])
    groups = [f.group for f in registry.members(standing) if f.group]
    members = registry.members_of(groups) if groups else []
    return sorted(
        {
            (m.person.id, m.person.number)
            for m in members
            if m.person.id != person.id and in_view(desk, m.person)
        },
        key=lambda each: each[1],
    )

"""What happens to groups: they split, come together, somebody marries, leaves or dies. Each is said as facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from mirps.people.custody import api as custody
from mirps.people.registry import api as registry
from mirps.people.registry import wording
from mirps.people.registry.api import Group, Member, Person
from mirps.web.pages.people import register_boxes as boxes
from mirps.web.pages.people.amend_said import Act, act_of, new_act, take, was_taken
from mirps.web.pages.people.door import Desk, at_the_desk
from mirps.web.pages.people.group import ACTS, Gathered, gathered

#: Why a group parts, and why somebody leaves one (lists/membership-endings.csv).
PARTS, LEAVES = ("split", "separation"), ("left", "death", "error")
#: How somebody who is registered comes into a group.
COMES = ("joined", "marriage")


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk("amend")
def happens(desk: Desk, number: str, act: str) -> HttpResponse:
    """The page of one of ACTS, and the act itself."""
    if act not in ACTS:
        raise Http404
    with custody.seated(desk.seat):
        held = gathered(desk, number)
    said = act_of(desk, boxes.posted(desk.request.POST.dict()))
    if desk.request.method == "POST":
        leads = _SAYS[act](desk, said, held)
        if was_taken(desk, said) if said.faults else take(desk, said):
            return desk.go("people-group", f"?done={act}", number=leads)
    return _page(desk, said, held, act)


def _split(desk: Desk, said: Act, held: Gathered) -> str:
    """Those ticked go to a new group; its page is where this leads."""
    going = [m for m in held.members if m.person.number in said.many("goes")]
    staying = [m for m in held.members if m not in going]
    if not going or not staying:
        said.fault("goes", "people.group.fault.some", desk)
        return held.group.number
    head = _chosen(desk, said, "head", going)
    group = said.new_id("group")
    said.groups = [{"id": group, "kind": said.get("kind"), "level": held.group.level}]
    for m in going:
        role = "head" if m is head else ("other" if m.role == "head" else m.role)
        said.leaves(m, _one_of(said.get("why"), PARTS), _since(said), "goes")
        said.enters(m.person.id, group, role, "split", _since(said), "goes")
    _succeeded(desk, said, going, staying)
    if held.group.level == "group":  # what is asked of a group that nobody was registered in one by one
        said.say("size", "goes", {"people": str(len(going))}, group=group)
    return registry.number(desk.seat.state, UUID(group), mark="G") if not said.faults else held.group.number


def _join(desk: Desk, said: Act, held: Gathered) -> str:
    """All of this group go over to another."""
    number = registry.tidy(said.get("other"))
    with custody.seated(desk.seat):
        seen = custody.seen(desk.seat, at=desk.now)
        other = (
            Group.objects.filter(seen, number=number).exclude(id=held.group.id).first() if number else None
        )
    if other is None:
        said.fault("other", "people.group.fault.other", desk)
        return held.group.number
    for m in held.members:
        box = f"role:{m.person.number}"
        said.leaves(m, "left", _since(said), box)
        said.enters(m.person.id, other.id, said.get(box), "joined", _since(said), box)
    return other.number


def _marriage(desk: Desk, said: Act, held: Gathered) -> str:
    """Two are tied; whoever is not of the group may come into it."""
    one = _chosen(desk, said, "one", held.members)
    partner = _partner(desk, said, held)
    if one is None or partner is None:
        return held.group.number
    if partner.id == one.person.id:
        said.fault("other", "people.group.fault.partner", desk)
        return held.group.number
    data = {"relation": "spouse"} | ({"since": _since(said)} if _since(said) else {})
    said.say("relation", "other", data, person=one.person.id, other=partner.id)
    if said.get("moves") and partner.id not in {m.person.id for m in held.members}:
        _comes(desk, said, partner, held.group, "partner", "marriage", "moves")
    return held.group.number


def _leaves(desk: Desk, said: Act, held: Gathered) -> str:
    """Somebody is of the group no longer."""
    gone = _chosen(desk, said, "one", held.members)
    if said.get("why") not in LEAVES:
        said.fault("why", "registration.fault.required", desk)
    if gone is not None and not said.faults:
        said.leaves(gone, said.get("why"), _since(said), "since")
        _succeeded(desk, said, [gone], [m for m in held.members if m is not gone])
    return held.group.number


_SAYS: Mapping[str, Callable[[Desk, Act, Gathered], str]] = {
    "split": _split, "join": _join, "marriage": _marriage, "leaves": _leaves,
}  # fmt: skip


@require_http_methods(["POST"])
@at_the_desk("amend")
def take_in(desk: Desk, number: str) -> HttpResponse:
    """Somebody who is registered comes into this group: first which part they take, then the act."""
    said = act_of(desk, boxes.posted(desk.request.POST.dict()))
    if not said.id:  # from the search: nothing was asked yet
        said = new_act(desk, said.typed)
    with custody.seated(desk.seat):
        held = gathered(desk, number)
        person = Person.objects.filter(
            custody.seen(desk.seat, at=desk.now), number=registry.tidy(said.get("person"))
        ).first()
        if person is None:
            raise Http404
        name = registry.names_of([person.id]).get(person.id, person.number)
        custody.shown(seat=desk.seat, act="open", subjects=[person.id, held.group.id], at=desk.now)
    if said.get("role"):
        _comes(desk, said, person, held.group, said.get("role"), _one_of(said.get("began"), COMES), "role")
        if take(desk, said):
            return desk.go("people-group", "?done=added", number=number)
    book = registry.book()
    return desk.page(
        "people/group-take.html", 422 if said.faults else 200, said=said, held=held, person=person, name=name,
        codes=book.lists, comes=COMES,
    )  # fmt: skip


def _comes(desk: Desk, said: Act, person: Person, group: Group, role: str, began: str, box: str) -> None:
    """Into this group, out of those that they were in (unless the page says that they stay there too)."""
    if not said.get("stays"):
        why = "marriage" if began == "marriage" else "left"
        with custody.seated(desk.seat):
            standing = registry.standing_of([person.id], "membership").get(person.id, [])
            mine = [f.group for f in registry.members(standing) if f.group and f.group != group.id]
            former = [m for m in registry.members_of(mine) if m.person.id == person.id] if mine else []
        for m in former:
            said.leaves(m, why, _since(said), box)
    said.enters(person.id, group.id, role, began, _since(said), box)


def _succeeded(desk: Desk, said: Act, going: list[Member], staying: list[Member]) -> None:
    """Where the focal person goes, somebody who stays takes their part."""
    if not staying or not any(m.role == "head" for m in going):
        return
    heir = _chosen(desk, said, "heir", staying)
    if heir is not None:
        said.heads(heir, "heir")


def _chosen(desk: Desk, said: Act, box: str, among: list[Member]) -> Member | None:
    found = next((m for m in among if m.person.number == said.get(box)), None)
    if found is None:
        said.fault(box, f"people.group.fault.{box}", desk)
    return found


def _partner(desk: Desk, said: Act, held: Gathered) -> Person | None:
    number = registry.tidy(said.get("other"))
    with custody.seated(desk.seat):
        seen = Person.objects.filter(custody.seen(desk.seat, at=desk.now), number=number)
        found = seen.first() if number else None
    if found is None:
        said.fault("other", "people.group.fault.partner", desk)
    return found


def _since(said: Act) -> str:
    return boxes.when(*(said.get(f"since.{part}") for part in "dmy"))


def _one_of(given: str, codes: tuple[str, ...]) -> str:
    return given if given in codes else codes[0]


def _page(desk: Desk, said: Act, held: Gathered, act: str) -> HttpResponse:
    book = registry.book()
    since = boxes.Box(
        "since", "when", wording.field_name("membership", "since", desk.lang),
        parts=(said.get("since.d"), said.get("since.m"), said.get("since.y")), fault=said.faults.get("since", ""),
    )  # fmt: skip
    return desk.page(
        "people/group-act.html", 422 if said.faults else 200, said=said, held=held, act=act, since=since,
        codes=book.lists, parts=PARTS, leaves=LEAVES,
    )  # fmt: skip

"""Saying more of somebody, correcting what was said, taking it back: each a fact, nothing overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from mirps.base.texts.api import say
from mirps.people.custody import api as custody
from mirps.people.registry import api as registry
from mirps.people.registry import wording
from mirps.people.registry.api import Fact, Group, Kind, Person, Type
from mirps.web.pages.people import register_boxes as boxes
from mirps.web.pages.people.amend_said import Act, act_of, take
from mirps.web.pages.people.door import Desk, at_the_desk, with_camera
from mirps.web.pages.people.person import groups_of
from mirps.web.pages.people.person_words import Teller
from mirps.web.pages.people.register_boxes import Paper

BOX = "f"  # the prefix of the one fact of these pages


@dataclass(frozen=True, slots=True)
class About:
    """Of whom something is said: a person or a group, and the page that tells of them."""

    person: Person | None
    group: Group | None
    other: UUID | None = None

    @property
    def number(self) -> str:
        held = self.person or self.group
        return held.number if held else ""

    @property
    def page(self) -> str:
        return "people-file" if self.person else "people-group"

    @property
    def ends(self) -> dict[str, object]:
        found = {
            "person": self.person and self.person.id,
            "group": self.group and self.group.id,
            "other": self.other,
        }
        return {k: v for k, v in found.items() if v}


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk("amend")
def add(desk: Desk, number: str, kind: str) -> HttpResponse:
    """Say one more fact of a person or of a group."""
    with custody.seated(desk.seat):
        about = _about(desk, number)
    of = "person" if about.person else "group"
    k = registry.book().kinds.get(kind)
    if k is None or k.by or not {of, f"{of}+{of}"} & set(k.of):
        raise Http404
    act = act_of(desk, _typed(desk, k))
    if desk.request.method == "POST":
        _files(desk, act)
        other = _other(desk, act, about) if _tied(k) else None
        if not act.faults:
            data = boxes.said(BOX, boxes.all_fields(k), act.typed)
            act.say(kind, BOX, data, **(about.ends | ({"other": other} if other else {})))
            if take(desk, act):
                return desk.go(about.page, "?done=added-fact", number=about.number)
    return _page(
        desk, act, k, about, say("people.amend.add", desk.lang, kind=wording.kind_name(kind, desk.lang))
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk("amend")
def correct(desk: Desk, id: UUID) -> HttpResponse:
    """Say a fact anew. Both stay in the history; where two desks correct at once, both stand and a task opens."""
    held, about = _held(desk, id)
    k = registry.book().kinds[held.kind]
    if k.by:
        raise Http404
    fields = boxes.all_fields(k)
    act = act_of(desk, _typed(desk, k) or boxes.laid_out(BOX, fields, held.data, desk.lang))
    if desk.request.method == "POST":
        _files(desk, act)
        if not act.faults:
            data = boxes.said(BOX, fields, act.typed)
            act.say(held.kind, BOX, data, **about.ends, replaces=held.id)
            if take(desk, act):
                return desk.go(about.page, "?done=corrected", number=about.number)
    title = say("people.amend.correct", desk.lang, kind=wording.kind_name(held.kind, desk.lang))
    return _page(desk, act, k, about, title)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk("amend")
def withdraw(desk: Desk, id: UUID) -> HttpResponse:
    """Take a fact back, and say why. It leaves the file and stays in the history."""
    held, about = _held(desk, id)
    act = act_of(desk, boxes.posted(desk.request.POST.dict()))
    if desk.request.method == "POST":
        if not act.get("f.why"):
            act.fault("f.why", "people.amend.why-needed", desk)
        else:
            act.say(held.kind, BOX, {"why": act.get("f.why")}, **about.ends, replaces=held.id, withdrawn=True)
            if take(desk, act):
                return desk.go(about.page, "?done=withdrawn", number=about.number)
    told = Teller(registry.book(), desk.lang, desk.locale).told(held)
    return desk.page(
        "people/withdraw.html", 422 if act.faults else 200, act=act, about=about, told=told,
        kind=wording.kind_name(held.kind, desk.lang),
    )  # fmt: skip


def _about(desk: Desk, number: str) -> About:
    """Whoever is in view under this number, inside `seated`; 404 for nobody."""
    seen = custody.seen(desk.seat, at=desk.now)
    if "-G-" in number:
        group = Group.objects.filter(seen, number=number).first()
        person = None
    else:
        person = Person.objects.filter(seen, number=number).first()
        group = None
    if person is None and group is None:
        raise Http404
    return About(person, group)


def _held(desk: Desk, id_: UUID) -> tuple[Fact, About]:
    """A fact that this seat may read, and whom it is about. 404 otherwise."""
    with custody.seated(desk.seat):
        held = next(iter(registry.facts_kept([id_])), None)
        if held is None or held.withdrawn or not custody.reads(desk.seat, held.sensitivity):
            raise Http404
        seen = custody.seen(desk.seat, at=desk.now)
        person = Person.objects.filter(seen, id=held.person).first() if held.person else None
        group = Group.objects.filter(seen, id=held.group).first() if held.group else None
    if (held.person and person is None) or (held.group and group is None):
        raise Http404
    return held, About(person, group, held.other)


def _typed(desk: Desk, kind: Kind) -> dict[str, str]:
    """What was posted; before that, what the address proposes (codes alone: an address holds no data)."""
    if desk.request.method == "POST":
        return boxes.posted(desk.request.POST.dict())
    given = desk.request.GET
    lists = registry.book().lists
    return {
        f"{BOX}.{f.name}": given[f.name]
        for f in kind.fields.values()
        if f.type is Type.CODE and given.get(f.name) in lists[f.list]
    }


def _tied(kind: Kind) -> bool:
    return "person+person" in kind.of


def _other(desk: Desk, act: Act, about: About) -> UUID | None:
    """The other end of a relation, by its number."""
    number = registry.tidy(act.get("other"))
    with custody.seated(desk.seat):
        seen = Person.objects.filter(custody.seen(desk.seat, at=desk.now), number=number)
        found = seen.values_list("id", flat=True).first() if number else None
    if found is None or (about.person and found == about.person.id):
        act.fault("other", "registration.fault.nobody", desk)
        return None
    return UUID(str(found))


def _files(desk: Desk, act: Act) -> None:
    digests, wrong = boxes.files_kept(desk)
    act.typed |= digests
    act.faults |= wrong


def _page(desk: Desk, act: Act, kind: Kind, about: About, title: str) -> HttpResponse:
    paper = Paper(act.typed, act.faults, desk.lang, registry.book())
    context: dict[str, Any] = {
        "act": act, "about": about, "title": title, "boxes": paper.boxes(BOX, kind, boxes.all_fields(kind), True),
        "countries": boxes.country_names(desk.lang), "tied": _tied(kind) and not about.other,
        "near": _near(desk, about) if _tied(kind) and not about.other else [],
    }  # fmt: skip
    return with_camera(desk.page("people/amend.html", 422 if act.faults else 200, **context))


def _near(desk: Desk, about: About) -> list[tuple[str, str]]:
    """Numbers and names of those in the same groups, proposed as the other end of a relation."""
    if about.person is None:
        return []
    with custody.seated(desk.seat):
        standing = registry.standing_of([about.person.id], "membership").get(about.person.id, [])
        groups = groups_of(desk, [f.group for f in registry.members(standing) if f.group])
    return [(m.number, m.name) for g in groups for m in g.members if m.number and m.number != about.number]

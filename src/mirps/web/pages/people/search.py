"""Search before create: one box for a name, a number, a document or a telephone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from mirps.base.texts.api import say
from mirps.people.custody import api as custody
from mirps.people.identity import api as identity
from mirps.people.identity.comparing import Likeness, compare
from mirps.people.identity.names import Name
from mirps.people.identity.wording import all_told
from mirps.people.registry import api as registry
from mirps.web.pages.people.door import Desk, at_the_desk, place_name, with_camera
from mirps.web.pages.people.person import in_view
from mirps.web.pages.people.register import searched

#: Shown; compared whole (some may be one person's); of whom it is asked whether they are in view, and were born in
#: the year that is said.
MOST, LOOKED, LOOKED_FURTHER = 20, 24, 400
#: From here on a name found is worth showing, fits well, or fits.
_SHOWN, _WELL, _FITS = 0.5, 0.95, 0.8
#: What a line of the list says of somebody.
_SAID = ("name", "birth", "sex")
#: Years by which a stated birth may be off.
_OFF = 3


@dataclass(frozen=True, slots=True)
class Hit:
    number: str
    name: str
    year: str
    sex: str
    place: str
    fit: str  # well, fits, perhaps
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    hits: tuple[Hit, ...] = ()
    number: str = ""  # a registration number was typed, and is in view
    more: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk("search")
def search(desk: Desk) -> HttpResponse:
    """The first page of registration. What is typed is posted, so that no address and no log holds a name."""
    post = desk.request.POST
    q, born = " ".join(post.get("q", "").split())[:200], post.get("born", "").strip()[:4]
    into = registry.tidy((post if desk.request.method == "POST" else desk.request.GET).get("into", ""))
    if desk.request.method != "POST":
        return _page(desk, 200, q="", born="", into=into, found=None, fault="")
    desk.sit(post.get("place", ""), post.get("purpose", ""))
    fault = _fault(q, born)
    if fault:
        return _page(desk, 422, q=q, born=born, into=into, found=None, fault=say(fault, desk.lang))
    found = look(desk, q, born)
    if found.number:
        return desk.go("people-group" if "-G-" in found.number else "people-file", number=found.number)
    return _page(desk, 200, q=q, born=born, into=into, found=found, fault="")


def _fault(q: str, born: str) -> str:
    if len("".join(c for c in q if c.isalnum())) < 2:
        return "people.search.empty"
    return "people.search.year" if born and not (born.isdecimal() and len(born) == 4) else ""


def look(desk: Desk, q: str, born: str) -> Found:
    """Whoever this seat may see and who may be meant; kept in the log of reads."""
    with custody.seated(desk.seat, looks=True):
        number = registry.tidy(q)
        held, found = _numbered(desk, number) if number else _likely(desk, q, born)
        custody.shown(
            seat=desk.seat, act="search", subjects=held, at=desk.now, typed=f"{q} {born}".strip(), limited=True
        )  # fmt: skip
    return found


def _numbered(desk: Desk, number: str) -> tuple[list[UUID], Found]:
    table = registry.Group if "-G-" in number else registry.Person
    seen = table.objects.filter(custody.seen(desk.seat, at=desk.now), number=number)
    ids = list(seen.values_list("id", flat=True))
    return ids, Found(number=number if ids else "")


def _likely(desk: Desk, q: str, born: str) -> tuple[list[UUID], Found]:
    name = _name(q)
    exact = [] if name else _exact(q)
    wanted = exact or ([c.row for c in identity.find(name)] if name else [])
    first = registry.standing_asked(wanted[:LOOKED], *_SAID)  # mostly all of these are in view
    rows = _in_view(desk, wanted[:LOOKED_FURTHER], least=LOOKED_FURTHER if born else LOOKED)
    near = (_by_year(list(rows), born) if born else list(rows))[:LOOKED]
    further = [i for i in near if i not in wanted[:LOOKED]]
    said = {**first(), **registry.standing_of(further, *_SAID)}
    ranked = _ranked(((rows[i], said.get(i, [])) for i in near), name, born)
    hits = [_hit(desk, *each) for each in ranked[:MOST]]
    return [r[0].id for r in ranked[:MOST]], Found(tuple(hits), more=len(ranked) > MOST)


def _in_view(desk: Desk, wanted: Sequence[UUID], *, least: int) -> dict[UUID, registry.Person]:
    """Of whom the seat may see, at least so many of the first: others may bear the same name elsewhere."""
    found: dict[UUID, registry.Person] = {}
    for at in range(0, len(wanted), LOOKED):
        people = registry.people(wanted[at : at + LOOKED])
        rest = [p.id for p in people.values() if not in_view(desk, p)]
        if rest:  # by a share, or emergency access
            seen = registry.Person.objects.filter(custody.seen(desk.seat, at=desk.now), id__in=rest)
            rest = list(set(rest) - set(seen.values_list("id", flat=True)))
        found |= {i: people[i] for i in wanted[at : at + LOOKED] if i in people and i not in rest}
        if len(found) >= least:
            break
    return found


def _by_year(ids: list[UUID], born: str) -> list[UUID]:
    """Those whose year of birth may be meant first: of one name there may be hundreds."""
    births = registry.standing_of(ids, "birth") if ids else {}
    years = {i: _year(facts) for i, facts in births.items()}
    return sorted(ids, key=lambda i: bool(years.get(i)) and abs(int(years[i]) - int(born)) > _OFF)


def _name(q: str) -> Name | None:
    """The name that was typed; None for what has a digit in it, which is a document or a telephone."""
    if any(c.isdigit() for c in q):
        return None
    try:
        return identity.read_line(q)
    except ValueError:
        return None


def _exact(q: str) -> list[UUID]:
    both = (identity.find_exact(purpose, q) for purpose in (identity.DOCUMENT, identity.PHONE))
    return list(dict.fromkeys(i for ids in both for i in ids))


Ranked = tuple[registry.Person, list[registry.Fact], Likeness | None, float]


def _ranked(
    people: Iterable[tuple[registry.Person, list[registry.Fact]]], name: Name | None, born: str
) -> list[Ranked]:
    """Best first; of a file that was joined to another, the one that stands for both, once."""
    best: dict[UUID, Ranked] = {}
    for person, facts in people:
        likeness = _likeness(name, facts) if name else None
        degree = likeness.degree if likeness else 1.0
        if born and (year := _year(facts)):
            off = abs(int(year) - int(born))
            degree += 0.1 if off == 0 else (-0.02 * off if off <= _OFF else -0.4)
        one = person.stands_for or person
        if degree >= _SHOWN and (one.id not in best or best[one.id][3] < degree):
            best[one.id] = (one, facts, likeness, degree)
    return sorted(best.values(), key=lambda r: (-r[3], r[0].number))


def _likeness(name: Name, facts: Iterable[registry.Fact]) -> Likeness:
    """How like the typed name is to the nearest of a person's names."""
    found = [Likeness(0.0, ())]
    for f in facts:
        if f.kind == "name":
            found.append(compare(name, identity.read(f.data.get("given", ""), f.data.get("surnames", ""))))
    return max(found, key=lambda each: each.degree)


def _year(facts: Iterable[registry.Fact]) -> str:
    return next((str(f.data["date"])[:4] for f in facts if f.kind == "birth"), "")


def _hit(
    desk: Desk, person: registry.Person, facts: list[registry.Fact], likeness: Likeness | None, degree: float
) -> Hit:
    sexes = registry.book().lists["sexes"]
    sex = next((sexes.name(f.data["sex"], desk.lang) for f in facts if f.kind == "sex"), "")
    reasons = all_told(likeness, desk.lang) if likeness else [say("people.search.exact", desk.lang)]
    fit = "well" if degree >= _WELL else "fits" if degree >= _FITS else "perhaps"
    return Hit(
        person.number, registry.shown_name(facts), _year(facts), sex,
        place_name(person.institution, person.office, desk.lang), fit, tuple(reasons),
    )  # fmt: skip


def _page(desk: Desk, status: int, **context: Any) -> HttpResponse:
    """With what leads on: to the form for whoever has searched and may register."""
    token = searched(desk) if context["found"] is not None and desk.allows("register") else ""
    purposes = [(code, c.name(desk.lang)) for code, c in custody.purposes().items()]
    return with_camera(desk.page("people/search.html", status, token=token, purposes=purposes, **context))

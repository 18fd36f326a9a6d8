"""The worklist: whose turn it is, what is due, what is late. What is asked stands in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from time import monotonic
from typing import Any, NamedTuple
from urllib.parse import quote_plus, urlencode
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from mirps.base.access.api import User
from mirps.base.codelists import api as codelists
from mirps.base.prepared.api import Prepared
from mirps.casework.cases import api as cases
from mirps.casework.cases.api import Standing
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures import wording
from mirps.casework.procedures.api import Procedure
from mirps.people.custody import api as custody
from mirps.people.registry import api as registry
from mirps.people.registry.api import Person
from mirps.web.pages.casework import telling
from mirps.web.pages.casework.door import Desk, with_cases

#: The lists, in the order of their tabs: my turn, in my hands, the office's, late, all in view.
VIEWS = ("turn", "mine", "queue", "office", "late", "missed", "aside", "all", "closed")
#: Stands for a case's number in the address of its page, which differs in nothing else.
_ANY = "AAA-C-00000-00000-0"
#: Within how many days a deadline may be asked to end.
WITHIN = (3, 7, 30)


class Row(NamedTuple):
    """A case as a line of a list. `where`: its page."""

    number: str
    procedure: str
    stage: str
    turn: str
    modality: str
    office: str
    handler: str
    due: date | None
    due_of: str
    left: str
    late: bool
    missed: int
    aside: int
    behind: bool = False  # its date is being counted anew after a decree
    name: str = ""  # of whom it is about, where this seat may see the person
    where: str = ""


def rows(
    desk: Desk, found: Iterable[Standing], decrees: int = 0, people: Mapping[UUID, str] | None = None
) -> list[Row]:
    """`decrees`: how many are in force; the date of a row that knows fewer is behind. `people`: case -> the name of
    whom it is about."""
    listed = list(found)
    names = called({r.handler for r in listed if r.handler})
    every = procedures.procedures()
    there = desk.url("case", number=_ANY)
    here = {p: today(desk, p) for p in {every[r.procedure][r.version] for r in listed}}
    return [
        _row(
            r, p := every[r.procedure][r.version], here[p], desk.lang, handler=names.get(r.handler, r.handler),
            behind=r.open and r.decree < decrees, name=(people or {}).get(r.pk, ""),
            where=there.replace(_ANY, r.case.number),
        )
        for r in listed
    ]  # fmt: skip


def in_sight(desk: Desk, about: Mapping[UUID, cases.About]) -> dict[UUID, UUID]:
    """Case -> whom it is about, of those (Worklist.about) whose file the seat may see."""
    seen = {a.person for a in about.values() if custody.sees(desk.seat, a.kept)}
    if rest := {a.person for a in about.values()} - seen:  # by a share, or emergency access
        shared = Person.objects.filter(custody.seen(desk.seat, at=desk.now), id__in=rest)
        seen |= set(shared.values_list("id", flat=True))
    return {case: a.person for case, a in about.items() if a.person in seen}


def _row(r: Standing, p: Procedure, on: date, lang: str, *, handler: str, **beside: Any) -> Row:
    title, stage, turn, modality, due_of = _in_words(p, r.stage, r.modality, r.due_of, lang)
    runs = r.due if r.open else None
    return Row(
        r.case.number, title, stage, turn, modality, codelists.office_name(r.office, lang), handler, r.due, due_of,
        telling.left(runs, on, lang) if runs else "", bool(runs and runs < on), r.missed, r.aside, **beside,
    )  # fmt: skip


@lru_cache(maxsize=5_000)
def _in_words(p: Procedure, stage: str, modality: str, due_of: str, lang: str) -> tuple[str, ...]:
    """Title, stage, turn, modality and deadline: the same for every case that stands alike."""
    of = p.fields["modality"].options.get(modality) if "modality" in p.fields else None
    turn = p.stages[stage].turn if stage in p.stages else ()
    return (
        wording.in_lang(p.title, lang), telling.name_of(p, stage, lang), telling.listed(turn, p.roles, lang),
        wording.in_lang(of, lang) if of else "",
        wording.in_lang(p.deadlines[due_of].name, lang) if due_of in p.deadlines else "",
    )  # fmt: skip


def today(desk: Desk, p: Procedure) -> date:
    """The day by the clock of the procedure's State."""
    return desk.now.astimezone(cases.clock(p)).date()


#: Names as they were looked up in the last minute: people seldom change theirs.
_NAMES: dict[str, tuple[float, str]] = {}
_MINUTE, _MOST = 60.0, 5_000
_ACCOUNTS = Prepared(lambda names: User.objects.filter(username__in=names).order_by("pk"))


def called(usernames: Iterable[str]) -> dict[str, str]:
    """User name -> the name to show."""
    wanted, now = set(usernames) - {""}, monotonic()
    if len(_NAMES) > _MOST:
        _NAMES.clear()
    if new := {u for u in wanted if _NAMES.get(u, (-_MINUTE, ""))[0] <= now - _MINUTE}:
        _NAMES.update({u: (now, u) for u in new})  # of whom there is no account, the user name itself
        _NAMES.update((u.username, (now, u.called)) for u in _ACCOUNTS(names=new))
    return {u: _NAMES[u][1] for u in wanted}


@require_safe
@with_cases()
def worklist(desk: Desk) -> HttpResponse:
    """`?view=turn&procedure=&stage=&within=&handler=&q=&page=`."""
    asked = {
        k: desk.request.GET.get(k, "").replace("\0", "")[:80]  # PostgreSQL keeps no NUL
        for k in ("procedure", "stage", "within", "handler", "q", "page")
    }
    asked["page"] = page_of(asked["page"])
    view = desk.request.GET.get("view", "")
    view = view if view in VIEWS else "turn"
    here = _here(desk)
    on = today(desk, next(iter(here.values()))) if here else desk.now.date()
    with custody.seated(desk.seat, looks=True):
        found = cases.worklist(desk.seat, on=on, **_filters(desk, view, asked, on))
        people = in_sight(desk, found.about)
        names_asked = registry.names_asked(people.values())
        custody.shown(seat=desk.seat, act="search", subjects=people.values(), at=desk.now, limited=True)
        names = names_asked()
        named = {case: names.get(person, "") for case, person in people.items()}
    p = here.get(asked["procedure"])
    keep = {k: v for k, v in {"view": view, **asked}.items() if v and k != "page"}
    return desk.page(
        "casework/worklist.html", view=view, views=VIEWS, asked=asked, count=found.count,
        rows=rows(desk, found.rows, found.decrees, named),
        further=urlencode({**keep, "page": found.next}) if found.next else "", withins=WITHIN,
        procedures=tuple(sorted((n, wording.in_lang(q.title, desk.lang)) for n, q in here.items())),
        stages=tuple((c, wording.in_lang(s.name, desk.lang)) for c, s in p.stages.items()) if p else (),
        tab="".join(f"&{k}={quote_plus(v)}" for k, v in keep.items() if k != "view"),
    )  # fmt: skip


def page_of(given: str) -> str:
    """What asks for a page of a list (cases.worklist), or nothing where it is made up."""
    day, _, last = given.partition("_")
    try:
        if day:
            date.fromisoformat(day)
        return given if str(UUID(last)) == last else ""
    except ValueError:
        return ""


def _here(desk: Desk) -> dict[str, Procedure]:
    """The State's procedures, each as it is in force."""
    found = {}
    for name, versions in procedures.procedures().items():
        if next(iter(versions.values())).state == desk.seat.state:
            found[name] = max(versions.values(), key=lambda p: (p.starts or date.min, p.version))
    return found


def _filters(desk: Desk, view: str, asked: dict[str, str], on: date) -> dict[str, Any]:
    """What the address asks, as cases.worklist takes it. A number leads to its case, whatever else is asked."""
    out: dict[str, Any] = {"procedure": asked["procedure"], "stage": asked["stage"], "page": asked["page"]}
    if asked["q"]:
        return {"text": asked["q"], "open_": None}
    if asked["handler"]:
        out["handler"] = asked["handler"]
    if asked["within"].isdecimal():
        out["due_before"] = on + timedelta(days=min(int(asked["within"]), 366) + 1)
    if view == "turn":
        out["role"] = cases.MINE
    elif view == "mine":
        out["handler"] = cases.MINE
    elif view == "queue":
        out["handler"] = cases.NOBODY
    elif view == "office":
        out["office"] = desk.office
    elif view == "late":
        out["due_before"] = on
    elif view == "missed":
        out["missed"] = 2
    elif view == "aside":
        out["aside"] = True
    elif view == "closed":
        out["open_"] = False
    return out

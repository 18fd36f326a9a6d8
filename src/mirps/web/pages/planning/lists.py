"""Planning's first page, and the records of a kind as a list."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.texts.api import say
from mirps.planning.records import api as records
from mirps.planning.records.api import Audience, Kind, Record, Status
from mirps.web.pages.page import Reader
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, reading

PAGE = 50
#: How many records that wait for somebody are looked at for whom, and how many the first page names.
LOOKED_AT, MOST_WAITING = 500, 30
#: area -> the name of its own first page, where it has one; a page module of the area puts it here.
LEADS: dict[str, str] = {}


@require_safe
@reading
def home(desk: Desk) -> HttpResponse:
    """What there is, area by area, with how many of each are in force."""
    counted = dict(
        Record.objects.filter(known_at__isnull=False, audience=Audience.PUBLIC)
        .order_by()
        .values_list("kind")
        .annotate(n=Count("*"))
    )
    areas: dict[str, list[tuple[Kind, int]]] = {}
    for k in records.kinds().values():
        if not k.parents and (k.audience is Audience.PUBLIC or desk.grants):
            areas.setdefault(k.area, []).append((k, counted.get(k.name, 0)))
    work = [(r, showing.title(desk, r)) for r in waiting(desk)[:MOST_WAITING]]
    return desk.page("planning/home.html", areas=areas, leads=LEADS, work=work)


def waiting(desk: Desk) -> list[Record]:
    """What somebody submitted that this person may review or publish, and what was sent back to them to mend;
    what has waited longest first."""
    if not desk.grants:
        return []
    asked = Record.objects.filter(status__in=(Status.SUBMITTED, Status.RETURNED)).order_by("changed_at")
    return [r for r in asked[:LOOKED_AT] if _waits(desk, r)]


def _waits(desk: Desk, r: Record) -> bool:
    rights = ("review", "publish") if r.status == Status.SUBMITTED else ("write",)
    return any(desk.may_on(r, right) for right in rights)


@require_safe
@reading
def every(desk: Desk, kind: str) -> HttpResponse:
    """The records of a kind that this person may read, by State and words."""
    k = records.kinds().get(kind)
    if k is None:
        raise Http404
    ask = desk.request.GET
    found = readable(desk, k)
    words, state, status = records.folded(ask.get("q", "")[:100]), ask.get("state", ""), ask.get("status", "")
    for word in words.split()[:8]:
        found = found.filter(Q(words_es__contains=word) | Q(words_en__contains=word))
    if state:
        found = found.filter(state="" if state == "region" else state)
    if status in list(Status) and desk.grants:
        found = found.filter(status=status)
    held = _by_state(desk, k)
    pages = Paginator(found.defer("words_es", "words_en"), PAGE)
    if not words and "status" not in ask:
        pages.count = held.get("" if state == "region" else state, 0) if state else sum(held.values())
    shown = pages.get_page(ask.get("page"))
    above = showing.titles(desk, {r.parent for r in shown if r.parent})
    rows = [
        (r, showing.title(desk, r), showing.address_of(r.key, desk.lang), above.get(r.parent, ""))
        for r in shown
    ]
    return desk.page(
        "planning/records.html", k=k, rows=rows, shown=shown, states=sorted(held), chosen=state, q=ask.get("q", ""),
        status=status, statuses=list(Status), may_write=bool(desk.owners(k)) and not k.parents,
        trail=[(say(f"kind.{kind}.many", desk.lang), "")],
    )  # fmt: skip


def _by_state(desk: Desk, k: Kind) -> dict[str, int]:
    """How many of a kind this person may know of, by State. Readers without a role know of what is public: it is
    counted once for each version of the ledger."""

    def counted() -> dict[str, int]:
        return dict(readable(desk, k).order_by().values_list("state").annotate(n=Count("*")))

    if desk.grants:
        return counted()
    return Reader(desk.request).shelf.once(("records by State", k.name), counted)


def readable(desk: Desk, k: Kind) -> QuerySet[Record]:
    """The records of a kind that this person may know of, in their order."""
    found = Record.objects.filter(kind=k.name).order_by("parent", "place", "key")
    audiences = [Audience.PUBLIC] + ([Audience.MEMBERS] if desk.grants else [])
    mine = Q(known_at__isnull=False, audience__in=audiences)  # known since: in force
    rights = [f"{k.domain}.{right}" for right in ("read", "write", "review", "publish")]
    for g in desk.grants:
        if not any(desk.may(act, state=g.state, body=g.body) for act in rights):
            continue
        if not g.state and not g.body:
            return found
        mine |= (Q(state=g.state) if g.state else Q()) & (Q(body=g.body) if g.body else Q())
    return found.filter(mine)


patterns: list[URLPattern] = [
    path("planning/", home, name="planning"),
    path("planning/records/<str:kind>/", every, name="records"),
]

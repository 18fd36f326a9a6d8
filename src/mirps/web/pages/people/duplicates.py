"""Adjudication: pairs that may be one person's, side by side with why; two people join, or one keeps apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.access.api import NotAllowed
from mirps.base.refusal import Refusal
from mirps.base.texts.api import say
from mirps.people.adjudication import api as adjudication
from mirps.people.custody import api as custody
from mirps.people.registry import api as registry
from mirps.people.registry.wording import fault_text, kind_name
from mirps.web.pages.people.door import Desk, at_the_desk, place_name
from mirps.web.pages.people.person_words import Teller, Told

PER_PAGE = 25
#: What two files are compared by, in the order in which it is read.
KINDS = (
    "photo",
    "name",
    "birth",
    "sex",
    "nationality",
    "document",
    "contact",
    "address",
    "language",
    "relation",
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two registrations: who they are, where and when it was made."""

    id: UUID
    number: str
    name: str
    place: str
    at: object


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    one: tuple[Told, ...]
    other: tuple[Told, ...]


def _seat(desk: Desk) -> custody.Seat:
    """Comparing two registrations is what it is for, where nobody said: the other may be another office's."""
    return desk.seat if desk.purpose else desk.seat.for_purpose("duplicates")


@require_safe
@at_the_desk("adjudicate")
def queue(desk: Desk) -> HttpResponse:
    """What waits to be compared, the likeliest first."""
    custody.admit(seat=_seat(desk), act="search", at=desk.now)
    with custody.seated(_seat(desk)):
        page = Paginator(adjudication.queue(_seat(desk)), PER_PAGE).get_page(desk.request.GET.get("page"))
        pairs = list(page.object_list)
        ids = {i for p in pairs for i in (p.one_id, p.other_id)}
        sides = _sides(desk, ids, registry.names_of(ids))
        custody.shown(seat=_seat(desk), act="search", subjects=sides, at=desk.now)
    rows = [
        (p, sides[p.one_id], sides[p.other_id]) for p in pairs if p.one_id in sides and p.other_id in sides
    ]
    done = desk.request.GET.get("done", "")
    return desk.page(
        "people/duplicates.html", here_people="duplicates", rows=rows, pages=page,
        done=done if done in ("asked", "apart", "joined", "refused") else "",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk("adjudicate")
def pair(desk: Desk, id: UUID) -> HttpResponse:
    """One pair, side by side. Posting answers it."""
    custody.admit(seat=_seat(desk), act="open", at=desk.now)
    fault = ""
    if desk.request.method == "POST":
        try:
            return desk.go("people-duplicates", mark=f"?done={_answer(desk, id)}")
        except (Refusal, registry.Refused, NotAllowed) as e:
            fault = _why_not(e, desk)
    with custody.seated(_seat(desk)):
        row = adjudication.queue(_seat(desk)).filter(pk=id).first()
        if row is None:
            raise Http404
        held = registry.standing_of([row.one_id, row.other_id], *KINDS)
        shown = adjudication.explained(row.one_id, row.other_id, held, desk.lang)
        if shown is None:
            raise Http404
        sides = _sides(desk, held, {id_: registry.shown_name(facts) for id_, facts in held.items()})
        compared = _compared(desk, row, held)
        request = _request(desk, row.request) if row.request else None
        custody.shown(seat=_seat(desk), act="open", subjects=sides, at=desk.now)
    return desk.page(
        "people/duplicates_pair.html", 422 if fault else 200, here_people="duplicates", pair=row,
        reasons=[(words, bits > 0, Decimal(str(round(abs(bits), 1)))) for words, bits in shown.reasons],
        sides=(sides[row.one_id], sides[row.other_id]), rows=compared, waiting=request, fault=fault,
        why=desk.request.POST.get("why", ""), mine=bool(request and request.by == desk.username),
        asked_why=custody.opened(request, "sealed") if request else "", may_join=desk.allows("merge"),
    )  # fmt: skip


def _request(desk: Desk, id_: UUID) -> custody.Request | None:
    return custody.requests(desk.seat.state, desk.seat.institution).filter(pk=id_).first()


def _answer(desk: Desk, id_: UUID) -> str:
    """Do what was posted; which notice to show for it."""
    post, why = desk.request.POST, desk.request.POST.get("why", "")
    act = post.get("do", "")
    with custody.seated(_seat(desk)):
        row = adjudication.queue(_seat(desk)).select_for_update().filter(pk=id_).first()
        if row is None:
            raise Http404
        if act == "apart":
            adjudication.keep_apart(suspicion=row.pk, by=desk.user, why=why, at=desk.now)
            return "apart"
        if act == "join":
            kept = next((i for i in (row.one_id, row.other_id) if str(i) == post.get("kept")), None)
            if kept is None:
                raise adjudication.AdjudicationFault("adjudication.fault.which")
            adjudication.ask_to_join(suspicion=row.pk, kept=kept, seat=_seat(desk), why=why, at=desk.now)
            return "asked"
        return _decide(desk, row.request, approve=act == "approve", said=why)


def _decide(desk: Desk, request: UUID | None, *, approve: bool, said: str) -> str:
    """The second person answers; an approval is carried out at once, in the same transaction."""
    if request is None:
        raise adjudication.AdjudicationFault("adjudication.fault.answered")
    decided = custody.decide(request=request, by=desk.user, approve=approve, said=said, at=desk.now)
    if not approve:
        return "refused"
    adjudication.carry_out(request=decided, by=desk.user, at=desk.now)
    return "joined"


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk("merge")
def part(desk: Desk, number: str, joined: str) -> HttpResponse:
    """Two files that were joined: part them again, with the approval of a second person."""
    fault, held = "", _held(desk, number, joined)
    subject = f"{held[0].id}={held[1].id}"
    if desk.request.method == "POST":
        try:
            with custody.seated(_seat(desk)):
                done = _part(desk, held, desk.request.POST.get("do", ""), desk.request.POST.get("why", ""))
            return desk.go("people-file", number=number, mark=f"?done={done}")
        except (Refusal, registry.Refused, NotAllowed) as e:
            fault = _why_not(e, desk)
    request = _asked(desk, subject)
    return desk.page(
        "people/duplicates_joined.html", 422 if fault else 200, here_people="duplicates", held=held,
        waiting=request, asked_why=custody.opened(request, "sealed") if request else "", fault=fault,
        mine=bool(request and request.by == desk.username), why=desk.request.POST.get("why", ""),
    )  # fmt: skip


def _part(desk: Desk, held: tuple[registry.Person, registry.Person], act: str, why: str) -> str:
    one, two = held
    request = _asked(desk, f"{one.id}={two.id}")
    if act == "part":
        adjudication.ask_to_part(kept=one.id, other=two.id, seat=_seat(desk), why=why, at=desk.now)
        return "asked"
    return _decide(desk, request.pk if request else None, approve=act == "approve", said=why).replace(
        "joined", "parted"
    )


def _asked(desk: Desk, subject: str) -> custody.Request | None:
    waiting = custody.requests(desk.seat.state, desk.seat.institution).filter(
        act=adjudication.PART, subject=subject, answer="", until__gt=desk.now
    )
    return waiting.first()


def _held(desk: Desk, number: str, other: str) -> tuple[registry.Person, registry.Person]:
    with custody.seated(_seat(desk)):
        seen = registry.Person.objects.filter(
            custody.seen(desk.seat, at=desk.now), number__in=[number, other]
        )
        found = {p.number: p for p in seen}
    if len(found) != 2 or found[other].stands_for_id != found[number].id:
        raise Http404
    return found[number], found[other]


def _sides(desk: Desk, ids: Iterable[UUID], names: Mapping[UUID, str]) -> dict[UUID, Side]:
    """The registrations of these persons that this seat may see."""
    seen = registry.Person.objects.filter(custody.seen(_seat(desk), at=desk.now), id__in=ids)
    return {
        p.id: Side(
            p.id, p.number, names.get(p.id, ""), place_name(p.institution, p.office, desk.lang), p.recorded_at
        )
        for p in seen
    }


def _compared(
    desk: Desk, row: adjudication.Suspicion, held: Mapping[UUID, Sequence[registry.Fact]]
) -> list[Row]:
    """What stands of each, kind by kind; a kind of which neither says anything is left out."""
    teller = Teller(registry.book(), desk.lang, desk.locale)
    out = []
    for kind in KINDS:
        one, other = (
            tuple(teller.told(f) for f in held.get(id_, ()) if f.kind == kind and not f.sensitivity)
            for id_ in (row.one_id, row.other_id)
        )
        if one or other:
            out.append(Row(kind_name(kind, desk.lang), one, other))
    return out


def _why_not(e: Exception, desk: Desk) -> str:
    if isinstance(e, registry.Refused):
        return " ".join(fault_text(f, registry.book(), desk.lang) for f in e.faults)
    if isinstance(e, Refusal):
        return say(e.key, desk.lang, **e.values)
    return desk.why_not(getattr(e, "act", "person.merge"), state=desk.seat.state, body=desk.seat.institution)

"""One record: read, written, brought into force, looked back at, remarked on. The same for every kind."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mirps.base.access.api import User
from mirps.base.files import api as files
from mirps.base.texts.api import say
from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Comment, Flow, Kind, Met, Record, Refused, Status, Type
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, NotKnownYet, reading, working
from mirps.web.pages.planning.editing import Form


@require_safe
@reading
def record(desk: Desk, kind: str, code: str) -> HttpResponse:
    """A record as it stands, or as it was known on the day `?on=`."""
    held = desk.record(kind, code)
    return desk.page("planning/record.html", **whole(desk, held, desk.day("on")))


def whole(desk: Desk, held: Record, on: date | None = None) -> dict[str, Any]:
    """What a record's page shows: its fields, what stands under it and names it, remarks and acts.
    Pages of single kinds build on it."""
    k = records.kinds()[held.kind]
    data = _known(held, on) if on else desk.shown(held)
    if data is None and on and desk.shown(held) is not None:
        raise NotKnownYet(held, on)
    if data is None or not desk.may_read_then(held, data):
        raise Http404
    return {
        "k": k, "r": held, "data": data, "on": on, "title": records.title(k.name, data, desk.lang) or held.code,
        "told": showing.told(desk, k, data), "sources": showing.sources(desk, data),
        "under": _under(desk, held), "naming": _naming(desk, held), "above": _above(desk, held),
        "works": desk.works_on(held), "acts": acts(desk, held), "remarks": _remarks(desk, held),
        "draft": desk.works_on(held) and held.public is not None and held.public != held.data,
        "trail": trail(desk, held),
    }  # fmt: skip


def acts(desk: Desk, held: Record) -> list[Act]:
    """What this person may do with the record now. Publishing one's own words is left out."""
    k = records.kinds()[held.kind]
    offered = [a for a in records.offered(Status(held.status), k.flow) if desk.may_on(held, records.RIGHT[a])]
    if Act.PUBLISH in offered and desk.username in records.standing(held).written_by:
        offered.remove(Act.PUBLISH)
    return offered


def trail(desk: Desk, held: Record) -> list[tuple[str, str]]:
    """The way from planning to the record."""
    k = records.kinds()[held.kind]
    found = [(say(f"kind.{k.name}.many", desk.lang), desk.url("records", kind=k.name))]
    if held.parent and (above := _above(desk, held)):
        found.append(above)
    return [*found, (showing.title(desk, held), "")]


def _above(desk: Desk, held: Record) -> tuple[str, str] | None:
    called = showing.titles(desk, [held.parent]) if held.parent else {}
    return (called[held.parent], showing.address_of(held.parent, desk.lang)) if called else None


def _grouped(desk: Desk, found: list[Record]) -> list[tuple[str, list[tuple[Record, str, str]]]]:
    groups: dict[str, list[tuple[Record, str, str]]] = {}
    for r in found:
        data = desk.shown(r)
        if data is not None and r.status != Status.WITHDRAWN:
            shown = (
                r,
                records.title(r.kind, data, desk.lang) or r.code,
                showing.address_of(r.key, desk.lang),
            )
            groups.setdefault(r.kind, []).append(shown)
    return [(say(f"kind.{kind}.many", desk.lang), shown) for kind, shown in groups.items()]


def _under(desk: Desk, held: Record) -> list[tuple[str, list[tuple[Record, str, str]]]]:
    return _grouped(desk, list(records.under(held.key)))


def _naming(desk: Desk, held: Record) -> list[tuple[str, list[tuple[Record, str, str]]]]:
    return _grouped(desk, records.naming(held.key, public=not desk.works_on(held)))


def _remarks(desk: Desk, held: Record) -> list[Comment]:
    return records.comments(held.key) if desk.works_on(held) else []


def _known(held: Record, on: date) -> dict[str, Any] | None:
    return records.as_known_of(held.key, records.end_of(on))


@require_http_methods(["GET", "HEAD", "POST"])
@working
def new(desk: Desk, kind: str) -> HttpResponse:
    """A form for a record that is not there yet; `?parent=` is what it will stand under, `?body=` the
    institution whose it will be, and any cell of the kind begins it (`?commitment=node/…`)."""
    k = _kind(kind)
    parent = desk.request.GET.get("parent", "")
    above = Record.objects.filter(pk=parent).first() if parent else None
    owners = desk.owners(k) if above is None else [(above.state, above.body)]
    body = desk.request.GET.get("body", "")
    if above is None and body in records.listed("institutions") and desk.may(f"{k.domain}.write", body=body):
        owners = list(dict.fromkeys([("", body), *owners]))
    if not owners or not any(desk.may(f"{k.domain}.write", state=s, body=b) for s, b in owners):
        desk.require(
            f"{k.domain}.write", state=owners[0][0] if owners else "", body=owners[0][1] if owners else ""
        )
    if bool(k.parents) != bool(above) or (above and above.kind not in k.parents):
        raise Http404
    given = {c: desk.request.GET[c] for c in records.columns(k) if c in desk.request.GET}
    form = Form(desk, k, records.read(k, given, records.known())[0], parent)
    if form.posted:
        made = _make(desk, k, form, parent, owners)
        if made is not None:
            return _to(desk, made)
    return _form(desk, form, None, owners=owners)


def _make(desk: Desk, k: Kind, form: Form, parent: str, owners: list[tuple[str, str]]) -> Record | None:
    data = form.read()
    state, _, body = form.typed.get("_owner", "|".join(owners[0])).partition("|")
    if (state, body) not in owners:
        desk.require(f"{k.domain}.write", state=state, body=body)
    title = records.title(k.name, data, desk.lang)
    code = form.typed.get("_code", "").strip() or records.proposed_code(k.name, title, state)
    if form.faults:
        return None
    try:
        with transaction.atomic():
            made = records.save(
                kind=k.name, code=code, data=data, base=0, parent=parent, state=state, body=body,
                place=records.last_place(parent) if parent else None,
                by=desk.username, role=desk.role_for(f"{k.domain}.write", state=state, body=body), at=desk.now,
            )  # fmt: skip
            form.keep(made.key)
            desk.followed(k.name)
            return made
    except Refused as e:
        form.add(e.faults)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@working
def edit(desk: Desk, kind: str, code: str) -> HttpResponse:
    held = desk.record(kind, code)
    k = records.kinds()[kind]
    desk.require(f"{k.domain}.write", state=held.state, body=held.body)
    form = Form(desk, k, held.data, held.parent)
    if not form.posted:
        return _form(desk, form, held)
    data = form.read()
    if form.faults:
        return _form(desk, form, held)
    try:
        base = int(form.typed.get("_base", "0") or 0) if form.typed.get("_base", "0").isdecimal() else 0
        with transaction.atomic():
            form.keep(held.key)
            records.save(
                kind=kind, code=code, data=data, base=base or held.number, by=desk.username, at=desk.now,
                role=desk.role_for(f"{k.domain}.write", state=held.state, body=held.body),
                reason=form.typed.get("_reason", "")[:500], confirmed=form.confirmed,
            )  # fmt: skip
            desk.followed(kind)
    except Refused as e:
        form.add(e.faults)
        return _form(desk, form, held)
    except Met as e:
        return _form(desk, form, e.held, met=showing.differences(k, e.held.data, e.mine, desk.lang))
    return _to(desk, held)


def _form(desk: Desk, form: Form, held: Record | None, *, met: Any = (), owners: Any = ()) -> HttpResponse:
    k = form.kind
    inputs = form.inputs()
    name = (
        showing.title(desk, held)
        if held
        else say("record.new", desk.lang, kind=say(f"kind.{k.name}.name", desk.lang))
    )
    return desk.page(
        "planning/record-edit.html", 409 if met else (422 if form.faults else 200),
        k=k, r=held, inputs=inputs, form=form, met=met, owners=[(f"{s}|{b}", owner(desk, s, b)) for s, b in owners],
        title=name, trail=[*(trail(desk, held)[:-1] if held else []),
               *([(name, showing.address_of(held.key, desk.lang))] if held else []),
               (say("record.edit", desk.lang) if held else name, "")],
    )  # fmt: skip


def owner(desk: Desk, state: str, body: str) -> str:
    """Whose a record is, in words."""
    from mirps.sharing.portal.wording import state as state_name

    where = state_name(state, desk.lang) if state else say("record.region", desk.lang)
    return f"{where}: {body_name(desk, body)}" if body else where


def body_name(desk: Desk, body: str) -> str:
    """An institution, or a body that is kept as a record (a technical team, a committee)."""
    known = records.name_of("institutions", body, desk.lang)
    if known != body:
        return known
    return showing.titles(desk, [f"body/{body.lower()}"]).get(f"body/{body.lower()}", body)


@require_POST
@working
def act(desk: Desk, kind: str, code: str) -> HttpResponse:
    """Submit, return, publish or withdraw."""
    held = desk.record(kind, code)
    k = records.kinds()[kind]
    try:
        chosen = Act(desk.request.POST.get("act", ""))
    except ValueError:
        raise Http404 from None
    right = f"{k.domain}.{records.RIGHT[chosen]}"
    desk.require(right, state=held.state, body=held.body)
    base = desk.request.POST.get("base", "")
    try:
        with transaction.atomic():
            records.step(
                key=held.key, act=chosen, by=desk.username, at=desk.now, base=int(base) if base.isdecimal() else 0,
                role=desk.role_for(right, state=held.state, body=held.body),
                reason=desk.request.POST.get("reason", "")[:3000],
            )  # fmt: skip
            desk.followed(kind)
    except Refused as e:
        faults = [(f.cell, showing.fault_words(k, f, desk.lang)) for f in e.faults]
        named = [(showing.cell_name(k, c, desk.lang) if c else "", words) for c, words in faults]
        return desk.page("planning/record.html", 422, faults=named, chosen=chosen, **whole(desk, held))
    except Met as e:
        met = [("", say("record.met.act", desk.lang))]
        return desk.page("planning/record.html", 409, faults=met, chosen=chosen, **whole(desk, e.held))
    return _to(desk, held)


@require_POST
@working
def remark(desk: Desk, kind: str, code: str) -> HttpResponse:
    """Remark on a record, or settle a remark."""
    held = desk.record(kind, code)
    if not desk.works_on(held):
        desk.require(f"{records.kinds()[kind].domain}.read", state=held.state, body=held.body)
    settled = desk.request.POST.get("settle", "")
    if settled.isdecimal():
        if not Comment.objects.filter(pk=int(settled), record=held).exists():
            raise Http404
        records.settle(comment=int(settled), by=desk.username, at=desk.now)
        return _to(desk, held, "#remarks")
    try:
        domain = records.kinds()[kind].domain
        role = next((r for right in ("publish", "review", "write", "read")
                     if (r := desk.role_for(f"{domain}.{right}", state=held.state, body=held.body))), "")  # fmt: skip
        records.comment(
            key=held.key, text=desk.request.POST.get("text", ""), by=desk.username, at=desk.now, role=role
        )
    except Refused as e:
        faults = [("", showing.fault_words(records.kinds()[kind], f, desk.lang)) for f in e.faults]
        return desk.page("planning/record.html", 422, faults=faults, chosen=None, **whole(desk, held))
    return _to(desk, held, "#remarks")


@require_safe
@reading
def paper(desk: Desk, kind: str, code: str, digest: str) -> HttpResponseBase:
    """A file that the record names, for whoever may read what names it."""
    held = desk.record(kind, code)
    shown = desk.shown(held) or {}
    named = [
        f.name for f in records.kinds()[kind].fields if f.type is Type.FILE and shown.get(f.name) == digest
    ]
    found = held.papers.filter(digest=digest).first() if named else None
    if found is None:
        raise Http404
    try:
        content = files.place(digest).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(content, as_attachment=True, filename=found.name, content_type=found.media)
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "sandbox"
    return answer


@require_safe
@reading
def history(desk: Desk, kind: str, code: str) -> HttpResponse:
    """Every change with what it changed. Readers see those that came into force, workers all of them."""
    held = desk.record(kind, code)
    k = records.kinds()[kind]
    every = records.history(held.key)
    if not desk.works_on(held):
        every = [c for c in every if c.act == Act.PUBLISH or (k.flow is Flow.DIRECT and c.act != Act.RETURN)]
        every = [c for c in every if desk.may_read_then(held, c.data)]
    before: dict[str, Any] = {}
    shown = []
    for c in every:
        shown.append((c, showing.differences(k, before, c.data, desk.lang)))
        before = c.data
    people = {u.username: u.called for u in User.objects.filter(username__in={c.by for c in every})}
    name = showing.title(desk, held)
    return desk.page(
        "planning/record-history.html", k=k, r=held, changes=list(reversed(shown)), people=people, title=name,
        works=desk.works_on(held),
        trail=[*trail(desk, held)[:-1], (name, showing.address_of(held.key, desk.lang)),
               (say("record.history", desk.lang), "")],
    )  # fmt: skip


def _to(desk: Desk, held: Record, mark: str = "") -> HttpResponse:
    return HttpResponseRedirect(showing.address_of(held.key, desk.lang) + mark)


def _kind(name: str) -> Kind:
    found = records.kinds().get(name)
    if found is None:
        raise Http404
    return found


patterns: list[URLPattern] = [
    path("planning/new/<str:kind>/", new, name="record-new"),
    path("planning/record/<str:kind>/<str:code>/", record, name="record"),
    path("planning/record/<str:kind>/<str:code>/edit/", edit, name="record-edit"),
    path("planning/record/<str:kind>/<str:code>/act/", act, name="record-act"),
    path("planning/record/<str:kind>/<str:code>/remark/", remark, name="record-remark"),
    path("planning/record/<str:kind>/<str:code>/paper/<slug:digest>/", paper, name="record-paper"),
    path("planning/record/<str:kind>/<str:code>/history/", history, name="record-history"),
]

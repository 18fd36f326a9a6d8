"""The editor of procedures: copy a version, change it, prove it, see what it does, sign it, publish it by two."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.codelists import api as codelists
from mirps.base.marked.faults import Faults
from mirps.base.texts.api import say
from mirps.casework.conduct import api as conduct
from mirps.casework.editions import api as editions
from mirps.casework.editions.api import Edition, EditionFault
from mirps.casework.procedures import api as procedures
from mirps.web.pages.casework import telling
from mirps.web.pages.casework.procedures import told
from mirps.web.pages.casework.worklist import called
from mirps.web.pages.people.custodian import Custodian, answering

READ, WRITE, SIGN = "procedure.read", "procedure.write", "procedure.publish"
#: What the form of a new stage asks (editions.with_stage).
OF_A_STAGE = (
    "code",
    "name_es",
    "name_en",
    "turn",
    "act",
    "act_es",
    "act_en",
    "source",
    "on",
    "on_es",
    "on_en",
    "to",
)
#: What a page says after an act (`?done=`).
DONE = ("kept", "signed", "published", "dropped", "asked")


def _words(desk: Custodian, e: EditionFault) -> str:
    return say(e.key, desk.lang, **e.values)


def _may(desk: Custodian, act: str, row: Edition | None = None) -> bool:
    state, body = (row.state, row.institution) if row else desk.body
    return desk.may(act, state=state, body=body)


def _demand(desk: Custodian, act: str, row: Edition) -> None:
    desk.require(act, state=row.state, body=row.institution)


def _edition(desk: Custodian, id_: UUID) -> Edition:
    """A draft of an institution for which this person may read drafts; 404 for any other."""
    row = Edition.objects.filter(pk=id_, dropped_at=None).first()
    if row is None or not _may(desk, READ, row):
        raise Http404
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@answering(READ)
def drafts(desk: Custodian) -> HttpResponse:
    """Drafts and what was published here; beginning a new one from a version that stands, or from nothing."""
    fault, (state, body) = "", desk.body
    if desk.request.method == "POST":
        desk.require(WRITE, state=state, body=body)
        try:
            row = _begun(desk, state, body)
        except EditionFault as e:
            fault = _words(desk, e)
        else:
            return desk.go("procedure-draft", id=row.pk)
    rows = list(Edition.objects.filter(state=state, institution=body, dropped_at=None).defer("text")[:100])
    own = {n: v for n, v in procedures.procedures().items() if next(iter(v.values())).authority == body}
    return desk.page(
        "casework/drafts.html", 422 if fault else 200, rows=rows, fault=fault,
        names=called({r.changed_by for r in rows}),
        copies=[(p.rule, getattr(p.title, desk.lang)) for v in own.values() for p in v.values()],
        body=codelists.institutions().name(body, desk.lang), bodies=desk.bodies, here=body,
        may_write=_may(desk, WRITE), done=_done(desk),
    )  # fmt: skip


def _begun(desk: Custodian, state: str, body: str) -> Edition:
    post = desk.request.POST
    name, _, version = post.get("of", "").partition("@")
    if name:
        if next(iter(procedures.procedures().get(name, {"": None}).values())) is None:
            raise EditionFault("editions.fault.none")
        if next(iter(procedures.procedures()[name].values())).authority != body:
            raise EditionFault("editions.fault.authority", institution=body)
        return editions.copy(
            name, version, new=post.get("version", "").strip(), by=desk.username, at=desk.now
        )
    return editions.begin(post.get("text", ""), state=state, institution=body, by=desk.username, at=desk.now)


def _done(desk: Custodian) -> str:
    done = desk.request.GET.get("done", "")
    return done if done in DONE else ""


@require_http_methods(["GET", "HEAD", "POST"])
@answering(READ)
def draft(desk: Custodian, id: UUID) -> HttpResponse:
    """A draft: its text, every fault by its line with what to do, the commonest parts as a form, signatures."""
    row, fault, text = _edition(desk, id), "", ""
    if desk.request.method == "POST":
        text = desk.request.POST.get("text", "")
        try:
            return _acted(desk, row)
        except EditionFault as e:
            fault = _words(desk, e)
        except Faults as e:  # the commonest parts of a text that is not even YAML
            fault = e.faults[0].say(desk.lang)
    shown = text or row.text
    proof = editions.proof(row)
    try:
        parts = editions.parts(row.text)
    except Faults:
        parts = []
    lines = shown.split("\n")
    return desk.page(
        "casework/draft.html", 422 if fault else 200, row=row, text=shown, fault=fault, proof=proof, parts=parts,
        faults=[(f, lines[f.line - 1].strip()[:160] if 0 < f.line <= len(lines) else "") for f in proof.faults],
        lines=lines, names=called({row.changed_by, row.signed_by, row.second}), done=_done(desk),
        may_write=_may(desk, WRITE, row) and not row.published_at,
        may_sign=_may(desk, SIGN, row) and not row.published_at,
        mine=row.signed_by == desk.username, p=proof.procedure,
    )  # fmt: skip


def _acted(desk: Custodian, row: Edition) -> HttpResponse:
    """Do what the button says. Raises EditionFault, Faults."""
    post, do = desk.request.POST, desk.request.POST.get("do", "write")
    said: dict[str, Any] = {"by": desk.username, "at": desk.now}
    seen = post.get("seen", "")
    _demand(desk, SIGN if do in ("sign", "publish") else WRITE, row)
    if do == "sign":
        editions.sign(row.pk, seen=seen, **said)
    elif do == "publish":
        editions.publish(row.pk, seen=seen, **said)
    elif do == "drop":
        editions.drop(row.pk, **said)
        return desk.go("procedure-drafts", "?done=dropped")
    elif do == "parts":
        values = {k.removeprefix("part."): v for k, v in post.items() if k.startswith("part.")}
        editions.write(
            row.pk, editions.changed(row.text, {k: str(v) for k, v in values.items()}), seen=seen, **said
        )
    elif do == "stage":
        text = editions.with_stage(
            row.text, **{name: post.get(f"stage.{name}", "").strip() for name in OF_A_STAGE}
        )
        editions.write(row.pk, text, seen=seen, **said)
    else:
        editions.write(row.pk, post.get("text", ""), seen=seen, **said)
    done = {"sign": "signed", "publish": "published"}.get(do, "kept")
    return desk.go("procedure-draft", f"?done={done}", id=row.pk)


@require_safe
@answering(READ)
def preview(desk: Custodian, id: UUID) -> HttpResponse:
    """What the version says, as anybody will read it, and what would happen to the open cases."""
    row = _edition(desk, id)
    proof = editions.proof(row)
    if proof.procedure is None:
        return desk.go("procedure-draft", id=row.pk)
    p = proof.procedure
    return desk.page(
        "casework/preview.html", row=row, goes=_goes(desk, p), **told(p, {p.version: p}, desk.lang)
    )


def _goes(desk: Custodian, p: procedures.Procedure) -> list[tuple[str, str, str, int]]:
    """(version, stage now, stage then or nothing, cases) of the open cases."""
    found = conduct.foreseen(p, user=desk.username, institution=p.authority)
    every = procedures.procedures().get(p.name, {})
    return [
        (version, telling.name_of(every[version], stage, desk.lang) if version in every else stage,
         telling.name_of(p, to, desk.lang) if to else "", n)
        for (version, stage), (to, n) in found.goes.items()
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@answering(SIGN)
def moving(desk: Custodian, name: str, version: str) -> HttpResponse:
    """Ask that the open cases go over to a version. Another person does it (cases/moving/)."""
    p = procedures.procedures().get(name, {}).get(version)
    if p is None or not desk.may(SIGN, state=p.state, body=p.authority):
        raise Http404
    fault, reason = "", desk.request.POST.get("reason", "")
    if desk.request.method == "POST":
        try:
            conduct.ask(p, institution=p.authority, reason=reason, by=desk.username, at=desk.now)
        except EditionFault as e:
            fault = _words(desk, e)
        else:
            return desk.go("procedure-drafts", "?done=asked")
    return desk.page(
        "casework/moving.html", 422 if fault else 200, p=p, goes=_goes(desk, p), fault=fault, reason=reason
    )

"""Every address of the product, and who is let in by it. An address without a line here fails the test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from tests.access.conftest import AT, PASS, SINCE, Make
from tests.narratives.conftest import section
from tests.rounds.conftest import NOW, ask, cell, round_2025, write

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.audit.api import AuditEntry
from mirps.base.notices import api as notices
from mirps.base.notices.api import Notice
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Attachment, Cell, Statement
from mirps.evidence.figures import api as figures
from mirps.evidence.findings import api as findings
from mirps.evidence.narratives import api as narratives
from mirps.evidence.review import api as review
from mirps.evidence.review.api import RemarkKind
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Kind, Round, Stage, Step
from mirps.sharing.portal import queries, search
from mirps.sharing.publication.api import News
from mirps.web import pagecache
from mirps.web.api import ledger

__all__ = ["round_2025"]
pytestmark = pytest.mark.django_db

#: What is typed into every text of the round: a page that does not escape it runs it.
EVIL = "<img src=x onerror=alert(1)>\"'"
RUNS = ("<img src=x", 'onerror=alert(1)>"')
#: Values that are not public: one that is handed over, one that is being written, and words beside them.
HANDED, DRAFT = 987_651, 987_653
WORDS = ("Solo se dice dentro", "Only said inside")
PDF = b"%PDF-1.7\nan act of the institute"

Enter = Callable[[User], Client]


@dataclass(frozen=True, slots=True)
class World:
    """Who knocks, and the ids that addresses name."""

    who: dict[str, Client]
    users: dict[str, User]
    ids: dict[str, Any]


@pytest.fixture(autouse=True)
def _fresh(settings: object, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]

    def forget() -> None:
        queries.forget()
        search.forget()
        pagecache.pages.clear()
        ledger._kept.clear()
        cache.clear()

    forget()
    yield
    forget()


@pytest.fixture
def world(loaded: None, round_2025: Round, make: Make, enter: Enter) -> World:
    """Honduras and Costa Rica in a round, with something typed into everything that is typed."""
    users = _people(make)
    ids = _written(users)
    who = {name: enter(user) for name, user in users.items() if name != "bare"}
    bare = Client()
    bare.force_login(users["bare"])
    return World({"anon": Client(), "bare": bare, **who}, users, ids)


def _people(make: Make) -> dict[str, User]:
    users = {
        "reader": make("reader", "reader"),
        "neighbour": make("neighbour", "data-entry", "HND", "HND.SEDH"),
        "other": make("other", "focal-point", "CRI"),
        "former": make("former"),
        "bare": make("bare", "focal-point", "HND"),
        "clerk": make("clerk", "data-entry", "HND", "HND.INM"),
        "focal": make("focal", "focal-point", "HND"),
        "approver": make("approver", "state-approver", "HND"),
        "region": make("region", "secretariat"),
        "admin": make("admin", "administrator"),
        "state-admin": make("state-admin", "administrator", "HND"),
        "auditor": make("auditor", "data-protection-officer", "HND", "HND.INM"),
        "supervisor": make("supervisor", "registration-supervisor", "HND", "HND.INM"),
        "registrar": make("registrar", "registration-officer", "HND", "HND.INM"),
    }
    for user in users.values():
        user.first_name, user.last_name = EVIL[:40], EVIL[:40]
        user.save()
    ended = timezone.now().date() - timedelta(days=1)
    access.give_role(
        user=users["former"], role="data-entry", state="HND", body="HND.INM", starts=SINCE, ends=ended,
        by="tests", at=AT,
    )  # fmt: skip
    return users


def _written(users: dict[str, User]) -> dict[str, Any]:
    r = Round.objects.get(pk="2025")
    Round.objects.filter(pk="2025").update(title_es=f"Ronda {EVIL}", title_en=f"Round {EVIL}")
    typed = f"{WORDS[0]} {WORDS[1]} {EVIL}"
    rounds.Asked.objects.filter(round="2025").update(guidance_es=typed, guidance_en=typed)
    narratives.prepare(round="2025", by="secretariat", at=NOW)
    ids: dict[str, Any] = {}
    for code, state in (("hnd-inm-001", "HND"), ("cri-dgme-001", "CRI")):
        c = cell(code)
        write(c, HANDED, by="clerk", note_es=typed, note_en=typed)
        entries.take(cells=[c.pk], step=Step.SUBMIT, by="clerk", role="data-entry", at=NOW)
        asked = review.remark(
            kind=RemarkKind.QUESTION,
            text=typed,
            lang="es",
            by="approver",
            role="state-approver",
            at=NOW,
            cell=c.pk,
        )
        file = SimpleUploadedFile("x.pdf", PDF + state.encode())
        kept = entries.attach(
            file=file.file, name=f"{typed}.pdf", round=r, state=state, institution=c.asked.institution,
            by="clerk", at=NOW,
        )  # fmt: skip
        text = section("context", state)
        narratives.write(
            section=text.pk, lang="es", text=typed, base=0, of=0, client=uuid4(), by="clerk", at=NOW
        )
        statement = Statement.objects.filter(cell=c).latest("pk")
        ids[state] = {"cell": c.pk, "remark": asked.pk, "file": kept.pk, "section": text.pk,
                      "statement": statement.pk, "figure": cell(code).figure, "ask": code}  # fmt: skip
    write(cell("hnd-inm-002"), DRAFT, by="clerk", note_es=typed, note_en=typed)
    ids["draft"] = cell("hnd-inm-002").pk
    write(cell("hnd-inm-001", "sex=F"), HANDED + 1, by="clerk", note_es=typed, note_en=typed)
    part = cell("hnd-inm-001", "sex=F").pk
    entries.take(cells=[part], step=Step.SUBMIT, by="clerk", role="data-entry", at=NOW)
    rounds.check(code="2025", state="HND", by="approver", at=NOW)
    for user in users.values():
        notices.tell(
            to=[user], kind="question", about=notices.About(round="2025", state="HND", institution="HND.INM"),
            by="approver", at=NOW,
        )  # fmt: skip
    ids["own-finding"] = findings.current().filter(round="2025").order_by("code")[0].code
    ids["none"] = "none"
    rounds.set_up(
        code="2026", kind=Kind.ANNUAL, title_es="Ronda 2026", title_en="Round 2026", starts=date(2026, 1, 1),
        ends=date(2026, 12, 31), cut_off=None, by="secretariat", at=NOW,
        asks=[ask("hnd-inm-009", "HND", "HND.INM")],
    )  # fmt: skip
    ids["finding"] = findings.current().filter(round="2024").order_by("code")[0].code
    return ids


#: What somebody is answered: a page, a fault to mend, signing in, no, not there, no such method, elsewhere.
TOLD = {
    200: "ok",
    204: "ok",
    400: "mend",
    401: "in",
    403: "no",
    404: "gone",
    405: "never",
    410: "gone",
    422: "mend",
}
#: Who knocks: nobody, a reader, who enters for another institution of the State, the focal point of
#: another State, and somebody whose role has ended.
KNOCK = ("anon", "reader", "neighbour", "other", "former")
#: What each is answered behind a door of that kind. Somebody without a second factor meets the guard.
KINDS = {
    "public": "ok ok ok ok ok",
    "own": "in ok ok ok ok",  # one's own account and notices
    "own-on": "in on on on on",
    "own-mend": "in mend mend mend mend",
    "own-gone": "in gone gone gone gone",  # of one's own there is none under that id
    "own-never": "in never never never never",
    "fresh": "in factor factor factor factor",  # asks for the password anew
    "half": "in on on on on",  # a step of signing in, for who is not in it
    "work": "in no ok ok no",  # whoever has work in rounds
    "seek": "in no gone gone no",  # whoever has, and of that there is none
    "state-mend": "in no no mend no",
    "state": "in no no ok no",  # whoever watches a State: only their own is shown
    "led": "in no no on no",  # led to their own State
    "answer": "no mend mend mend mend",  # says what lacks before who may
    "desk": "in no no no no",  # of one institution, State or office
    "device": "in in in in in",  # of a device's code: who is signed in counts for nothing
    "node": "gone gone gone gone gone",  # of another node: there is no door where one process plays all
    "never": "never never never never never",
    "gone": "gone gone gone gone gone",
    "on": "on on on on on",
    "no": "no no no no no",
    "mend": "mend mend mend mend mend",
}
#: What somebody without a second factor may reach: the ways in and out, and setting one up.
FREE = (
    "L/sign-in/", "L/sign-out/", "L/invitation/", "L/account/confirm/", "L/account/second-step/",
    "L/account/password/reset/", "L/account/closed/", "account/oidc/",
)  # fmt: skip
SETS_UP = ("L/account/", "L/account/second-factor/", "L/account/app/", "L/account/keys/add/", "L/account/codes/",
           "L/account/codes/new/")  # fmt: skip

R = "L/rounds/<slug:code>/"
E = R + "enter/<str:institution>/"
B = R + "workbook/<str:institution>/"
V = R + "review/"
W = R + "write/<slug:state>/"
S = W + "<slug:section>/"
#: address -> (GET, POST, somebody who is let in by it where not everybody is).
DOORS: dict[str, tuple[str, str, str]] = {
    "": ("on", "never", ""),
    "favicon.ico": ("on", "never", ""),
    "api/v1/openapi.json": ("public", "never", ""),
    "api/v1/reference.css": ("public", "never", ""),
    "api/v1/": ("public", "never", ""),
    "api/v1/rounds/<round>/figures.<suffix>": ("public", "never", ""),
    "api/v1/figures.schema.json": ("public", "never", ""),
    "api/v1/figures": ("public", "never", ""),
    "api/v1/figures/<id>": ("public", "never", ""),
    "api/v1/findings": ("public", "never", ""),
    "api/v1/findings/<code>": ("public", "never", ""),
    "api/v1/errata": ("public", "never", ""),
    "api/v1/errata/<round>/<code>": ("gone", "never", ""),
    "api/v1/measures": ("public", "never", ""),
    "api/v1/measures/<code>": ("public", "never", ""),
    "api/v1/states": ("public", "never", ""),
    "api/v1/places": ("public", "never", ""),
    "api/v1/documents": ("public", "never", ""),
    "api/v1/rounds": ("public", "never", ""),
    "api/v1/reports": ("public", "never", ""),
    "api/v1/bodies": ("public", "never", ""),
    "api/v1/bodies/<code>": ("gone", "never", ""),
    "api/v1/<path:rest>": ("gone", "never", ""),
    # Of an institution's system, which has a token: who is signed in counts for nothing.
    "api/institutions/v1/": ("gone", "gone", ""),
    "api/institutions/v1/openapi.json": ("public", "never", ""),
    "api/institutions/v1/people/check": ("never", "device", ""),
    "api/institutions/v1/cases/<number>": ("device", "never", ""),
    "api/institutions/v1/letters/verify": ("never", "device", ""),
    "api/institutions/v1/registrations": ("never", "device", ""),
    "api/institutions/v1/extracts": ("device", "never", ""),
    "api/institutions/v1/extracts/<id>": ("never", "device", ""),
    "api/institutions/v1/figures": ("device", "never", ""),
    "api/institutions/v1/<path:rest>": ("gone", "gone", ""),
    "hooks/identity/<slug:engine>": ("never", "gone", ""),
    "oauth/token": ("never", "mend", ""),
    "oauth/jwks": ("public", "never", ""),
    ".well-known/oauth-authorization-server": ("public", "never", ""),
    ".well-known/openid-configuration": ("public", "never", ""),
    "L/": ("public", "never", ""),
    "L/state/<str:code>/": ("public", "never", ""),
    "L/measures/": ("public", "never", ""),
    "L/procedures/": ("public", "never", ""),
    "L/procedures/<slug:name>/": ("gone", "never", ""),
    "L/procedures/<slug:name>/<str:version>/": ("gone", "never", ""),
    "L/measure/<str:code>/": ("public", "never", ""),
    "L/figure/<str:id>/": ("public", "never", ""),
    "L/sources/": ("public", "never", ""),
    "L/source/<str:code>/": ("public", "never", ""),
    "L/contradictions/": ("public", "never", ""),
    "L/finding/<str:code>/": ("public", "answer", ""),
    "L/reports/": ("public", "never", ""),
    "L/report/<str:code>/": ("gone", "never", ""),
    "L/report/<str:code>/<str:state>/": ("gone", "never", ""),
    "L/report-file/<int:build>/<str:name>": ("gone", "never", ""),
    "L/downloads/": ("public", "never", ""),
    "L/search/": ("public", "never", ""),
    "L/check/": ("public", "mend", ""),
    "L/indicators/": ("public", "never", ""),
    "L/indicators/<slug:code>/": ("public", "never", ""),
    "L/indicators/<slug:code>/cells.csv": ("public", "never", ""),
    "L/backlog/": ("public", "never", ""),
    "L/backlog/brief.pdf": ("public", "never", ""),
    "L/about/": ("public", "never", ""),
    "L/country/": ("never", "on", ""),
    "L/news/": ("public", "never", ""),
    "L/news/feed/": ("public", "never", ""),
    "L/news/<int:id>/": ("gone", "never", ""),
    "L/rounds/new/": ("desk", "desk", "region"),
    "L/releases/": ("state", "state-mend", "approver"),
    "L/releases/<uuid:id>/": ("own-gone", "never", ""),
    "L/releases/<uuid:id>/approve/": ("never", "own-gone", ""),
    "L/releases/<uuid:id>/decline/": ("never", "own-gone", ""),
    "L/releases/agreed/<int:id>/end/": ("never", "own-gone", ""),
    R + "setup/": ("desk", "never", "region"),
    R + "setup/turn/": ("never", "desk", ""),
    R + "setup/dates/": ("desk", "desk", "region"),
    R + "setup/people/": ("desk", "never", "region"),
    R + "setup/ask/": ("desk", "desk", "region"),
    R + "setup/ask/<slug:ask>/": ("desk", "desk", "region"),
    E: ("desk", "never", "clerk"),
    E + "submit/": ("desk", "desk", "clerk"),
    E + "met/<int:statement>/": ("desk", "desk", "clerk"),
    E + "cell/<int:cell>/": ("desk", "never", "clerk"),
    E + "grid/": ("desk", "desk", "clerk"),
    E + "save/": ("never", "desk", ""),
    E + "hint/": ("never", "desk", ""),
    E + "read/": ("never", "desk", ""),
    R + "workbooks/": ("work", "never", "clerk"),
    R + "workbooks/<str:state>-<slug:tongue>.zip": ("desk", "never", "focal"),
    B: ("desk", "desk", "clerk"),
    B + "<slug:tongue>.xlsx": ("desk", "never", "clerk"),
    B + "<slug:digest>/": ("desk", "desk", "clerk"),
    E + "files/": ("desk", "desk", "clerk"),
    E + "files/<int:file>/": ("desk", "never", "clerk"),
    E + "files/<int:file>/withdraw/": ("never", "desk", ""),
    E + "<slug:ask>/": ("desk", "desk", "clerk"),
    V + "cell/<int:id>/": ("desk", "desk", "clerk"),
    V + "figure/<str:figure>/": ("desk", "never", "clerk"),
    V + "section/<int:id>/": ("desk", "desk", "focal"),
    V + "<slug:state>/text/<slug:section>/": ("desk", "never", "focal"),
    V + "finding/<slug:finding>/": ("seek", "seek", ""),
    V: ("led", "never", "focal"),
    V + "<slug:state>/": ("desk", "never", "focal"),
    V + "<slug:state>/computed/": ("desk", "never", "focal"),
    V + "<slug:state>/approve/": ("desk", "never", "approver"),
    V + "<slug:state>/approve/now/": ("never", "desk", ""),
    R + "publish/": ("desk", "desk", "region"),
    R + "publish/without/": ("never", "desk", ""),
    R + "publish/lift/": ("never", "desk", ""),
    R + "watch/": ("state", "never", "focal"),
    R + "watch.csv": ("state", "never", "focal"),
    R + "watch/remind/": ("state", "state", "focal"),
    R + "publish/preview/<slug:tongue>.<slug:form>": ("desk", "never", ""),
    R + "publish/file/<int:build>/<str:name>": ("desk", "never", ""),
    W: ("desk", "desk", "clerk"),
    R + "setup/sections/": ("desk", "desk", "region"),
    R + "setup/sections/new/": ("desk", "desk", "region"),
    R + "setup/sections/<int:id>/": ("desk", "desk", "region"),
    S + "look/": ("never", "desk", ""),
    S + "figures/": ("desk", "never", "clerk"),
    S + "consents/": ("desk", "desk", ""),
    S + "history/": ("desk", "never", "clerk"),
    S: ("desk", "desk", "clerk"),
    "L/rounds/": ("work", "never", "clerk"),
    R: ("work", "never", "clerk"),
    "L/notices/": ("own", "own-on", "clerk"),
    "L/notices/settings/": ("own", "own-on", "clerk"),
    "L/notices/<int:id>/": ("own-gone", "never", ""),
    "L/demo-mail/": ("gone", "never", ""),
    "L/demo-mail/<slug:mail>/": ("gone", "never", ""),
    "L/figure/<str:id>/correct/": ("public", "no", ""),
    "L/errata/": ("public", "never", ""),
    "L/errata/atom.xml": ("public", "never", ""),
    "L/erratum/<str:round>/<str:code>/": ("gone", "never", ""),
    "L/sign-in/": ("public", "mend", ""),
    "L/sign-in/with/<slug:directory>/": ("gone", "never", ""),
    "L/sign-in/refused/<slug:reason>/": ("no", "never", ""),
    "L/sign-out/": ("never", "on", ""),
    "L/invitation/": ("gone", "gone", ""),
    "L/invitation/<str:secret>/": ("on", "never", ""),
    "L/account/": ("own", "never", "clerk"),
    "L/account/second-factor/": ("own", "never", "clerk"),
    "L/account/language/": ("never", "own-gone", ""),
    "L/account/sessions/end/": ("never", "own-gone", ""),
    "L/account/standing-in/": ("never", "own-mend", ""),
    "L/account/standing-in/<int:id>/end/": ("never", "own-gone", ""),
    # Where one process plays every node no State agrees with another: a page says so in the place of each.
    "L/linkage/": ("state", "never", "approver"),
    "L/linkage/new/": ("state", "state", "approver"),
    "L/linkage/<uuid:id>/": ("state", "state", ""),
    "L/linkage/<uuid:id>/<slug:code>/": ("state", "never", ""),
    "L/nodes/": ("desk", "never", "admin"),
    "L/nodes/keys/": ("never", "desk", ""),
    "L/nodes/lists/": ("never", "desk", ""),
    "L/nodes/<slug:code>/": ("desk", "never", ""),
    "L/nodes/<slug:code>/pause/": ("never", "desk", ""),
    "L/accounts/": ("desk", "never", "admin"),
    "L/accounts/invite/": ("desk", "desk", "admin"),
    "L/accounts/<str:username>/": ("desk", "desk", "state-admin"),
    "L/systems/": ("desk", "never", "auditor"),
    "L/systems/new/": ("desk", "desk", "state-admin"),
    "L/systems/<slug:id>/": ("desk", "desk", ""),
    "L/systems/<slug:id>/hooks/": ("desk", "desk", ""),
    "L/systems/<slug:id>/hooks/<uuid:hook>/": ("desk", "desk", ""),
    "L/people/": ("desk", "desk", "registrar"),
    "L/people/seat/": ("desk", "desk", "registrar"),
    "L/people/desk/": ("public", "never", ""),  # the same for everybody: the browser keeps it
    "L/people/desk/book.json": ("public", "never", ""),
    "L/people/desk/worker.js": ("public", "never", ""),
    "L/people/desk/app.webmanifest": ("public", "never", ""),
    "L/people/desk/seat/": ("desk", "never", "registrar"),
    "L/people/desk/held/": ("never", "desk", ""),
    "L/people/desk/file/": ("never", "desk", ""),
    "L/people/desk/take/": ("never", "desk", ""),
    "L/people/desk/carry/": ("never", "desk", ""),
    "L/people/desk/spare/": ("never", "desk", ""),
    "L/people/desk/spare/open/": ("never", "desk", ""),
    "L/people/register/": ("desk", "desk", ""),
    "L/people/work/": ("desk", "never", "registrar"),
    "L/people/picture/<str:token>/": ("desk", "never", ""),
    "L/people/fact/<uuid:id>/correct/": ("desk", "desk", ""),
    "L/people/fact/<uuid:id>/withdraw/": ("desk", "desk", ""),
    "L/people/<group:number>/": ("desk", "never", ""),
    "L/people/<group:number>/cards/": ("desk", "never", ""),
    "L/people/<group:number>/take/": ("never", "desk", ""),
    "L/people/<group:number>/say/<slug:kind>/": ("desk", "desk", ""),
    "L/people/<group:number>/<slug:act>/": ("desk", "desk", ""),
    "L/people/<person:number>/": ("desk", "never", ""),
    "L/people/<person:number>/history/": ("desk", "never", ""),
    "L/people/<person:number>/card/": ("desk", "never", ""),
    "L/people/<person:number>/verify/": ("desk", "desk", ""),
    "L/people/<person:number>/say/<slug:kind>/": ("desk", "desk", ""),
    "L/people/<person:number>/refer/": ("desk", "desk", ""),
    "L/referrals/": ("desk", "never", "registrar"),
    "L/referrals/<uuid:id>/": ("desk", "desk", ""),
    "L/people/<person:number>/cases/": ("desk", "never", ""),
    "L/people/<person:number>/cases/<slug:name>/<slug:code>/": ("desk", "desk", ""),
    "L/procedure-drafts/": ("desk", "desk", ""),
    "L/procedure-drafts/<uuid:id>/": ("desk", "desk", ""),
    "L/procedure-drafts/<uuid:id>/preview/": ("desk", "never", ""),
    "L/procedure-drafts/move/<slug:name>/<str:version>/": ("desk", "desk", ""),
    "L/cases/supervise/roles/": ("desk", "desk", ""),
    "L/cases/moves/": ("desk", "desk", ""),
    "L/cases/": ("desk", "never", ""),
    "L/cases/supervise/": ("desk", "desk", ""),
    "L/cases/supervise/several/": ("desk", "desk", ""),
    "L/cases/<case:number>/": ("desk", "never", ""),
    "L/cases/<case:number>/hand/": ("desk", "desk", ""),
    "L/cases/<case:number>/deadline/<slug:code>/": ("desk", "never", ""),
    "L/cases/<case:number>/do/<slug:code>/": ("desk", "desk", ""),
    "L/cases/<case:number>/correct/<uuid:event>/": ("desk", "desk", ""),
    "L/cases/<case:number>/letters/": ("desk", "never", ""),
    "L/cases/<case:number>/letters/<letter:serial>/": ("desk", "desk", ""),
    "L/cases/<case:number>/letters/<letter:serial>/proof/": ("desk", "never", ""),
    "L/cases/<case:number>/letters/<letter:serial>/<slug:tongue>.pdf": ("desk", "never", ""),
    "L/cases/origin/": ("desk", "never", ""),
    "L/cases/origin/new/": ("desk", "desk", ""),
    "L/cases/origin/<uuid:source>/": ("desk", "desk", ""),
    "L/cases/origin/<uuid:source>/<int:version>.pdf": ("desk", "never", ""),
    "L/cases/texts/": ("desk", "never", ""),
    "L/cases/texts/<slug:procedure>/<slug:document>/": ("desk", "desk", ""),
    "L/cases/texts/<slug:procedure>/<slug:document>/<slug:tongue>.pdf": ("desk", "desk", ""),
    "L/people/<person:number>/window/": ("desk", "desk", ""),
    "L/cases/window/": ("desk", "never", ""),
    "L/cases/window/<uuid:id>/": ("desk", "desk", ""),
    # Of whoever has a letter in hand, and of whoever has the code and the secret of a window: no account is asked.
    "verificar/": ("on", "never", ""),
    "verify/": ("on", "never", ""),
    "verify/keys.json": ("public", "never", ""),
    "verify/status/<str:issuer>.jwt": ("gone", "never", ""),
    "L/verify/": ("public", "public", ""),
    "L/verify/worker.js": ("public", "never", ""),
    "ventana/": ("on", "never", ""),
    "window/": ("on", "never", ""),
    "L/window/": ("public", "mend", ""),
    "L/window/leave/": ("on", "never", ""),
    "L/window/write/<slug:kind>/": ("on", "on", ""),
    "L/window/confirm/<uuid:case>/<slug:act>/": ("on", "on", ""),
    "L/window/paper/<str:serial>/": ("on", "on", ""),
    "L/cases/<case:number>/appointments/": ("desk", "never", ""),
    "L/cases/<case:number>/appointment/": ("desk", "desk", ""),
    "L/cases/<case:number>/sessions/": ("desk", "never", ""),
    "L/appointments/": ("desk", "never", ""),
    "L/appointments/agenda.ics": ("desk", "never", ""),
    "L/appointments/office/": ("desk", "desk", ""),
    "L/appointments/moves/": ("desk", "never", ""),
    "L/appointments/rooms/<int:id>/": ("desk", "desk", ""),
    "L/appointments/<uuid:id>/": ("desk", "desk", ""),
    "L/appointments/<uuid:id>/move/": ("desk", "desk", ""),
    "L/interpreters/": ("desk", "desk", ""),
    "L/interpreters/orders/": ("desk", "desk", ""),
    "L/interpreters/report/": ("desk", "never", ""),
    "L/interpreters/suppliers/<uuid:id>/": ("desk", "desk", ""),
    "L/interpreters/<uuid:id>/": ("desk", "desk", ""),
    "L/sessions/": ("desk", "desk", ""),
    "L/sessions/bodies/<slug:code>/": ("desk", "desk", ""),
    "L/sessions/<uuid:id>/": ("desk", "desk", ""),
    "L/sessions/<uuid:id>/minutes.<str:form>": ("desk", "never", ""),
    "L/sessions/<uuid:id>/<uuid:item>/": ("desk", "desk", ""),
    "L/people/duplicates/": ("desk", "never", "supervisor"),
    "L/people/duplicates/<uuid:id>/": ("desk", "desk", ""),
    "L/people/<person:number>/joined/<person:joined>/": ("desk", "desk", ""),
    "L/people/extracts/": ("desk", "never", "supervisor"),
    "L/people/extracts/new/": ("desk", "desk", "supervisor"),
    "L/people/extracts/<uuid:id>/": ("desk", "desk", ""),
    "L/people/shares/": ("desk", "never", "registrar"),
    "L/people/<person:number>/shares/": ("desk", "desk", ""),
    "L/people/<person:number>/unhide/": ("desk", "desk", ""),
    "L/people/<person:number>/cleared/<slug:sensitivity>/": ("desk", "never", ""),
    "L/people/devices/": ("desk", "desk", "supervisor"),
    "L/people/devices/<uuid:id>/revoke/": ("never", "desk", ""),
    "L/people/devices/forms/<uuid:id>/": ("desk", "desk", ""),
    "openrosa/formList": ("device", "never", ""),
    "openrosa/forms/<slug:form>.xml": ("device", "never", ""),
    "openrosa/forms/<slug:form>/manifest": ("device", "never", ""),
    "openrosa/submission": ("never", "device", ""),
    "exchange/v1/card/": ("node", "never", ""),
    "exchange/v1/challenge/": ("node", "never", ""),
    "exchange/v1/enter/": ("never", "node", ""),
    "exchange/v1/out/<slug:stream>/<int:number>/": ("node", "never", ""),
    "exchange/v1/own/<slug:stream>/": ("node", "never", ""),
    "exchange/v1/own/<slug:stream>/<int:number>/": ("node", "never", ""),
    "exchange/v1/in/<slug:digest>/": ("node", "never", ""),
    "L/people/custody/": ("desk", "never", "auditor"),
    "L/people/custody/readings/": ("desk", "never", "auditor"),
    "L/people/custody/readings/of/<str:number>/": ("desk", "never", ""),
    "L/people/custody/readings/by/<str:username>/": ("desk", "never", "auditor"),
    "L/people/custody/glass/": ("desk", "never", "auditor"),
    "L/people/custody/glass/new/": ("desk", "desk", "registrar"),
    "L/people/custody/glass/<uuid:id>/": ("desk", "desk", ""),
    "L/people/custody/requests/": ("desk", "never", "auditor"),
    "L/people/custody/requests/<uuid:id>/": ("desk", "desk", ""),
    "L/people/custody/retention/": ("desk", "desk", "auditor"),
    "L/people/custody/retention/<uuid:id>/": ("desk", "desk", ""),
    "L/account/confirm/": ("own", "own", "clerk"),
    "L/account/confirm/code/": ("fresh", "fresh", ""),
    "L/account/confirm/key/": ("fresh", "fresh", ""),
    "L/account/second-step/": ("half", "half", ""),
    "L/account/app/": ("fresh", "fresh", ""),
    "L/account/app/remove/": ("own-gone", "own-gone", ""),
    "L/account/codes/": ("own-gone", "own-never", ""),
    "L/account/codes/new/": ("fresh", "fresh", ""),
    "L/account/keys/add/": ("fresh", "fresh", ""),
    "L/account/keys/<int:pk>/remove/": ("fresh", "fresh", ""),
    "L/account/keys/sign-in/": ("half", "half", ""),
    "L/account/password/": ("own", "own", "clerk"),
    "L/account/closed/": ("no", "never", ""),
    "L/account/password/reset/": ("public", "public", ""),
    "L/account/password/reset/sent/": ("public", "never", ""),
    "L/account/password/reset/done/": ("public", "never", ""),
    "L/account/password/reset/<slug:uidb36>/<str:key>/": ("public", "public", ""),
    "account/oidc/<slug:provider_id>/": ("gone", "gone", ""),
    "account/oidc/<slug:provider_id>/back/": ("gone", "gone", ""),
}


def told(answer: Any) -> str:
    if answer.status_code in (301, 302):
        to = answer["Location"]
        if "/sign-in/" in to:
            return "in"
        return "factor" if "/second-factor/" in to or "/account/confirm/" in to else "on"
    return TOLD.get(answer.status_code, str(answer.status_code))


def routes() -> list[str]:
    """Every address that the product has, its language as L."""

    def walk(patterns: Any, before: str = "") -> Iterator[str]:
        for p in patterns:
            here = before + str(p.pattern)
            if hasattr(p, "url_patterns"):
                yield from walk(p.url_patterns, here)
            else:
                yield here.replace("<language:lang>", "L")

    return list(dict.fromkeys(walk(get_resolver().url_patterns)))


def address(route: str, world: World, lang: str) -> str:
    """An address of that kind, of Honduras in the round."""
    own = world.ids["HND"]
    given: dict[str, object] = {
        "institution": "HND.INM", "state": "HND", "section": "context", "digest": "a" * 64, "tongue": lang,
        "username": "clerk", "round": "2024", "suffix": "csv", "directory": "hnd", "reason": "failed",
        "build": 1, "pk": 1, "id": 1, "form": "html", "code": "2025", "finding": world.ids["none"],
        **{k: own[k] for k in ("cell", "statement", "file", "ask", "figure")},
    }  # fmt: skip
    for start, code in (
        ("L/state/", "HND"), ("L/measure/", "asylum.applications"), ("L/finding/", world.ids["finding"]),
        ("L/source/", "AR24"), ("api/v1/findings/", world.ids["finding"]), ("L/report/", "none"),
        ("api/v1/measures/", "asylum.applications"),
        ("L/erratum/", "E1"), ("api/v1/errata/", "E1"), ("L/indicators/", "asylum_applications"),
    ):  # fmt: skip
        if route.startswith(start):
            given["code"] = code
    if route.startswith("exchange/"):
        given["number"] = 1
    if "L/figure/" in route or route.endswith("figures/<id>"):
        given["id"] = "ar24-hnd-002"
    if route == "L/notices/<int:id>/":
        given["id"] = Notice.objects.get(user=world.users["focal"], kind="question").pk
    if route.startswith(V + "cell/"):
        given["id"] = own["cell"]
    if "section/<int:id>" in route or "sections/<int:id>" in route:
        given["id"] = own["section"]
    if "<int:version>" in route:
        given["version"] = 1
    for part in re.findall(r"<uuid:(\w+)>", route):
        given[part] = UUID(int=1)
    for kind, mark in (("person", ""), ("group", "G-"), ("case", "C-")):
        if f"<{kind}:" in route:
            given["number"] = f"HND-{mark}22222-22222-2"
    given |= {"joined": "HND-33333-33333-3", "serial": "HND-L-22222-22222-2"}
    filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(given.get(m[1], "x")), route)
    return "/" + (lang + filled[1:] if filled.startswith("L/") else filled)


def shut(answer: Any) -> None:
    """Close an answer's file. It ends the request too, which must not end the connection that the test's
    transaction lives in (Django's own client minds that for what it reads whole)."""
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)


def answered(client: Client, method: str, where: str, **given: Any) -> Any:
    """The answer, its file closed."""
    client.raise_request_exception = False
    answer = getattr(client, method)(where, **given)
    shut(answer)
    return answer


def test_every_address_has_a_line(db: None) -> None:
    # Those of planning are walked with every record behind them: tests/planning/test_planning_doors.py.
    ours = [r for r in routes() if not r.startswith(("es/", "en/", "L/planning/"))]
    assert sorted(set(ours) ^ set(DOORS)) == []
    library = {f"L/{r[3:]}" for r in routes() if r.startswith(("es/", "en/"))}
    assert library <= set(DOORS), "what the library names stands under the language of the page too"


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_answered_what_at_every_door(world: World, enter: Enter, method: str) -> None:
    lang, wrong = {"get": "es", "post": "en"}[method], []
    for route, kinds in DOORS.items():
        where, kind = address(route, world, lang), kinds[method == "post"]
        leaves = route == "L/sign-out/"  # so that nobody's other knocking ends here
        who = {n: enter(world.users[n]) if leaves and n != "anon" else world.who[n] for n in KNOCK}
        got = " ".join(told(answered(who[name], method, where)) for name in KNOCK)
        if got != KINDS[kind]:
            wrong.append((route, kind, got))
    assert wrong == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_second_factor_whoever_writes_comes_no_further_than_setting_one_up(
    world: World, method: str
) -> None:
    wrong = []
    for route in DOORS:
        if not route.startswith(FREE) and route not in SETS_UP:
            answer = told(answered(world.who["bare"], method, address(route, world, "es")))
            if answer not in ("no", "factor" if method == "get" else "no"):
                wrong.append((route, answer))
    assert wrong == []


def test_who_may_is_let_in_and_what_was_typed_does_not_run(world: World) -> None:
    """In both languages, with something that runs typed into every text."""
    wrong = []
    for route, (get, _, able) in DOORS.items():
        for lang in ("es", "en") if able and get != "never" else ():
            answer = answered(world.who[able], "get", address(route, world, lang))
            kind = told(answer)
            if kind in ("in", "no", "gone") or answer.status_code >= 500:
                wrong.append((route, able, kind))
            if kind == "ok" and "private" not in answer["Cache-Control"]:
                wrong.append((route, able, answer["Cache-Control"]))
            body = b"" if answer.streaming else answer.content
            if "text/html" in answer.get("Content-Type", "") and any(x.encode() in body for x in RUNS):
                wrong.append((route, able, "runs"))
    assert wrong == []


def published_under_embargo(world: World) -> None:
    """Both States' answers are published, their embargoes last, and the news of it is written."""
    now, cells = timezone.now(), [world.ids[s]["cell"] for s in ("HND", "CRI")]
    for n, (step, by) in enumerate(((Step.APPROVE_STATE, "approver"), (Step.APPROVE_REGION, "region"))):
        entries.take(cells=cells, step=step, by=by, role="any", at=NOW + timedelta(hours=n + 1))
    rounds.turn(round="2025", to=Stage.CLOSED, by="region", at=now)
    for state in ("HND", "CRI"):
        until = now + timedelta(days=30)
        figures.set_embargo(round="2025", state=state, until=until, by="region", at=now)
    entries.take(cells=cells, step=Step.PUBLISH, by="region", role="any", at=now)
    rounds.turn(round="2025", to=Stage.PUBLISHED, by="region", at=now)
    text = f"[[{world.ids['HND']['figure']}]]."
    News.objects.create(
        round="2025", title_es=WORDS[0], title_en=WORDS[1], text_es=text, text_en=text, published_at=now,
        by="region",
    )  # fmt: skip


@pytest.mark.parametrize("embargoed", [False, True])
def test_nothing_that_is_not_public_is_told_at_any_public_door(world: World, embargoed: bool) -> None:
    own, said = world.ids["HND"], []
    if embargoed:
        published_under_embargo(world)
    secrets = [*WORDS, own["figure"], world.ids["own-finding"], "act of the institute"]
    for n in (HANDED, DRAFT):
        secrets += [str(n), f"{n:,}", f"{n:,}".replace(",", "\u00a0"), f"{n:,}".replace(",", ".")]
    public = [r for r, (get, *_) in DOORS.items() if get in ("public", "gone", "on", "no", "mend")]
    wheres = [address(r, world, lang) for r in public for lang in ("es", "en")]
    wheres += [f"/{lang}/search/?q={q}" for lang in ("es", "en") for q in ("asylum", "asilo", "Honduras")]
    wheres += [
        "/api/v1/figures?state=HND", "/api/v1/findings?round=2025", "/api/v1/rounds/2025/figures.csv",
        "/es/contradictions/?round=2025", "/es/source/HND.INM/", "/es/report/round-2025/",
        f"/es/figure/{own['figure']}/", f"/api/v1/figures/{own['figure']}",
        f"/es/finding/{world.ids['own-finding']}/", f"/api/v1/findings/{world.ids['own-finding']}",
    ]  # fmt: skip
    for where in dict.fromkeys(wheres):
        answer = Client().get(where)
        sent = b"".join(answer.streaming_content) if answer.streaming else answer.content
        body = sent.decode(errors="ignore").replace(where.rstrip("/").rpartition("/")[2] or "-", "")
        said += [(where, s) for s in secrets if s in body]
        shut(answer)
    assert said == []
    if embargoed:  # and all of it is, once they end
        past = timezone.now() - timedelta(minutes=1)
        for state in ("HND", "CRI"):
            figures.set_embargo(round="2025", state=state, until=past, by="region", at=timezone.now())
        for where in (
            f"/es/figure/{own['figure']}/",
            "/es/news/",
            "/es/news/feed/",
            "/api/v1/figures?state=HND",
        ):
            body = Client().get(where).content.decode()
            assert own["figure"] in body or WORDS[0] in body, where


def test_every_form_is_refused_without_its_token(world: World) -> None:
    """Save what keeps nothing and acts for nobody (checking a text or a letter, the country whose style one reads), and
    the doors of devices and of nodes, which no cookie opens."""
    wrong = []
    for route, (_, post, able) in DOORS.items():
        if (
            post in ("never", "device", "node")
            or route.startswith(("api/", "oauth/", "hooks/", "account/oidc/"))
            or route in ("L/check/", "L/country/", "L/verify/")
        ):
            continue
        client = Client(enforce_csrf_checks=True)
        client.cookies = world.who[able or "focal"].cookies
        answer = told(answered(client, "post", address(route, world, "es")))
        if answer != "no":
            wrong.append((route, answer))
    assert wrong == []


def test_what_is_named_by_its_number_is_ones_own_or_not_there(world: World) -> None:
    """Another institution's, another person's, another round's ids under an address of one's own."""
    there, own = world.ids["CRI"], world.ids["HND"]
    enter, check, soon = "/es/rounds/2025/enter/HND.INM/", "/es/rounds/2025/review/", "/es/rounds/2026/"
    notice = Notice.objects.get(user=world.users["other"], kind="question").pk
    wrong = []
    for name, method, where, given in (
        ("clerk", "get", f"{enter}cell/{there['cell']}/", {}),
        ("clerk", "get", f"{enter}met/{there['statement']}/", {}),
        ("clerk", "get", f"{enter}met/{10**30}/", {}),
        ("clerk", "get", f"{enter}files/{there['file']}/", {}),
        ("clerk", "post", f"{enter}files/{there['file']}/withdraw/", {}),
        ("clerk", "get", f"{enter}{there['ask']}/", {}),
        ("clerk", "get", f"{check}cell/{there['cell']}/", {}),
        ("focal", "get", f"{check}cell/{there['cell']}/", {}),
        ("focal", "post", f"{check}cell/{there['cell']}/", {"do": "comment", "text": "x"}),
        ("focal", "get", f"{check}section/{there['section']}/", {}),
        ("focal", "get", f"{check}figure/{there['figure']}/", {}),
        ("focal", "get", f"{check}CRI/text/context/", {}),
        ("focal", "get", f"{check}finding/{world.ids['finding']}/", {}),
        ("other", "get", f"{check}finding/{world.ids['own-finding']}/", {}),
        ("focal", "get", f"/es/notices/{notice}/", {}),
        ("region", "get", f"{soon}review/cell/{own['cell']}/", {}),
        ("region", "get", f"{soon}review/section/{own['section']}/", {}),
        ("region", "get", f"{soon}review/finding/{world.ids['own-finding']}/", {}),
        ("region", "get", f"{soon}setup/ask/{own['ask']}/", {}),
        ("region", "get", f"{soon}setup/sections/{own['section']}/", {}),
        ("clerk", "get", f"{soon}enter/HND.INM/cell/{own['cell']}/", {}),
        ("clerk", "get", f"{soon}enter/HND.INM/files/{own['file']}/", {}),
        ("region", "get", f"{check}cell/{10**30}/", {}),
        ("region", "get", f"{enter}files/{own['file']}/", {}),  # the State has not answered for it
        ("region", "get", "/es/rounds/2024/", {}),  # nobody works in what was loaded
        ("state-admin", "get", "/es/accounts/other/", {}),
        ("clerk", "post", "/es/account/sessions/end/", {"session": str(10**17)}),
        ("clerk", "post", "/es/account/standing-in/1/end/", {}),
    ):
        answer = told(answered(world.who[name], method, where, data=given))
        if answer not in ("gone", "no"):
            wrong.append((name, method, where, answer))
    for seen in (f"{there['cell']}:1", f"{own['cell']}:{10**30} {10**30}:1 {there['cell']}:1"):
        assert world.who["approver"].post(f"{check}HND/approve/now/", {"seen": seen}).status_code == 422
    assert wrong == []
    assert Notice.objects.get(pk=notice).read_at is None
    assert not Attachment.objects.exclude(withdrawn_at=None).exists()
    assert {c.status for c in Cell.objects.filter(pk__in=[own["cell"], there["cell"]])} == {"submitted"}


def test_no_day_and_no_number_is_too_large_for_a_page(world: World) -> None:
    region, focal, endless = world.who["region"], world.who["focal"], "9" * 3000
    own, at = world.ids["HND"], "/en/rounds/2025/"
    for who, where, given in (
        (region, "setup/dates/", {"step": "entry", "due": "9999-12-31", "reason": "x"}),
        (region, "setup/dates/", {"step": "entry", "due": "0001-01-01", "reason": "x"}),
        (region, "publish/", {"until": "9999-12-31", "sure": "1"}),
        (focal, f"review/cell/{own['cell']}/", {"do": "answer", "question": endless, "text": "x"}),
        (focal, f"review/cell/{own['cell']}/", {"do": "send-back", "seen": f"{endless}:1", "text": "x"}),
        (focal, f"review/section/{own['section']}/", {"do": "send-back", "version": endless, "text": "x"}),
        (world.who["approver"], f"review/section/{own['section']}/", {"do": "approve", "version": "9" * 30}),
        (focal, "write/HND/", {"section": endless}),
        (focal, "write/HND/context/", {"do": "save", "base": endless, "text": "x", "lang": "es"}),
    ):
        assert answered(who, "post", at + where, data=given).status_code in (302, 409, 422), where


@pytest.mark.parametrize("name", ["save", "hint", "read"])
def test_a_script_is_told_of_no_cell_but_its_own(world: World, name: str) -> None:
    there = world.ids["CRI"]
    given = {
        "save": {"posts": [{"cell": there["cell"], "base": 1, "client": str(uuid4()), "text": "5"}]},
        "hint": {"ask": there["ask"], "texts": {str(there["cell"]): "5"}},
        "read": {"text": "5", "cells": [[there["cell"]]]},
    }[name]
    answer = world.who["clerk"].post(
        f"/en/rounds/2025/enter/HND.INM/{name}/", given, content_type="application/json"
    )
    assert answer.status_code == (200 if name == "read" else 400)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert name != "read" or answer.json() == {"cells": [], "outside": 1}
    assert Cell.objects.get(pk=there["cell"]).value == HANDED


@pytest.mark.parametrize(
    "there", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:evil"]
)
def test_nobody_is_led_out_of_the_house(world: World, there: str) -> None:
    for where, given in (
        ("/es/sign-in/", {"username": "reader", "password": PASS, "next": there}),
        ("/es/country/", {"country": "HND", "next": there}),
    ):
        assert "evil" not in Client().post(where, given)["Location"], where


def test_a_role_that_ends_and_an_account_that_closes_end_what_is_open(world: World) -> None:
    there, clerk = "/es/rounds/2025/enter/HND.INM/", world.users["clerk"]
    assert world.who["clerk"].get(there).status_code == 200
    last = timezone.now().date() - timedelta(days=1)
    access.end_role(assignment=clerk.roles.get().pk, ends=last, reason="Left.", by="admin", at=timezone.now())
    assert world.who["clerk"].get(there).status_code == 403
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert "/sign-in/" in world.who["clerk"].get(there)["Location"]


def test_signing_in_begins_a_session_that_nobody_else_knows(world: World) -> None:
    client = Client()
    client.get("/es/invitation/abc/")  # a session from before signing in
    before = client.session.session_key
    client.post("/es/sign-in/", {"username": "reader", "password": PASS})
    assert before
    assert client.session.session_key not in (None, before)


def test_each_act_leaves_an_entry_that_names_who_did_it(world: World) -> None:
    own, at = world.ids["HND"], "/en/rounds/2025/"
    enter, cell_page = f"{at}enter/HND.INM/", f"{at}review/cell/{own['cell']}/"
    draft = Cell.objects.get(pk=world.ids["draft"])
    posted = [{"cell": draft.pk, "base": draft.version, "client": str(uuid4()), "text": "12"}]
    for name, where, given, act in (
        ("clerk", f"{enter}save/", {"posts": posted}, "entry.written"),
        ("clerk", f"{enter}files/{own['file']}/withdraw/", {}, "entry.file-withdrawn"),
        ("approver", cell_page, {"do": "comment", "text": "Well."}, "review.comment"),
        ("clerk", cell_page, {"do": "answer", "question": own["remark"], "text": "Yes."}, "review.answer"),
        ("approver", cell_page, {"do": "settle", "question": own["remark"]}, "review.settled"),
        ("approver", cell_page, {"do": "send-back", "seen": f"{own['cell']}:1", "text": "No."}, "entry.send-back"),
        ("focal", f"{at}write/HND/context/", {"lang": "en", "text": "Hi.", "base": 0, "of": 1}, "section.written"),
        ("region", f"{at}setup/dates/", {"step": "entry", "due": "2030-01-01", "reason": "x"}, "round.extended"),
        ("region", f"{at}setup/turn/", {"to": "closed", "reason": "x"}, "round.closed"),
        ("region", f"{at}publish/without/", {"state": "PAN", "reason_es": "Más tiempo.", "reason_en": "More time."},
         "round.state-left-out"),
        ("admin", "/en/accounts/clerk/", {"do": "end", "assignment": world.users["clerk"].roles.get().pk, "now": "1",
                                        "reason": "Left."}, "role.ended"),
    ):  # fmt: skip
        before = AuditEntry.objects.count()
        kind = {"content_type": "application/json"} if where.endswith("/save/") else {}
        answer = world.who[name].post(where, given, **kind)
        assert answer.status_code in (200, 302), (where, given)
        fresh = AuditEntry.objects.order_by("pk")[before:]
        assert (name, act) in {(e.by, e.act) for e in fresh}, (where, given, [(e.by, e.act) for e in fresh])

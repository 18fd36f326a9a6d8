"""A call with its people, brought as far as a test needs it: two who run it, a committee of four, three applicants."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.planning.calls import api as calls
from mirps.planning.calls.api import Content, Instalment, Line, Proposal, Room
from mirps.planning.records import api as records
from mirps.planning.records.api import Act

START = datetime(2026, 11, 2, 18, 0, tzinfo=UTC)  # the call is open
CLOSED = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
CODE = "trial-2026"
DATA = {
    "title": {"es": "Convocatoria de prueba", "en": "Trial call"},
    "summary": {"es": "Una prueba.", "en": "A trial."},
    "mechanism": "mirps-fund", "administrator": "OAS.DSI",
    "opens": "2026-11-02", "opens-at": "09:00", "closes": "2026-11-30", "closes-at": "17:00",
    "total": {"amount": "150000", "currency": "USD"}, "most": {"amount": "100000", "currency": "USD"},
    "committee": "OAS.CSAN", "quorum": "2", "readers": "2",
    "eligibility": [
        {"test": "sort", "value": "government municipal", "es": "Instituciones públicas", "en": "Public institutions"},
        {"test": "months-most", "value": "18", "es": "A lo más 18 meses", "en": "At most 18 months"},
    ],
    "sections": [{"code": "what", "es": "Qué se hará", "en": "What will be done"}],
    "questions": [
        {"code": "problem", "section": "what", "answer": "text", "most": "200", "required": True,
         "es": "¿Qué problema atiende?", "en": "Which problem does it address?"},
        {"code": "contact", "section": "what", "answer": "line", "names": True, "es": "Contacto", "en": "Contact"},
    ],
    "documents": [
        {"code": "letter", "required": True, "names": True, "es": "Carta de la autoridad", "en": "Letter"},
        {"code": "plan", "es": "Plan de trabajo", "en": "Work plan"},
    ],
    "criteria": [
        {"code": "need", "weight": "60", "top": "5", "es": "Necesidad", "en": "Need"},
        {"code": "cost", "weight": "40", "top": "5", "es": "Costo", "en": "Cost"},
    ],
}  # fmt: skip
#: user -> role, State, body
PEOPLE = {
    "sec": ("secretariat", "", ""), "sec2": ("secretariat", "", ""),
    "ana": ("committee-member", "", "OAS.CSAN"), "eva": ("committee-member", "", "OAS.CSAN"),
    "leo": ("committee-member", "", "OAS.CSAN"), "gus": ("committee-member", "GTM", "OAS.CSAN"),
    "app-gtm": ("applicant", "GTM", "GTM.MINTRAB"), "app-hnd": ("applicant", "HND", "HND.SEDH"),
    "app-pan": ("applicant", "PAN", "PAN.MINSA"), "don": ("donor", "", "USA.PRM"), "rea": ("reader", "", ""),
    "fp-gtm": ("focal-point", "GTM", ""), "adm": ("administrator", "", ""),
    "pre": ("regional-reviewer", "", ""),
}  # fmt: skip
MEMBERS = ["ana", "eva", "gus", "leo"]
PDF = b"%PDF-1.4\n% a paper\n"


def people() -> dict[str, User]:
    made = {}
    for name, (role, state, body) in PEOPLE.items():
        user = User.objects.create_user(
            username=name, email=f"{name}@example.org", first_name=name.capitalize()
        )
        access.give_role(
            user=user,
            role=role,
            state=state,
            body=body,
            starts=date(2026, 1, 1),
            ends=None,
            by="tests",
            at=START,
        )
        made[name] = user
    return made


def who(name: str) -> User:
    return User.objects.get(username=name)


def published(code: str = CODE, **change: object) -> None:
    """The record of the call, in force."""
    made = records.save(kind="call", code=code, data={**DATA, **change}, base=0, by="sec2", at=START)
    held = records.step(key=made.key, act=Act.SUBMIT, by="sec2", at=START, base=made.number)
    records.step(key=made.key, act=Act.PUBLISH, by="sec", at=START, base=held.number)


def opened(code: str = CODE, **change: object) -> None:
    published(code, **change)
    calls.open_call(call=code, user=who("sec"), role="secretariat", at=START)


def content(title: str, asked: int, problem: str = "People cannot work.") -> Content:
    return Content(
        title={"es": f"{title} (es)", "en": title}, summary=f"Summary of {title}.", months=12,
        answers={"problem": problem, "contact": "Rosa Pérez, MINTRAB"},
        lines=(Line("Staff", Decimal(asked)), Line("Rooms", Decimal(5000), "own")),
    )  # fmt: skip


def handed_in(
    name: str, institution: str, title: str, asked: int, problem: str = "People cannot work."
) -> Proposal:
    import io

    user, at = who(name), START + timedelta(days=1)
    p = calls.begin(call=CODE, institution=institution, user=user, role="applicant", at=at)
    calls.write(proposal=str(p.pk), content=content(title, asked, problem), base=0, user=user, at=at)
    for document in ("letter", "plan"):
        file = io.BytesIO(PDF + document.encode())
        calls.attach(
            proposal=str(p.pk), document=document, file=file, name=f"{institution}.pdf", user=user, at=at
        )
    return calls.submit(proposal=str(p.pk), user=user, role="applicant", at=at)


def applied() -> dict[str, Proposal]:
    """Three proposals: Guatemala's, whose State a member of the committee is of, and two more."""
    return {
        "gtm": handed_in(
            "app-gtm", "GTM.MINTRAB", "Work permits", 80000, "In Guatemala, MINTRAB sees it daily."
        ),
        "hnd": handed_in("app-hnd", "HND.SEDH", "Shelters", 60000),
        "pan": handed_in("app-pan", "PAN.MINSA", "Clinics", 50000),
    }


def room(name: str = "", at: datetime = CLOSED) -> Room:
    found = calls.room(CODE, who(name) if name else None, at)
    assert found
    return found


def declared(*names: str, at: datetime = CLOSED) -> None:
    for name in names or MEMBERS:
        calls.declare(call=CODE, codes=[], note="", user=who(name), role="committee-member", at=at)


def checked(*proposals: Proposal) -> None:
    for p in proposals:
        calls.check(
            proposal=str(p.pk), eligible=True, reason={}, user=who("sec"), role="secretariat", at=CLOSED
        )


def recused(member: str, p: Proposal, *, confirm: bool = True) -> None:
    calls.decide_recusal(
        proposal=str(p.pk), member=member, confirm=confirm, reason="Seen.", user=who("sec"), role="", at=CLOSED
    )  # fmt: skip


def reading(held: dict[str, Proposal]) -> None:
    """As far as the first reading: gus, of Guatemala, is recused from Guatemala's."""
    declared()
    checked(*held.values())
    recused("gus", held["gtm"])
    calls.start_reading(call=CODE, user=who("sec"), role="secretariat", at=CLOSED)


def scored(name: str, p: Proposal, need: int, cost: int, at: datetime = CLOSED, **more: object) -> None:
    calls.give(
        proposal=str(p.pk), scores={"need": str(need), "cost": str(cost)}, comment=f"Thought by {name}.", final=True,
        user=who(name), role="committee-member", at=at, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def read(held: dict[str, Proposal]) -> None:
    """As far as the discussion: Guatemala's first, Honduras' second, Panama's third."""
    for name in ("ana", "eva", "leo"):
        scored(name, held["gtm"], 5, 5)
    for name in MEMBERS:
        scored(name, held["hnd"], 4, 4)
        scored(name, held["pan"], 3, 3)


REASON = {"es": "Responde a una necesidad clara.", "en": "It answers a clear need."}


def decided(p: Proposal, outcome: str, *voices: str, amount: int | None = None, departs: str = "") -> None:
    first, *others = voices
    calls.decide(
        proposal=str(p.pk), outcome=outcome, amount=Decimal(amount) if amount else None, reason=REASON, departs=departs,
        user=who(first), role="committee-member", at=CLOSED,
    )  # fmt: skip
    number = room("ana").ledger.decisions[str(p.pk)].number
    for name in others:
        calls.agree(
            proposal=str(p.pk), number=number, agrees=True, note="", user=who(name), role="", at=CLOSED
        )


def told(held: dict[str, Proposal]) -> None:
    decided(held["gtm"], "selected", "ana", "eva", amount=80000)
    decided(held["hnd"], "selected", "ana", "eva", amount=60000)
    decided(held["pan"], "reserve", "ana", "eva")
    calls.tell(call=CODE, user=who("sec"), role="secretariat", at=CLOSED)


def agreed(p: Proposal, amount: int = 80000) -> None:
    half = Decimal(amount) / 2
    condition = {"es": "Firma del convenio", "en": "Signature of the agreement"}
    calls.write_agreement(
        proposal=str(p.pk), amount=Decimal(amount), starts=date(2027, 1, 1), ends=date(2027, 12, 31),
        instalments=[Instalment("2027-01-15", half, condition), Instalment("2027-07-15", half, condition)],
        user=who("sec"), role="secretariat", at=CLOSED,
    )  # fmt: skip

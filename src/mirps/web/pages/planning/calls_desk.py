"""Who stands at the page of a call: the call's record, the room behind it, and what is said of both."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import Http404

from mirps.base.access.api import User
from mirps.base.codelists import api as codelists
from mirps.base.notices.api import zone
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.planning.calls import api as calls
from mirps.planning.calls.api import CallFault, Content, Fault, Proposal, Room, Stage, Terms, What
from mirps.planning.calls.rules import Words
from mirps.planning.records import api as records
from mirps.sharing.portal.wording import state as state_name
from mirps.web.pages.planning.door import Desk, Refused

APPLY, SCORE, WRITE, RUN = "proposal.write", "score.write", "call.write", "call.publish"


class At:
    """A person at a call. `room` is None for a call that nobody has opened here."""

    def __init__(self, desk: Desk, code: str) -> None:
        self.desk, self.code, self.lang = desk, code, desk.lang
        self.room: Room | None = calls.room(code, desk.user, desk.now)
        held = records.Record.objects.filter(pk=f"call/{code}").first()
        # One that was opened stays with those who are in it, though its record be withdrawn.
        if held is None or not (desk.may_read(held) or self.room):
            raise Http404
        self.record = held
        self.data: dict[str, Any] = desk.shown(held) or (self.room.run.terms if self.room else {})
        self.title = records.title("call", self.data, desk.lang) or code

    @property
    def inside(self) -> Room:
        """The room of a call that was opened; 404 for one that was not."""
        if self.room is None:
            raise Http404
        return self.room

    @property
    def user(self) -> User:
        assert self.desk.user
        return self.desk.user

    @cached_property
    def terms(self) -> Terms:
        if self.room:
            return self.room.terms
        return calls.terms(self.data, zone(self.data.get("clock-of", "")))

    @property
    def stage(self) -> Stage:
        return self.room.stage if self.room else Stage.DRAWN

    @cached_property
    def runs(self) -> bool:
        return self.desk.may(RUN)

    @cached_property
    def sits(self) -> bool:
        return bool(self.room and self.desk.user and self.desk.user.username in self.room.members)

    def require_runs(self) -> None:
        self.desk.require(RUN)

    def require_seat(self) -> None:
        if not self.sits:
            raise Refused(self.desk.why_not(SCORE, body=self.terms.committee))

    @cached_property
    def may_apply_for(self) -> list[str]:
        """Institutions in whose name this person may write proposals."""
        held = dict.fromkeys((g.state, g.body) for g in self.desk.grants)
        found: list[str] = []
        for state, body in held:
            if not self.desk.may(APPLY, state=state, body=body):
                continue
            of_state = [
                c for c, i in codelists.institutions().items() if state and i.extra.get("state") == state
            ]
            found += [body] if body else of_state
        return [c for c in dict.fromkeys(found) if c in codelists.institutions()]

    @cached_property
    def mine(self) -> list[Proposal]:
        return calls.my_proposals(self.room) if self.room and self.desk.user else []

    def trail(self, *more: tuple[str, str]) -> list[tuple[str, str]]:
        d = self.desk
        return [
            (say("calls.title", d.lang), d.url("calls")),
            (self.title, d.url("call", code=self.code)),
            *more,
        ]

    def money(self, amount: Decimal | None) -> str:
        return money(self.desk, amount, self.terms.currency)

    def committee(self) -> str:
        return committee_name(self.terms.committee, self.lang)


def money(desk: Desk, amount: Decimal | None, currency: str) -> str:
    if amount is None:
        return ""
    return f"{currency} {texts.number(amount, desk.locale)}".strip()


def committee_name(code: str, lang: str) -> str:
    key = f"calls.committee.{code}"
    return say(key, lang) if key in texts.catalogue() else codelists.institutions().name(code, lang)


def of_proposal(desk: Desk, proposal: UUID) -> tuple[At, Proposal]:
    """A proposal that this person may read, and its call; 404 for any other, there or not."""
    held = Proposal.objects.filter(pk=proposal).select_related("run").first()
    if held is None:
        raise Http404
    at = At(desk, held.run_id)
    if not at.inside.may(What.CONTENT, held):
        raise Http404
    return at, held


def owned(desk: Desk, proposal: UUID) -> tuple[At, Proposal]:
    """A proposal of an institution for which this person may write, and its call; 404 for any other."""
    at, held = of_proposal(desk, proposal)
    if not desk.may(APPLY, state=held.state, body=held.institution):
        raise Http404
    return at, held


def fault_words(desk: Desk, fault: Fault, currency: str = "") -> str:
    """The sentence of a fault in the reader's words."""
    values = {k: _value(desk, v) for k, v in fault.fill.items()}
    return say(fault.key, desk.lang, **values) if values else say(fault.key, desk.lang)


def _value(desk: Desk, value: object) -> object:
    if isinstance(value, Words):
        return value[desk.lang]
    if isinstance(value, Decimal | int):
        return texts.number(Decimal(value), desk.locale)
    return value


def faults_of(desk: Desk, e: CallFault | Iterable[Fault]) -> list[tuple[str, str]]:
    """(cell, sentence) of each fault."""
    return [(f.cell, fault_words(desk, f)) for f in (e.faults if isinstance(e, CallFault) else e)]


def test_words(desk: Desk, test: Any) -> str:
    """One condition of eligibility: as the call words it, else as the test reads."""
    if test.words.es or test.words.en:
        return str(test.words[desk.lang])
    return say(f"calls.test.{test.test}", desk.lang, value=_codes(desk, test.test, test.value))


def _codes(desk: Desk, test: str, value: str) -> str:
    if test == "state":
        return ", ".join(state_name(c, desk.lang) for c in value.split())
    if test == "sort":
        return ", ".join(say(f"calls.sort.{c}", desk.lang) for c in value.split())
    return value


class Told:
    """A proposal as this person may read it."""

    def __init__(self, at: At, p: Proposal) -> None:
        self.p, self.at, self.room = p, at, at.inside
        self.named = self.room.may(What.NAME, p)
        self.content: Content = calls.content_of(p)
        self.id = str(p.pk)

    @property
    def institution(self) -> str:
        return codelists.institutions().name(self.p.institution, self.at.lang) if self.named else ""

    @property
    def heading(self) -> str:
        label = say("calls.proposal.label", self.at.lang, label=self.p.label) if self.p.label else ""
        title = self.content.title.get(self.at.lang) or next(iter(self.content.title.values()), "")
        title = self.room.blind(title, self.p)
        return ": ".join(x for x in (label, title or say("calls.proposal.untitled", self.at.lang)) if x)

    @property
    def summary(self) -> str:
        return self.room.blind(self.content.summary, self.p)

    @property
    def sections(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """(section, [(question, answer, kept back)])."""
        out = []
        for s in self.at.terms.sections:
            answers = [
                (
                    q.words[self.at.lang],
                    self._answer(q.code, q.answer, kept := q.names and not self.named),
                    kept,
                )
                for q in self.at.terms.questions
                if q.section == s.code
            ]
            out.append((s.words[self.at.lang], answers))
        return out

    def _answer(self, code: str, sort: str, kept: bool) -> str:
        text = "" if kept else self.content.answers.get(code, "")
        if sort == "yes" and text:
            return say(f"record.{text}", self.at.lang) if text in ("yes", "no") else text
        if sort == "date" and text:
            return texts.partial_date(text, self.at.desk.locale)
        return self.room.blind(text, self.p)

    @property
    def lines(self) -> list[dict[str, str]]:
        called = records.titled(self.content.nodes, self.at.lang) if self.named else {}
        return [
            {
                "what": self.room.blind(x.what, self.p), "amount": self.at.money(x.amount),
                "payer": say(f"calls.payer.{x.payer}", self.at.lang), "node": x.node if self.named else "",
                "node_title": called.get(x.node, ""), "linked": "yes" if x.node else "",
            }
            for x in self.content.lines
        ]  # fmt: skip

    @property
    def papers(self) -> list[dict[str, Any]]:
        """The papers that may be opened; a reader who may not know whose they are sees no name of a file."""
        documents = {d.code: d.words[self.at.lang] for d in self.at.terms.documents}
        return [
            {"id": x.pk, "name": x.name if self.named else documents.get(x.document, x.document), "paper": x,
             "document": documents.get(x.document, x.document)}
            for x in self.room.papers(self.p)
        ]  # fmt: skip

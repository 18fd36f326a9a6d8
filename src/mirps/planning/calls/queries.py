"""A call as one person may see it at one moment: the one place that reads the secret side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from mirps.base.access import api as access
from mirps.base.access.api import Grant, RoleAssignment, User
from mirps.base.codelists import api as codelists
from mirps.base.notices.api import zone
from mirps.planning.calls import completeness, masking, ranking, recusals, rules, seeing
from mirps.planning.calls.completeness import Applicant, Content
from mirps.planning.calls.ledger import Decision, Event, Ledger, fold
from mirps.planning.calls.models import CallRun, Proposal, ProposalPaper
from mirps.planning.calls.recusals import Recusal, Ties, Why
from mirps.planning.calls.rules import Stage, Terms
from mirps.planning.calls.seeing import Person, What

APPLY, SCORE, RUN = "proposal.write", "score.write", "call.publish"


class Room:
    """A call that is run here and the person who has come in. What is asked of it here is not yet shown:
    every page asks `may` before it shows anything of a proposal."""

    def __init__(self, run: CallRun, user: User | None, now: datetime) -> None:
        self.run, self.user, self.now = run, user, now
        self.name = user.username if user else ""

    @property
    def key(self) -> str:
        return f"call/{self.run.call}"

    @cached_property
    def terms(self) -> Terms:
        return rules.terms(self.run.terms, zone(self.run.clock_of))

    @cached_property
    def ledger(self) -> Ledger:
        return fold(
            Event(e.pk, e.what, e.by, e.at, str(e.proposal_id or ""), e.data)
            for e in self.run.events.order_by("id")
        )

    @property
    def stage(self) -> Stage:
        return rules.stage(
            opened=True, opens=self.run.opens, closes=self.run.closes, acts=self.ledger.acts, now=self.now
        )

    @cached_property
    def handed_in(self) -> list[Proposal]:
        """Every proposal that was handed in, whoever may see it."""
        return list(self.run.proposals.filter(status="submitted").order_by("label", "id"))

    @cached_property
    def eligible(self) -> list[Proposal]:
        """Those that a person found eligible: what is read and ranked."""
        checked = self.ledger.checked
        return [p for p in self.handed_in if (c := checked.get(str(p.pk))) and c.eligible]

    @cached_property
    def applicants(self) -> list[tuple[str, str]]:
        return [(p.institution, p.state) for p in self.handed_in]

    # --- people

    @cached_property
    def _holdings(self) -> list[tuple[User, Grant]]:
        return access.holdings(on=self.now.date())

    def _grants(self, name: str) -> list[Grant]:
        return [g for user, g in self._holdings if user.username == name]

    @cached_property
    def members(self) -> list[str]:
        """Who sits on the committee today. A seat is a person's own: it is not lent to a stand-in, and who
        runs calls leaves it empty."""
        seats = (
            user.username
            for user, g in self._holdings
            if SCORE in access.ALLOWED.get(g.role, frozenset())
            and g.body == self.terms.committee
            and not g.giver
        )
        return [name for name in dict.fromkeys(seats) if not self.runs(name)]

    def runs(self, name: str) -> bool:
        return access.may(self._grants(name), RUN, state="", on=self.now.date())

    @cached_property
    def _roles(self) -> dict[str, list[RoleAssignment]]:
        """Roles as they were given: a mandate acts for the region, and its holder is still of a State."""
        found: dict[str, list[RoleAssignment]] = {}
        for a in RoleAssignment.objects.select_related("user").order_by("id"):
            if a.starts <= self.now.date() and (a.ends is None or a.ends >= self.now.date()):
                found.setdefault(a.user.username, []).append(a)
        return found

    def ties(self, name: str) -> Ties:
        held, acting = self._roles.get(name, []), self._grants(name)
        states = {a.state for a in held} | {g.state for g in acting}
        bodies = {a.body for a in held} | {g.body for g in acting}
        writes = {g.body or g.state for g in acting if APPLY in access.ALLOWED.get(g.role, frozenset())}
        said = self.ledger.declared.get(name)
        return Ties(
            states=frozenset(states - {""}), institutions=frozenset(bodies - {"", self.terms.committee}),
            applies_for=frozenset(writes - {""}), declared=said.codes if said else frozenset(),
        )  # fmt: skip

    def owns(self, name: str, p: Proposal) -> bool:
        return recusals.writes_for(self.ties(name), p.institution, p.state)

    def tie(self, name: str, p: Proposal) -> Why | None:
        return recusals.nearest(self.ties(name), p.institution, p.state, self.applicants)

    def recusal(self, name: str, p: Proposal) -> Recusal | None:
        """What keeps a member (or whoever runs the call) away from a proposal, if anything does."""
        found = self.ledger.recused(name, str(p.pk), self.tie(name, p))
        return found if found and found.holds else None

    def person(self, p: Proposal, name: str | None = None) -> Person:
        who = self.name if name is None else name
        if not who:
            return seeing.NOBODY
        if p.status != "submitted":  # what was not handed in is its applicant's alone
            return Person(owns=self.owns(who, p))
        return Person(
            owns=self.owns(who, p),
            sits=who in self.members,
            declared=who in self.ledger.declared,
            recused=self.recusal(who, p) is not None,
            runs=self.runs(who),
        )

    def may(self, what: What, p: Proposal) -> bool:
        decided = self.ledger.decisions.get(str(p.pk))
        chosen = decided is not None and decided.outcome == "selected"
        return seeing.may_see(self.person(p), what, self.stage, selected=chosen)

    def seen(self, what: What) -> list[Proposal]:
        """The proposals of which this person may see `what`."""
        return [p for p in self.handed_in if self.may(what, p)]

    # --- the readings

    def readers(self, p: Proposal) -> list[str]:
        """Who is to read a proposal: members who declared, are not recused and not excused."""
        out = self.ledger.excused
        return [
            m
            for m in self.members
            if m in self.ledger.declared and m not in out and self.recusal(m, p) is None
        ]

    def awaited(self) -> list[tuple[str, Proposal]]:
        """First readings that are not in: (reader, proposal)."""
        return [
            (m, p)
            for p in self.eligible
            for m in self.readers(p)
            if self.ledger.sheet(m, str(p.pk), 1) is None
        ]

    def recused_from(self, p: Proposal) -> set[str]:
        wrote = {r for r, pk in self.ledger.given if pk == str(p.pk)}
        return {m for m in {*self.members, *wrote} if self.recusal(m, p) is not None}

    def mark(self, p: Proposal) -> ranking.Mark:
        """The scores of those who are not recused: what a recused member once gave counts no more."""
        sheets = [g.sheet for g in self.ledger.sheets(str(p.pk), self.recused_from(p))]
        return ranking.mark(str(p.pk), sheets, self.terms.criteria, self.terms.readers)

    @cached_property
    def ranked(self) -> list[ranking.Place]:
        return ranking.rank([self.mark(p) for p in self.eligible], self.terms.criteria)

    def ranking_seen(self) -> list[ranking.Place]:
        """The ranking of what this person may see of it, counted among themselves: a gap would tell where
        the others stand."""
        visible = [self.mark(p) for p in self.eligible if self.may(What.SHEETS, p)]
        return ranking.rank(visible, self.terms.criteria)

    @cached_property
    def proposed(self) -> dict[str, ranking.Proposed]:
        asked = {str(p.pk): completeness.content(p.content).asked for p in self.eligible}
        found = ranking.propose(self.ranked, asked, self.terms.total, self.terms.pass_mark)
        return {x.proposal: x for x in found}

    def settled(self, p: Proposal) -> bool:
        """Whether the committee has decided: a quorum of members who are not recused agrees, and more
        agree than not."""
        held = self.ledger.decisions.get(str(p.pk))
        return held is not None and self._carried(held, self.readers(p))

    def _carried(self, d: Decision, readers: Iterable[str]) -> bool:
        agreed, against = d.agreed(readers), d.against(readers)
        return agreed >= self.terms.quorum and agreed > against

    @cached_property
    def awarded(self) -> set[str]:
        """Codes of the awards of what the committee selected, once applicants were told."""
        if self.stage is not Stage.TOLD:
            return set()
        held = ((p, self.ledger.decisions.get(str(p.pk))) for p in self.eligible)
        return {award_code(p) for p, d in held if d and d.outcome == "selected"}

    def granted(self) -> Decimal:
        """What the decisions as they stand would spend."""
        held = (self.ledger.decisions.get(str(p.pk)) for p in self.eligible)
        return sum((d.amount for d in held if d and d.outcome == "selected" and d.amount), Decimal(0))

    # --- of one proposal

    def applicant(self, p: Proposal) -> Applicant:
        others = sum(q.institution == p.institution and q.pk != p.pk for q in self.handed_in)
        return Applicant(p.institution, p.state, sort_of(p.institution), others)

    def failed(self, p: Proposal) -> list[rules.Test]:
        """The tests of eligibility that it does not pass."""
        return completeness.failed(self.terms, completeness.content(p.content), self.applicant(p))

    def would_apply(self, institution: str) -> Applicant:
        mine = sum(q.institution == institution for q in self.handed_in)
        return Applicant(institution, state_of(institution), sort_of(institution), mine)

    def blind(self, text: str, p: Proposal) -> str:
        """A text as this person may read it: without names for who may not know whose it is."""
        return text if self.may(What.NAME, p) else masking.masked(text, names_of(p.institution, p.state))

    def papers(self, p: Proposal) -> list[ProposalPaper]:
        """The papers that this person may open."""
        held = p.papers.filter(withdrawn_at=None).order_by("document", "id")
        if self.may(What.NAME, p):
            return list(held)
        if not self.may(What.CONTENT, p):
            return []
        open_ = {d.code for d in self.terms.documents if not d.names}
        return [x for x in held if x.document in open_]


def award_code(p: Proposal) -> str:
    return f"{p.run_id[:40]}-{str(p.pk)[:8]}"


def content_of(p: Proposal) -> Content:
    return completeness.content(p.content)


def sort_of(institution: str) -> str:
    found = codelists.institutions().get(institution)
    return found.extra.get("kind", "") if found else ""


def state_of(institution: str) -> str:
    """The State that an institution is of; empty for one of the region or the world."""
    found = codelists.institutions().get(institution)
    state = codelists.states().get(found.extra.get("state", "")) if found else None
    return state.code if state and state.extra.get("kind") == "state" else ""


def names_of(institution: str, state: str) -> list[str]:
    """Every name by which an institution and its State would be known in a text."""
    names = [institution]
    for found in (codelists.institutions().get(institution), codelists.states().get(state)):
        if found:
            extra = found.extra
            names += [found.es, found.en, extra.get("acronym", ""), *extra.get("aliases", "").split("|")]
            names += [extra.get("short_es", ""), extra.get("short_en", "")]
    return list(dict.fromkeys(n for n in names if n))


def room(call: str, user: User | None, now: datetime) -> Room | None:
    """The call as this person finds it; None for one that nobody has opened."""
    run = CallRun.objects.filter(pk=call).first()
    return Room(run, user, now) if run else None


def my_proposals(room: Room) -> list[Proposal]:
    """The proposals that this person may write, drafts and withdrawn ones too."""
    ties = room.ties(room.name)
    held = room.run.proposals.order_by("made_at", "id")
    return [p for p in held if recusals.writes_for(ties, p.institution, p.state)]

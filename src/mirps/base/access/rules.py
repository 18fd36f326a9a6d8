"""Roles and what each may do. Denied unless a line here allows it. Pure: no Django, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

_ANSWER = frozenset({"finding.acknowledge", "finding.explain", "figure.correct"})
_ENTER = frozenset({"figure.record", "entry.write", "entry.submit"})
_WRITE = frozenset({"narrative.write", "narrative.translate"})
_RUN = frozenset(
    {"round.setup", "round.open", "round.close", "round.publish", "embargo.set", "erratum.issue"}
)
#: Who answers for what leaves a State of its own counts.
_RELEASE = frozenset({"release.read", "release.approve"})
#: Who agrees with another State on counting whom both serve.
_LINK = frozenset({"linkage.read", "linkage.sign"})
_REGION = frozenset({"entry.review-region", "entry.approve-region", "watch.read"})


def _all(*domains: str) -> frozenset[str]:
    """Every right in these domains of planning."""
    return frozenset(f"{d}.{right}" for d in domains for right in ("read", "write", "review", "publish"))


def _some(rights: str, *domains: str) -> frozenset[str]:
    return frozenset(f"{d}.{right}" for d in domains for right in rights.split())


#: What planning keeps (planning/records): each domain has read, write, review and publish.
_REGIONAL = ("governance", "calendar", "instrument", "plan", "results", "funding", "call", "project",
             "practice", "learning", "coi", "library", "news")  # fmt: skip
#: What a State's team plans and keeps for itself.
_NATIONAL = ("governance", "calendar", "plan", "results", "project", "practice", "learning", "coi", "library")

_SEARCH = frozenset({"person.search", "person.read"})
#: Who sends people on to another institution, and who answers for those who are sent: one desk does both.
_REFER = frozenset({"referral.read", "referral.act"})
_REGISTER = _SEARCH | _REFER | {"person.register", "person.amend"}
#: Who registers people and keeps their files. `know.…`: which need-to-know facts one is shown. Who answers for
#: the protection of data sees who read what and never reads a file, so that nobody audits themselves.
_REGISTRY: dict[str, frozenset[str]] = {
    "registration-officer": _REGISTER,
    "registration-supervisor": _REGISTER
    | {"person.adjudicate", "person.merge", "person.unhide", "person.export", "device.issue"},
    "protection-officer": _SEARCH | _REFER | {"person.amend", "know.gbv", "know.child"},
    "screening-officer": _SEARCH | {"know.security"},
    "data-protection-officer": frozenset({"reading.read", "retention.run", "glass.review", "person.unhide"}),
}

_CASES = _SEARCH | _REFER | {"case.read", "case.act"}
#: Who carries cases. Which of a procedure's own roles somebody holds, its posts say (casework/cases): a new
#: procedure names new ones without a line here.
_CASEWORK: dict[str, frozenset[str]] = {
    "case-officer": _CASES | {"appointment.book"},
    "case-supervisor": _CASES
    | {"appointment.book", "case.supervise", "letter.template", "interpreter.manage"},
    "legal-officer": frozenset({"procedure.read", "procedure.write", "procedure.publish", "calendar.decree"}),
    "interpreter-desk": frozenset({"person.read", "case.read", "appointment.book", "interpreter.manage"}),
    "body-member": frozenset({"person.read", "case.read", "session.vote"}),
    "session-secretary": frozenset({"person.read", "case.read", "session.run"}),
}

#: role -> the acts it allows. A role held for a State acts on that State alone, one held for an
#: institution or a technical team (its code, as body) on that alone; one held for neither, on the region.
ALLOWED: dict[str, frozenset[str]] = {
    "administrator": frozenset({"people.manage", "node.manage", "watch.read", "linkage.read"}),
    "presidency": _ANSWER | _RUN | _WRITE | _REGION | {"report.publish"} | _all(*_REGIONAL),
    "secretariat": _ANSWER | _RUN | _WRITE | _REGION
    | {"figure.record", "report.build", "report.publish", "round.load", "proposal.read"} | _all(*_REGIONAL),
    "regional-reviewer": frozenset({"finding.explain", "entry.review-region", "watch.read"})
    | _some("read review", *_REGIONAL),
    "focal-point": _ANSWER | _ENTER | _WRITE | _RELEASE | _LINK
    | {"embargo.set", "entry.review", "entry.unlock", "watch.read"}
    | _some("read write review", *_NATIONAL) | _some("read write", "proposal"),
    "state-approver": _ANSWER | _RELEASE | _LINK
    | {"embargo.set", "entry.review", "entry.approve-state", "entry.unlock", "watch.read"}
    | _some("read review publish", *_NATIONAL),
    "institution-reviewer": _ENTER | {"entry.review", "finding.explain"}
    | _some("read write review", "calendar", "plan", "project", "practice", "library") | _some("read", "coi"),
    "data-entry": _ENTER | {"narrative.translate"}
    | _some("read write", "calendar", "plan", "project", "practice", "library") | _some("read", "coi"),
    "team-lead": _all("calendar", "plan", "results", "practice", "learning", "library"),
    "team-member": _some("read write", "calendar", "plan", "results", "practice", "learning", "library"),
    "committee-member": frozenset({"call.read", "proposal.read", "score.write", "project.read"}),
    "applicant": _some("read write", "proposal", "project"),
    "donor": _some("read write", "funding") | {"project.read"},
    "civil-society": _some("read write", "practice"),
    "reader": frozenset(),
    **_REGISTRY,
    **_CASEWORK,
}  # fmt: skip
#: Roles of the region's offices. A State gives none of them for itself, or it could answer for the region
#: what it answered for itself; by virtue of a mandate a State holds them for the region.
OFFICES = frozenset({"presidency", "secretariat", "regional-reviewer"})
#: Roles that act for one institution, team or committee, and for nobody while none is named.
OF_A_BODY = frozenset(
    {
        "team-lead",
        "team-member",
        "committee-member",
        "applicant",
        "donor",
        "civil-society",
        *_REGISTRY,
        *_CASEWORK,
    }
)
#: Acts that only look end so. A role with any other act writes, and needs a second factor.
LOOKING = ".read"
#: Acts that are never done in another's name: who may act is not for a stand-in to decide.
NEVER_LENT = frozenset({"administrator"})
#: The mandate that follows the presidency pro tempore; the others bear a technical team's code.
PRESIDENCY = "presidency"
#: How user names of the demo begin. Nobody else is given such a name.
DEMO_PREFIX = "demo-"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role as held: for `state` (empty: the region), `body` (an institution's code; empty: all of the
    State) and `office` (empty: all of the institution), from `starts` to `ends` inclusive.

    `via` names the mandate by virtue of which it is held ("presidency" or a team's code), and `giver`
    the user name of the person for whom the holder stands in.
    """

    role: str
    state: str
    starts: date
    ends: date | None
    body: str = ""
    via: str = ""
    giver: str = ""
    office: str = ""

    def covers(self, on: date) -> bool:
        return self.starts <= on and (self.ends is None or on <= self.ends)


@dataclass(frozen=True, slots=True)
class Mandate:
    """A State (and, of a team, an institution where one is named) heads `body` from `starts` to `ends`,
    both inclusive; `ends` None: until further notice. `basis` is "stated" when a document gives the first
    day, "year" when only the year it is named for is known."""

    body: str
    state: str
    starts: date
    ends: date | None
    basis: str = "stated"
    institution: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """What the sources say of who heads a body: the year it is named for, and days where they give them.
    `ends` is the day of the handover, which is the successor's first."""

    body: str
    state: str
    year: int
    starts: date | None = None
    ends: date | None = None
    institution: str = ""


def follow(terms: Iterable[Term]) -> list[Mandate]:
    """Mandates without gap or overlap: each lasts until the next begins, the last one stays open.

    Where no source gives a first day it is the first of the year that the term is named for, or the day
    on which the one before handed over. Terms of one body that begin on the same day are held together.
    """
    found: list[Mandate] = []
    by_body: dict[str, list[Term]] = {}
    for t in terms:
        by_body.setdefault(t.body, []).append(t)
    for body in sorted(by_body):
        held = sorted(by_body[body], key=lambda t: (t.year, t.state, t.institution))
        begins = [(t, _first_day(t, held)) for t in held]
        turns = sorted({day for _, day in begins})
        for t, first in begins:
            later = next((day for day in turns if day > first), None)
            last = later - timedelta(days=1) if later else None
            basis = "year" if first == date(t.year, 1, 1) != t.starts else "stated"
            found.append(Mandate(body, t.state, first, last, basis, t.institution))
    return found


def _first_day(term: Term, held: Iterable[Term]) -> date:
    handed_over = [t.ends for t in held if t.year < term.year and t.ends]
    return term.starts or max([date(term.year, 1, 1), *handed_over])


def in_force(held: Iterable[Grant], mandates: Iterable[Mandate]) -> list[Grant]:
    """Roles as they act: one held by virtue of a mandate acts for the region (the lead of a technical team,
    for that team), and only on the days on which its State (and its institution, where the mandate names
    one) holds it."""
    heads = list(mandates)
    found: list[Grant] = []
    for g in held:
        if not g.via:
            found.append(g)
            continue
        for m in heads:
            mine = m.body == g.via and m.state == g.state
            if mine and (not m.institution or not g.body or m.institution == g.body):
                shared = _within(g, m.starts, m.ends)
                body = "" if g.via == PRESIDENCY or g.role in OFFICES else g.via
                found += [replace(shared, state="", body=body)] if shared else []
    return found


def lend(grants: Iterable[Grant], *, giver: str, starts: date, ends: date) -> list[Grant]:
    """What a stand-in may do for `giver`: the giver's own roles, on the days of the delegation.

    What the giver holds as somebody's stand-in is not lent on, nor is the management of people.
    """
    own = [g for g in grants if not g.giver and g.role not in NEVER_LENT]
    return [replace(shared, giver=giver) for g in own if (shared := _within(g, starts, ends))]


def _within(g: Grant, starts: date, ends: date | None) -> Grant | None:
    first = max(g.starts, starts)
    last = min((d for d in (g.ends, ends) if d is not None), default=None)
    return replace(g, starts=first, ends=last) if last is None or first <= last else None


def may(grants: Iterable[Grant], act: str, *, state: str, on: date, body: str = "") -> bool:
    """Whether any role held on that day allows `act` for `state` (a code, or an area) and `body`."""
    return role_for(grants, act, state=state, on=on, body=body) is not None


def role_for(grants: Iterable[Grant], act: str, *, state: str, on: date, body: str = "") -> Grant | None:
    """The role in which `act` is done: one's own before a lent one, the nearest (institution, State,
    region) first. None where none allows it."""
    held = [
        g
        for g in grants
        if act in ALLOWED.get(g.role, frozenset())
        and g.covers(on)
        and g.state in ("", state)
        and g.body in ((body,) if g.role in OF_A_BODY else ("", body))
        and (g.body or g.role not in OF_A_BODY)
    ]
    return min(held, key=lambda g: (bool(g.giver), not g.body, not g.state), default=None)


def writes(role: str) -> bool:
    """Whether a role changes anything: then its holder needs a second factor."""
    return any(not act.endswith(LOOKING) for act in ALLOWED.get(role, ()))


def same_person(by: str, signed: Iterable[str]) -> bool:
    """Segregation of duties: whether `by` has already signed (stated, submitted or approved) what is now
    to be approved. The person who acts counts, in whosever name: a stand-in is not the one stood in for."""
    return by.casefold() in {s.casefold() for s in signed}


def may_vouch(state: str, held: Iterable[Grant], on: date) -> bool:
    """Whether a State's own directory may say who somebody is: only when every role the person holds,
    now or later, is of that State. A State vouches for no one of the region or of another State."""
    lasting = [g for g in held if g.ends is None or g.ends >= on]
    return bool(lasting) and all(g.state == state for g in lasting)

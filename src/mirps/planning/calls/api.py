"""The door to calls."""

from __future__ import annotations

from mirps.planning.calls.actions import (
    CallFault,
    Overtaken,
    answer,
    ask,
    begin,
    extend,
    lacking,
    open_call,
    submit,
    take_back,
    withdraw,
    write,
)
from mirps.planning.calls.closing import closings
from mirps.planning.calls.committee import (
    OUTCOMES,
    agree,
    before_reading,
    before_telling,
    check,
    decide,
    decide_recusal,
    declare,
    excuse,
    give,
    recuse_oneself,
    start_reading,
    undecided,
)
from mirps.planning.calls.completeness import PAYERS, Content, Line, failed, may_apply
from mirps.planning.calls.demo import open_demo_call
from mirps.planning.calls.ledger import Agreement, Asked, Decision, Given, Instalment, Ledger
from mirps.planning.calls.masking import MASK, names_in
from mirps.planning.calls.models import CallEvent, CallRun, Proposal, ProposalPaper, ProposalVersion
from mirps.planning.calls.outcomes import SIDES, sign, tell, write_agreement
from mirps.planning.calls.papers import MOST_PAPERS, attach, open_paper, take_off
from mirps.planning.calls.queries import Room, award_code, content_of, my_proposals, names_of, room
from mirps.planning.calls.ranking import Mark, Place, Proposed, shown
from mirps.planning.calls.recusals import Recusal, Standing, Why, rejectable
from mirps.planning.calls.rules import Fault, Stage, Terms, not_ready, terms
from mirps.planning.calls.seeing import What, may_deliberate, may_score

__all__ = [
    "MASK", "MOST_PAPERS", "OUTCOMES", "PAYERS", "SIDES", "Agreement", "Asked", "CallEvent", "CallFault", "CallRun",
    "Content", "Decision", "Fault", "Given", "Instalment", "Ledger", "Line", "Mark", "Overtaken", "Place", "Proposal",
    "ProposalPaper", "ProposalVersion", "Proposed", "Recusal", "Room", "Stage", "Standing", "Terms", "What", "Why",
    "agree", "answer", "ask", "attach", "award_code", "before_reading", "before_telling", "begin", "check", "closings",
    "content_of", "decide", "decide_recusal", "declare", "excuse", "extend", "failed", "give", "lacking", "may_apply",
    "may_deliberate", "may_score", "my_proposals", "names_in", "names_of", "not_ready", "open_call", "open_demo_call",
    "open_paper",
    "recuse_oneself", "rejectable", "room", "shown", "sign", "start_reading", "submit", "take_back", "take_off",
    "tell", "terms", "undecided", "withdraw", "write", "write_agreement",
]  # fmt: skip

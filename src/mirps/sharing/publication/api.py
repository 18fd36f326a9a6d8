"""The door to publication."""

from __future__ import annotations

from mirps.sharing.publication.actions import (
    HeldUp,
    NewsFault,
    Published,
    leave_out,
    lift_embargo,
    publish_round,
    reasons,
    report_of,
    take_back,
)
from mirps.sharing.publication.letter import Issue, issue, mail, pdf
from mirps.sharing.publication.models import LeftOut, News
from mirps.sharing.publication.news import Part, proposed, told
from mirps.sharing.publication.news import faults as news_faults
from mirps.sharing.publication.queries import approved, facts, held_up_by, public_news, without
from mirps.sharing.publication.rules import Block, Draft, Holds, StateFacts, blocks

__all__ = [
    "Block",
    "Draft",
    "HeldUp",
    "Holds",
    "Issue",
    "LeftOut",
    "News",
    "NewsFault",
    "Part",
    "Published",
    "StateFacts",
    "approved",
    "blocks",
    "facts",
    "held_up_by",
    "issue",
    "leave_out",
    "lift_embargo",
    "mail",
    "news_faults",
    "pdf",
    "proposed",
    "public_news",
    "publish_round",
    "reasons",
    "report_of",
    "take_back",
    "told",
    "without",
]

"""The door to notices: tell people, and read what they were told."""

from __future__ import annotations

from mirps.base.notices.actions import choose, digests, read, seen, tell, try_address_again
from mirps.base.notices.composing import Paths, mail_of
from mirps.base.notices.files import kept, one
from mirps.base.notices.hours import hours, zone
from mirps.base.notices.models import Bounce, Mail, Notice
from mirps.base.notices.queries import (
    UNREAD,
    about,
    bounce,
    choices,
    clock,
    inbox,
    planned,
    rounds_of,
    unread,
    waiting,
)
from mirps.base.notices.rules import (
    CLAIM_HOLDS,
    GIVE_UP_AFTER,
    KINDS,
    About,
    Kind,
    NoticeFault,
    Verdict,
    Way,
    next_try,
    one_line,
)
from mirps.base.notices.sending import Refusal, Tally, hand_over, hang_up, send
from mirps.base.notices.wording import kind_name, times, title, where

__all__ = [
    "CLAIM_HOLDS",
    "GIVE_UP_AFTER",
    "KINDS",
    "UNREAD",
    "About",
    "Bounce",
    "Kind",
    "Mail",
    "Notice",
    "NoticeFault",
    "Paths",
    "Refusal",
    "Tally",
    "Verdict",
    "Way",
    "about",
    "bounce",
    "choices",
    "choose",
    "clock",
    "digests",
    "hand_over",
    "hang_up",
    "hours",
    "inbox",
    "kept",
    "kind_name",
    "mail_of",
    "next_try",
    "one",
    "one_line",
    "planned",
    "read",
    "rounds_of",
    "seen",
    "send",
    "tell",
    "times",
    "title",
    "try_address_again",
    "unread",
    "waiting",
    "where",
    "zone",
]

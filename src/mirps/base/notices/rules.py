"""What is told, how urgently, and when a mail may carry it. Pure: no clock, no Django.

A notice is always in the product. A mail goes at once for the few kinds that a person must act on
or know of now; everything else waits for one digest a day. All times are aware; a person's own day
and hours are those of the time zone of their State.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Way(StrEnum):
    """How a person wants a kind of notice by mail."""

    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"
    NONE = "none"


class NoticeFault(ValueError):
    """A notice that may not be told as given. The message names what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice. `takes`: the values its words may be given, beside the name of the thing."""

    code: str
    way: Way
    takes: frozenset[str] = frozenset()
    always: bool = False  # about the safety of the person's account: at once, whatever they chose

    @property
    def urgency(self) -> str:
        return "now" if self.way is Way.NOW else "digest"

    @property
    def choices(self) -> tuple[Way, ...]:
        """What a person may choose for it. Nothing that waits by nature can be asked for at once."""
        if self.always:
            return (Way.NOW,)
        slow = (Way.DAILY, Way.WEEKLY, Way.NONE)
        return (Way.NOW, *slow) if self.way is Way.NOW else slow


def _kinds(*kinds: Kind) -> dict[str, Kind]:
    return {k.code: k for k in kinds}


#: Every kind that can be told, in the order in which the settings show them.
KINDS: Mapping[str, Kind] = _kinds(
    Kind("account.sign-in", Way.NOW, frozenset({"device"}), always=True),
    Kind("account.password", Way.NOW, always=True),
    Kind("account.second-factor", Way.NOW, always=True),
    Kind("account.e-mail", Way.NOW, always=True),
    Kind("account.role", Way.NOW, frozenset({"role"}), always=True),
    Kind("account.delegation", Way.NOW, always=True),
    Kind("returned", Way.NOW),
    Kind("unlocked", Way.NOW),
    Kind("consent", Way.NOW),
    Kind("erratum", Way.NOW, frozenset({"number"})),
    Kind("reminder", Way.DAILY),
    Kind("agreement", Way.DAILY),
    Kind("question", Way.DAILY),
    Kind("comment", Way.DAILY),
    Kind("submitted", Way.DAILY),
    Kind("approved", Way.DAILY),
    Kind("contradiction", Way.DAILY),
    Kind("translation", Way.DAILY),
    Kind("watch", Way.DAILY, frozenset({"missing", "late"})),
    Kind("opened", Way.DAILY),
    Kind("extended", Way.DAILY),
    Kind("closed", Way.DAILY),
    Kind("published", Way.DAILY),
    Kind("record.returned", Way.NOW, frozenset({"record"})),
    Kind("record.submitted", Way.DAILY, frozenset({"record"})),
    Kind("record.published", Way.DAILY, frozenset({"record"})),
    Kind("record.withdrawn", Way.DAILY, frozenset({"record"})),
    Kind("call.result", Way.NOW),
    Kind("call.agreement", Way.NOW),
    Kind("call.extended", Way.NOW),
    Kind("call.ties", Way.DAILY),
    Kind("call.reading", Way.DAILY),
    Kind("call.asked", Way.DAILY),
    Kind("call.answered", Way.DAILY),
    Kind("custody.glass", Way.NOW),
    Kind("custody.glass-reviewed", Way.NOW),
    Kind("custody.limit", Way.NOW),
    Kind("custody.request", Way.NOW),
    Kind("custody.decided", Way.NOW),
    Kind("window.came", Way.DAILY),
    Kind("window.complaint", Way.NOW),
    Kind("webhook.off", Way.NOW),
    Kind("referral.came", Way.NOW),
    Kind("referral.answered", Way.DAILY),
    Kind("referral.due", Way.DAILY),
    Kind("linkage.asked", Way.DAILY),
    Kind("linkage.step", Way.DAILY),
    Kind("linkage.result", Way.DAILY),
    Kind("linkage.ended", Way.DAILY),
)


def kind_of(code: str) -> Kind:
    """The kind of a notice that was told; one that the product no longer tells waits for the digest."""
    return KINDS.get(code) or Kind(code, Way.DAILY)


#: The name of the thing, as the round's files have it in both languages; given together or not at all.
NAMES = frozenset({"what_es", "what_en"})
LONGEST_NAME, LONGEST_VALUE = 200, 80
#: How long each part of what a notice is about may be.
LONGEST_PART = {"round": 40, "state": 5, "institution": 60, "section": 80, "figure": 120}


@dataclass(frozen=True, slots=True)
class About:
    """What a notice is about, from the large to the small. Parts that are not meant stay empty."""

    round: str = ""
    state: str = ""
    institution: str = ""
    section: str = ""
    figure: str = ""

    @property
    def key(self) -> str:
        return "/".join((self.round, self.state, self.institution, self.section, self.figure))


def checked(kind: str, about: About, params: Mapping[str, object]) -> tuple[Kind, dict[str, str | int]]:
    """The kind and its values, if it may be told so. Raises NoticeFault.

    The values are few and short, each named by its kind, so that nothing that somebody wrote, nothing
    about a displaced person and no value of a figure travels in a notice. Each is made one line: what a
    browser or a file says of itself must not keep anybody from signing in or sending back.
    """
    found = KINDS.get(kind)
    if found is None:
        raise NoticeFault(f"there is no kind of notice {kind!r}; there are {', '.join(KINDS)}")
    if set(params) - NAMES != found.takes:
        raise NoticeFault(f"a notice {kind!r} takes {', '.join(sorted(found.takes)) or 'nothing'}")
    if len(NAMES & set(params)) == 1:
        raise NoticeFault("give what_es and what_en together")
    values: dict[str, str | int] = {}
    for name, value in params.items():
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise NoticeFault(f"{name} must be a short text or a whole number")
        longest = LONGEST_NAME if name in NAMES else LONGEST_VALUE
        values[name] = one_line(value, longest) if isinstance(value, str) else value
    for name, most in LONGEST_PART.items():
        part = getattr(about, name)
        if one_line(part, most) != part or "|" in part:
            raise NoticeFault(f"{part!r} cannot be the {name} that a notice is about")
    return found, values


def one_line(text: str, most: int = 200) -> str:
    """Text for a header or a name: one line, no control or formatting character, at most `most` long."""
    plain = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return " ".join(plain.split())[:most].rstrip()


def way(kind: Kind, chosen: str | None) -> Way:
    """How the kind goes to somebody who chose `chosen`. What they may not choose does not count."""
    return Way(chosen) if chosen in kind.choices else kind.way


# --- when


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of an installation: when no mail disturbs, when digests go, how many mails are too many."""

    quiet_from: time
    quiet_to: time
    digest_at: time
    weekly_on: int  # 0: Monday
    most_an_hour: int

    def __post_init__(self) -> None:
        if self.quiet(self.digest_at):
            raise ValueError("the digest would go in the quiet hours")
        if not 0 <= self.weekly_on <= 6 or self.most_an_hour < 1:
            raise ValueError("weekly_on is 0 to 6 and most_an_hour at least 1")

    def quiet(self, at: time) -> bool:
        """Whether that time of day is among the quiet hours (which may run over midnight)."""
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= at < self.quiet_to
        return at >= self.quiet_from or at < self.quiet_to


def moment_before(now: datetime, zone: ZoneInfo, hours: Hours, *, weekly: bool) -> datetime:
    """The last time, at or before `now`, at which a digest was due by the clock of that zone."""
    local = now.astimezone(zone)
    day = local.date()
    if local.time() < hours.digest_at:
        day -= timedelta(days=1)
    if weekly:
        day -= timedelta(days=(day.weekday() - hours.weekly_on) % 7)
    return datetime.combine(day, hours.digest_at, tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that no mail has carried yet (or not its last telling)."""

    id: int
    way: Way
    since: datetime  # when the first telling that waits was told
    always: bool = False
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What one pass does for one person: a mail now, a digest, what folds into the next digest, what
    wants no mail at all. The rest goes on waiting."""

    now: tuple[int, ...] = ()
    digest: tuple[int, ...] = ()
    fold: tuple[int, ...] = ()
    drop: tuple[int, ...] = ()


def plan(
    waiting: Iterable[Waiting],
    *,
    now: datetime,
    zone: ZoneInfo,
    hours: Hours,
    mails_this_hour: int,
    last_digest: date | None,
) -> Plan:
    """What to mail to a person at `now`.

    At most one mail at once in a pass, holding everything urgent, and at most `hours.most_an_hour` of
    them in any hour: what comes after folds into the digest, save what is about the account, which waits
    for the next free place. In the quiet hours only what is about the account goes. At most one digest
    on each of the person's days.
    """
    held = tuple(waiting)
    quiet = hours.quiet(now.astimezone(zone).time())
    urgent = [w for w in held if w.way is Way.NOW and not w.folded and (w.always or not quiet)]
    free = mails_this_hour < hours.most_an_hour
    fold = () if free else tuple(w.id for w in urgent if not w.always)
    return Plan(
        now=tuple(w.id for w in urgent) if free else (),
        digest=_digest(held, fold, now, zone, hours, last_digest, quiet=quiet),
        fold=fold,
        drop=tuple(w.id for w in held if w.way is Way.NONE and not w.folded),
    )


def _digest(
    held: tuple[Waiting, ...],
    fold: tuple[int, ...],
    now: datetime,
    zone: ZoneInfo,
    hours: Hours,
    last_digest: date | None,
    *,
    quiet: bool,
) -> tuple[int, ...]:
    today = now.astimezone(zone).date()
    if quiet or (last_digest is not None and last_digest >= today):
        return ()
    daily = moment_before(now, zone, hours, weekly=False)
    weekly = moment_before(now, zone, hours, weekly=True)
    every_day = [w for w in held if w.folded or w.way is Way.DAILY or w.id in fold]
    once_a_week = [w for w in held if w.way is Way.WEEKLY and not w.folded and w.since < weekly]
    if not once_a_week and not any(w.since < daily for w in every_day):
        return ()
    chosen = {w.id for w in (*every_day, *once_a_week)}
    return tuple(w.id for w in held if w.id in chosen)


# --- sending

#: A claim older than this is that of a sender that died; a pass is stopped long before.
CLAIM_HOLDS = timedelta(minutes=15)
#: How long a server is asked again before a mail is given up (RFC 5321, 4.5.4.1: four to five days).
GIVE_UP_AFTER = timedelta(days=5)
LONGEST_WAIT = timedelta(hours=4)


def next_try(tries: int) -> timedelta:
    """How long to wait after the `tries`-th try failed: 1, 2, 4 … minutes, at most four hours."""
    return min(timedelta(minutes=2 ** min(max(tries, 1) - 1, 12)), LONGEST_WAIT)


class Verdict(StrEnum):
    """What a failed try says."""

    BOUNCED = "bounced"  # of the address: no mail will reach it
    LATER = "later"  # of this mail: try it again later
    SERVER = "server"  # of the server, or of how it is set: no other mail would fare better now


_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
#: Replies that are of the mailbox where the server gives no enhanced code (RFC 5321, 4.2.3).
_OF_THE_MAILBOX = frozenset({550, 551, 553})


def verdict(code: int, reply: str, *, at_recipient: bool) -> Verdict:
    """What an SMTP reply means for the address (RFC 5321; enhanced codes of RFC 3463).

    A refusal for policy (relaying denied, mail taken for spam) is never held against the address:
    it is the server's setting, and would mark everybody's address as dead in one minute.
    """
    if code == 421:
        return Verdict.SERVER
    if not 500 <= code <= 599:
        return Verdict.LATER
    found = _ENHANCED.search(reply[:200])
    if found:
        of_the_address = found[2] in ("1", "2")  # addressing, mailbox
        return Verdict.BOUNCED if of_the_address else Verdict.LATER
    return Verdict.BOUNCED if at_recipient and code in _OF_THE_MAILBOX else Verdict.LATER

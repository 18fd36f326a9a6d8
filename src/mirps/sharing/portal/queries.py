"""The shelf of the present version, made from the database once and then kept.

A figure is never overwritten and each change says what it was about, so a new version takes over
all that the last one held and reads only what changed.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from mirps.evidence.figures import api as figures
from mirps.evidence.findings import api as findings
from mirps.evidence.rounds.api import Round, Stage
from mirps.sharing.portal.shelf import Doubt, Reply, RoundInfo, Shelf, Stock

_lock = threading.Lock()
_kept: Shelf | None = None


def shelf(at: datetime | None = None, token: str = "") -> Shelf:
    """What the public may read at `at` (now). `token`: the version, where it was read already."""
    at = at or timezone.now()
    token = token or figures.cache_token(at)
    global _kept
    found = _kept
    if found is not None and found.token == token:
        return found
    with _lock:
        found = _kept
        if found is None or found.token != token:
            found = _kept = _settled(token, at) if found is None else after(found, token, at)
    return found


def _settled(token: str, at: datetime) -> Shelf:
    """The shelf read whole, to stay.

    Thousands of figures that live as long as the process are kept out of the collector's rounds,
    each of which would otherwise hold up some reader's page for tens of milliseconds.
    """
    made = whole(token, at)
    gc.collect()
    gc.freeze()
    return made


def forget() -> None:
    """Throw the kept shelf away (a test's database is not the next one's)."""
    global _kept
    _kept = None


def whole(token: str, at: datetime) -> Shelf:
    """The shelf read whole. The moment is read first: it may hold more than that says, never less."""
    moment = figures.ledger_moment()
    closed = frozenset(figures.embargoes(at))
    return Shelf(
        token=token,
        version=figures.version_of(token),
        at=moment,
        stock=Stock.of(figures.published(closed)),
        measures=figures.measures(),
        closed=closed,
        rounds=_rounds(),
        held={d.code: d for d in _doubts()},
    )


def after(last: Shelf, token: str, at: datetime) -> Shelf:
    """The shelf after what changed since the last one; read whole where that is not told."""
    public = figures.version_of(token)
    changes = figures.changes_since(last.at, public)
    if changes.figures is None or changes.findings is None:
        return replace(_settled(token, at), lines=last.lines)
    closed = frozenset(figures.embargoes(at))
    stock = last.stock
    if closed != last.closed:
        stock = stock.changed(stock.under(closed))
    if ids := changes.figures:
        now = {e.figure.id: e for e in figures.published(closed, ids)}
        stock = stock.changed({id_: now.get(id_) for id_ in sorted(ids)})
    held = last.held
    if codes := changes.findings:
        held = {code: d for code, d in held.items() if code not in codes}
        held |= {d.code: d for d in _doubts(codes)}
    made = replace(
        last, token=token, version=public, at=changes.until, stock=stock, closed=closed, rounds=_rounds(),
        held=held,
    )  # fmt: skip
    _keep_what_is_the_same(made, last, changes.figures)
    return made


def _keep_what_is_the_same(made: Shelf, last: Shelf, changed: Collection[str]) -> None:
    """Lists that are as they were stay the same objects, so that what was made of them is kept.
    `changed`: the figures that may have become public, or ceased to be."""
    if made.rounds == last.rounds:
        made.rounds = last.rounds
    if made.held is last.held:
        made.named = last.named
    moved = {id_ for id_ in changed if (id_ in made.public) != (id_ in last.public)}
    untouched = made.held is last.held and made.closed == last.closed and made.named.isdisjoint(moved)
    if untouched or (made.doubts == last.doubts and list(made.doubts) == list(last.doubts)):
        made.doubts, made.doubts_about, made.doubts_of = last.doubts, last.doubts_about, last.doubts_of


def _rounds() -> tuple[RoundInfo, ...]:
    """The rounds that the public knows of: those that were loaded or published, not those still worked in."""
    known = Round.objects.filter(stage__in=(Stage.LOADED, Stage.PUBLISHED)).order_by("-ends", "code")
    rows = known.values_list("code", "title_es", "title_en", "starts", "ends")
    return tuple(RoundInfo(*row) for row in rows)


_FINDING = (
    "pk",
    "code",
    "round",
    "kind",
    "severity",
    "state",
    "figures",
    "stated",
    "expected",
    "params",
    "found_at",
)
_ANSWER = ("finding_id", "kind", "role", "by", "at", "reason_es", "reason_en", "figure")


def _doubts(codes: Collection[str] | None = None) -> Iterable[Doubt]:
    """Findings that the last checks still found, or those of `codes` among them."""
    answers, held = (
        findings.Answer.objects.order_by("at", "id"),
        findings.Finding.objects.filter(gone_at=None),
    )
    if codes is not None:
        answers, held = answers.filter(finding__code__in=codes), held.filter(code__in=codes)
    replies: dict[int, list[Reply]] = {}
    for finding, *rest in answers.values_list(*_ANSWER):
        replies.setdefault(finding, []).append(Reply(*rest))
    for pk, code, round_, kind, severity, state, ids, stated, expected, params, at in held.order_by(
        "code"
    ).values_list(*_FINDING):
        given = tuple(replies.get(pk, ()))
        standing = findings.standing(r.kind for r in given)
        yield Doubt(
            code, round_, kind, severity, state, tuple(ids), stated, expected, params, at, standing, given
        )

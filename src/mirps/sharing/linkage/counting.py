"""Counting: whoever compares opens a count, each State sends its rows once, they are compared, and counts go back.

The rows are sealed to a key made for this count alone, which whoever compares forgets when they were compared: the
packages that stay, as all packages do, can then be opened by nobody.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import pyrage
from django.db import transaction
from pyrage import x25519

from mirps.base.audit import api as audit
from mirps.base.crypto import api as crypto
from mirps.evidence.disclosure import api as disclosure
from mirps.people.linkage import api as linkage
from mirps.people.linkage.api import WAYS, LinkageFault, Rows
from mirps.sharing.exchange import api as exchange
from mirps.sharing.linkage import rules
from mirps.sharing.linkage.actions import held_of, private_of, send
from mirps.sharing.linkage.models import Agreement, Count, Piece, place_of
from mirps.sharing.linkage.queries import terms_of
from mirps.sharing.linkage.rules import LinkageRefused, Terms

#: Bytes of sealed rows in one package: with Base64 and what belongs to it, well under what a package may weigh.
PIECE = 24 * 1024 * 1024
MOST_PIECES = 200
TOTAL = "_T"


def in_force(agreement: UUID, *, at: datetime, locked: bool = True) -> tuple[Agreement, Terms]:
    """`locked`: until the transaction ends. Raises LinkageRefused 'none', 'unsigned', 'ended'."""
    held, terms = held_of(agreement, locked=locked)
    sealed = list(held.seals.order_by("node").values_list("node", flat=True))
    rules.prove_in_force(terms, sealed, ended=held.ended_at is not None, on=at.date())
    return held, terms


@transaction.atomic
def open_(*, agreement: UUID, by: str, at: datetime) -> Count:
    """Begin this period's count, at whoever compares. Raises LinkageRefused 'not-comparer', 'again'."""
    held, terms = in_force(agreement, at=at)
    if exchange.node() != terms.comparer:
        raise LinkageRefused("not-comparer", comparer=terms.comparer)
    period = rules.period(terms.every, at.date())
    if held.counts.filter(period=period).exists():
        raise LinkageRefused("again", period=period)
    held.counts.update(secret=None)  # of a count whose rows never came, too
    secret = x25519.Identity.generate()
    made = Count.objects.create(
        agreement=held, period=period, recipient=str(secret.to_public()), opened_at=at
    )
    made.secret = crypto.sealer().seal(str(secret), place_of(made))
    made.save(update_fields=["secret"])
    for code in terms.states:
        send(code, {"what": "open", "agreement": str(held.pk), "period": period, "recipient": made.recipient},
             about=held, by=by, at=at)  # fmt: skip
    audit.record(by=by, at=at, act="linkage.opened", subject=str(held), detail={"period": period})
    return made


def encode(*, agreement: UUID, by: str, at: datetime) -> Count:
    """Send this State's rows for the count that is open, once. A million people take minutes, in which nobody waits.

    Raises LinkageRefused 'not-ours', 'scheme', 'not-open', 'again'; LinkageFault.
    """
    row, terms = _to_be_sent(agreement, at=at)
    key = key_of(row.agreement, terms)
    partner = terms.partner(exchange.node())
    made = linkage.register(state=exchange.node(), partner=partner, key=key, period=row.period, at=at)
    data = linkage.packed(made.rows, linkage.scheme(), key)
    sealed = pyrage.encrypt(data, [x25519.Recipient.from_str(row.recipient)])
    pieces = [sealed[n : n + PIECE] for n in range(0, len(sealed), PIECE)]
    with transaction.atomic():
        # Nobody else was quicker, and nobody ended it meanwhile.
        row, _ = _to_be_sent(agreement, at=at, locked=True)
        held = row.agreement
        for number, piece in enumerate(pieces, 1):
            send(terms.comparer, {"what": "rows", "agreement": str(held.pk), "period": row.period, "piece": number,
                 "of": len(pieces), "sealed": b64encode(piece).decode()}, about=held, by=by, at=at)  # fmt: skip
        row.sent_at, row.sent = at, {"rows": len(made.rows), **made.left_out}
        row.save(update_fields=["sent_at", "sent"])
        detail = {"period": row.period, **row.sent}
        audit.record(by=by, at=at, act="linkage.sent", subject=str(held), detail=detail)
    return row


def _to_be_sent(agreement: UUID, *, at: datetime, locked: bool = False) -> tuple[Count, Terms]:
    """The count for which this State has yet to send its rows."""
    held, terms = in_force(agreement, at=at, locked=locked)
    if exchange.node() not in terms.states:
        raise LinkageRefused("not-ours", node=exchange.node())
    rules.prove_scheme(terms, linkage.scheme().digest)
    period = rules.period(terms.every, at.date())
    row = held.counts.filter(period=period).first()
    if row is None:
        raise LinkageRefused("not-open", period=period, comparer=terms.comparer)
    if row.sent_at is not None:
        raise LinkageRefused("again", period=period)
    return row, terms


def key_of(held: Agreement, terms: Terms) -> bytes:
    theirs = held.seals.get(node=terms.partner(exchange.node()))
    return rules.key_of(private_of(held), bytes.fromhex(theirs.share), terms)


def compare(*, agreement: UUID, by: str, at: datetime) -> Count:
    """Compare both registers' rows, keep protected counts, tell both States, and forget what opens the rows.

    Raises LinkageRefused 'not-open', 'waiting', 'cannot-open', 'rows', 'unprotected'; LinkageFault 'key'.
    """
    row, terms = _to_be_compared(agreement, at=at)
    secret = x25519.Identity.from_str(crypto.sealer().open(bytes(row.secret or b""), place_of(row)))
    (one, its), (other, theirs) = (_rows(row, code, secret) for code in terms.states)
    linkage.prove_alike(its, theirs)
    table = _table(linkage.counted(one, other, linkage.scheme()))
    kept, result = _protected(table, terms, row.agreement)
    with transaction.atomic():
        still, _ = _to_be_compared(agreement, at=at, locked=True)
        if still != row:  # the next count was opened meanwhile, and these rows are of the one before
            raise LinkageRefused("not-open", period=row.period, comparer=terms.comparer)
        held = still.agreement
        row.kept, row.result, row.compared_at, row.secret = kept, result, at, None
        row.save(update_fields=["kept", "result", "compared_at", "secret"])
        for code in terms.states:
            send(code, {"what": "result", "agreement": str(held.pk), "period": row.period, "result": result},
                 about=held, by=by, at=at)  # fmt: skip
        detail = {"period": row.period, "hidden": result["hidden"]}
        audit.record(by=by, at=at, act="linkage.compared", subject=str(held), detail=detail)
    return row


def _to_be_compared(agreement: UUID, *, at: datetime, locked: bool = False) -> tuple[Count, Terms]:
    held, terms = in_force(agreement, at=at, locked=locked)
    row = held.counts.filter(compared_at=None, secret__isnull=False).first()
    if row is None:
        raise LinkageRefused("not-open", period=rules.period(terms.every, at.date()), comparer=terms.comparer)
    return row, terms


def whole(row: Count, code: str) -> bool:
    """Whether all of a State's rows are there."""
    return _are_all(list(row.pieces.filter(node=code)))


def _are_all(pieces: list[Piece]) -> bool:
    return bool(pieces) and len(pieces) == pieces[0].of


def _rows(row: Count, code: str, secret: x25519.Identity) -> tuple[Rows, str]:
    pieces = list(row.pieces.filter(node=code).order_by("number").select_related("package"))
    if not _are_all(pieces):
        raise LinkageRefused("waiting", node=code, have=len(pieces), of=pieces[0].of if pieces else "?")
    sealed = b"".join(b64decode(exchange.content_of(bytes(p.package.body))["sealed"]) for p in pieces)
    try:
        data = pyrage.decrypt(sealed, [secret])
    except pyrage.DecryptError:
        raise LinkageRefused("cannot-open", node=code) from None
    try:
        return linkage.unpacked(data, linkage.scheme())
    except LinkageFault as fault:
        raise LinkageRefused("rows", node=code) from fault


# --- protecting


def _dimensions() -> list[disclosure.Dimension]:
    groups = linkage.scheme().groups
    named = [disclosure.flat("way", WAYS)]
    return named + [
        disclosure.flat(name, [f"n{n}" for n in range(len(members))]) for name, members in groups.items()
    ]


def _table(leaves: Any) -> disclosure.Table:
    """Counts by number of group, with all margins; the totals stand first in each dimension."""
    padded = np.zeros([n + 1 for n in leaves.shape])
    padded[tuple(slice(1, None) for _ in leaves.shape)] = leaves
    return disclosure.table(_dimensions(), padded)


def _protected(
    table: disclosure.Table, terms: Terms, held: Agreement
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is kept for the next count, and what may be told. Raises LinkageRefused 'unprotected'."""
    by = disclosure.rules()["default"]
    by = replace(by, threshold=max(by.threshold, terms.threshold))
    done = disclosure.protect(table, by, earlier=list(_earlier(held)))
    if done.refused:
        raise LinkageRefused("unprotected", cells=len(done.hopeless) or len(done.audit.narrow))
    values, hidden = table.values.ravel(), done.hidden
    kept = {"values": values.tolist(), "hidden": hidden.tolist(), "up": done.marked.up.tolist(),
            "down": done.marked.down.tolist()}  # fmt: skip
    cells = [
        {"key": list(table.key(n)), "value": None if hidden[n] else int(values[n])}
        for n in range(len(values)) if hidden[n] or values[n]
    ]  # fmt: skip
    return kept, {"cells": cells, "hidden": int(hidden.sum()), "threshold": by.threshold}


def _earlier(held: Agreement) -> Iterator[disclosure.Release]:
    """Counts before this one under the same agreement, and so under the same numbers of groups."""
    shape = [len(d.members) for d in _dimensions()]
    for row in held.counts.exclude(kept={}).order_by("opened_at"):
        kept = row.kept
        values = np.array(kept["values"]).reshape(shape)
        whole = disclosure.Table(tuple(_dimensions()), values, np.ones(shape, np.bool_))
        yield disclosure.Release(
            whole, np.array(kept["hidden"], np.bool_), np.array(kept["up"]), np.array(kept["down"])
        )


def cells(row: Count) -> list[dict[str, Any]]:
    """What a State is told of a count, its groups by their names: `value` None where it is suppressed. Cells of which
    there is nobody, and that may be said, are not listed."""
    held = row.agreement
    key, scheme = key_of(held, terms_of(held)), linkage.scheme()
    names = ["way", *scheme.groups]
    explained = {
        (name, f"n{n}"): linkage.explained(scheme, key, name, n)
        for name, members in scheme.groups.items() for n in range(len(members))
    }  # fmt: skip
    out = []
    for cell in row.result.get("cells", ()):
        told = dict(zip(names, cell["key"], strict=True))
        out.append({n: explained.get((n, v), v) for n, v in told.items()} | {"value": cell["value"]})
    return out


def margin(told: Sequence[Mapping[str, Any]], *kept: str) -> list[Mapping[str, Any]]:
    """The cells that are totals in every dimension but these."""
    return [c for c in told if all((v == TOTAL) != (n in kept) for n, v in c.items() if n != "value")]


#: A member of a dimension, and how many of it by way; None where it is suppressed.
Line = tuple[str, Mapping[str, int | None]]


def crossed(told: Sequence[Mapping[str, Any]], name: str) -> list[Line]:
    """How many of each member of a dimension, by way and in all; all of it first. Who is not listed is nobody."""
    free = {name, "way", "value"}
    known = {
        (c[name], c["way"]): c["value"]
        for c in told
        if all(v == TOTAL for n, v in c.items() if n not in free)
    }
    members = (TOTAL, *linkage.scheme().groups[name])
    return [(m, {way: known.get((m, way), 0) for way in (TOTAL, *WAYS)}) for m in members]

"""How long packages are kept, and how old keys grow: a rule of data/exchange/keeping.yaml, and what it lets go of.

The contents of a package go, its head stays: a lane's links and outcomes can always be told, and no number is used
twice. Whoever is restored from a backup older than the rule is told that what it lost is no longer here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.db.models.functions import Length

from mirps.base.audit import api as audit
from mirps.base.codelists import api as codelists
from mirps.base.refusal import Refusal
from mirps.sharing.exchange import lists
from mirps.sharing.exchange.keys import node
from mirps.sharing.exchange.models import Package, TurnedAway

#: No rule keeps packages for less: a lane that is dead for a season must find them.
LEAST_DAYS = 30
_SETTLED = (Package.TAKEN, Package.REFUSED)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Keeping:
    packages: timedelta
    away: timedelta
    keys: timedelta


@dataclass(frozen=True, slots=True)
class Gone:
    """What was let go of, or would be: packages, their bytes, entries of what was turned away."""

    packages: int = 0
    size: int = 0
    away: int = 0


def read(path: Path) -> Keeping:
    """Raises Refusal naming the file and the key that lacks or is wrong, with the remedy."""
    found = {}
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise Refusal(
            "exchange.fault.keeping", file=path.name, key=str(fault)[:200], least=LEAST_DAYS
        ) from None
    for name in ("packages", "away", "keys"):
        rule = given.get(name) if isinstance(given, dict) else None
        days = rule.get("days") if isinstance(rule, dict) else None
        if not isinstance(days, int) or isinstance(days, bool) or not LEAST_DAYS <= days <= 36500:
            raise Refusal("exchange.fault.keeping", file=path.name, key=f"{name}.days", least=LEAST_DAYS)
        found[name] = timedelta(days=days)
    return Keeping(**found)


@cache
def keeping() -> Keeping:
    return read(codelists.data_folder() / "exchange" / "keeping.yaml")


def _due(at: datetime) -> QuerySet[Package]:
    """Packages whose contents nobody needs any more: settled long ago, here and there."""
    old = Package.objects.filter(state__in=_SETTLED, number__gt=0, settled_at__lt=at - keeping().packages)
    return old.exclude(body=b"").exclude(pk__in=lists.latest().values("pk")).order_by("pk")


def tidy(*, by: str, at: datetime, dry: bool) -> Gone:
    """Let go of what is kept too long, or (`dry`) say how much that is."""
    old = TurnedAway.objects.filter(at__lt=at - keeping().away)
    counted = _due(at).aggregate(size=Sum(Length("body")))
    found = Gone(_due(at).count(), counted["size"] or 0, old.count())
    if dry or not (found.packages or found.away):
        return found
    while keys := list(_due(at).values_list("pk", flat=True)[:_AT_ONCE]):
        Package.objects.filter(pk__in=keys).update(body=b"")
    with transaction.atomic():
        old.delete()
        audit.record(
            by=by, at=at, act="node.tidied", subject=f"node {node()}",
            detail={"packages": found.packages, "bytes": found.size, "away": found.away},
        )  # fmt: skip
    return found


def tidy_daily(*, by: str, at: datetime) -> Gone:
    """The same once a day: nothing in the passes between."""
    mark = Path(settings.HOME) / "exchange" / "tidied"
    if mark.exists() and at.timestamp() - mark.stat().st_mtime < 24 * 3600:
        return Gone()
    found = tidy(by=by, at=at, dry=False)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    return found

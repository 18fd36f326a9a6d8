"""Reading records: one, those of a kind, a tree, what names what, and all as known on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from mirps.planning.records.flow import Step, as_known
from mirps.planning.records.models import Change, Comment, Record
from mirps.planning.records.vocabulary import kinds


def get(key: str) -> Record:
    """Raises Record.DoesNotExist."""
    return Record.objects.get(pk=key)


def of_kind(kind: str, *, state: str | None = None, body: str | None = None) -> QuerySet[Record]:
    """Records of a kind in their order, drafts and withdrawn ones too. `public` None: not in force."""
    found = Record.objects.filter(kind=kind).order_by("parent", "place", "key")
    if state is not None:
        found = found.filter(state=state)
    return found if body is None else found.filter(body=body)


def in_force(*kind: str) -> list[Record]:
    """The records of these kinds that are in force, whoever may read them, in their order."""
    found = Record.objects.filter(kind__in=kind, public__isnull=False).order_by(
        "kind", "parent", "place", "key"
    )
    return list(found.defer("data", "words_es", "words_en"))


def tree(root: str) -> list[Record]:
    """A record and everything under it, whatever the depth; by parent, then place."""
    found = Record.objects.filter(root=root).order_by("parent", "place", "key")
    return list(found.defer("words_es", "words_en"))


def under(key: str) -> QuerySet[Record]:
    return Record.objects.filter(parent=key).order_by("place", "key")


def naming(key: str, field: str | None = None, *, kind: str = "", public: bool = True) -> list[Record]:
    """The records that name this one (in a field), each once. `public`: those whose text in force does."""
    found = Record.objects.filter(links__target=key)
    if field is not None:
        found = found.filter(links__field=field)
    if public:
        found = found.filter(links__public=True)
    if kind:
        found = found.filter(kind=kind)
    return list(found.order_by("kind", "place", "key").distinct())


def titled(keys: Iterable[str], lang: str, *, drafts: bool = False) -> dict[str, str]:
    """What records are called, by key; a record that may not be told of (not in force) is left out."""
    out = {}
    for r in Record.objects.filter(pk__in=set(keys)).order_by().only("key", "kind", "public", "data"):
        held = r.public if r.public is not None else (r.data if drafts else None)
        if held is not None:
            out[r.key] = title(r.kind, held, lang) or r.key
    return out


def title(kind: str, data: dict[str, Any], lang: str) -> str:
    """What a record is called in a language; in the other where it has none in this."""
    held = data.get(kinds()[kind].title) or ""
    if isinstance(held, str):
        return held
    return str(held.get(lang) or held.get("en" if lang == "es" else "es") or "")


def history(key: str) -> list[Change]:
    """Every change of a record, oldest first."""
    return list(Change.objects.filter(record=key).order_by("number"))


def comments(key: str) -> list[Comment]:
    return list(Comment.objects.filter(record=key).order_by("at", "id"))


def as_known_on(at: datetime, *kind: str) -> dict[str, dict[str, Any]]:
    """What of these kinds was in force and known at a moment, by key."""
    return _known(Change.objects.filter(record__kind__in=kind), at)


def as_known_under(root: str, at: datetime) -> dict[str, dict[str, Any]]:
    """What of a tree was in force and known at a moment, by key."""
    return _known(Change.objects.filter(record__root=root), at)


def as_known_of(key: str, at: datetime) -> dict[str, Any] | None:
    """What of one record was in force and known at a moment; None where nothing was."""
    return _known(Change.objects.filter(record=key), at).get(key)


def _known(changes: QuerySet[Change], at: datetime) -> dict[str, dict[str, Any]]:
    out = {}
    for key, steps in _steps(changes.filter(known_at__lte=at)).items():
        held = as_known(steps, kinds()[key.partition("/")[0]].flow, at)
        if held is not None:
            out[key] = held
    return out


def statements(*kind: str) -> dict[str, list[Step]]:
    """Every change of the records of these kinds in the order in which it became known, by key: what one
    document after another said."""
    return _steps(Change.objects.filter(record__kind__in=kind))


def _steps(changes: QuerySet[Change]) -> dict[str, list[Step]]:
    out: dict[str, list[Step]] = {}
    for c in changes.order_by("record", "known_at", "number"):
        out.setdefault(c.record_id, []).append(c.step)
    return out

"""Writing a version, signing it, publishing it: two people, one audit entry for each act."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from mirps.base.access.rules import same_person
from mirps.base.audit import api as audit
from mirps.base.codelists.api import data_folder
from mirps.casework.editions import queries, rules
from mirps.casework.editions.models import Edition
from mirps.casework.editions.rules import EditionFault
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures.api import Procedure

LARGEST = 512 * 1024
_HEAD = re.compile(r"^(procedure|version):\s*[\"']?([\w.]+)[\"']?\s*$", re.M)


def _head(text: str) -> dict[str, str]:
    """The procedure and the version that a text says it is, where it does."""
    return dict(_HEAD.findall(text[:4000]))


def source(name: str, version: str) -> str:
    """The text of a version, of a file or published here. Raises EditionFault for none."""
    row = Edition.objects.filter(procedure=name, version=version, published_at__isnull=False).first()
    if row is not None:
        return row.text
    for path in sorted((data_folder() / "procedures").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        if _head(text) == {"procedure": name, "version": version}:
            return text
    raise EditionFault("editions.fault.none")


def copy(name: str, version: str, *, new: str, by: str, at: datetime) -> Edition:
    """Begin a version from one that stands: its text, under a version of its own, with every stage followed."""
    p = procedures.procedures().get(name, {}).get(version)
    if p is None:
        raise EditionFault("editions.fault.none")
    text = re.sub(r"^version:.*$", f'version: "{new}"', source(name, version), count=1, flags=re.M)
    if f'version: "{new}"' not in text or not re.fullmatch(r"[0-9A-Za-z.]{1,20}", new):
        raise EditionFault("editions.fault.version", found=new[:40])
    held = [v for v in procedures.procedures()[name] if v != new]
    text = _without(text, "follows").rstrip("\n") + "\n\nfollows:\n"
    text += "".join(f'  "{v}": {{}}\n' for v in held)
    return _begun(p.state, p.authority, name, new, p.rule, text, by=by, at=at)


def begin(text: str, *, state: str, institution: str, by: str, at: datetime) -> Edition:
    """Begin a procedure that nobody here has yet, from a text."""
    head = _head(text)
    return _begun(state, institution, head.get("procedure", "")[:60], head.get("version", "")[:20], "", text,
                  by=by, at=at)  # fmt: skip


def _without(text: str, group: str) -> str:
    return re.sub(
        rf"^{group}:.*\n(?:[ \t]+.*\n|\s*\n)*", "", text if text.endswith("\n") else text + "\n", flags=re.M
    )


def _begun(
    state: str, institution: str, name: str, version: str, base: str, text: str, *, by: str, at: datetime
) -> Edition:
    with transaction.atomic():
        row = Edition.objects.create(
            id=uuid7(), state=state, institution=institution, procedure=name, version=version, base=base,
            text=_tidied(text), at=at, by=by, changed_at=at, changed_by=by,
        )  # fmt: skip
        _noted("begun", row, by, at)
    return row


def _tidied(text: str) -> str:
    """As a file has it: a browser sends lines that end otherwise. A NUL, which PostgreSQL keeps in no text, stays
    a sign that the reading refuses at its line."""
    found = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    if len(found.encode()) > LARGEST:
        raise EditionFault("editions.fault.large")
    return found


def _held(edition: UUID, seen: str | None = None) -> Edition:
    """A draft, which nobody else alters meanwhile. `seen`: as `write` has it; None where the text does not matter."""
    row = Edition.objects.select_for_update().filter(pk=edition, dropped_at=None).first()
    if row is None:
        raise EditionFault("editions.fault.none")
    if row.published_at is not None:
        raise EditionFault("editions.fault.published")
    if seen is not None and row.changed_at.isoformat() != seen:
        raise EditionFault("editions.fault.changed", by=row.changed_by)
    return row


def _noted(act: str, row: Edition, by: str, at: datetime) -> None:
    audit.record(by=by, at=at, act=f"edition.{act}", subject=f"edition/{row.id}", detail={"of": str(row)})


def write(edition: UUID, text: str, *, seen: str, by: str, at: datetime) -> Edition:
    """Keep a draft's text, faulty or not: it is proved before it is signed. `seen`: `changed_at` of the text that
    the writer had before them. Raises EditionFault where somebody else has written since."""
    with transaction.atomic():
        row = _held(edition, seen)
        head = _head(text)
        row.text, row.changed_at, row.changed_by = _tidied(text), at, by
        row.procedure = head.get("procedure", row.procedure)[:60]
        row.version = head.get("version", row.version)[:20]
        row.signed_at, row.signed_by = None, ""
        row.save()
        _noted("written", row, by, at)
    return row


def drop(edition: UUID, *, by: str, at: datetime) -> None:
    with transaction.atomic():
        row = _held(edition)
        row.dropped_at = at
        row.save(update_fields=["dropped_at"])
        _noted("dropped", row, by, at)


def _fit(row: Edition, at: datetime) -> Procedure:
    """The draft as a procedure that may be published. Raises EditionFault for anything that stands against it."""
    p = queries.proof(row).procedure
    if p is None:
        raise EditionFault("editions.fault.faulty")
    rules.publishable(p, queries.today(p, at))
    held = procedures.procedures().get(p.name, {})
    if p.version in held:
        raise EditionFault("editions.fault.version-taken", version=p.version)
    if (p.state, p.authority) != (row.state, row.institution) or any(
        (h.state, h.authority) != (p.state, p.authority) for h in held.values()
    ):
        raise EditionFault("editions.fault.authority", institution=row.institution)
    return p


def sign(edition: UUID, *, seen: str, by: str, at: datetime) -> Edition:
    """The first signature, under a text that is proved. Raises EditionFault."""
    with transaction.atomic():
        row = _held(edition, seen)
        _fit(row, at)
        row.signed_at, row.signed_by = at, by
        row.save(update_fields=["signed_at", "signed_by"])
        _noted("signed", row, by, at)
    return row


def publish(edition: UUID, *, seen: str, by: str, at: datetime) -> Edition:
    """The second signature: the version is in force from the day that it says, in every process at once."""
    with transaction.atomic():
        row = _held(edition, seen)
        if row.signed_at is None:
            raise EditionFault("editions.fault.unsigned")
        if same_person(by, [row.signed_by]):
            raise EditionFault("editions.fault.second")
        _fit(row, at)
        row.published_at, row.second = at, by
        row.save(update_fields=["published_at", "second"])
        _noted("published", row, by, at)
    queries.refresh()
    return row

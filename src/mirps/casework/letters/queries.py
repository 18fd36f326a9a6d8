"""Letters as they are read: those of a case, one by its serial, the text in force, what no longer holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet

from mirps.base.prepared.api import Prepared
from mirps.casework.letters import defaults, sealing
from mirps.casework.letters.models import Letter, LetterEvent, LetterTemplate, VoidSlot
from mirps.casework.letters.sealing import Content
from mirps.casework.procedures.model import Procedure

VOID = (LetterEvent.Kind.ANNULLED, LetterEvent.Kind.REPLACED)
TRIED = (LetterEvent.Kind.DELIVERED, LetterEvent.Kind.REFUSED, LetterEvent.Kind.NOT_FOUND)


@dataclass(frozen=True, slots=True)
class Issued:
    """A letter with what became of it."""

    row: Letter
    became: tuple[LetterEvent, ...]

    @property
    def void(self) -> LetterEvent | None:
        """What ended it; None: it holds (until its last day)."""
        return next((e for e in self.became if e.kind in VOID), None)

    @property
    def delivered(self) -> LetterEvent | None:
        return next((e for e in self.became if e.kind == LetterEvent.Kind.DELIVERED), None)

    @property
    def tries(self) -> tuple[LetterEvent, ...]:
        return tuple(e for e in self.became if e.kind in TRIED)

    @property
    def content(self) -> Content:
        """Opened. Raises CryptoFault."""
        return sealing.content_of(self.row)

    def told(self, event: LetterEvent) -> dict[str, str]:
        return sealing.told_of(event)


def of_case(case: UUID, *, institution: str = "") -> list[Issued]:
    """A case's letters, the latest first. Whoever asks has the case in view; `institution`: only those of its own
    acts, for one that has no more than a part in it."""
    rows = Letter.objects.filter(case=case)
    return _issued(rows.filter(event__institution=institution) if institution else rows)


def of_person(person: UUID) -> list[Issued]:
    """A person's letters, the latest first: for their own window."""
    return _issued(Letter.objects.filter(person=person))


def one(serial: str) -> Issued | None:
    return next(iter(_issued(Letter.objects.filter(serial=serial))), None)


_EVENT = ("id", "kind", "means", "happened_at", "recorded_at", "by", "sealed")


def _issued(rows: QuerySet[Letter]) -> list[Issued]:
    """Letters with what became of each, in one query: a row for each event, one for a letter that has none."""
    joined = rows.select_related("case", "person", "event", "replaces").annotate(
        **{f"e_{name}": F(f"became__{name}") for name in _EVENT}
    )
    found: dict[int, tuple[Letter, list[LetterEvent]]] = {}
    for row in joined.order_by("-slot", "became__recorded_at", "became__id"):
        told = {name: getattr(row, f"e_{name}") for name in _EVENT}
        became = found.setdefault(row.slot, (row, []))[1]
        if told["id"] is not None:
            became.append(LetterEvent(letter_id=row.slot, **told))
    return [Issued(row, tuple(became)) for row, became in found.values()]


def void_slots(issuer: str) -> list[int]:
    """The places of an institution's letters that no longer hold."""
    return list(VoidSlot.objects.filter(issuer=issuer).values_list("slot", flat=True).order_by("slot"))


def is_void(slot: int, issuer: str) -> bool:
    return VoidSlot.objects.filter(slot=slot, issuer=issuer).exists()


# --- texts


def versions(institution: str, procedure: str, document: str) -> list[LetterTemplate]:
    """Every text that offices of an institution ever wrote for a document, the latest first."""
    return list(
        LetterTemplate.objects.filter(
            institution=institution, procedure=procedure, document=document
        ).order_by("-at")
    )


_TEXT = Prepared(
    lambda office, **asked: LetterTemplate.objects.filter(
        Q(office="") | Q(office=office), approved_at__isnull=False, ended_at=None, **asked
    ).order_by("-office", "-approved_at")
)


def text_in_force(p: Procedure, document: str, institution: str, office: str) -> defaults.Text:
    """An office's own text, its institution's, or the one that came with the product."""
    return text_asked(p, document, institution, office)()


def text_asked(p: Procedure, document: str, institution: str, office: str) -> Callable[[], defaults.Text]:
    """The same, to be read once."""
    asked = _TEXT.sent(office=office, institution=institution, procedure=p.name, document=document)

    def answer() -> defaults.Text:
        for own in asked()[:1]:
            return defaults.Text(str(own.id), own.es, own.en)
        return defaults.text(p.name, document, p.documents[document].paper)

    return answer

"""Whatever keeps something sealed says so here, so that a rotation forgets nothing.

An area registers its sealed columns when its band starts (`AppConfig.ready`): `hold(SealedColumn(…))`. What
is sealed in another way (the index of names) registers a holder of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction
from django.db.models import BinaryField, F, Func, Model, QuerySet, Value

from mirps.base.crypto.keyring import KeyRing
from mirps.base.crypto.rules import BLOCK, CryptoFault, Place
from mirps.base.crypto.sealed import FORMAT, Sealer

#: Rows sealed anew in one transaction: few, so that desks at work wait for none of them.
BATCH = 200


class Holder(Protocol):
    """Something that keeps values sealed under versions of the key."""

    @property
    def name(self) -> str: ...

    def any(self) -> bool:
        """Whether anything is kept at all."""
        ...

    def left(self, version: int) -> int:
        """How much is sealed under this version."""
        ...

    def renewed(self, ring: KeyRing) -> Iterator[int]:
        """Seal under the current key what is not, a transaction at a time; how many rows each took.

        Begun again after it was broken off, it takes up what is left.
        """
        ...


_HOLDERS: dict[str, Holder] = {}


def hold(holder: Holder) -> None:
    """Twice the same name is once: a band may start twice."""
    _HOLDERS[holder.name] = holder


def holders() -> list[Holder]:
    return list(_HOLDERS.values())


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed values; `place` says where the value of a row belongs."""

    model: type[Model]
    column: str
    place: Callable[[Any], Place]
    block: int = BLOCK

    @property
    def name(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def any(self) -> bool:
        return self._rows().exists()

    def left(self, version: int) -> int:
        return self.under([version]).count()

    def under(self, versions: Sequence[int]) -> QuerySet[Model]:
        """The rows sealed under one of these versions of the key."""
        head = Func(F(self.column), Value(1), Value(2), function="substr", output_field=BinaryField())
        heads = [bytes((FORMAT, version)) for version in versions]
        rows: QuerySet[Model] = self._rows().alias(head=head).filter(head__in=heads)
        return rows

    def renewed(self, ring: KeyRing) -> Iterator[int]:
        sealer, last, faults = Sealer(ring), None, list[CryptoFault]()
        while True:
            old = self.under(ring.versions[1:]).order_by("pk")
            with transaction.atomic():
                rows = list((old.filter(pk__gt=last) if last else old)[:BATCH])
                for row in rows:
                    try:
                        self._renew(row, sealer)
                    except CryptoFault as fault:
                        faults.append(fault)
            if not rows:
                break
            last = rows[-1].pk
            yield len(rows)
        if (
            faults
        ):  # told when all others are done: one value that was altered holds up no rotation of the rest
            raise faults[0]

    def _renew(self, row: Model, sealer: Sealer) -> None:
        """Only where nobody has written another value meanwhile, which is then under the current key."""
        was = getattr(row, self.column)
        sealed = sealer.resealed(bytes(was), self.place(row), block=self.block)
        self._rows().filter(**{"pk": row.pk, self.column: was}).update(**{self.column: sealed})

    def _rows(self) -> QuerySet[Model]:
        return self.model._base_manager.all()

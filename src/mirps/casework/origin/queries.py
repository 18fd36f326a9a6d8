"""Reading an institution's sources, inside `custody.seated`."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from mirps.base.files import api as files
from mirps.casework.origin.models import OriginSource
from mirps.people.custody.api import Seat

#: Shown at once.
MOST = 200


def _ours(seat: Seat) -> QuerySet[OriginSource]:
    return OriginSource.objects.filter(state=seat.state, institution=seat.institution)


def _latest(seat: Seat) -> QuerySet[OriginSource]:
    later = _ours(seat).filter(source=OuterRef("source"), version__gt=OuterRef("version")).order_by()
    return _ours(seat).filter(~Exists(later))


def sources(
    seat: Seat, *, country: str = "", topic: str = "", withdrawn: bool = True, keep: Collection[UUID] = ()
) -> list[OriginSource]:
    """Each source as it stands, by country, the latest publication first: those of a country and a topic, where one
    is asked, and those of `keep` whatever is asked. One more than MOST where there are more."""
    asked = Q(country=country) if country else Q()
    if topic:
        asked &= Q(topics__contains=f",{topic},")
    if not withdrawn:
        asked &= Q(withdrawn=False)
    if keep and (asked or country):
        asked |= Q(source__in=keep)
    return list(_latest(seat).filter(asked).order_by("country", "-published", "title", "id")[: MOST + 1])


def countries(seat: Seat) -> list[str]:
    """The countries of which there is a source."""
    return list(_ours(seat).order_by("country").values_list("country", flat=True).distinct())


def versions(source: UUID, *, seat: Seat) -> list[OriginSource]:
    """What was said of a source, the latest first; nothing for one that is not the institution's."""
    return list(_ours(seat).filter(source=source).order_by("-version"))


def file_of(source: UUID, version: int, *, seat: Seat) -> bytes | None:
    """The copy that was kept with a version; None without."""
    row = _ours(seat).filter(source=source, version=version).exclude(file="").first()
    return files.place(row.file).read_bytes() if row else None

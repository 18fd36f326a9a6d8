"""Code lists and measures on their way down: kept as they came, shown where they differ, adopted by a person.

A node's lists are files that its programme reads at its start (docs/adr/0003). What comes is proved as they are;
nothing of it counts before somebody of the node has adopted it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from mirps.base.audit import api as audit
from mirps.base.codelists import api as codelists
from mirps.base.codelists import rules as reading
from mirps.evidence.figures import api as figures
from mirps.sharing.exchange import packing
from mirps.sharing.exchange.keys import node
from mirps.sharing.exchange.models import Package, Peer
from mirps.sharing.exchange.rules import REGION, Kind, NotTaken
from mirps.sharing.exchange.sending import issue
from mirps.sharing.exchange.taking import Arrival

#: The files that come down, each with what proves it.
LISTS: Mapping[str, Callable[[Path], object]] = {
    "measures/measures.csv": figures.read_measures,
    "codelists/units.csv": reading.read,
    "codelists/sectors.csv": reading.read,
    "codelists/populations.csv": reading.read,
    "codelists/dimensions.csv": reading.read_dimensions,
    "institutions/institutions.csv": reading.read,
}


def send(*, by: str, at: datetime) -> list[Package]:
    """Pack the region's lists for each State to whom they were not yet sent as they are."""
    if node() != REGION:
        return []
    content = {"lists": {name: (codelists.data_folder() / name).read_text("utf-8") for name in LISTS}}
    mark, sent = packing.digest_of(packing.body_of(content)), []
    for peer in Peer.objects.exclude(pk=REGION).order_by("pk"):
        rows = Package.objects.filter(lane__outward=True, lane__peer=peer, lane__stream=Kind.LISTS)
        last = rows.order_by("-pk").values_list("about", flat=True).first()
        if (last or {}).get("mark") != mark:
            about = {"mark": mark, "count": len(LISTS)}
            sent.append(issue(peer=peer, kind=Kind.LISTS, content=content, by=by, at=at, about=about))
    return sent


def came(content: Mapping[str, Any], arrival: Arrival) -> Mapping[str, Any]:
    """Prove what came. A list that this code does not know is passed over."""
    names = [name for name in sorted(dict(content["lists"])) if name in LISTS]
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            file = Path(folder) / Path(name).name
            file.write_text(str(content["lists"][name]), encoding="utf-8")
            try:
                LISTS[name](file)
            except (figures.PackageFaults, codelists.CodeListFault, KeyError) as fault:
                raise NotTaken("content", settles=True, what=f"{name}: {fault}"[:300]) from None
    return {"count": len(names), "mark": packing.digest_of(bytes(arrival.package.body))}


def latest() -> QuerySet[Package]:
    """What last came, or nothing. Its contents are kept (keeping.py): who has not adopted a list may still do so."""
    rows = Package.objects.filter(lane__outward=False, lane__stream=Kind.LISTS, state=Package.TAKEN)
    return rows.order_by("-number")[:1]


def offered() -> dict[str, str]:
    """The lists that last came and are other than ours: name -> text."""
    found = latest().first()
    if found is None:
        return {}
    told = packing.content_of(bytes(found.body))["lists"]
    return {name: told[name] for name in LISTS if name in told and told[name] != _own(name)}


def _own(name: str) -> str:
    file = codelists.data_folder() / name
    return file.read_text("utf-8") if file.is_file() else ""


def adopt(*, names: list[str], by: str, at: datetime) -> list[str]:
    """Put lists that came in the place of our own files, which stay beside them (`….before`). They count from the
    next start on."""
    found = offered()
    taken = [name for name in names if name in found]
    for name in taken:
        file = codelists.data_folder() / name
        if file.is_file():
            file.with_suffix(".csv.before").write_bytes(file.read_bytes())
        part = file.with_suffix(".csv.part")
        part.write_text(found[name], encoding="utf-8")
        os.replace(part, file)
    if taken:
        audit.record(
            by=by, at=at, act="node.lists-adopted", subject=f"node {node()}", detail={"lists": taken}
        )
    return taken

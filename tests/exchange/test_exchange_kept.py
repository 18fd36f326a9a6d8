"""What a node keeps of packages: the lists that last came, and in the audit how much was sent; without keys, none."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.entries.conftest import person, signed_in
from tests.exchange.other import NOW, Other

from mirps.base.audit.api import AuditEntry
from mirps.base.codelists import api as codelists
from mirps.sharing.exchange import api as exchange
from mirps.sharing.exchange import lists
from mirps.sharing.exchange.api import Kind, Package, Peer

UNITS = "codelists/units.csv"


@pytest.fixture
def above(db: None, settings: Any, tmp_path: Path) -> Other:
    """The region as a peer of this process, which is Honduras."""
    settings.NODE, settings.HOME = "HND", tmp_path
    exchange.set_up(by="admin", at=NOW)
    other = Other("MIRPS", "HND")
    exchange.add(card=other.card, fingerprint=other.card.fingerprint, by="admin", at=NOW)
    return other


def came(above: Other, unit: str) -> None:
    """Lists in which the last unit has this name."""
    own = (codelists.data_folder() / UNITS).read_text("utf-8")
    line = own.splitlines()[-1]
    news = own + line.replace(line.split(",")[0], unit, 1) + "\n"
    data = above.package("lists", {"lists": {UNITS: news}})
    assert exchange.take(data, via="test", at=NOW).state == Package.TAKEN


def test_lists_that_nobody_adopted_for_years_are_still_offered_and_those_before_them_go(above: Other) -> None:
    came(above, "lorry")
    came(above, "cart")
    Package.objects.update(settled_at=NOW - timedelta(days=4000))
    assert exchange.tidy(by="admin", at=NOW, dry=False).packages == 1
    assert Package.objects.get(body=b"").number == 1
    assert "cart" in lists.offered()[UNITS]


def test_the_audit_says_how_much_a_package_brings_and_the_package_which(above: Other) -> None:
    about = {"round": "2025", "count": 2, "ids": ["a", "b"], "marks": ["c"], "taken_up": []}
    peer = Peer.objects.get(pk="MIRPS")
    made = exchange.issue(peer=peer, kind=Kind.FIGURES, content={}, by="t", at=NOW, about=about)
    assert made.about == about
    told = AuditEntry.objects.get(act="exchange.issued").detail
    assert told == {"stream": "figures", "number": 1, "round": "2025", "count": 2}


def test_a_node_without_keys_has_no_lists_to_adopt(db: None, settings: Any) -> None:
    settings.NODE = "HND"
    admin = signed_in(person("ada", "administrator", "HND"))
    assert admin.post("/es/nodes/lists/").status_code == 404

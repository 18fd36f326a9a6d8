"""Two States, and the region, never add each other's cards at one moment: letters that came before are not lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.exchange.other import NOW, Other
from tests.exchange.test_exchange_letters import State, gtm, referral, region, sbs, take

from mirps.sharing.exchange import api as exchange
from mirps.sharing.exchange import institutions, keys, packing
from mirps.sharing.exchange.api import Package

__all__ = ["gtm", "region"]


def add(other: Other) -> None:
    exchange.add(card=other.card, fingerprint=other.card.fingerprint, by="admin", at=NOW)


def test_keys_told_before_the_card_was_compared_are_known_once_it_is(region: Other) -> None:
    mex = State("MEX", "GTM")
    told = {"card": mex.card_text(), "institutions": {"MEX.COMAR": str(mex.institution.to_public())}}
    early = take(region, mex.letter("keys", told, keys.current().sealing))
    assert early.reason == "exchange.refused.letter-key"
    false = take(region, State("MEX", "GTM").letter("referral", referral(), sbs()))  # under another key
    add(mex)
    assert institutions.reachable() == ["MEX.COMAR"]
    came = Package.objects.filter(lane__stream="letters", lane__outward=False)
    assert came.get(number=early.number).state == Package.TAKEN
    assert came.get(number=false.number).reason == "exchange.refused.letter-key"


def test_the_region_passes_on_what_came_before_it_knew_for_whom(
    db: None, settings: Any, tmp_path: Path
) -> None:
    settings.NODE, settings.HOME = "MIRPS", tmp_path
    exchange.set_up(by="admin", at=NOW)
    mex = State("MEX", "MIRPS")
    add(mex)
    text = mex.letter("referral", referral(), str(mex.institution.to_public()))
    assert take(mex, text).reason == "exchange.refused.no-way"
    add(Other("GTM", "MIRPS"))
    sent = Package.objects.get(lane__outward=True, lane__stream="letters")
    assert sent.lane.peer_id == "GTM"
    assert packing.content_of(bytes(sent.body)) == {"letter": text}

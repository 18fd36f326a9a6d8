"""The door to the exchange between nodes."""

from __future__ import annotations

from mirps.sharing.exchange import (
    answers,
    figures,
    institutions,
    letters,
    lists,
    overview,
    peers,
    rounds,
    signing,
    visits,
)
from mirps.sharing.exchange.keeping import Gone, tidy, tidy_daily
from mirps.sharing.exchange.keys import Card, card, current, node, read_card, set_up, signer_of, stands
from mirps.sharing.exchange.line import HttpLine
from mirps.sharing.exchange.models import Lane, NodeKey, Package, Peer, PeerKey, TurnedAway
from mirps.sharing.exchange.packing import content_of
from mirps.sharing.exchange.passing import Done, LineBroken, call, due, prepare
from mirps.sharing.exchange.peers import add, pause, rotate
from mirps.sharing.exchange.rules import REGION, Kind, NotTaken, fingerprint
from mirps.sharing.exchange.sending import issue
from mirps.sharing.exchange.stick import pack, unpack
from mirps.sharing.exchange.taking import EFFECTS, Arrival, Outcome, take

EFFECTS.update(
    {
        Kind.FIGURES: figures.came,
        Kind.ANSWERS: answers.came,
        Kind.ROUNDS: rounds.came,
        Kind.LISTS: lists.came,
        Kind.LETTERS: letters.came,
        Kind.KEYS: peers.keys_came,
        Kind.RECEIPTS: peers.receipts_came,
    }
)

__all__ = [
    "EFFECTS",
    "REGION",
    "Arrival",
    "Card",
    "Done",
    "Gone",
    "HttpLine",
    "Kind",
    "Lane",
    "LineBroken",
    "NodeKey",
    "NotTaken",
    "Outcome",
    "Package",
    "Peer",
    "PeerKey",
    "TurnedAway",
    "add",
    "call",
    "card",
    "content_of",
    "current",
    "due",
    "fingerprint",
    "institutions",
    "issue",
    "lists",
    "node",
    "overview",
    "pack",
    "pause",
    "prepare",
    "read_card",
    "rotate",
    "set_up",
    "signer_of",
    "signing",
    "stands",
    "take",
    "tidy",
    "tidy_daily",
    "unpack",
    "visits",
]

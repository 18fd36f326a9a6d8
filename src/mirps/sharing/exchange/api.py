"""The door to the exchange between nodes."""

from __future__ import annotations

from mirps.sharing.exchange import figures, lists, peers, rounds, visits
from mirps.sharing.exchange.keys import Card, card, current, node, read_card, set_up
from mirps.sharing.exchange.line import HttpLine
from mirps.sharing.exchange.models import Lane, NodeKey, Package, Peer, PeerKey, TurnedAway
from mirps.sharing.exchange.passing import Done, LineBroken, call, due, prepare
from mirps.sharing.exchange.peers import add, pause, rotate
from mirps.sharing.exchange.rules import REGION, Kind, NotTaken, fingerprint
from mirps.sharing.exchange.stick import pack, unpack
from mirps.sharing.exchange.taking import EFFECTS, Outcome, take

EFFECTS.update(
    {
        Kind.FIGURES: figures.came,
        Kind.ROUNDS: rounds.came,
        Kind.LISTS: lists.came,
        Kind.KEYS: peers.keys_came,
        Kind.RECEIPTS: peers.receipts_came,
    }
)

__all__ = [
    "REGION",
    "Card",
    "Done",
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
    "current",
    "due",
    "fingerprint",
    "lists",
    "node",
    "pack",
    "pause",
    "prepare",
    "read_card",
    "rotate",
    "set_up",
    "take",
    "unpack",
    "visits",
]

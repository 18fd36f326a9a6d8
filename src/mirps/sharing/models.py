"""The tables of this band, by area."""

from mirps.sharing.exchange.models import InstitutionKey, Lane, NodeKey, Package, Peer, PeerKey, TurnedAway
from mirps.sharing.linkage.models import Agreement, Count, Piece, Sealed, Signature
from mirps.sharing.publication.models import LeftOut, News
from mirps.sharing.reports.models import ReportBuild
from mirps.sharing.webhooks.models import Attempt, Delivery, Subscription

__all__ = [
    "Agreement", "Attempt", "Count", "Delivery", "InstitutionKey", "Lane", "LeftOut", "News", "NodeKey", "Package",
    "Peer", "PeerKey", "Piece", "ReportBuild", "Sealed", "Signature", "Subscription", "TurnedAway",
]  # fmt: skip

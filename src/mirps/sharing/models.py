"""The tables of this band, by area."""

from mirps.sharing.exchange.models import Lane, NodeKey, Package, Peer, PeerKey, TurnedAway
from mirps.sharing.publication.models import LeftOut, News
from mirps.sharing.reports.models import ReportBuild

__all__ = ["Lane", "LeftOut", "News", "NodeKey", "Package", "Peer", "PeerKey", "ReportBuild", "TurnedAway"]

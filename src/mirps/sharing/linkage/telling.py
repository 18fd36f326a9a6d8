"""Who is told that a linkage waits for them: those who sign for this State, and whoever administers its node. A notice
says that there is something, and not with whom or what for: its page does, to whoever may read it."""

from __future__ import annotations

from datetime import datetime

from mirps.base.access import api as access
from mirps.base.notices import api as notices
from mirps.sharing.exchange import api as exchange
from mirps.sharing.linkage.models import Agreement

SIGN = "linkage.sign"
#: The next step is a command (docs/linkage.md), and so of whoever administers the node.
STEP = "node.manage"


def tell_signers(held: Agreement, kind: str, *, by: str, at: datetime) -> None:
    """`kind`: linkage.asked, linkage.result or linkage.ended."""
    _tell(held, kind, SIGN, by, at)


def tell_step(held: Agreement, *, by: str, at: datetime) -> None:
    """A count is to be opened, rows are to be sent, or there are rows to compare."""
    _tell(held, "linkage.step", STEP, by, at)


def _tell(held: Agreement, kind: str, act: str, by: str, at: datetime) -> None:
    node = exchange.node()
    state = "" if node == exchange.REGION else node
    to = access.able(access.holdings(on=at.date()), act, state=state, on=at.date())
    notices.tell(to=to, kind=kind, by=by, at=at, about=notices.About(state=state, section=str(held.pk)))

"""The door to webhooks.

row, secret = webhooks.subscribe(client=…, address="https://…", kinds=["case.decided"], by=user, at=now)
webhooks.look(at=now); webhooks.send(clock=timezone.now)      # `mirps hooks send`, each minute
"""

from __future__ import annotations

from mirps.sharing.webhooks.actions import again, end, rotate, secrets_of, subscribe, turn
from mirps.sharing.webhooks.happenings import kinds
from mirps.sharing.webhooks.models import Attempt, Delivery, Subscription
from mirps.sharing.webhooks.sending import Tally, look, send

__all__ = [
    "Attempt", "Delivery", "Subscription", "Tally", "again", "end", "kinds", "look", "rotate", "secrets_of", "send",
    "subscribe", "turn",
]  # fmt: skip

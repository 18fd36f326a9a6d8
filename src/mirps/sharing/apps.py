from __future__ import annotations

from django.apps import AppConfig


class SharingBand(AppConfig):
    name = "mirps.sharing"
    label = "sharing"

    def ready(self) -> None:
        from mirps.base.crypto import api as crypto
        from mirps.sharing.exchange.keys import Held
        from mirps.sharing.linkage import hooks as linkage
        from mirps.sharing.webhooks import actions as webhooks

        crypto.hold(Held())
        linkage.hold()
        webhooks.hold()

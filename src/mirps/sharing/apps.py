from __future__ import annotations

from django.apps import AppConfig


class SharingBand(AppConfig):
    name = "mirps.sharing"
    label = "sharing"

    def ready(self) -> None:
        from mirps.base.crypto import api as crypto
        from mirps.sharing.exchange.keys import Held

        crypto.hold(Held())

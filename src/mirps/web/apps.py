from __future__ import annotations

from django.apps import AppConfig


class WebBand(AppConfig):
    name = "mirps.web"
    label = "web"

    def ready(self) -> None:
        from mirps.web.pages.accounts import recording

        recording.start()

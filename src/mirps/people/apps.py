from __future__ import annotations

from django.apps import AppConfig


class PeopleBand(AppConfig):
    name = "mirps.people"
    label = "people"

"""The WSGI application that gunicorn serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirps.config.settings")
application = get_wsgi_application()


def _ready() -> None:
    """Read once, before gunicorn forks, what every worker's first reader would wait for."""
    from mirps.base.texts.api import catalogue

    _ = get_resolver().url_patterns
    catalogue()


_ready()

"""The WSGI application that gunicorn serves."""

from __future__ import annotations

import gc
import os
import sys

from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirps.config.settings")
application = get_wsgi_application()


def _ready() -> None:
    """Once, before gunicorn forks: the keys are proved, and what every worker's first reader would wait for is read."""
    from mirps.base.texts.api import catalogue
    from mirps.web.shell.keys import begun

    if told := begun():
        print(told, file=sys.stderr)
    connections.close_all()  # no worker inherits a line to the database
    _ = get_resolver().url_patterns
    catalogue()
    gc.collect()
    gc.freeze()  # what is read by now stays: no collection in a worker looks at it again
    gc.set_threshold(20_000, 20, 100)  # a page that opens a thousand entries was looked through a dozen times


_ready()

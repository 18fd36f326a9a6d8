"""The product's settings with everything that can be written down written down."""

from __future__ import annotations

from mirps.config.settings import *  # noqa: F403
from mirps.config.settings import HOME

ALLOWED_HOSTS = ["testserver"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"file": {"class": "logging.FileHandler", "filename": str(HOME / "debug.log")}},
    "root": {"handlers": ["file"], "level": "DEBUG"},
    "loggers": {"django": {"handlers": [], "level": "DEBUG", "propagate": True},
                "django.db.backends": {"handlers": [], "level": "DEBUG", "propagate": True}},
}  # fmt: skip

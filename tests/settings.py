"""The product's settings, in a home of the tests' own: no test touches an installation."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ["MIRPS_HOME"] = tempfile.mkdtemp(prefix="mirps-test-")
os.environ["MIRPS_SECRET_KEY"] = "tests-only-" + "x" * 50
os.environ.pop("MIRPS_DEMO", None)
(Path(os.environ["MIRPS_HOME"]) / "static").mkdir()

from mirps.base.crypto import keyring  # noqa: E402
from mirps.config.settings import *  # noqa: E402, F403

keyring.make(KEYS)  # noqa: F405

# Views are tested without collecting files first; the browser tests serve them as `make run` does.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# A test's client signs in without a page. That the pages ask for a second factor is tested in tests/access.
SECOND_FACTOR_REQUIRED = False

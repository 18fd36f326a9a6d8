"""Settings, read from the environment.

MIRPS_HOME           where this installation keeps its database, key and built reports (./var)
MIRPS_DATABASE_URL   sqlite:///… (the default, in MIRPS_HOME) or postgres://…
MIRPS_KEYS           the key file that people's data is sealed under (MIRPS_HOME/keys.json); docs/keys.md
MIRPS_HOSTS          host names to answer to, comma-separated (127.0.0.1, localhost, [::1])
MIRPS_DATA           the data folder (./data)
MIRPS_ADDRESS        the address under which readers reach it (http://127.0.0.1:PORT), for files that travel
MIRPS_SOURCES        where the source documents are, if this installation may show them
MIRPS_NODE           which node this is: a State (HND) or the region (MIRPS); one process plays all without it
MIRPS_DEMO           1: demo accounts exist and the pages say so
MIRPS_SMTP           the mail server, smtp://user:password@host:port?tls=1 or smtps://… (mails kept in MIRPS_HOME/mail)
MIRPS_PROXIES        how many proxies of our own stand before it (0): whose word on where a reader is counts
MIRPS_OIDC           a file that names the States' own directories (base/access/directories.py says how)
MIRPS_ENGINES        a file that names who checks identities (people/verification/rules.py; docs/interoperability.md)
MIRPS_OUTSIDE        the hosts that this node may call for webhooks and checks of identity, comma-separated (none);
                     `+inside` behind one that answers within our own network: esb.example+inside
MIRPS_MAIL_FROM      who mails come from (MIRPS <no-reply@localhost>)
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext

from mirps.base.access import directories
from mirps.base.notices import server

django_stubs_ext.monkeypatch()

ROOT = Path(__file__).resolve().parents[3]
HOME = Path(os.environ.get("MIRPS_HOME") or ROOT / "var").resolve()
HOME.mkdir(parents=True, exist_ok=True)
DATA = Path(os.environ.get("MIRPS_DATA") or ROOT / "data").resolve()
SOURCES = Path(os.environ.get("MIRPS_SOURCES") or ROOT.parent / "shared" / "sources")
KEYS = Path(os.environ.get("MIRPS_KEYS") or HOME / "keys.json").resolve()
ADDRESS = os.environ.get("MIRPS_ADDRESS") or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
NODE = os.environ.get("MIRPS_NODE") or ""
DEMO = os.environ.get("MIRPS_DEMO") == "1"
OUTSIDE = os.environ.get("MIRPS_OUTSIDE") or ""


def _secret() -> str:
    """The installation's own key: made once, readable by its owner only."""
    path = HOME / "secret.key"
    if not path.exists():
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "w") as f:
            f.write(secrets.token_urlsafe(64))
    return path.read_text()


SECRET_KEY = os.environ.get("MIRPS_SECRET_KEY") or _secret()
DEBUG = False
ALLOWED_HOSTS = [
    h.strip() for h in os.environ.get("MIRPS_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h.strip()
]

INSTALLED_APPS = [
    "mirps.base.apps.BaseBand",
    "mirps.people.apps.PeopleBand",
    "mirps.casework.apps.CaseworkBand",
    "mirps.evidence.apps.EvidenceBand",
    "mirps.planning.apps.PlanningBand",
    "mirps.sharing.apps.SharingBand",
    "mirps.web.apps.WebBand",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "mirps.web.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mirps.web.pagecache.PublicPageCache",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "mirps.web.pages.accounts.guard.Guard",
    "mirps.web.middleware.ReaderClock",
]

ROOT_URLCONF = "mirps.config.urls"
WSGI_APPLICATION = "mirps.config.wsgi.application"
AUTH_USER_MODEL = "base.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"

# Signing in (docs/adr/0013): accounts by invitation, a second factor for every role that writes.
SECOND_FACTOR_REQUIRED = True
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("MIRPS_PROXIES") or 0)
AUTHENTICATION_BACKENDS = ["mirps.web.pages.accounts.backend.Backend"]
PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_ADAPTER = "mirps.web.pages.accounts.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is vouched for by the administrator who invites it
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/5m/key", "reset_password": "20/m/ip,3/5m/key"}
MFA_ADAPTER = "mirps.web.pages.accounts.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
SOCIALACCOUNT_ADAPTER = "mirps.web.pages.accounts.adapters.Directories"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form could not lead to another host under our policy of content
SOCIALACCOUNT_STORE_TOKENS = False
_OIDC = os.environ.get("MIRPS_OIDC")
DIRECTORIES = directories.read(Path(_OIDC), os.environ) if _OIDC else []
SOCIALACCOUNT_PROVIDERS = directories.providers(DIRECTORIES)

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [ROOT / "src" / "mirps" / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "mirps.web.jinja.environment",
            "context_processors": ["mirps.web.jinja.reader", "mirps.web.pages.notices.count"],
        },
    },
]

DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        os.environ.get("MIRPS_DATABASE_URL") or f"sqlite:///{HOME / 'mirps.sqlite3'}",
        conn_max_age=600,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Many readers beside one writer; a writer waits instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Pages are kept in memory, and the log is brought into the file when it has 64 MB: a registration touches
        # some hundred pages of its index, each of them once in many.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=2147418112;"
        " PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=16384;",
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Statements are planned once a connection, for any values (base/prepared/planned.py), and a receipt is given when
    # its commit is on the disk; docs/custody.md says what that asks of a pooler. No page is worth the ten milliseconds
    # that a second process takes to start.
    DATABASES["default"]["ENGINE"] = "mirps.base.prepared.postgresql"
    DATABASES["default"]["OPTIONS"] = {
        "options": "-c plan_cache_mode=force_generic_plan -c jit=off -c max_parallel_workers_per_gather=0"
        " -c synchronous_commit=on",
        **DATABASES["default"].get("OPTIONS", {}),
        "prepare_threshold": 5,
    }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [ROOT / "src" / "mirps" / "web" / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 60
MEDIA_ROOT = HOME / "files"

DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("MIRPS_MAIL_FROM") or "MIRPS <no-reply@localhost>"
globals().update(server.settings_of(os.environ.get("MIRPS_SMTP", "")))

SESSION_ENGINE = "mirps.web.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 7 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
WINDOW_COOKIE_NAME = "window"  # of a person's own window (web/pages/window)
CSRF_COOKIE_SAMESITE = "Lax"
# Behind TLS (any real node), cookies never travel in clear.
_TLS = os.environ.get("MIRPS_TLS") == "1"
SESSION_COOKIE_SECURE = _TLS
CSRF_COOKIE_SECURE = _TLS
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _TLS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# A family of sixty on one page, each with all that a comprehensive registration asks (web/pages/people/register).
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000
FILE_UPLOAD_HANDLERS = [
    "mirps.web.uploads.Capped",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

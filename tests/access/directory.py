"""A State's own directory, as a process of its own: an OpenID Connect provider with two people in it.

    python -m tests.access.directory PORT HOME CALLBACK

Each person's password is their name twice. It knows nothing of the product but the address to return to.
"""

from __future__ import annotations

import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

PEOPLE = {
    "ines": ("ines@example.hn", True),
    "stranger": ("stranger@example.hn", True),
    "unverified": ("pablo@example.hn", False),
    "hugo": ("hugo@example.hn", True),
    "mexican": ("mercedes@example.mx", True),
}
CLIENT, SECRET = "mirps", "a-secret-for-tests-only"


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def main(port: int, home: str, callback: str) -> None:
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from django.conf import settings

    key = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    settings.configure(
        SECRET_KEY="directory-" + "x" * 50, ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__,
        SESSION_COOKIE_NAME="directory", CSRF_COOKIE_NAME="directory-csrf",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{home}/directory.sqlite3"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", USE_TZ=True,
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
            "django.contrib.messages", "allauth", "allauth.account", "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
                "OPTIONS": {"context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]},
            }
        ],
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        ACCOUNT_EMAIL_VERIFICATION="none", LOGIN_URL="account_login", IDP_OIDC_PRIVATE_KEY=key.decode(),
    )  # fmt: skip
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0)
    _fill(callback)
    with make_server("127.0.0.1", port, get_wsgi_application(), handler_class=Quiet) as server:
        server.serve_forever()


def _fill(callback: str) -> None:
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User

    for name, (email, verified) in PEOPLE.items():
        user = User.objects.create_user(name, email=email, password=name * 2)
        EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    client = Client(id=CLIENT, name="MIRPS", skip_consent=True)
    client.scopes, client.redirect_uris = "openid\nprofile\nemail", callback
    client.set_secret(SECRET)
    client.save()


def _urls() -> list[object]:
    from django.urls import include, path

    return [path("", include("allauth.idp.urls")), path("accounts/", include("allauth.account.urls"))]


def __getattr__(name: str) -> object:
    if name == "urlpatterns":
        return _urls()
    raise AttributeError(name)


if __name__ == "__main__":
    # Named as others import it, since it is its own address book.
    from tests.access import directory

    directory.main(int(sys.argv[1]), sys.argv[2], sys.argv[3])

"""Which mail server: MIRPS_SMTP as Django's settings. Pure, for it is read before Django is ready."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

#: Seconds that a server may stay silent.
PATIENCE = 20
_HERE = {"localhost", "127.0.0.1", "::1"}
_PORTS = {"smtp": 25, "smtps": 465}


def settings_of(address: str) -> dict[str, object]:
    """Django's EMAIL_… settings for `smtp://user:password@host:port?tls=1` or `smtps://…`.

    An empty address keeps mails as files. Raises ValueError for one that cannot be read, or that would
    send a password in clear to another machine.
    """
    if not address:
        return {"EMAIL_BACKEND": "mirps.base.notices.files.EmailBackend"}
    shown = "MIRPS_SMTP (smtp://user:password@host:port?tls=1)"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as e:
        raise ValueError(f"{shown}: {e}") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(f"{shown}: give smtp:// or smtps:// and a host")
    options = parse_qs(parts.query)
    if set(options) - {"tls"} or options.get("tls", ["1"]) not in (["0"], ["1"]):
        raise ValueError(f"{shown}: the only option is tls=0 or tls=1")
    starts_tls = parts.scheme == "smtp" and options.get("tls") == ["1"]
    if parts.password and parts.scheme == "smtp" and not starts_tls and parts.hostname not in _HERE:
        raise ValueError(f"{shown}: the password would travel in clear; add ?tls=1 or use smtps://")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or (587 if starts_tls else _PORTS[parts.scheme]),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": starts_tls,
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": PATIENCE,
    }

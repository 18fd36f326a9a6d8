"""How often one address may ask for what costs much, or miss a password. Bounded, in the process."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def exceeded(request: HttpRequest, act: str, most: int, seconds: int) -> bool:
    """Count one more try of `act` by this address; whether it is above `most` in `seconds`."""
    key = _key(request, act)
    if cache.add(key, 1, seconds):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two
        return False


def spent(request: HttpRequest, act: str, most: int) -> bool:
    """Whether this address has had its `most` tries already; counts none."""
    return int(cache.get(_key(request, act), 0)) >= most


def _key(request: HttpRequest, act: str) -> str:
    return f"tries:{act}:{address_of(request)}"


def address_of(request: HttpRequest) -> str:
    """Where the reader is, past the proxies that this installation says it has (MIRPS_PROXIES).

    What is left of the last trusted entry of X-Forwarded-For was written by the reader, and is not read.
    """
    past: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [a.strip() for a in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < past <= len(forwarded) and forwarded[-past]:
        return forwarded[-past][:50]
    return str(request.META.get("REMOTE_ADDR", ""))

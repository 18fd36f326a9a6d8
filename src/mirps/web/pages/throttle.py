"""How often one address may ask for what costs much, or try a password. Bounded, in the process."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest


def exceeded(request: HttpRequest, act: str, most: int, seconds: int) -> bool:
    """Count one more try of `act` by this address; whether it is above `most` in `seconds`."""
    key = f"tries:{act}:{request.META.get('REMOTE_ADDR', '')}"
    if cache.add(key, 1, seconds):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two
        return False

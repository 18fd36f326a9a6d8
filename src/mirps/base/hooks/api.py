"""The door to signed messages over HTTPS."""

from __future__ import annotations

from mirps.base.hooks.line import Answer, allowed, post
from mirps.base.hooks.rules import HookFault, Host, address, hosts, new_secret, prove, signed

__all__ = [
    "Answer", "HookFault", "Host", "address", "allowed", "hosts", "new_secret", "post", "prove", "signed",
]  # fmt: skip

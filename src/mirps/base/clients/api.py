"""The door to clients: systems of institutions that act here within scopes.

row, secret = clients.register(name="…", institution="HND.RNP", scopes=[…], keys=jwks, sealing="", by=user, at=now)
clients.approve(client=row.pk, by=another, at=now)
answer = clients.token(form, authorization, at=now)     # raises TokenRefused
speaks = clients.bearer(token, at=now)                  # None: not let in
"""

from __future__ import annotations

from mirps.base.clients.actions import approve, end, may_approve, register, rotate_secret, set_keys
from mirps.base.clients.models import Client
from mirps.base.clients.queries import in_force, of_states, terms
from mirps.base.clients.rules import ALGORITHMS, ClientFault, Scope, TokenRefused
from mirps.base.clients.tokens import TOKEN_PATH, Bearer, bearer, issuer, jwks, token

__all__ = [
    "ALGORITHMS", "TOKEN_PATH", "Bearer", "Client", "ClientFault", "Scope", "TokenRefused", "approve", "bearer",
    "end", "in_force", "issuer", "jwks", "may_approve", "of_states", "register", "rotate_secret", "set_keys", "terms",
    "token",
]  # fmt: skip

"""Clients: the systems of institutions, known by a key or a secret, which act within scopes."""

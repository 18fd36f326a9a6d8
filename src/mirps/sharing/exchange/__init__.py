"""Nodes and the signed packages that they exchange (docs/exchange.md)."""

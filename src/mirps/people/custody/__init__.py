"""Custody: who may see whom, and who did. Knows persons and groups by id alone (docs/custody.md)."""

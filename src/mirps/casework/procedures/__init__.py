"""Procedures as files: read, proved, drawn; a case folded from its events; who may do what, and why not."""

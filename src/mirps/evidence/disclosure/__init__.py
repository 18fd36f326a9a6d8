"""Disclosure control: which cells of a table may be shown, and the proof that the others cannot be worked out."""

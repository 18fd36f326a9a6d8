"""The tables of this band, by area."""

"""Stating a published figure anew: what is checked before, and the erratum that follows."""

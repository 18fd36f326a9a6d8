"""A State carries cases through its procedures."""

"""Contributions: who gives what, to whom and for what, and what of it may be summed. docs/funding.md."""

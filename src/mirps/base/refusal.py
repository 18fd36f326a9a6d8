"""Why something is not done: what actions raise and the doors tell in the reader's language. Pure."""

from __future__ import annotations


class Refusal(ValueError):
    """An act that is not done, or a file that is not taken: `key` is the text that says why, `values` fill it."""

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(f"{key} {values}")
        self.key = key
        self.values = values

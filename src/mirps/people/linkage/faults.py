"""Why rows are not taken, encoded or compared: `linkage.fault.<why>` with what, where and the remedy. Pure."""

from __future__ import annotations

from mirps.base.refusal import Refusal


class LinkageFault(Refusal):
    def __init__(self, why: str, /, **values: object) -> None:
        super().__init__(f"linkage.fault.{why}", **values)
        self.why = why

"""The door to conduct: an act and all that follows from it, in one transaction. Pages call this, not cases.

`do` records the act and issues what it issues: a decision without its letter, or a letter without its decision,
does not come to be.
"""

from __future__ import annotations

from mirps.casework.conduct.actions import do, open_case
from mirps.casework.conduct.moving import Foreseen, ask, foreseen, move

__all__ = ["Foreseen", "ask", "do", "foreseen", "move", "open_case"]

"""The door to sources on countries of origin: kept once by an institution, cited by its assessments.

`cited` gives an act the copies of what it cites (procedures/citing.py); a source that is changed or withdrawn later
changes no case.
"""

from __future__ import annotations

from mirps.casework.origin.actions import Choice, add, change, cited, withdraw
from mirps.casework.origin.models import OriginSource
from mirps.casework.origin.queries import MOST, countries, file_of, sources, versions
from mirps.casework.origin.rules import MOST_BYTES, OriginFault, Said, SourceFaults, outdated
from mirps.casework.origin.topics import topics

__all__ = [
    "MOST", "MOST_BYTES", "Choice", "OriginFault", "OriginSource", "Said", "SourceFaults", "add", "change", "cited",
    "countries", "file_of", "outdated", "sources", "topics", "versions", "withdraw",
]  # fmt: skip

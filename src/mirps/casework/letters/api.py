"""The door to letters: what an act gives in writing, signed, verified without a line, delivered with proof.

letters.issue(recorded.case, recorded.issues, recorded.event, seat=seat, at=now)   # in the act's transaction
letters.of_case(case)                                                             # with what became of each
letters.paper(serial, "es", seat=seat, at=now)                                    # its PDF
letters.verify(code, on=today)                                                    # raises NotSigned
"""

from __future__ import annotations

from mirps.casework.letters import texting
from mirps.casework.letters.actions import LetterFault, annul, issue, paper, reissue
from mirps.casework.letters.defaults import Text, text
from mirps.casework.letters.delivering import PROVED_BY_FILE, Means, deliver
from mirps.casework.letters.fields import known
from mirps.casework.letters.filling import VERIFY, WINDOW
from mirps.casework.letters.models import Letter, LetterEvent, LetterTemplate, SigningKey
from mirps.casework.letters.numbers import tidy_window_code, window_code
from mirps.casework.letters.queries import Issued, of_case, of_person, one, text_in_force, versions
from mirps.casework.letters.signing import doubt, jwks, public_keys
from mirps.casework.letters.tokens import Claims, NotSigned, Wrong
from mirps.casework.letters.verifying import Verified, code_in, statuses, verify

__all__ = [
    "PROVED_BY_FILE", "VERIFY", "WINDOW", "Claims", "Issued", "Letter", "LetterEvent", "LetterFault",
    "LetterTemplate", "Means", "NotSigned", "SigningKey", "Text", "Verified", "Wrong", "annul", "code_in", "deliver",
    "doubt", "issue", "jwks", "known", "of_case", "of_person", "one", "paper", "public_keys", "reissue", "statuses",
    "text", "text_in_force", "texting", "tidy_window_code", "verify", "versions", "window_code",
]  # fmt: skip

"""The tables of this band, by area."""

from mirps.people.adjudication.models import Suspicion
from mirps.people.custody.models import Glass, GlassOf, Reading, ReadingOf, Request, Share
from mirps.people.extracts.models import Extract
from mirps.people.identity.models import Entry, Fresh, Sound
from mirps.people.intake.models import Arrival, Task
from mirps.people.intake.openrosa_models import Device, SentForm
from mirps.people.registry.models import Fact, Group, Person, Sameness, SealedFile
from mirps.people.retention.models import Sweep
from mirps.people.verification.models import IdentityCheck

__all__ = [
    "Arrival",
    "Device",
    "Entry",
    "Extract",
    "Fact",
    "Fresh",
    "Glass",
    "GlassOf",
    "Group",
    "IdentityCheck",
    "Person",
    "Reading",
    "ReadingOf",
    "Request",
    "Sameness",
    "SealedFile",
    "SentForm",
    "Share",
    "Sound",
    "Suspicion",
    "Sweep",
    "Task",
]

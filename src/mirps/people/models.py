"""The tables of this band, by area."""

from mirps.people.custody.models import Glass, GlassOf, Reading, ReadingOf, Request, Share
from mirps.people.identity.models import Entry, Sound
from mirps.people.registry.models import Fact, Group, Person, Sameness

__all__ = [
    "Entry",
    "Fact",
    "Glass",
    "GlassOf",
    "Group",
    "Person",
    "Reading",
    "ReadingOf",
    "Request",
    "Sameness",
    "Share",
    "Sound",
]

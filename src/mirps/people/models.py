"""The tables of this band, by area."""

from mirps.people.registry.models import Fact, Group, Person, Sameness

__all__ = ["Fact", "Group", "Person", "Sameness"]

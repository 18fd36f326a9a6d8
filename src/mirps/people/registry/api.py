"""The door to the registry: persons, registration groups and what was said of them."""

from __future__ import annotations

from mirps.people.registry.actions import Kept, keep, project
from mirps.people.registry.kinds import Block, Book, Field, Form, Kind, Section, Type
from mirps.people.registry.models import Group, Person, Sameness
from mirps.people.registry.numbers import number, tidy
from mirps.people.registry.queries import (
    File,
    book,
    facts_of_group,
    file,
    is_country,
    names_of,
    standing_of,
)
from mirps.people.registry.rules import (
    Contradiction,
    Fact,
    as_known,
    consents,
    contradictions,
    in_force,
    members,
    shown_name,
)
from mirps.people.registry.submissions import Fault, NewGroup, NewPerson, Refused, Said, Submission, read

__all__ = [
    "Block", "Book", "Contradiction", "Fact", "Fault", "Field", "File", "Form", "Group", "Kept", "Kind",
    "NewGroup", "NewPerson", "Person", "Refused", "Said", "Sameness", "Section", "Submission", "Type",
    "as_known", "book", "consents", "contradictions", "facts_of_group", "file", "in_force", "is_country", "keep",
    "members", "names_of", "number", "project", "read", "shown_name", "standing_of", "tidy",
]  # fmt: skip

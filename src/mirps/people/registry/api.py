"""The door to the registry: persons, registration groups and what was said of them."""

from __future__ import annotations

from mirps.people.registry.actions import Kept, keep, named, say_same
from mirps.people.registry.files import For as HeldFor
from mirps.people.registry.files import claim as claim_files
from mirps.people.registry.files import get as file_content
from mirps.people.registry.files import let_go_of_loose, loose
from mirps.people.registry.files import put as put_file
from mirps.people.registry.files import release as release_files
from mirps.people.registry.files import remove as remove_files
from mirps.people.registry.files import wait as wait_files
from mirps.people.registry.kinds import Block, Book, Field, Form, Kind, Section, Type
from mirps.people.registry.models import Group, Person, Sameness
from mirps.people.registry.numbers import number, tidy
from mirps.people.registry.queries import (
    Asked,
    File,
    KeptBy,
    Member,
    Naming,
    book,
    by_number,
    fact,
    facts_kept,
    facts_of_group,
    file,
    file_of,
    is_country,
    kept_by,
    members_of,
    names_asked,
    names_of,
    people,
    registered_with,
    standing_asked,
    standing_of,
    together,
)
from mirps.people.registry.rules import (
    Contradiction,
    Fact,
    as_known,
    consents,
    contradictions,
    current_name,
    in_force,
    is_telephone,
    members,
    shown_name,
)
from mirps.people.registry.submissions import Fault, NewGroup, NewPerson, Refused, Said, Submission, read
from mirps.people.registry.terms import terms_of

__all__ = [
    "Asked", "Block", "Book", "Contradiction", "Fact", "Fault", "Field", "File", "Form", "Group", "HeldFor", "Kept",
    "KeptBy", "Kind", "Member", "Naming", "NewGroup", "NewPerson", "Person", "Refused", "Said", "Sameness", "Section",
    "Submission", "Type", "as_known", "book", "by_number", "claim_files", "consents", "contradictions",
    "current_name", "fact", "facts_kept", "facts_of_group", "file", "file_content", "file_of",
    "in_force", "is_country", "is_telephone", "keep", "kept_by", "let_go_of_loose", "loose", "members",
    "members_of", "named", "names_asked", "names_of", "number", "people", "put_file", "read", "registered_with",
    "release_files", "remove_files",
    "say_same", "shown_name", "standing_asked", "standing_of", "terms_of", "tidy", "together", "wait_files",
]  # fmt: skip

"""By what somebody is found: of what was said of them, that which goes into the sealed index."""

from __future__ import annotations

from collections.abc import Iterable

from mirps.people.identity import api as identity
from mirps.people.registry.queries import book
from mirps.people.registry.rules import Fact, is_telephone
from mirps.people.registry.submissions import Said


def terms_of(facts: Iterable[Said | Fact]) -> identity.Terms:
    """By what these facts let a person be found."""
    kinds, names, exact = book().kinds, [], dict[str, list[str]]()
    for f in facts:
        by, data = kinds[f.kind].find, f.data
        if by == "name":
            names.append(identity.read(str(data.get("given", "")), str(data.get("surnames", ""))))
        elif by == identity.BORN:
            exact.setdefault(by, []).append(str(data["date"]))
        elif by == identity.DOCUMENT:
            exact.setdefault(by, []).append(str(data["number"]))
        elif by == identity.PHONE and is_telephone(data):
            exact.setdefault(by, []).append(str(data["value"]))
    return identity.Terms(tuple(names), {by: tuple(values) for by, values in exact.items()})

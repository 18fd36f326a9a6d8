"""Facts and faults in the words of the catalogue (data/texts/people-registration.yaml)."""

from __future__ import annotations

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.people.registry.kinds import Block, Book, Field, Kind, Type
from mirps.people.registry.submissions import Fault


def kind_name(kind: str, lang: str) -> str:
    return say(f"registration.kind.{kind}", lang)


def block_name(block: Block, lang: str) -> str:
    """What a block of the form asks: its own name, or that of its kind."""
    where = "kind" if block.key == block.kind.name else "block"
    return say(f"registration.{where}.{block.key}", lang)


def field_name(kind: str, field: str, lang: str) -> str:
    own = field if field in ("sure", "why") else f"{kind}.{field}"
    return say(f"registration.field.{own}", lang)


def value_text(kind: Kind, field: str, value: object, book: Book, lang: str) -> str:
    """A field's value as it is read: the name of a code, the number or the words themselves."""
    if field == "sure":
        return book.lists["certainties"].name(str(value), lang)
    f = kind.fields.get(field)
    if f is None or f.type in (Type.TEXT, Type.LONG, Type.NUMBER, Type.WHEN, Type.FILE):
        return str(value)
    if f.type is Type.YES:
        return say("portal.yes", lang)
    return code_name(f, str(value), book, lang)


def code_name(field: Field, code: str, book: Book, lang: str) -> str:
    if field.type is Type.COUNTRY:
        return codelists.country_name(code, lang)
    return book.lists[field.list].name(code, lang)


def fault_text(fault: Fault, book: Book, lang: str) -> str:
    """A fault's sentence; kinds and blocks in it by their names."""
    values = dict(fault.values)
    if fault.key == "asked":
        key = fault.path.rpartition(".")[2]
        block = next(b for s in book.form.sections for b in s.blocks if b.key == key)
        values["block"] = block_name(block, lang)
    elif "kind" in values and values["kind"] in book.kinds:
        values["kind"] = kind_name(str(values["kind"]), lang)
    return say(f"registration.fault.{fault.key}", lang, **values)

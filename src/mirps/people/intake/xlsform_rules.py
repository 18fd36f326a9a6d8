"""The registry's rules about an answer, in the formulas of an XLSForm (XPath 1.0). Pure but for the texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mirps.base.texts.api import LANGUAGES, say
from mirps.people.registry.kinds import Block, Field, Kind, Type
from mirps.people.registry.submissions import OLDEST

#: The name of a language as the columns of an XLSForm give it.
HEADER = {"es": "Español (es)", "en": "English (en)"}
Row = dict[str, str]
#: The elements in which a field's answer stands.
Answers = Callable[[Field], Iterable[str]]


def said(column: str, *keys: str, **values: object) -> Row:
    """Texts of the catalogue, one after the other, in a column for each language."""
    return {
        f"{column}::{HEADER[lang]}": " ".join(say(key, lang, **values) for key in keys) for lang in LANGUAGES
    }


def needed(block: Block, f: Field, answers: Answers) -> str:
    """When an answer cannot be left out: "yes", a formula, or "" for never.

    A block that nobody must answer is left out by leaving out what `opens` it.
    """
    if f.required:
        return "yes" if block.required or f not in opens(block) else ""
    either = [g for g in block.fields if g.name in block.kind.any]
    if block.required and either and f is either[0]:
        return " and ".join(f"${{{node}}} = ''" for g in either[1:] for node in answers(g)) or "yes"
    return ""


def shown(block: Block, f: Field | None, answers: Answers) -> str:
    """When a question is asked: in a block that nobody must answer, once what opens it is answered.

    Such questions cannot make each other needed instead: devices refuse a form whose rules run in a circle.
    """
    first = opens(block)
    if block.required or f in first:
        return ""
    return " or ".join(f"${{{node}}} != ''" for g in first for node in answers(g))


def opens(block: Block) -> list[Field]:
    """Without an answer to one of these, a block says nothing."""
    either = [g for g in block.fields if g.name in block.kind.any]
    return either or [g for g in block.fields if g.required][:1]


def constraint(kind: Kind, f: Field) -> Row:
    """What an answer must be, and what to say where it is not."""
    if f.type in (Type.TEXT, Type.LONG):
        short = f"string-length(.) <= {f.most}"
        if kind.find == "name" and f.name in kind.any:  # at least a letter, of whichever script
            letters = f"{short} and not(regex(., '^[-0-9 .,;:!?_/*+#()]*$'))"
            faults = ["registration.fault.no-letters", "registration.fault.too-long"]
            return {"constraint": letters, **said("constraint_message", *faults, most=f.most)}
        too_long = said("constraint_message", "registration.fault.too-long", most=f.most)
        return {"constraint": short, **too_long}
    if f.type is Type.NUMBER:
        return {
            "constraint": ". >= 0 and . <= 10000",
            **said("constraint_message", "registration.fault.number"),
        }
    if f.type is Type.WHEN:
        faults = ["registration.fault.future"] * f.past + ["openrosa.form.too-old"]
        return {
            "constraint": " and ".join([". <= today()"] * f.past + [f". > today() - {OLDEST * 365}"]),
            **said("constraint_message", *faults, years=OLDEST),
        }
    return {}

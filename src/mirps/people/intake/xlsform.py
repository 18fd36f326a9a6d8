"""The registration form as an XLSForm (https://xlsform.org): what ODK Collect and KoboCollect fill offline.

It is made from data/registration/form.yaml alone, in both languages, with the registry's own rules, so that a
device refuses at once what the node would refuse later. What reads the answers (openrosa.py) asks here how
each is called, and neither can drift from the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO

import xlsxwriter
from pyxform.xls2xform import convert

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import LANGUAGES, say
from mirps.people.intake.xlsform_rules import HEADER, Row, constraint, needed, said, shown
from mirps.people.registry import wording
from mirps.people.registry.kinds import SURE, Block, Book, Field, Section, Type

#: As exact as a date is known: each is a question of its own, since a device asks for each in its own way.
EXACT = {"day": "", "month": "month-year", "year": "year"}
YES_OR_NO = ("yes", "no")
#: A list of more is folded, with a box to search in it.
_SHOWN = 7
_RULES = ("required", "relevant", "constraint", "appearance", "calculation", "trigger", "choice_filter",
          "default", "parameters")  # fmt: skip
#: Codes of countries that are no more (ISO 3166-3): nobody is asked to choose between two Germanies.
_GONE = {"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"}


@dataclass(frozen=True, slots=True)
class Sheets:
    """The three sheets of an XLSForm. A row is column -> text."""

    survey: list[Row] = field(default_factory=list)
    choices: list[Row] = field(default_factory=list)
    settings: Row = field(default_factory=dict)


class XFormFault(RuntimeError):
    """pyxform objects to a form that we made: a fault of ours, never of who asks for it."""


def form_id(level: str) -> str:
    return f"mirps-registration-{level}"


def title(level: str) -> str:
    """In both languages: an XForm has one title."""
    return " / ".join(say(f"openrosa.form.title.{level}", lang) for lang in LANGUAGES)


def levels_of(form: str, book: Book) -> list[str]:
    """The levels at which a form registers, from the least to its own; none for a form that is not ours."""
    return next((book.levels[: n + 1] for n, lv in enumerate(book.levels) if form_id(lv) == form), [])


def node(of: str, block: Block, name: str = "") -> str:
    """The element of a block, or of one of its answers: single in the whole form."""
    return "_".join(p.replace("-", "_") for p in (of, block.key, name) if p)


def asked(section: Section, levels: Iterable[str], book: Book) -> list[Block]:
    """The blocks of a section in a form that registers at these levels."""
    return [b for b in section.blocks if any(b.at(lv, book.levels) for lv in levels)]


def xform(book: Book, level: str) -> str:
    """The form as a device reads it: an XForm (ODK XForms specification), by pyxform. Takes a second."""
    found = convert(BytesIO(workbook(book, level)), validate=False, file_type=".xlsx")
    if found.warnings:
        raise XFormFault("; ".join(found.warnings))
    return str(found.xform)


def workbook(book: Book, level: str) -> bytes:
    """The form as a workbook, which people may take to other tools."""
    made, out = sheets(book, level), BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as file:
        bold = file.add_format({"bold": True})
        for name, rows in (("survey", made.survey), ("choices", made.choices), ("settings", [made.settings])):
            sheet = file.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for n, column in enumerate(_columns(rows)):
                sheet.write_string(0, n, column, bold)
                sheet.set_column(n, n, min(50, max(len(column), *(len(r.get(column, "")) for r in rows)) + 1))
                for m, row in enumerate(rows, 1):
                    if row.get(column):
                        sheet.write_string(m, n, row[column])
    return out.getvalue()


def _columns(rows: Iterable[Row]) -> list[str]:
    """What something is and says comes before the rules about it."""
    there = dict.fromkeys(column for row in rows for column in row)
    return [*(c for c in there if c not in _RULES), *(c for c in _RULES if c in there)]


def sheets(book: Book, level: str) -> Sheets:
    """The form of registration up to `level`. Raises ValueError for what is no level."""
    return _Writer(book, book.levels[: book.levels.index(level) + 1]).written()


class _Writer:
    def __init__(self, book: Book, levels: list[str]) -> None:
        self.book, self.levels, self.out = book, levels, Sheets()
        self.lists: dict[str, Mapping[str, Row]] = {}

    def written(self) -> Sheets:
        top = self.levels[-1]
        for of_device in ("start", "end", "deviceid"):
            self.row(of_device, of_device)
        if len(self.levels) > 1:
            self.row(self.of_list("levels", only=self.levels), "registration_level",
                     **said("label", "openrosa.form.level"), required="yes", default=top)  # fmt: skip
        else:
            self.row("calculate", "registration_level", calculation=f"'{top}'")
        self.row(
            self.of_list("group-kinds"), "group_kind", **said("label", "openrosa.form.kind"), required="yes"
        )
        self.sections("group")
        self.row("begin repeat", "person", **said("label", "openrosa.form.person"))
        self.row("calculate", "person_key", calculation="once(uuid())")
        self.row(
            "note", "person_first", **said("label", "openrosa.form.person-hint"), relevant="position(..) = 1"
        )
        self.row(self.of_list("group-roles"), "person_role", **field_said("membership", "role"), required="yes",
                 relevant="position(..) > 1", choice_filter="name != 'head'")  # fmt: skip
        self.sections("person")
        self.row("end repeat", "")
        for name, rows in self.lists.items():
            self.out.choices.extend({"list_name": name, "name": code, **row} for code, row in rows.items())
        self.out.settings.update(form_title=title(top), form_id=form_id(top), version=self.book.form.version,
                                 default_language=HEADER["es"])  # fmt: skip
        return self.out

    def row(self, type_: str, name: str, **more: str) -> None:
        self.out.survey.append({"type": type_, "name": name, **{k: v for k, v in more.items() if v}})

    def sections(self, of: str) -> None:
        for section in self.book.form.sections:
            if section.of == of and (blocks := asked(section, self.levels, self.book)):
                self.row("begin group", f"section_{section.key}",
                         **said("label", f"registration.section.{section.key}"))  # fmt: skip
                for block in blocks:
                    self.block(of, block)
                self.row("end group", "")

    def block(self, of: str, block: Block) -> None:
        shape = "repeat" if block.repeat else "group"
        name = {f"label::{HEADER[lang]}": wording.block_name(block, lang) for lang in LANGUAGES}
        self.row(
            f"begin {shape}", node(of, block), **name, relevant=self.relevant(block), appearance="field-list"
        )
        if block.repeat:
            self.row("calculate", node(of, block, "key"), calculation="once(uuid())")
        for f in block.fields:
            self.field(of, block, f)
        if block.sure:
            self.row(self.of_list("certainties"), node(of, block, SURE), **field_said(block.kind.name, SURE),
                     appearance="minimal", relevant=shown(block, None, partial(answers, of, block)))  # fmt: skip
        self.row(f"end {shape}", "")

    def relevant(self, block: Block) -> str:
        there = [lv for lv in self.levels if block.at(lv, self.book.levels)]
        if there == self.levels:
            return ""
        return " or ".join(f"${{registration_level}} = '{lv}'" for lv in there)

    def field(self, of: str, block: Block, f: Field) -> None:
        name, label = node(of, block, f.name), field_said(block.kind.name, f.name)
        place = partial(answers, of, block)
        rules = {
            "relevant": shown(block, f, place),
            "required": needed(block, f, place),
            **constraint(block.kind, f),
        }
        if rules["required"]:
            rules |= said("required_message", "registration.fault.one-of" if f.name in block.kind.any
                          else "registration.fault.required")  # fmt: skip
        if f.type is Type.WHEN:
            self.when(name, label, rules)
        elif f.type in (Type.CODE, Type.COUNTRY):
            type_ = self.of_list(f.list) if f.list else self.countries()
            folded = len(self.lists[type_.split()[1]]) > _SHOWN
            self.row(type_, name, **label, **rules, appearance="minimal autocomplete" if folded else "")
        elif f.type is Type.YES:
            self.row(self.yes_or_no(), name, **label, **rules)
        elif f.type is Type.TEXT and block.kind.find == "document":
            self.scanned(name, label, rules)
        else:
            type_, looks = _PLAIN[f.type]
            size = "max-pixels=1600" if type_ == "image" else ""
            hint = said("hint", "openrosa.form.name-hint") if f.name == "surnames" else {}
            self.row(type_, name, **label, **hint, **rules, appearance=looks, parameters=size)

    def when(self, name: str, label: Row, rules: Row) -> None:
        """What is known of a date, then the date no more exact than that."""
        self.lists["exactness"] = {exact: said("label", f"openrosa.form.{exact}") for exact in EXACT}
        asks = about("label", "openrosa.form.exact", label)
        self.row(
            "select_one exactness",
            f"{name}_exact",
            **asks,
            default="day",
            appearance="minimal",
            relevant=rules["relevant"],
        )
        for exact, looks in EXACT.items():
            chosen = {"relevant": f"${{{name}_exact}} = '{exact}'", "appearance": looks}
            self.row("date", f"{name}_{exact}", **label, **{**rules, **chosen})

    def scanned(self, name: str, label: Row, rules: Row) -> None:
        """A box that a scanned code fills, and that can be typed in."""
        asks = about("label", "openrosa.form.scan", label)
        hint = said("hint", "openrosa.form.scan-hint")
        self.row("barcode", f"{name}_scan", **asks, **hint, relevant=rules["relevant"])
        self.row("text", name, **label, **rules, calculation=f"${{{name}_scan}}", trigger=f"${{{name}_scan}}")

    def of_list(self, name: str, only: Iterable[str] = ()) -> str:
        plain = name.replace("-", "_")
        listed = self.book.lists[name]
        self.lists[plain] = {
            code: {f"label::{HEADER[lang]}": listed.name(code, lang) for lang in LANGUAGES}
            for code in (only or listed)
        }
        return f"select_one {plain}"

    def countries(self) -> str:
        """The seven States first, since most answers are theirs."""
        ours = codelists.member_states()
        codes = sorted(
            codelists.countries().keys() - _GONE,
            key=lambda c: (c not in ours, codelists.country_name(c, "es")),
        )
        self.lists["countries"] = {
            c: {f"label::{HEADER[lang]}": codelists.country_name(c, lang) for lang in LANGUAGES}
            for c in codes
        }
        return "select_one countries"

    def yes_or_no(self) -> str:
        self.lists["yes_or_no"] = {code: said("label", f"openrosa.form.{code}") for code in YES_OR_NO}
        return "select_one yes_or_no"


_PLAIN = {
    Type.TEXT: ("text", ""),
    Type.LONG: ("text", "multiline"),
    Type.NUMBER: ("integer", ""),
    Type.FILE: ("image", ""),
}


def answers(of: str, block: Block, f: Field) -> list[str]:
    """The elements in which a field's answer stands; a date has one for each exactness."""
    name = node(of, block, f.name)
    return [f"{name}_{exact}" for exact in EXACT] if f.type is Type.WHEN else [name]


def field_said(kind: str, name: str) -> Row:
    return {f"label::{HEADER[lang]}": wording.field_name(kind, name, lang) for lang in LANGUAGES}


def about(column: str, key: str, label: Row) -> Row:
    """A text that speaks of a question by its label."""
    return {
        f"{column}::{HEADER[lang]}": say(key, lang, field=label[f"label::{HEADER[lang]}"])
        for lang in LANGUAGES
    }

"""The form of a record: one input a cell, made from its kind; what was typed stays when it is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import IO, Any

from django.http import HttpRequest

from mirps.base.codelists import api as codelists
from mirps.base.files import api as files
from mirps.base.texts import api as texts
from mirps.base.texts.api import LANGUAGES, say
from mirps.planning.records import api as records
from mirps.planning.records.api import Data, Fault, Field, Kind, Record, Type
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk

_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\Z")
#: Above this many records a reference is typed, with proposals, instead of chosen from a list.
MOST_OPTIONS = 120
#: Code lists short enough to choose from; the others are typed, with proposals.
_SHORT = frozenset({"states", "sectors", "populations", "units"})


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a form. `kind`: line, area, pick, ticks, tick, date; `proposed`: the id of a datalist."""

    cell: str
    label: str
    kind: str
    value: str = ""
    hint: str = ""
    required: bool = False
    fault: str = ""
    lang: str = ""
    options: tuple[tuple[str, str], ...] = ()
    chosen: frozenset[str] = frozenset()
    proposed: str = ""
    stale: bool = False
    rows: int = 3


@cache
def _called(list_: str) -> dict[str, str]:
    """What a code of a list may be called, in small letters without accents; what two are called, none is."""
    found: dict[str, set[str]] = {}
    for code in records.listed(list_):
        names = [records.name_of(list_, code, lang) for lang in LANGUAGES]
        if list_ == "institutions":
            extra = codelists.institutions()[code].extra
            names += [extra["acronym"], *extra["aliases"].split("|")]
        for name in filter(None, names):
            found.setdefault(records.folded(name), set()).add(code)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


def code_of(list_: str, text: str) -> str:
    """The code of what was typed as a code or by its name; else what was typed, to be refused with why."""
    return (
        text if not text or text in records.listed(list_) else _called(list_).get(records.folded(text), text)
    )


def understood(f: Field, text: str) -> str:
    """What was typed as it is kept: a name as its code, `9:00` as 09:00, `5/12/2024` as 2024-12-05 (the seven
    States write the day first); else what was typed."""
    if f.type in (Type.DATE, Type.WHEN) and (day := _DAY_FIRST.match(text)):
        return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    if f.type is Type.CODE:
        codes = (code_of(f.list, part.strip()) for part in text.split(";"))
        return "; ".join(filter(None, codes))
    return f"0{text}" if f.type is Type.CLOCK and len(text) == 4 and text[1] == ":" else text


class Form:
    """A record being written: `data` what is held, `typed` what was posted."""

    def __init__(self, desk: Desk, kind: Kind, data: Mapping[str, Any], parent: str = "") -> None:
        self.desk = desk
        self.kind = kind
        self.held = dict(data)
        self.parent = parent
        self.posted = desk.request.method == "POST"
        self.typed = typed(desk.request) if self.posted else {}
        for f in kind.fields:
            if f.name in self.typed and f.type in (Type.CODE, Type.CLOCK, Type.DATE, Type.WHEN):
                self.typed[f.name] = understood(f, self.typed[f.name].strip())
        self.faults: dict[str, str] = {}
        self.files: dict[str, tuple[IO[bytes], str]] = {}
        self.proposals: dict[str, list[tuple[str, str]]] = {}

    def read(self) -> Data:
        """What was typed as data; faults are kept by cell. Fields that only acts set stay as they are."""
        held = records.flat(self.kind, self.held)
        given = {**held, **self.typed}
        for f in self.kind.fields:
            if f.kept:
                given |= {c: held[c] for c in records.cells(f)}
            elif f.type is Type.FILE:
                given[f.name] = self._file(f.name, held[f.name])
            elif f.type in (Type.YES, Type.CHOICE, Type.CODE) and f.name not in self.typed:
                given[f.name] = ""  # a box that is not ticked is not sent
        data, faults = records.read(self.kind, given, records.known(self._number))
        self.add(f for f in faults if f.key != "record.fault.required")
        return data

    def _file(self, cell: str, held: str) -> str:
        """The digest of what is uploaded, or of what is there already (taken off: nothing)."""
        if self.typed.get(f"_off.{cell}"):
            return ""
        given = self.desk.request.FILES.get(cell)
        if given is None or given.file is None:
            return held
        try:
            files.kind_of(given.file)
        except files.FileFault as e:
            self.faults[cell] = say(e.key, self.desk.lang, **e.values)
            return held
        self.files[cell] = (given.file, given.name or "")
        return files.digest_of(given.file)

    def keep(self, key: str) -> None:
        """Attach to a record the files that were uploaded with it."""
        for file, name in self.files.values():
            records.keep_paper(key=key, file=file, name=name, by=self.desk.username, at=self.desk.now)

    def _number(self, text: str) -> Decimal:
        return texts.read_number(text, self.desk.locale)

    def add(self, faults: Any) -> None:
        for f in faults:
            self.faults.setdefault(f.cell, showing.fault_words(self.kind, f, self.desk.lang))

    @property
    def confirmed(self) -> list[str]:
        """Cells whose translation the writer says still holds."""
        return [c for c in self.desk.request.POST.getlist("_holds") if c in records.columns(self.kind)]

    def fault(self, cell: str, key: str, **values: object) -> None:
        self.add([Fault(cell, key, values)])

    def inputs(self) -> list[Input]:
        found: list[Input] = []
        for f in self.kind.fields:
            if not f.kept:
                found += [self._input(f, c) for c in records.cells(f)]
        return found

    def _value(self, f: Field, cell: str) -> str:
        if self.posted:
            return self.typed.get(cell, "")
        plain = records.flat(self.kind, self.held)[cell]
        numeric = f.type is Type.NUMBER or (f.type is Type.MONEY and cell.endswith(".amount"))
        return texts.number(Decimal(plain), self.desk.locale) if numeric and plain else plain

    def _input(self, f: Field, cell: str) -> Input:
        lang = self.desk.lang
        part = cell.partition(".")[2]
        value = self._value(f, cell)
        kind, options, proposed = self._way(f, cell)
        return Input(
            cell=cell, label=showing.cell_name(self.kind, cell, lang), kind=kind, value=value,
            hint=self._hint(f, cell), required=f.required and part in ("", lang, "amount"),
            fault=self.faults.get(cell, ""), lang=part if f.bilingual else "", options=tuple(options),
            chosen=frozenset(v.strip() for v in value.split(";")) if f.many else frozenset({value}),
            proposed=proposed, stale=cell in records.stale(self.kind, self.held), rows=6 if f.type is Type.LONG else 3,
        )  # fmt: skip

    def _hint(self, f: Field, cell: str) -> str:
        lang = self.desk.lang
        said = (
            showing.hint(self.kind, f.name, lang)
            if cell in (f.name, f"{f.name}.es", f"{f.name}.amount")
            else ""
        )
        if f.type is Type.ROWS:
            parts = " | ".join(showing.label(self.kind, f"{f.name}.{s.name}", lang) for s in f.of)
            said = f"{said} {say('record.hint.rows', lang, parts=parts)}".strip()
            for s in f.of:
                if s.options:
                    shown = "; ".join(
                        f"{o} = {showing.choice(self.kind, f'{f.name}.{s.name}', o, lang)}" for o in s.options
                    )
                    said += f" {showing.label(self.kind, f'{f.name}.{s.name}', lang)}: {shown}."
        elif f.type in (Type.WHEN, Type.CLOCK, Type.SERIES):
            said = f"{said} {say(f'record.hint.{f.type.value}', lang)}".strip()
        elif f.many and f.type is not Type.CHOICE and f.list not in _SHORT:
            said = f"{said} {say('record.hint.many', lang)}".strip()
        elif cell.endswith(".currency"):
            said = say("record.hint.currency", lang)
        return said

    def _way(self, f: Field, cell: str) -> tuple[str, list[tuple[str, str]], str]:
        """How a cell is filled: (kind of input, options, id of its proposals)."""
        lang = self.desk.lang
        if f.type is Type.CHOICE:
            options = [(o, showing.choice(self.kind, f.name, o, lang)) for o in f.options]
            return ("ticks" if f.many else "pick"), options, ""
        if f.type is Type.YES:
            return "tick", [], ""
        if f.type is Type.CODE:
            if f.list in _SHORT:
                options = [(c, records.name_of(f.list, c, lang)) for c in records.listed(f.list)]
                return ("ticks" if f.many else "pick"), options, ""
            return "line", [], self._propose(f.list)
        if f.type is Type.REF:
            return self._reference(f)
        if f.type in (Type.LONG, Type.ROWS):
            return "area", [], ""
        if f.type is Type.FILE:
            return "file", [], ""
        if f.type is Type.MONEY and cell.endswith(".currency"):
            return "line", [], ""
        return ("date" if f.type is Type.DATE else "line"), [], ""

    def _propose(self, list_: str) -> str:
        if list_ not in self.proposals:
            self.proposals[list_] = [
                (c, records.name_of(list_, c, self.desk.lang)) for c in records.listed(list_)
            ]
        return f"list-{list_}"

    def _reference(self, f: Field) -> tuple[str, list[tuple[str, str]], str]:
        found = Record.objects.filter(kind__in=f.to).order_by("kind", "parent", "place", "key")
        options = []
        for r in found[: MOST_OPTIONS * 5]:
            held = self.desk.shown(r)
            if held is not None:
                options.append((r.key, records.title(r.kind, held, self.desk.lang) or r.code))
        if f.many or len(options) > MOST_OPTIONS:
            self.proposals[f.name] = options
            return "line", [], f"list-{f.name}"
        return "pick", options, ""


def typed(request: HttpRequest) -> dict[str, str]:
    """What was posted, cell by cell; several ticks of one cell parted by `;`."""
    return {k: "; ".join(v)[:20_000] for k, v in request.POST.lists()}

"""SDMX-ML 2.1: the structure (code lists, concepts, data structure, dataflow) and generic data.

Written as text, one observation at a time. pysdmx 1.21 writes names in English only and
holds the data in pandas, so it reads what we write (in the tests) and does not write it.
Generic data of 2.1 is checked in full by the public XSDs; SDMX 3.0 has structure-specific
data alone, which they check only after a schema is made for each structure. See docs/data.md.

Each statement of the ledger is one observation: the dimension STATEMENT keeps statements
apart that say the same thing in two places, or contradict each other.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from xml.sax.saxutils import escape, quoteattr

from mirps.evidence.figures.api import TOTAL, Entry, Figure, cell_text
from mirps.sharing.exports.sdmx_codes import Component, code_lists, components, sdmx_code

AGENCY, VERSION, STRUCTURE, FLOW, CONCEPTS = "MIRPS", "1.0", "MIRPS_FIGURES", "FIGURES", "CS_MIRPS"
MEDIA_DATA = "application/vnd.sdmx.genericdata+xml;version=2.1"
MEDIA_STRUCTURE = "application/vnd.sdmx.structure+xml;version=2.1"
_ROOT = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/"
_SPACES = " ".join(
    f'xmlns:{short}="{_ROOT}{name}"'
    for short, name in (("mes", "message"), ("str", "structure"), ("com", "common"), ("gen", "data/generic"))
)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, production 2
_TEXTS = {
    "STAGE": "stage", "UNIVERSE": "universe", "PLACE": "place", "PERIOD_START": "period_start",
    "PERIOD_END": "period_end", "AS_OF": "as_of", "COMPARE_START": "compare_start",
    "COMPARE_END": "compare_end", "DOCUMENT": "document", "LOCATOR": "locator", "FRAGMENT": "fragment",
    "SOURCE": "source", "SERIES": "series", "SUPERSEDES": "supersedes", "COMMENT_ES": "note_es",
    "COMMENT_EN": "note_en",
}  # fmt: skip


def write_data(entries: Iterable[Entry], *, round_start: date, prepared: datetime) -> Iterator[bytes]:
    """The generic data message. `round_start`: the year that stands for statements without any date."""
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<mes:GenericData {_SPACES}>{_header("FIGURES", prepared)}'
        f'<mes:DataSet structureRef="{STRUCTURE}" action="Replace">\n'
    ).encode()
    for entry in entries:
        yield _observation(entry.figure, round_start).encode()
    yield b"</mes:DataSet></mes:GenericData>\n"


def _header(id_: str, prepared: datetime, *, data: bool = True) -> str:
    structure = (
        f'<mes:Structure structureID="{STRUCTURE}" dimensionAtObservation="AllDimensions"><com:Structure>'
        f"{_ref(STRUCTURE, 'DataStructure', 'datastructure')}</com:Structure></mes:Structure>"
        "<mes:DataSetAction>Replace</mes:DataSetAction>"
    )
    return (
        f"<mes:Header><mes:ID>{id_}</mes:ID><mes:Test>false</mes:Test>"
        f"<mes:Prepared>{prepared:%Y-%m-%dT%H:%M:%SZ}</mes:Prepared>"
        f'<mes:Sender id="{AGENCY}"/>{structure if data else ""}</mes:Header>\n'
    )


def _ref(id_: str, kind: str, package: str, parent: str = "") -> str:
    where = f'maintainableParentID="{parent}" maintainableParentVersion' if parent else "version"
    return f'<Ref id="{id_}" agencyID="{AGENCY}" {where}="{VERSION}" class="{kind}" package="{package}"/>'


def _observation(f: Figure, round_start: date) -> str:
    freq, when, basis = time_of(f, round_start)
    members = f.members()
    key = {
        "FREQ": freq,
        "REF_AREA": sdmx_code("CL_AREA", f.state),
        "MEASURE": sdmx_code("CL_MEASURE", f.measure),
        "POPULATION": sdmx_code("CL_POPULATION", f.population),
        "STATEMENT": f.id,
        "TIME_PERIOD": when,
    }
    attributes = {
        "UNIT_MEASURE": sdmx_code("CL_UNIT", f.unit),
        "OBS_STATUS": status_of(f),
        "OBS_QUALIFIER": sdmx_code("CL_QUALIFIER", f.qualifier),
        "TIME_BASIS": basis,
        "SECTOR": sdmx_code("CL_SECTOR", f.sector),
        "STATEMENT_ORIGIN": sdmx_code("CL_ORIGIN", f.origin),
        "STATEMENT_ROLE": sdmx_code("CL_ROLE", f.role),
        **{id_: cell_text(getattr(f, name)) for id_, name in _TEXTS.items()},
    }
    parts = ["<gen:Obs><gen:ObsKey>"]
    for c in components():
        if c.role == "dimension" and c.id not in key:
            parts.append(_value(c.id, sdmx_code(c.list, members.get(c.id.lower(), TOTAL))))
        elif c.role in ("dimension", "time"):
            parts.append(_value(c.id, key[c.id]))
    parts.append("</gen:ObsKey>")
    if f.value is not None:
        parts.append(f"<gen:ObsValue value={_attribute(cell_text(f.value))}/>")
    parts.append("<gen:Attributes>")
    parts += [_value(id_, text) for id_, text in attributes.items() if text]
    parts.append("</gen:Attributes></gen:Obs>\n")
    return "".join(parts)


def _value(id_: str, text: str) -> str:
    return f'<gen:Value id="{id_}" value={_attribute(text)}/>'


def _attribute(text: str) -> str:
    return quoteattr(_ILLEGAL.sub("\ufffd", text), {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})


def status_of(f: Figure) -> str:
    """CL_OBS_STATUS: which absence, or an estimate or plan, or normal."""
    listed = code_lists()["CL_OBS_STATUS"]
    return listed[f.absence or (f.stage if f.stage in listed else "")].id


def time_of(f: Figure, round_start: date) -> tuple[str, str, str]:
    """FREQ, TIME_PERIOD (common:ObservationalTimePeriodType) and TIME_BASIS of a statement."""
    if f.period_start and f.period_end:
        return (*_period(f.period_start, f.period_end), sdmx_code("CL_TIME_BASIS", "period"))
    for name in ("as_of", "period_end", "period_start"):
        day = getattr(f, name)
        if day is not None:
            return sdmx_code("CL_FREQ", "day"), day.isoformat(), sdmx_code("CL_TIME_BASIS", name)
    return sdmx_code("CL_FREQ", "year"), round_start.isoformat()[:4], sdmx_code("CL_TIME_BASIS", "round")


def _period(start: date, end: date) -> tuple[str, str]:
    """A calendar year, half, quarter, month or day by its name; anything else as start/duration."""
    if start == end:
        return sdmx_code("CL_FREQ", "day"), start.isoformat()
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    whole = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    if whole and months in (12, 6, 3, 1) and (start.month - 1) % months == 0:
        n = (start.month - 1) // months + 1
        name, text = {
            12: ("year", start.isoformat()[:4]),
            6: ("half", f"{start.year:04}-S{n}"),
            3: ("quarter", f"{start.year:04}-Q{n}"),
            1: ("month", start.isoformat()[:7]),
        }[months]
        return sdmx_code("CL_FREQ", name), text
    return sdmx_code("CL_FREQ", "other"), f"{start.isoformat()}/P{(end - start).days + 1}D"


def write_structure(*, prepared: datetime) -> Iterator[bytes]:
    """The structure message: everything that the data message refers to, named in both languages."""
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<mes:Structure {_SPACES}>'
        f"{_header('STRUCTURE', prepared, data=False)}<mes:Structures>\n"
    ).encode()
    flow = _named("MIRPS: cifras publicadas", "MIRPS: published figures")
    yield (
        f'<str:Dataflows><str:Dataflow id="{FLOW}" {_owned()}>{flow}<str:Structure>'
        f"{_ref(STRUCTURE, 'DataStructure', 'datastructure')}</str:Structure></str:Dataflow></str:Dataflows>\n"
    ).encode()
    yield b"<str:Codelists>\n"
    for name, listed in code_lists().items():
        codes = "".join(f'<str:Code id="{c.id}">{_named(c.es, c.en)}</str:Code>\n' for c in listed.values())
        yield f'<str:Codelist id="{name}" {_owned()}>{_named(name, name)}\n{codes}</str:Codelist>\n'.encode()
    yield b"</str:Codelists>\n"
    concepts = "".join(f'<str:Concept id="{c.id}">{_named(c.es, c.en)}</str:Concept>\n' for c in components())
    yield (
        f'<str:Concepts><str:ConceptScheme id="{CONCEPTS}" {_owned()}>{_named("Conceptos", "Concepts")}\n'
        f"{concepts}</str:ConceptScheme></str:Concepts>\n"
    ).encode()
    yield _data_structure().encode()
    yield b"</mes:Structures></mes:Structure>\n"


def _owned() -> str:
    return f'agencyID="{AGENCY}" version="{VERSION}" isFinal="false"'


def _named(es: str, en: str) -> str:
    return "".join(
        f'<com:Name xml:lang="{lang}">{escape(_ILLEGAL.sub(" ", text))}</com:Name>'
        for lang, text in (("es", es), ("en", en))
    )


def _data_structure() -> str:
    by_role: dict[str, list[Component]] = {"dimension": [], "time": [], "measure": [], "attribute": []}
    for c in components():
        by_role[c.role].append(c)
    value = by_role["measure"][0]
    dimensions = "".join(
        f'<str:Dimension id="{c.id}" position="{n}">{_content(c)}</str:Dimension>\n'
        for n, c in enumerate(by_role["dimension"], start=1)
    )
    times = "".join(
        f'<str:TimeDimension id="{c.id}" position="{len(by_role["dimension"]) + 1}">'
        f"{_content(c, 'ObservationalTimePeriod')}</str:TimeDimension>\n"
        for c in by_role["time"]
    )
    attributes = "".join(
        f'<str:Attribute id="{c.id}" assignmentStatus="{"Mandatory" if c.required else "Conditional"}">'
        f"{_content(c)}<str:AttributeRelationship><str:PrimaryMeasure>"
        f'<Ref id="{value.id}"/></str:PrimaryMeasure></str:AttributeRelationship></str:Attribute>\n'
        for c in by_role["attribute"]
    )
    measure = f'<str:PrimaryMeasure id="{value.id}">{_content(value, "Decimal")}</str:PrimaryMeasure>\n'
    return (
        f'<str:DataStructures><str:DataStructure id="{STRUCTURE}" {_owned()}>'
        f"{_named('Cifras del MIRPS', 'Figures of the MIRPS')}<str:DataStructureComponents>\n"
        f'<str:DimensionList id="DimensionDescriptor">\n{dimensions}{times}</str:DimensionList>\n'
        f'<str:AttributeList id="AttributeDescriptor">\n{attributes}</str:AttributeList>\n'
        f'<str:MeasureList id="MeasureDescriptor">{measure}</str:MeasureList>\n'
        "</str:DataStructureComponents></str:DataStructure></str:DataStructures>\n"
    )


def _content(c: Component, text: str = "String") -> str:
    """What a component is about, and its code list or kind of text."""
    concept = _ref(c.id, "Concept", "conceptscheme", CONCEPTS)
    kind = (
        f"<str:Enumeration>{_ref(c.list, 'Codelist', 'codelist')}</str:Enumeration>"
        if c.list
        else f'<str:TextFormat textType="{text}"/>'
    )
    return (
        f"<str:ConceptIdentity>{concept}</str:ConceptIdentity>"
        f"<str:LocalRepresentation>{kind}</str:LocalRepresentation>"
    )

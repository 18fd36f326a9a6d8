"""A procedure's file is read and proved before anybody's case follows it; everything wrong is told at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirps.base.codelists.api import data_folder
from mirps.base.marked.faults import Fault, Faults
from mirps.base.texts.api import catalogue
from mirps.casework.procedures import api, proving
from mirps.casework.procedures.api import known, load, procedures
from mirps.casework.procedures.proving import prove
from mirps.casework.procedures.reading import read

FILES = sorted((data_folder() / "procedures").glob("*.yaml"))
MEX = (data_folder() / "procedures" / "mex-asylum.yaml").read_text(encoding="utf-8")
#: A whole procedure as small as it can be: what a newcomer copies.
SMALL = """procedure: small
version: "1"
state: HND
authority: HND.INM
title: {es: Prueba, en: Trial}
subject: person
law:
  ours: {text: {es: Propuesta, en: Proposal}, certainty: proposal}
roles:
  desk: {name: {es: Mesa, en: Desk}, actor: team}
fields:
  age: {name: {es: Edad, en: Age}, type: number}
stages:
  asked: {name: {es: Pedido, en: Asked}, turn: [desk]}
  given: {name: {es: Dado, en: Given}, ends: favourable}
  denied: {name: {es: Negado, en: Denied}, ends: adverse}
acts:
  ask: {name: {es: Pedir, en: Ask}, opens: yes, to: asked, by: [desk], form: {required: [age]}}
  give: {name: {es: Dar, en: Give}, from: asked, to: given, by: [desk]}
  deny: {name: {es: Negar, en: Deny}, from: asked, to: denied, by: [desk], adverse: yes,
    reason: yes, notice: no_letter, remedies: [reopen]}
  reopen: {name: {es: Reabrir, en: Reopen}, from: denied, to: back, by: [desk]}
deadlines:
  answer: {name: {es: Respuesta, en: Answer}, n: 5, unit: working-days, law: ours, starts: [ask],
    met_by: [give, deny], effect: notify, to: desk}
documents:
  no_letter: {name: {es: Aviso, en: Notice}, paper: notice}
"""


def faults(text: str | bytes) -> list[Fault]:
    raw = text.encode() if isinstance(text, str) else text
    try:
        prove(read(raw, "a.yaml", known()), "a.yaml")
    except Faults as e:
        return e.faults
    return []


CONDITION = "guards: [{when: done.deny, otherwise: {es: x, en: x}}]"


def guarded(when: str) -> str:
    """The act `give` with a condition."""
    return f'to: given, by: [desk], guards: [{{when: "{when}", otherwise: {{es: x, en: x}}}}]'


def line_of(text: str, what: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if what in line)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_file_of_ours_is_proved(path: Path) -> None:
    load(path)


def test_one_faulty_file_is_told_and_the_others_stay_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "procedures").mkdir()
    for name, text in {
        "a": SMALL,
        "b": SMALL.replace('"1"', '"2"').replace("n: 5", "n: x"),
        "c": SMALL,
    }.items():
        (tmp_path / "procedures" / f"{name}.yaml").write_text(text, "utf-8")
    known()
    monkeypatch.setattr(api, "data_folder", lambda: tmp_path)
    api._all.cache_clear()
    try:
        assert {n: list(v) for n, v in api.procedures().items()} == {"small": ["1"]}
        assert [(f.file, f.key) for f in api.faulty()] == [("b.yaml", "number"), ("c.yaml", "version_twice")]
    finally:
        api._all.cache_clear()


def test_a_small_procedure_needs_thirty_lines_and_no_python() -> None:
    assert faults(SMALL) == []


@pytest.mark.parametrize(
    ("was", "becomes", "key"),
    [
        ("turn: [desk]", "turn: []", "nobody"),
        ("from: asked, to: given", "from: asked", "unreachable"),
        ("ends: favourable", "turn: [desk]", "dead_end"),
        ("from: asked, to: given, by: [desk]", "from: asked, to: given, by: []", "by_nobody"),
        ("to: given, by: [desk]", guarded("done.deny"), "stuck"),
        ("to: given, by: [desk]", guarded("age > 17"), "stuck"),
        ("adverse: yes,", "", "adverse_hidden"),
        ("reason: yes, ", "", "adverse_reason"),
        ("paper: notice", "paper: letter", "adverse_notice"),
        (", remedies: [reopen]", "", "adverse_back"),
        ("from: denied, to: back", "from: denied", "adverse_back"),
        ("actor: team", "actor: applicant", "adverse_by"),
        ("from: asked, to: given,", "from: asked, to: given, cites: orign,", "choice"),
        ("opens: yes, to: asked", "opens: yes, cites: origin, to: asked", "cites_where"),
        ("adverse: yes,", "adverse: yes, cites: origin,", "cites_where"),
        ("  age:", "  cited:", "reserved"),
        ("met_by: [give, deny], ", "", "deadline_unmet"),
        ("law: ours", "law: old", "no_such"),
        ("certainty: proposal", "certainty: proposal, until: 2020-01-01", "law_ended"),
        ("{required: [age]}", "{}", "never_asked"),
        ("opens: yes, to: asked", "from: given, to: asked", "no_opening"),
        ("en: Given", "eng: Given", "languages"),
        ("en: Given", "en: ''", "text"),
        ("type: number", "type: numbr", "choice"),
        ("type: number", "type: choice", "options"),
        ("type: number", "type: number, sensitive: gbw", "no_such_near"),
        ("type: number", "type: number, sensitive: maybe", "no_such"),
        ("n: 5", "n: five", "number"),
        ("  age:", "  deadline:", "reserved"),
        ("state: HND", "state: FRA", "no_such"),
        ("authority: HND.INM", "authority: HND.IMN", "no_such_near"),
        ("subject: person", "subject: person\nsubjet: person", "unknown_near"),
        ("subject: person\n", "", "lacks"),
        ("effect: notify", "effect: propose", "proposes"),
        ("starts: [ask]", "starts_on: age", "starts_on_date"),
        ("starts: [ask]", "starts: []", "starts"),
        ("  give:", "  void:", "reserved"),
        ("ends: favourable", "ends: own-wish", "own_wish"),
        ("ends: favourable", "ends: neutral", "neutral"),
        ("actor: team", "actor: applicant", "waits"),
        ("to: back, by: [desk]", f"to: back, by: [desk], {CONDITION}", "adverse_back"),
        ("opens: yes, to: asked", "opens: yes, to: denied", "adverse_hidden"),
        ('version: "1"', 'version: "1/../2"', "version"),
    ],
)  # fmt: skip
def test_each_fault_is_found_with_its_line_and_said_in_both_languages(
    was: str, becomes: str, key: str
) -> None:
    assert was in SMALL
    broken = SMALL.replace(was, becomes, 1)
    if key == "law_ended":
        broken = broken.replace("law:\n", "in_force: {from: 2024-01-01}\nlaw:\n", 1)
    if key == "never_asked":
        broken = broken.replace("to: given, by: [desk]", guarded("age > 1"))
    found = faults(broken)
    assert key in {f.key for f in found}
    for f in found:
        assert f.reason("es") != f.reason("en")
        assert f.remedy("es")
        assert f.remedy("en")


@pytest.mark.parametrize(
    ("when", "key"),
    [
        ("age >", "guard_syntax"),
        ("ages > 1", "guard_name_near"),
        ("zzzzzz > 1", "guard_name"),
        ("age == 'x'", "guard_types"),
        ("!age", "guard_types"),
        ("1 > 2", "guard_constant"),
        ("age + 1", "guard_bool"),
        ("deadline.answer.late", "guard_name_near"),
        ("age > 1 " + "|| age > 1 " * 60, "guard_long"),
        ("(" * 200 + "true" + ")" * 200, "guard"),
    ],
)
def test_a_condition_is_checked_by_its_types_when_the_file_is_read(when: str, key: str) -> None:
    guard = f'to: given, by: [desk], guards: [{{when: "{when}", otherwise: {{es: x, en: x}}}}]'
    broken = SMALL.replace("to: given, by: [desk]", guard, 1)
    found = [f for f in faults(broken) if f.key == key]
    assert [f.line for f in found] == [line_of(SMALL, "  give:")]
    assert found[0].reason("es") != found[0].reason("en")


def test_all_faults_come_at_once_and_in_order() -> None:
    broken = SMALL.replace("n: 5", "n: 0").replace("actor: team", "actor: tema").replace("en: Given", "e: G")
    assert [f.key for f in faults(broken)] == ["choice", "languages", "number"]
    assert [f.line for f in faults(broken)] == sorted(f.line for f in faults(broken))


@pytest.mark.parametrize(
    ("was", "becomes", "key"),
    [
        ("    others:\n", "    others:\n      if: {joined: no, urgent: yes}\n", "triage_gap"),
        ("      if: {urgent: yes}\n", "      if: {lone_child: yes, urgent: yes}\n", "triage_row"),
        ("joined: yes}, then: merged", "joined: yes}, then: regular", "triage_example"),
        ("form: {required: [modality]}", "form: {required: [language]}", "modality_unset"),
        ("if: {joined: yes}", "if: {joined: perhaps}", "no_such"),
        ("    joined: {field: joined}", "    joined: {field: language}", "column_type"),
    ],
)  # fmt: skip
def test_a_triage_table_decides_everything_and_keeps_its_own_examples(
    was: str, becomes: str, key: str
) -> None:
    assert was in MEX
    assert key in {f.key for f in faults(MEX.replace(was, becomes, 1))}


def test_triage_tells_each_row_that_it_tried_and_waits_for_an_answer_that_could_change_it() -> None:
    table = procedures()["mex_asylum"]["2025.1"].triage
    assert table is not None
    facts = {"lone_child": False, "urgent": False, "nationality": "HTI", "joined": True}
    outcome = table.of(facts)
    assert (outcome.then, outcome.row) == ("simplified", "haiti")
    assert [(t.row, t.column) for t in outcome.tried] == [
        ("child", "lone_child"),
        ("risk", "urgent"),
        ("haiti", ""),
    ]
    waiting = table.of({k: v for k, v in facts.items() if k != "urgent"})
    assert (waiting.then, waiting.missing) == (None, ("urgent",))
    assert table.of({"lone_child": True}).then == "regular"


HOSTILE = {
    "large": b"a: " + b"x" * 600_000,
    "deep": b"[" * 5_000 + b"]" * 5_000,
    "alias": b"a: &a [1, 2]\nb: [*a, *a]\n",
    "bomb": b"a: &a [x]\n" + b"".join(b"b%d: [*a, *a]\n" % i for i in range(50)),
    "tag": b"a: !!python/object/apply:os.system ['true']\n",
    "twice": b"procedure: a\nprocedure: b\n",
    "documents": b"a: 1\n---\nb: 2\n",
    "encoding": b"a: \xff\xfe\n",
    "character": b"a: \x00\n",
    "yaml": b"a: [1, 2\nb: }\n",
    "empty": b"# nothing\n",
    "key": b"? [a, b]\n: c\n",
    "nodes": b"a: [" + b"1," * 60_000 + b"1]\n",
    "list": b"- a\n- b\n",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_by_name_and_in_few_words(what: str) -> None:
    found = faults(HOSTILE[what])
    assert found
    assert {f.key for f in found} <= {what, "alias", "mapping", "lacks", "languages"}
    assert all(len(f.say("es")) < 600 for f in found)


def test_a_file_of_the_most_that_is_allowed_is_proved() -> None:
    stages = "".join(f"  s{n}: {{name: {{es: E, en: S}}, turn: [desk]}}\n" for n in range(96))
    acts = "".join(
        f"  a{n}: {{name: {{es: A, en: A}}, from: open, to: {f's{n % 96}' if n else 'asked'}, by: [desk]}}\n"
        for n in range(190)
    )
    large = SMALL.replace("stages:\n", f"stages:\n{stages}").replace("acts:\n", f"acts:\n{acts}")
    assert faults(large) == []
    more = large.replace("stages:\n", "stages:\n" + stages.replace("  s", "  t"))
    assert "many" in {f.key for f in faults(more)}


@pytest.mark.parametrize("name", ["a b", "ñ", "1a", "a.b", "x" * 300, "", "A", "a-b"])
def test_a_name_that_is_none_is_told_and_asked_no_further(name: str) -> None:
    assert "name" in {f.key for f in faults(SMALL.replace("  age:", f'  "{name}":'))}
    assert "name" in {f.key for f in faults(SMALL.replace("  give:", f'  "{name}":'))}


@settings(max_examples=150)
@given(st.data())
def test_whatever_is_cut_out_or_put_in_the_answer_is_a_procedure_or_its_faults(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([SMALL, MEX]))
    lines = text.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["cut", "twice", "word", "junk"]))
        if change == "cut":
            del lines[at]
        elif change == "twice":
            lines.insert(at, lines[at])
        elif change == "word":
            word = data.draw(
                st.sampled_from(["yes", "[]", "{}", "0", "open", "back", "''", "ñ", "~", "2024-01-01"])
            )
            lines[at] = re.sub(r": .*", f": {word}", lines[at], count=1)
        else:
            lines[at] += data.draw(st.text(max_size=12))
    for f in faults("\n".join(lines).encode("utf-8", "replace")):
        assert f.say("es")
        assert f.say("en")


def test_every_fault_that_the_code_can_find_has_its_texts() -> None:
    def written(*folders: str) -> str:
        bands = Path(proving.__file__).parents[2]
        return "".join(
            p.read_text(encoding="utf-8") for f in folders for p in sorted((bands / f).glob("*.py"))
        )

    code = written("base/marked", "base/calendars", "casework/procedures", "casework/letters")
    told = {k.split(".")[2] for k in catalogue() if k.startswith("marked.fault.")}
    named = set(re.findall(r"(?:fault|refuse)\([^\"()]*(?:\([^()]*\))?[^\"()]*\"(\w+)\"(?!\])", code))
    named |= set(re.findall(r"yield [^\"]*(?:f?\"[^\"]*\", )\"(\w+)\", \{", code))
    named |= set(re.findall(r"yield at, path, \"(\w+)\"", code))
    assert len(named) > 50
    assert named - told == set()
    named |= set(re.findall(r"NotAGuard\(\"(\w+)\"", code))
    code += written("evidence/indicators", "evidence/disclosure")  # whose own tests hold what they find
    unused = {key for key in told if f'"{key}"' not in code}
    assert unused == set()


def test_the_page_on_procedures_names_every_key_that_a_file_may_have() -> None:
    from mirps.casework.procedures import reading, reading_acts

    page = (data_folder().parent / "docs" / "procedures.md").read_text(encoding="utf-8")
    keys = {*reading._TOP, *reading_acts._ACT, *reading_acts._DEADLINE}
    words = set(re.findall(r"[a-z_]+", page))
    assert keys - words == set()

"""A workbook is made, filled in and taken in; what is wrong is named; the same twice changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mirps.base.audit.api import AuditEntry
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Statement, Upload
from mirps.evidence.figures.api import NOT_COLLECTED, Qualifier
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Round, Stage, Step
from mirps.evidence.workbooks.api import Choice, Fate
from mirps.evidence.workbooks.rules import Column

from .conftest import (
    NOW,
    ask,
    cell,
    changed,
    fill,
    look,
    made,
    opened,
    rows_of,
    saved,
    standing,
    take_in,
    values_of,
    write,
)

TOTAL, WOMEN, MEN = "hnd-inm-001", "hnd-inm-001/sex=F", "hnd-inm-001/sex=M"


def test_what_stands_gives_the_same_bytes_until_something_changes(round_2025: Round) -> None:
    first = made()
    assert made() == first
    assert made(lang="en") != first
    write(cell(TOTAL), 12)
    assert made() != first


def test_only_the_cells_to_fill_in_are_open_and_nothing_needs_a_password(round_2025: Round) -> None:
    sheet = values_of(opened(made()))
    assert sheet.protection.sheet
    assert not sheet.protection.password
    unlocked = {c.coordinate for r in sheet.iter_rows() for c in r if not c.protection.locked}
    assert unlocked == {f"{c}{n}" for n in rows_of(sheet).values() for c in "HIJK"}
    assert sheet.freeze_panes == "C5"
    assert sheet.row_dimensions[3].hidden


def test_the_workbook_says_whose_it_is_by_when_and_whom_to_ask_in_both_languages(round_2025: Round) -> None:
    es, en = (opened(made(lang=x)).worksheets[0] for x in ("es", "en"))
    words = {x.title: "\n".join(str(r[0].value or "") for r in x.iter_rows(max_col=1)) for x in (es, en)}
    assert "Instituto Nacional de Migración" in words["Léame"]
    assert "21 de octubre" in words["Léame"]
    assert "Hernán Ejemplo" in words["Read me"]
    assert "https://mirps.example/x/" in words["Read me"]
    assert "226,029.5" in words["Léame"]


def test_numbers_words_and_notes_come_in_as_they_were_typed(round_2025: Round) -> None:
    book = opened(made())
    sheet = values_of(book)
    rows = rows_of(sheet)
    sheet.cell(rows[TOTAL], 8).value = 1200
    sheet.cell(rows[TOTAL], 9).value = "Aproximado "
    sheet.cell(rows[TOTAL], 11).value = "Hasta agosto.\nLo demás, después."
    sheet.cell(rows[WOMEN], 8).value = "1,100"
    sheet.cell(rows[MEN], 10).value = "no se recopiló"
    options = [v.formula1 for v in sheet.data_validations.dataValidation if v.type == "list"]
    sheet.cell(rows[MEN], 10).value = options[1].strip('"').split(",")[1]
    taken = take_in(saved(book))
    assert taken.counts == {"written": 3, "same": 5, "refused": 0, "conflicts": 0}
    total, women, men = cell(TOTAL), cell(TOTAL, "sex=F"), cell(TOTAL, "sex=M")
    assert (total.value, total.qualifier) == (1200, Qualifier.ABOUT)
    assert total.note_es == "Hasta agosto.\nLo demás, después."
    assert total.note_en == ""
    assert women.value == 1100
    assert (men.value, men.absence) == (None, NOT_COLLECTED)
    assert {s.via for s in Statement.objects.all()} == {"workbook"}


def test_four_mistakes_are_named_by_cell_and_then_mended(round_2025: Round) -> None:
    given = {TOTAL: "1.200", WOMEN: 12.5, MEN: -3, "hnd-inm-001/age=0-17": 40, "hnd-inm-002": "unos cien"}
    content = fill(made(), given)
    assert [(f.sheet, f.cell, f.key, f.found) for f in look(content).plan.faults] == [
        ("Valores", "H6", "whole", "1.200"),
        ("Valores", "H7", "whole", "12.5"),
        ("Valores", "H8", "negative", "-3"),
        ("Valores", "H13", "letters", "unos cien"),
    ]
    first = take_in(content)
    assert first.counts["written"] == 1
    assert first.counts["refused"] == 4
    assert standing() == {(TOTAL, "age=0-17"): 40}
    mended = fill(content, {TOTAL: 1200, WOMEN: 700, MEN: 500, "hnd-inm-002": 100})
    second = take_in(mended, whole=True)
    assert second.counts == {"written": 4, "same": 4, "refused": 0, "conflicts": 0}
    assert standing()[TOTAL, ""] == 1200


def test_nothing_is_kept_when_all_must_be_right_and_one_is_wrong(round_2025: Round) -> None:
    content = fill(made(), {TOTAL: 1200, WOMEN: "mil"})
    taken = take_in(content, whole=True)
    assert taken.nothing
    assert standing() == {}
    assert not Upload.objects.exists()
    assert not Statement.objects.exists()
    assert not AuditEntry.objects.filter(act__startswith="workbook").exists()


def test_the_same_workbook_twice_changes_nothing_and_says_when_it_was_taken(round_2025: Round) -> None:
    content = fill(made(), {TOTAL: 1200})
    first = take_in(content)
    write(cell(TOTAL), 1300, by="other")
    before = Statement.objects.count()
    second = take_in(content)
    assert second.again
    assert second.upload == first.upload
    assert second.upload.at == NOW
    assert standing() == {(TOTAL, ""): 1300}
    assert Statement.objects.count() == before


def test_a_workbook_in_which_nothing_was_filled_in_takes_nothing_back(round_2025: Round) -> None:
    content = made()
    write(cell(TOTAL), 50, by="other")
    seen = look(content)
    assert {i.fate for i in seen.plan.items} == {Fate.SAME}
    assert take_in(content).nothing
    assert standing() == {(TOTAL, ""): 50}


def test_what_another_changed_meanwhile_is_a_conflict_that_is_chosen_one_by_one(round_2025: Round) -> None:
    content = fill(made(), {TOTAL: 1200, WOMEN: 700, MEN: 500})
    for dimensions, value in (("", 9), ("sex=F", 8), ("sex=M", 7)):
        write(cell(TOTAL, dimensions), value, by="other")
    assert [i.key for i in look(content).plan.of(Fate.CONFLICT)] == [TOTAL, WOMEN, MEN]
    assert take_in(content, whole=True).nothing
    taken = take_in(content, choices={TOTAL: Choice.MINE, WOMEN: Choice.THEIRS}, seen={TOTAL: 1, WOMEN: 1})
    assert taken.counts["written"] == 1
    assert taken.counts["conflicts"] == 1
    assert standing() == {(TOTAL, ""): 1200, (TOTAL, "sex=F"): 8, (TOTAL, "sex=M"): 7}
    beside = Statement.objects.get(number=None)
    assert (beside.cell_id, beside.value) == (cell(TOTAL, "sex=M").pk, 500)


def test_mine_is_not_written_over_what_came_after_the_look(round_2025: Round) -> None:
    content = fill(made(), {TOTAL: 1200})
    write(cell(TOTAL), 9, by="other")
    write(cell(TOTAL), 10, by="third")  # after the page with version 1 was shown
    taken = take_in(content, choices={TOTAL: Choice.MINE}, seen={TOTAL: 1})
    assert taken.counts["conflicts"] == 1
    assert standing() == {(TOTAL, ""): 10}


def test_what_one_person_brought_in_with_a_workbook_is_no_conflict_for_it(round_2025: Round) -> None:
    content = fill(made(), {TOTAL: 1200})
    take_in(content)
    further = fill(content, {TOTAL: 1250, WOMEN: 600})
    assert look(further).plan.of(Fate.CONFLICT) == []
    assert [i.key for i in look(further, by="other").plan.of(Fate.CONFLICT)] == [TOTAL]
    take_in(further)
    emptied = fill(further, {TOTAL: None})
    assert take_in(emptied).counts["written"] == 1
    assert standing() == {(TOTAL, "sex=F"): 600}


def test_two_people_who_filled_in_copies_of_one_workbook_see_each_other(round_2025: Round) -> None:
    base = made()
    take_in(fill(base, {TOTAL: 1200}), by="ana")
    taken = take_in(fill(base, {TOTAL: 1300}), by="beto")
    assert taken.counts["conflicts"] == 1
    assert standing() == {(TOTAL, ""): 1200}


def test_a_new_workbook_holds_what_was_entered_and_goes_on_from_there(round_2025: Round) -> None:
    take_in(fill(made(), {TOTAL: 1200}))
    again = made(lang="en")
    sheet = values_of(opened(again))
    assert sheet.cell(rows_of(sheet)[TOTAL], 8).value == 1200
    assert take_in(fill(again, {TOTAL: 1210}), by="other").counts["conflicts"] == 0
    assert standing() == {(TOTAL, ""): 1210}


def test_a_note_in_one_language_leaves_the_other_as_it_is(round_2025: Round) -> None:
    write(cell(TOTAL), 5, note_es="En español", note_en="In English")
    take_in(fill(made(lang="en"), {TOTAL: "Changed"}, Column.NOTE))
    assert (cell(TOTAL).note_es, cell(TOTAL).note_en) == ("En español", "Changed")


@pytest.mark.parametrize("note", ["=1+1", "+SUM(A1)", "-2", "@cmd", '=HYPERLINK("http://x")', "\t=1"])
def test_a_note_that_looks_like_a_formula_stays_a_text(round_2025: Round, note: str) -> None:
    write(cell(TOTAL), 5, note_es=note)
    content = made()
    held = values_of(opened(content)).cell(6, 11)
    assert held.data_type == "s"
    assert held.value.strip() == note.strip()
    assert held.quotePrefix
    assert {i.fate for i in look(content).plan.items} == {Fate.SAME}


def test_a_typed_note_that_begins_with_a_sign_is_kept_as_text(round_2025: Round) -> None:
    def typed(book: object, sheet: object) -> None:
        target = sheet.cell(6, 11)  # type: ignore[attr-defined]
        target.value = "@todos: revisar"
        target.data_type = "s"

    take_in(fill(changed(made(), typed), {TOTAL: 5}))
    assert cell(TOTAL).note_es == "@todos: revisar"


def test_what_is_handed_over_is_shut_and_named_if_changed_all_the_same(round_2025: Round) -> None:
    write(cell(TOTAL), 5)
    before = made()
    entries.take(cells=[cell(TOTAL).pk], step=Step.SUBMIT, by="clerk", role="data-entry", at=NOW)
    sheet = values_of(opened(made()))
    assert sheet.cell(6, 8).protection.locked
    assert "Entregado" in sheet.cell(6, 12).value
    faults = look(fill(before, {TOTAL: 6, WOMEN: 3})).plan.faults
    assert [(f.cell, f.key) for f in faults] == [("H6", "locked-submitted")]


def test_a_closed_round_takes_only_what_was_sent_back(round_2025: Round) -> None:
    write(cell(TOTAL), 5)
    at = NOW + timedelta(days=1)
    entries.take(cells=[cell(TOTAL).pk], step=Step.SUBMIT, by="clerk", role="data-entry", at=at)
    entries.take(cells=[cell(TOTAL).pk], step=Step.SEND_BACK, by="rev", role="x", at=at, reason="Revisar")
    rounds.turn(round="2025", to=Stage.CLOSED, by="secretariat", at=at)
    content = fill(made(), {TOTAL: 6, "hnd-inm-002": 3})
    assert [f.key for f in look(content).plan.faults] == ["locked-closed"]
    assert take_in(content).counts["written"] == 1
    assert standing()[TOTAL, ""] == 6


def test_what_is_asked_or_withdrawn_after_the_workbook_was_made_is_said(round_2025: Round) -> None:
    content = fill(made(), {"hnd-inm-002": 3})
    rounds.ask(round=round_2025, asks=[ask("hnd-inm-003", "HND", "HND.INM")], by="s", at=NOW)
    entries.prepare(round="2025")
    rounds.withdraw(asked=cell("hnd-inm-002").asked, reason="Ya no", by="s", at=NOW)
    plan = look(content).plan
    assert [(f.key, f.row) for f in plan.faults] == [("withdrawn", "hnd-inm-002")]
    assert [(r.key, r.values) for r in plan.remarks] == [("asked-since", {"n": 1})]


def test_one_upload_is_one_entry_of_its_own_in_the_audit(round_2025: Round) -> None:
    take_in(fill(made(), {TOTAL: 1200, WOMEN: 700}))
    entry = AuditEntry.objects.get(act="workbook.taken")
    assert entry.subject == "round 2025 HND.INM"
    assert entry.detail["written"] == 2
    assert AuditEntry.objects.filter(act="entry.written").count() == 1

"""Workbooks on the pages and in the shell: who may, what is shown, what is kept, in both languages."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.evidence.entries.api import Statement, Upload
from mirps.evidence.rounds.api import Round
from mirps.evidence.workbooks import api as workbooks
from mirps.evidence.workbooks.api import Fate
from mirps.web.shell.workbook import workbook as command

from .conftest import NOW, cell, fill, look, made, opened, standing, values_of, write

TOTAL, WOMEN = "hnd-inm-001", "hnd-inm-001/sex=F"
HERE = "/rounds/2025/workbook/HND.INM/"


def person(name: str, role: str, state: str = "HND", body: str = "HND.INM") -> User:
    user = User.objects.create(username=name, first_name=name.title())
    access.give_role(
        user=user, role=role, state=state, body=body, starts=date(2025, 1, 1), ends=None, by="x", at=NOW
    )  # fmt: skip
    return user


@pytest.fixture
def clerk(round_2025: Round, client: Client, settings: object, tmp_path: Path) -> Client:
    """Somebody who enters for the institution, signed in."""
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    client.force_login(person("clerk", "data-entry"))
    return client


def send(client: Client, content: bytes, lang: str = "es", name: str = "libro.xlsx"):  # type: ignore[no-untyped-def]
    return client.post(f"/{lang}{HERE}", {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_workbook_is_downloaded_in_either_language_under_a_name_that_says_whose_it_is(
    clerk: Client, lang: str
) -> None:
    page = clerk.get(f"/{lang}{HERE}")
    assert page.status_code == 200
    answer = clerk.get(f"/{lang}{HERE}{lang}.xlsx")
    assert answer["Content-Disposition"] == f'attachment; filename="2025-HND.INM-{lang}.xlsx"'
    assert answer["Cache-Control"] == "private, no-store"
    assert values_of(opened(answer.content)).title == {"es": "Valores", "en": "Values"}[lang]


@pytest.mark.parametrize(
    ("lang", "words"),
    [("es", ["hoja Valores, celda H6", "«doce»", "No es un número"]),
     ("en", ["sheet Valores, cell H6", "doce", "It is not a number"])],
)  # fmt: skip
def test_what_is_wrong_is_shown_in_the_reader_s_language_and_the_right_is_kept_by_choice(
    clerk: Client, lang: str, words: list[str]
) -> None:
    sent = send(clerk, fill(made(), {TOTAL: "doce", WOMEN: 700}), lang)
    assert sent.status_code == 302
    page = clerk.get(sent["Location"])
    text = page.content.decode()
    assert all(w.strip("«»") in text for w in words)
    assert standing() == {}
    done = clerk.post(sent["Location"], {"keep": "right"}, follow=True)
    assert standing() == {(TOTAL, "sex=F"): 700}
    assert {"es": "Guardado: 1.", "en": "Saved: 1."}[lang] in done.content.decode()


def test_nothing_is_kept_when_the_user_chooses_so(clerk: Client) -> None:
    sent = send(clerk, fill(made(), {TOTAL: "doce", WOMEN: 700}))
    done = clerk.post(sent["Location"], {"keep": "none"}, follow=True)
    assert "No se guardó nada" in done.content.decode()
    assert standing() == {}
    assert not Upload.objects.exists()
    assert clerk.get(sent["Location"])["Location"].endswith("?gone=1")


def test_the_same_file_again_says_when_it_was_taken(clerk: Client) -> None:
    content = fill(made(), {TOTAL: 1200})
    clerk.post(send(clerk, content)["Location"], {"keep": "all"})
    before = Statement.objects.count()
    again = clerk.get(send(clerk, content)["Location"])
    assert "ya se recibió" in again.content.decode()
    assert (standing(), Statement.objects.count()) == ({(TOTAL, ""): 1200}, before)


def test_a_conflict_is_shown_with_both_values_and_decided(clerk: Client) -> None:
    person("other", "data-entry")
    content = fill(made(), {TOTAL: 1200, WOMEN: 700})
    write(cell(TOTAL), 900, by="other")
    where = send(clerk, content)["Location"]
    text = clerk.get(where).content.decode()
    assert "Guardar el mío: 1,200" in text
    assert "Dejar el de Other: 900" in text
    clerk.post(where, {"keep": "right", f"choice-{TOTAL}": "mine", f"seen-{TOTAL}": "1"})
    assert standing() == {(TOTAL, ""): 1200, (TOTAL, "sex=F"): 700}


def test_all_is_kept_only_while_it_is_as_it_was_shown(clerk: Client) -> None:
    content = fill(made(), {TOTAL: 1200, WOMEN: 700})
    where = send(clerk, content)["Location"]
    write(cell(TOTAL), 900, by="other")
    answer = clerk.post(where, {"keep": "all"})
    assert answer.status_code == 409
    assert "Algo cambió" in answer.content.decode()
    assert standing() == {(TOTAL, ""): 900}


@pytest.mark.parametrize(
    ("lang", "words"), [("es", "Es un archivo de texto (CSV)"), ("en", "It is a text file (CSV)")]
)
def test_what_is_no_workbook_is_said_at_once(clerk: Client, lang: str, words: str) -> None:
    answer = send(clerk, b"a,b\n1,2\n", lang, "datos.csv")
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert send(clerk, b"", lang).status_code == 422


def test_a_file_name_and_a_found_text_are_shown_as_text(clerk: Client) -> None:
    content = fill(made(), {TOTAL: "<script>alert(1)</script>", WOMEN: 3})
    sent = send(clerk, content, name="../../<b>x.xlsx")
    text = clerk.get(sent["Location"]).content.decode()
    assert "<script>alert" not in text
    clerk.post(sent["Location"], {"keep": "right"})
    assert "/" not in Upload.objects.get().name


def test_parts_above_their_total_are_worth_another_look(clerk: Client) -> None:
    sent = send(clerk, fill(made(), {TOTAL: 10, WOMEN: 700}))
    assert "Las partes suman más que el total." in clerk.get(sent["Location"]).content.decode()


def test_who_does_not_enter_for_the_institution_is_told_who_may(round_2025: Round, client: Client) -> None:
    assert client.get(f"/es{HERE}").status_code == 302
    client.force_login(person("elsa", "data-entry", "CRI", "CRI.DGME"))
    for address in (HERE, f"{HERE}es.xlsx", f"{HERE}{'a' * 64}/", "/rounds/2025/workbooks/HND-es.zip"):
        assert client.get(f"/es{address}").status_code == 403
    assert send(client, made()).status_code == 403
    assert client.get("/es/rounds/2025/workbooks/").status_code == 200


def test_a_focal_point_takes_every_workbook_of_the_state_at_once(round_2025: Round, client: Client) -> None:
    client.force_login(person("focal", "focal-point", body=""))
    assert "HND-es.zip" in client.get("/es/rounds/2025/workbooks/").content.decode()
    answer = client.get("/es/rounds/2025/workbooks/HND-es.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as z:
        assert z.namelist() == ["2025-HND.INM-es.xlsx"]
        assert values_of(opened(z.read(z.namelist()[0]))).title == "Valores"
    assert client.get("/es/rounds/2025/workbooks/all-es.zip").status_code == 403
    assert client.get("/es/rounds/2025/workbooks/HND-fr.zip").status_code == 404


def test_who_only_hands_workbooks_out_is_given_them_without_what_was_entered(
    round_2025: Round, client: Client
) -> None:
    write(cell("hnd-inm-001"), 987_651, note_es="Nadie más lo lee aún.")
    inside = {}
    for role, state in (("regional-reviewer", ""), ("administrator", "HND"), ("focal-point", "HND")):
        client.force_login(person(role, role, state=state, body=""))
        answer = client.get("/es/rounds/2025/workbooks/HND-es.zip")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as z:
            inside[role] = z.read(z.namelist()[0])
    told = {
        role: any(v in (987_651, "Nadie más lo lee aún.") for s in opened(book).worksheets
                  for row in s.iter_rows(values_only=True) for v in row)
        for role, book in inside.items()
    }  # fmt: skip
    assert told == {"regional-reviewer": False, "administrator": False, "focal-point": True}
    clean = look(inside["administrator"])
    assert not clean.plan.faults
    assert not clean.plan.of(Fate.WRITE)
    assert not clean.plan.of(Fate.CONFLICT), "what is left empty takes nothing away"
    other = look(fill(inside["administrator"], {"hnd-inm-001": 5}))
    assert [i.key for i in other.plan.of(Fate.CONFLICT)] == ["hnd-inm-001"]


def test_a_kept_file_has_no_name_that_anyone_typed(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    assert workbooks.kept("../../etc/passwd") is None
    with pytest.raises(ValueError, match=r"\.\./x"):
        workbooks.keep(b"a", "../x", "x")


def run(*args: str):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(command, args)


def test_the_shell_makes_one_workbook_or_all_of_them(round_2025: Round, tmp_path: Path) -> None:
    one = tmp_path / "f.xlsx"
    done = run("make", "--round", "2025", "--institution", "HND.INM", "--lang", "es", "--out", str(one))
    assert done.exit_code == 0, done.output
    assert values_of(opened(one.read_bytes())).title == "Valores"
    done = run("make", "--round", "2025", "--all", "--lang", "en", "--out", str(tmp_path / "all"))
    assert sorted(p.name for p in (tmp_path / "all").iterdir()) == [
        "2025-CRI.DGME-en.xlsx",
        "2025-HND.INM-en.xlsx",
    ]
    assert run("make", "--round", "2025", "--out", "x").exit_code == 2
    assert run("make", "--round", "1999", "--all", "--out", "x").exit_code == 1
    assert run("make", "--round", "2025", "--state", "PAN", "--out", str(tmp_path / "x")).exit_code == 1


def test_the_shell_takes_a_workbook_in_and_names_its_faults(round_2025: Round, tmp_path: Path) -> None:
    person("clerk", "data-entry")
    path = tmp_path / "f.xlsx"
    path.write_bytes(fill(made(), {TOTAL: "doce", WOMEN: 700}))
    none = run("read", str(path), "--by", "clerk", "--all-or-nothing", "--lang", "en")
    assert none.exit_code == 2
    assert "Valores!H6\tdoce\tIt is not a number" in none.output
    assert standing() == {}
    some = run("read", str(path), "--by", "clerk")
    assert (some.exit_code, standing()) == (1, {(TOTAL, "sex=F"): 700})
    again = run("read", str(path), "--by", "clerk")
    assert "ya se recibió" in again.output
    path.write_bytes(fill(path.read_bytes(), {TOTAL: 1200}))
    assert run("read", str(path), "--by", "clerk").exit_code == 0
    path.write_bytes(b"a,b\n1,2\n")
    assert run("read", str(path), "--by", "clerk").exit_code == 2


def test_the_shell_takes_nothing_for_who_may_not_write(round_2025: Round, tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    path.write_bytes(fill(made(), {TOTAL: 12}))
    person("elsa", "data-entry", "CRI", "CRI.DGME")
    for name in ("elsa", "nobody"):
        assert run("read", str(path), "--by", name).exit_code == 1
    assert standing() == {}

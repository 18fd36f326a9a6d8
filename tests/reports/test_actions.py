"""Building, rebuilding and publishing a report from the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.reports.making import Small

from mirps.base.audit.api import entries_about
from mirps.evidence.figures.api import book, correct
from mirps.evidence.figures.rules import supersede
from mirps.evidence.findings.api import Answer, Finding
from mirps.sharing.reports import api
from mirps.web.shell.report import report as command

AT = datetime(2026, 2, 1, tzinfo=UTC)
BRIEF = {"code": "country-brief", "lang": "es", "format": "html", "by": "ana", "at": AT}

pytestmark = pytest.mark.usefixtures("loaded")


@pytest.fixture
def answered(loaded: None) -> None:
    """Every contradiction has been explained."""
    for finding in Finding.objects.order_by("id"):
        Answer.objects.create(
            finding=finding, kind="explained", role="secretariat", by="ana", at=datetime(2026, 1, 20, tzinfo=UTC),
            reason_es="Se publicó así.", reason_en="It was published so.",
        )  # fmt: skip


@pytest.mark.usefixtures("answered")
def test_a_build_is_kept_with_its_digest_and_an_audit_entry(tmp_path: Path) -> None:
    out = tmp_path / "brief.html"
    built = api.build_report(**BRIEF, params={"state": "HND"}, out=out)
    content = out.read_bytes()
    assert built.build.digest == hashlib.sha256(content).hexdigest()
    assert api.file_of(built.build).read_bytes() == content
    (entry,) = entries_about("report country-brief")
    assert (entry.act, entry.by, entry.detail["state"]) == ("report.built", "ana", "HND")


@pytest.mark.usefixtures("answered")
def test_an_earlier_report_is_built_again_as_the_ledger_was_known_then() -> None:
    before = api.build_report(**BRIEF, params={"state": "HND"}, known_on=AT)
    old = book().get("ar24-hnd-023").figure  # one that the brief selects and its prose does not name
    new = supersede(old, id="ar24-hnd-023-c1", value=Decimal(351), known_at=None)
    corrected = datetime(2026, 3, 1, tzinfo=UTC)
    correct(
        old=old.id,
        new=new,
        by="ana",
        at=corrected,
        reason_es="Recuento.",
        reason_en="Recount.",
    )
    later = datetime(2026, 4, 1, tzinfo=UTC)
    again = api.build_report(**{**BRIEF, "at": later}, params={"state": "HND"}, known_on=AT)
    now = api.build_report(**{**BRIEF, "at": later}, params={"state": "HND"})
    assert again.build.digest == before.build.digest
    assert now.build.digest != before.build.digest


def test_nothing_is_written_when_a_contradiction_is_open(tmp_path: Path) -> None:
    Answer.objects.all().delete()
    out = tmp_path / "brief.html"
    with pytest.raises(api.Unfit):
        api.build_report(**BRIEF, params={"state": "HND"}, out=out)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("answered")
def test_a_report_that_still_holds_is_published_once_recorded() -> None:
    built = api.build_report(**BRIEF, params={"state": "BLZ"})
    assert list(api.published()) == []
    api.publish(build=built.build.pk, by="eva", at=AT)
    assert [b.pk for b in api.published()] == [built.build.pk]
    assert [e.act for e in entries_about("report country-brief")] == ["report.built", "report.published"]


@pytest.mark.usefixtures("answered")
def test_a_draft_is_never_published() -> None:
    built = api.build_report(**BRIEF, params={"state": "BLZ", "draft": True})
    with pytest.raises(api.Unfit):
        api.publish(build=built.build.pk, by="eva", at=AT)


def test_the_command_tells_faults_in_the_users_language_and_leaves_with_one(tmp_path: Path) -> None:
    Answer.objects.all().delete()
    out = tmp_path / "x.pdf"
    for lang, words in (("es", "contradicción sin respuesta"), ("en", "nobody has answered")):
        result = CliRunner().invoke(command, ["build", "annual-2024", "--lang", lang, "--out", str(out)])
        assert result.exit_code == 1
        assert words in result.output
        assert "costa-rica.md:" in result.output
    assert not out.exists()


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("format", api.FORMATS)
def test_the_command_builds_every_format(format: str, tmp_path: Path) -> None:
    out = tmp_path / f"r.{format}"
    arguments = [
        "build",
        "country-brief",
        "--lang",
        "en",
        "--state",
        "MEX",
        "--format",
        format,
        "--out",
        str(out),
    ]
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 0, result.output
    assert out.stat().st_size > 5000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "nothing", "--lang", "es"], "annual-2024"),
        (["build", "country-brief", "--lang", "en"], "--state"),
        (["check", "country-brief", "--state", "USA"], "BLZ"),
        (["confirm", "annual-2024", "foreword", "--lang", "en"], "foreword"),
    ],
)
def test_a_request_that_cannot_be_met_says_what_can(arguments: list[str], words: str, tmp_path: Path) -> None:
    if arguments[0] == "build":
        arguments = [*arguments, "--out", str(tmp_path / "x.pdf")]
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 1
    assert words in result.output


def _build(out: Path, *more: str) -> Result:
    arguments = ["build", "annual-2024", "--lang", "es", "--out", str(out), *more]
    return CliRunner().invoke(command, arguments)


def test_a_day_before_the_figures_were_known_is_told_in_ten_lines_and_a_count(tmp_path: Path) -> None:
    result = _build(tmp_path / "x.pdf", "--known-on", "2024-08-01")
    first, *faults, rest, day = result.output.splitlines()
    assert result.exit_code == 1
    assert len(faults) == 10
    assert all("no se conocía entonces" in line for line in faults)
    total = int("".join(c for c in first if c.isdecimal()))
    assert f"Y {total - 10} más" in rest.replace("\u00a0", "").replace("\u202f", "")
    assert "se conocen desde el 5 de diciembre de 2024" in day


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_folder_that_is_not_there_is_refused_and_not_made(lang: str, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "x.pdf"
    result = _build(out, "--lang", lang)
    assert result.exit_code == 1
    assert {"es": "no existe la carpeta", "en": "there is no folder"}[lang] in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("lang", "words"), [("es", "no termina en .html"), ("en", "does not end in .html")])
def test_a_name_of_another_format_is_refused(lang: str, words: str, tmp_path: Path) -> None:
    result = _build(tmp_path / "x.pdf", "--lang", lang, "--format", "html")
    assert result.exit_code == 1
    assert words in result.output
    assert list(tmp_path.iterdir()) == []


def test_the_command_lists_the_reports() -> None:
    assert "Annual report 2024" in CliRunner().invoke(command, ["list", "--lang", "en"]).output


def test_confirming_a_translation_records_the_original_that_was_read(
    small: Callable[..., Small], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = small("# T\n\nHome.\n", "# T\n\nHogar.\n", read=False)
    monkeypatch.setattr("mirps.sharing.reports.building.folder", lambda: report.folder.parent)
    assert report.keys() == ["unconfirmed"]
    result = CliRunner().invoke(command, ["confirm", "small", "body", "--lang", "es"])
    assert result.exit_code == 0, result.output
    assert report.keys() == []
    (report.folder / "en" / "body.md").write_text("# T\n\nA home.\n")
    assert report.keys() == ["stale"]


def test_a_build_that_fails_while_writing_leaves_the_older_file_whole(
    answered: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "brief.html"
    out.write_text("the older report")

    def full(self: Path, target: Path) -> Path:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        api.build_report(**BRIEF, params={"state": "BLZ"}, out=out)
    assert [p.name for p in tmp_path.iterdir()] == ["brief.html"]
    assert out.read_text() == "the older report"

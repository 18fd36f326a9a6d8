"""A photo that was sent and that nothing named goes after some days; one that something names never does."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.utils import timezone
from tests.custody.conftest import COMAR, TAPACHULA, now
from tests.registry.said import fact, family, ids, more

from mirps.base.audit.api import AuditEntry
from mirps.people.custody import api as custody
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry
from mirps.people.registry.models import SealedFile
from mirps.people.retention import api as retention
from mirps.web.shell import main

__all__ = ["now"]
pytestmark = pytest.mark.django_db(transaction=True)
DESK = custody.Seat("rocio", *COMAR, TAPACHULA, purpose="registration")
LONG = timedelta(days=31)
TO_COME, FORM = registry.HeldFor.TO_COME, registry.HeldFor.FORM


def face(of: str) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + of.encode() * 500


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def put(of: str, at: datetime, held_for: registry.HeldFor = TO_COME) -> str:
    return registry.put_file(face(of), by="rocio", at=at, held_for=held_for)


def here(digest: str) -> bool:
    try:
        return bool(registry.file_content(digest))
    except KeyError:
        return False


def named(digest: str, at: datetime) -> None:
    said = family(made_at=at.isoformat())
    said["facts"].append(fact("photo", person=str(ids(said)[0]), file=digest))
    intake.take(said, seat=DESK, door="desk", at=at)


def test_what_nothing_named_goes_from_the_disk_too_and_what_is_named_stays(
    now: datetime, tmp_path: Path
) -> None:
    lost, kept, young = put("lost", now - LONG), put("kept", now - LONG), put("young", now)
    named(kept, now - timedelta(days=29))
    assert retention.loose_files(at=now, dry=True) == 1
    assert here(lost), "a dry run leaves it"
    assert retention.loose_files(at=now, dry=False) == 1
    assert [here(d) for d in (lost, kept, young)] == [False, True, True]
    assert len([f for f in tmp_path.rglob("*") if f.is_file()]) == 2
    assert AuditEntry.objects.get(act="retention.files").detail == {"files": 1}
    assert retention.loose_files(at=now + timedelta(days=4000), dry=False) == 1
    assert here(kept)


def test_a_file_named_in_a_submission_that_is_refused_is_not_named(now: datetime) -> None:
    digest = put("face", now - LONG)
    said = more(fact("photo", person=str(uuid4()), file=digest), made_at=now.isoformat())
    with pytest.raises(registry.Refused, match="nobody"):
        intake.take(said, seat=DESK, door="desk", at=now)
    assert retention.loose_files(at=now, dry=False) == 1


def test_a_desk_that_asks_again_after_a_month_has_its_file_still(now: datetime) -> None:
    """It was sent, the line was cut, and the registration follows a month later."""
    digest = put("face", now - LONG)
    assert registry.wait_files([digest], at=now) == {digest}
    assert retention.loose_files(at=now, dry=False) == 0
    named(digest, now)
    assert here(digest)


def test_a_file_sent_anew_waits_anew(now: datetime) -> None:
    digest = put("face", now - LONG)
    assert put("face", now) == digest
    assert retention.loose_files(at=now, dry=False) == 0


def test_what_a_form_holds_waits_for_it_and_goes_once_it_is_dropped(now: datetime) -> None:
    digest = put("face", now - 10 * LONG, FORM)
    assert put("face", now - 10 * LONG) == digest, "the same photo, sent ahead by a desk"
    assert retention.loose_files(at=now, dry=False) == 0
    registry.release_files([digest], at=now - LONG)
    assert retention.loose_files(at=now, dry=False) == 1


def test_what_others_keep_by_its_digest_is_named_from_the_start(now: datetime) -> None:
    digest = registry.put_file(face("letter"), by="clerk", at=now - LONG)
    registry.release_files([digest], at=now - LONG)
    assert retention.loose_files(at=now, dry=False) == 0
    assert here(digest)


def test_files_that_stood_before_are_taken_for_named(now: datetime) -> None:
    assert SealedFile._meta.get_field("named").default is True


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_command_says_first_and_does_then(lang: str) -> None:
    put("face", timezone.now() - LONG)
    dry = CliRunner().invoke(main, ["retention", "files", "--dry-run", "--lang", lang])
    assert (dry.exit_code, "1" in dry.output) == (0, True)
    assert SealedFile.objects.count() == 1
    assert CliRunner().invoke(main, ["retention", "files", "--lang", lang]).exit_code == 0
    assert not SealedFile.objects.exists()

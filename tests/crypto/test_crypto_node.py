"""The key file beside the database: made once, proved at every start, never taken for another's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mirps.base.crypto import api as crypto
from mirps.base.crypto import keyring
from mirps.base.crypto.models import KeyMark
from mirps.base.crypto.rules import CryptoFault

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def path(tmp_path: Path, settings: Any) -> Path:
    found = tmp_path / "keys" / "keys.json"
    settings.KEYS = found
    return found


def refused() -> str:
    with pytest.raises(CryptoFault) as fault:
        crypto.begin()
    return fault.value.code


def test_a_new_installation_makes_its_file_once_and_the_database_keeps_its_fingerprint(path: Path) -> None:
    assert crypto.begin()
    assert path.stat().st_mode & 0o777 == 0o600
    assert KeyMark.objects.get().fingerprint == crypto.ring().fingerprint()
    before = path.read_bytes()
    assert not crypto.begin()
    assert path.read_bytes() == before


def test_the_file_of_another_installation_is_refused_at_the_start_and_at_every_use(path: Path) -> None:
    crypto.begin()
    path.unlink()
    keyring.make(path)
    assert refused() == "keys-wrong"
    with pytest.raises(CryptoFault, match="no tiene la clave"):
        crypto.sealer()


def test_a_lost_file_is_asked_for_and_never_made_anew(path: Path) -> None:
    crypto.begin()
    path.unlink()
    assert refused() == "keys-missing"
    with pytest.raises(CryptoFault) as fault:
        crypto.make()
    assert fault.value.code == "keys-wrong"
    assert not path.exists()


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        (b"", "keys-broken"),
        (b"[]", "keys-broken"),
        (b'{"format": 2}', "keys-broken"),
        (b'{"format": 1, "current": 1, "keys": {"1": "c2hvcnQ="}}', "keys-broken"),
        (b'{"format": 1, "current": 2, "keys": {}}', "keys-broken"),
        (b"\xff\x00\x01", "keys-broken"),
    ],
)
def test_a_spoilt_file_is_refused_in_a_sentence(path: Path, spoilt: bytes, code: str) -> None:
    crypto.begin()
    path.write_bytes(spoilt)
    assert refused() == code


def test_a_file_that_others_can_read_is_refused_though_it_was_read_before(path: Path) -> None:
    crypto.begin()
    crypto.ring()
    path.chmod(0o644)
    assert refused() == "keys-open-to-others"


def test_a_rotation_reaches_whoever_has_read_the_file_before(path: Path) -> None:
    crypto.begin()
    at = crypto.Place("person", "name", "1")
    old = crypto.sealer().seal("Ana", at)
    crypto.rotate()
    assert crypto.ring().current == 2
    assert crypto.sealer().open(old, at) == "Ana"
    assert sorted(KeyMark.objects.values_list("version", flat=True)) == [1, 2]
    crypto.retire(1)
    assert crypto.ring().versions == (2,)
    assert keyring.read(path).versions == (2,)
    assert not crypto.begin()


def test_a_rotation_broken_off_after_the_file_was_written_is_taken_up_at_the_next_start(path: Path) -> None:
    crypto.begin()
    keyring.save(path, crypto.ring().rotated())
    assert not crypto.begin()
    assert sorted(KeyMark.objects.values_list("version", flat=True)) == [1, 2]


def test_the_current_key_is_not_retired_and_an_unknown_one_is_named() -> None:
    crypto.begin()
    for version, code in ((1, "key-in-use"), (7, "key-unknown")):
        with pytest.raises(CryptoFault) as fault:
            crypto.retire(version)
        assert fault.value.code == code

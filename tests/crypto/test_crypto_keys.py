"""The key file is made once, is its owner's alone, and says what is wrong with it without showing a key."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from mirps.base.crypto import keyring
from mirps.base.crypto.rules import CryptoFault


def test_a_made_file_is_read_back_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    made = keyring.make(path)
    assert keyring.read(path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["keys.json"]


def test_a_file_of_keys_is_never_made_over_another(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    made = keyring.make(path)
    with pytest.raises(CryptoFault, match="not overwritten"):
        keyring.make(path)
    assert keyring.read(path) == made


def test_of_several_processes_that_start_at_once_one_makes_the_file(tmp_path: Path) -> None:
    path, made, refused = tmp_path / "keys.json", [], []

    def start() -> None:
        try:
            made.append(keyring.make(path))
        except CryptoFault as fault:
            refused.append(fault.code)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [keyring.read(path)]
    assert refused == ["keys-exist"] * 7


def test_a_file_that_others_can_read_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keyring.make(path)
    path.chmod(0o640)
    with pytest.raises(CryptoFault, match=f"chmod 600 {path}"):
        keyring.read(path)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": 2}', '{"format": 1, "current": 1, "keys": {}}',
                                  '{"format": 1, "current": 1, "keys": {"1": "c2VjcmV0"}}'])  # fmt: skip
def test_a_broken_file_is_named_and_never_quoted(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(CryptoFault) as fault:
        keyring.read(path)
    assert fault.value.code == "keys-broken"
    assert "c2VjcmV0" not in str(fault.value)
    assert str(path) in fault.value.es
    assert str(path) in fault.value.en


def test_a_missing_file_says_to_restore_it(tmp_path: Path) -> None:
    with pytest.raises(CryptoFault, match="Restore the copy"):
        keyring.read(tmp_path / "none.json")


def test_a_rotated_ring_is_saved_in_the_place_of_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    ring = keyring.make(path).rotated()
    keyring.save(path, ring)
    assert keyring.read(path) == ring
    assert path.stat().st_mode & 0o777 == 0o600
    assert ring.versions == (2, 1)
    keyring.save(path, ring.without(1))
    assert keyring.read(path).versions == (2,)


def test_the_current_key_is_not_retired() -> None:
    with pytest.raises(CryptoFault, match="Rotate first"):
        keyring.new().without(1)


def test_a_ring_is_never_shown_with_its_keys() -> None:
    ring = keyring.new()
    ring.key("field", "person.name")
    assert ring.masters[1].hex() not in repr(ring)
    assert "masters" not in repr(ring)
    assert repr(ring) == "KeyRing(current=1)"


def test_every_use_has_a_key_of_its_own() -> None:
    ring = keyring.new().rotated()
    uses = [("field", "person.name"), ("field", "person.note"), ("token", "person.name"), ("index", "names")]
    keys = {ring.key(kind, name, version) for kind, name in uses for version in ring.versions}
    assert len(keys) == 8
    assert not keys & set(ring.masters.values())


def test_a_fingerprint_tells_rings_apart() -> None:
    ring = keyring.new()
    assert ring.fingerprint() == ring.fingerprint(1)
    assert ring.fingerprint() != keyring.new().fingerprint()

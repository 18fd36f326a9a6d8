"""A code is signed, holds no name, and nothing else than what was signed is taken for it."""

from __future__ import annotations

import json
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from mirps.casework.letters import tokens
from mirps.casework.letters.tokens import Claims, NotSigned, Wrong

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS = {tokens.key_id(KEY.public_key()): tokens.raw(KEY.public_key())}
CLAIMS = Claims("MEX.COMAR", "MEX-L-7K3Q9-2VXHD-C", "mex_asylum.constancia", date(2026, 3, 4),
                tokens.subject("Ximena Vásquez López", "1987-05-04", "7K3Q92VX"), 7, date(2027, 3, 4))  # fmt: skip
CODE = tokens.signed(CLAIMS.told(), KEY)


def test_what_was_signed_is_read_again() -> None:
    _, told = tokens.read(CODE, KEYS)
    assert Claims.of(told) == CLAIMS


@given(at=st.integers(0, len(CODE) - 1), letter=st.sampled_from("ABCabc0189-_.= "))
def test_a_code_with_one_letter_changed_is_not_taken(at: int, letter: str) -> None:
    changed = CODE[:at] + letter + CODE[at + 1 :]
    if "".join(changed.split()) == CODE:
        return
    with pytest.raises(NotSigned):
        tokens.read(changed, KEYS)


@given(text=st.text(max_size=300))
def test_nothing_that_is_typed_breaks_the_reading(text: str) -> None:
    with pytest.raises(NotSigned):
        tokens.read(text, KEYS)


@pytest.mark.parametrize(
    "header", [{"alg": "none"}, {"alg": "HS256"}, {"typ": "JWT"}, {"crit": ["exp"]}, {"kid": "other"}]
)
def test_a_header_that_asks_for_something_else_is_not_taken(header: dict[str, object]) -> None:
    kid = next(iter(KEYS))
    body = (
        tokens.b64(json.dumps({"alg": "EdDSA", "kid": kid, "typ": "letter"} | header).encode())
        + "."
        + CODE.split(".")[1]
    )
    forged = f"{body}.{tokens.b64(KEY.sign(body.encode()))}"
    with pytest.raises(NotSigned) as e:
        tokens.read(forged, KEYS)
    assert e.value.why is (Wrong.KEY if "kid" in header else Wrong.FORM)


def test_another_key_under_the_same_name_is_not_taken() -> None:
    other = Ed25519PrivateKey.generate().public_key()
    with pytest.raises(NotSigned) as e:
        tokens.read(CODE, {next(iter(KEYS)): tokens.raw(other)})
    assert e.value.why is Wrong.SIGNATURE


def test_no_name_and_no_day_of_birth_stands_in_a_code() -> None:
    said = json.dumps(tokens.read(CODE, KEYS)[1])
    assert not any(part in said for part in ("Ximena", "XIMENA", "squez", "1987"))


def test_the_bearer_is_compared_however_the_name_is_typed() -> None:
    as_typed = tokens.subject("  ximena VASQUEZ-lopez ", "1987-05-04", "7k3q-92vx")
    assert tokens.same(as_typed, CLAIMS.subject)
    assert not tokens.same(tokens.subject("Ximena Vásquez", "1987-05-04", "7K3Q92VX"), CLAIMS.subject)
    assert not tokens.same(tokens.subject("Ximena Vásquez López", "1987-05-04", "7K3Q92VY"), CLAIMS.subject)

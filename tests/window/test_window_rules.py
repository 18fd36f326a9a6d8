"""A second secret is not guessed from a birthday, waits grow, and what is shown names nobody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.casework.window import rules

AT = datetime(2026, 3, 4, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("secret", "why"),
    [("12345", "short"), ("111111", "same"), ("121212", "same"), ("234567", "row"), ("987654", "row"),
     ("04051987", "born"), ("19870504", "born"), ("040587", "born"), ("x" * 65, "long"),
     ("482915", ""), ("mi perro azul", "")],
)  # fmt: skip
def test_what_is_easily_guessed_is_no_secret(secret: str, why: str) -> None:
    assert rules.weak(secret, "1987-05-04") == why


def test_made_secrets_are_fit_and_differ() -> None:
    made = {rules.new_secret() for _ in range(50)}
    assert len(made) > 45
    assert not any(rules.weak(s) for s in made)


def test_waits_grow_and_end_at_the_office() -> None:
    waits = [rules.wait(n, AT) for n in range(1, rules.SHUT)]
    assert waits[:2] == [None, None]
    later = [w for w in waits if w]
    assert later == sorted(later)
    assert len(set(later)) == len(later)


@given(name=st.sampled_from(["Vásquez", "XIMENA", "López"]), around=st.text(alphabet=" .,áz", max_size=4))
def test_a_name_is_found_however_it_is_written(name: str, around: str) -> None:
    text = f"Venga {around.replace('z', '').replace('á', '')} {name.lower()}, el lunes."
    assert rules.names_in(text, ["Ximena", "vasquez", "Lopez"])
    assert not rules.names_in("Venga el lunes a las diez.", ["Ximena", "vasquez", "Lopez", "El"])


def test_a_contact_is_known_to_its_owner_and_to_nobody_else() -> None:
    assert rules.masked("+502 5555 1234") == "…34"
    assert rules.masked("ximena@example.org") == "x…@e…"

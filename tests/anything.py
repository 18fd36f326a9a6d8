"""Anything that others might send, for tests of what reads it: any JSON, and any damage to a file's bytes."""

from __future__ import annotations

from hypothesis import strategies as st

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def damaged(draw: st.DrawFn, sound: bytes) -> bytes:
    """A sound file of which something is other than it was: bytes altered, left out, put in, or cut off."""
    at = draw(st.integers(0, len(sound) - 1))
    end = draw(st.integers(at, min(len(sound), at + 64)))
    head, tail = sound[:at], sound[end:]
    return (
        draw(st.sampled_from([head, tail]))
        if draw(st.booleans())
        else head + draw(st.binary(max_size=64)) + tail
    )


def files(sound: bytes) -> st.SearchStrategy[bytes]:
    """A damaged file of the kind, or bytes that never were one."""
    return damaged(sound) | st.binary(max_size=400) | st.just(sound)

"""What else was weighed in docs/adr/0017, measured small: `python -m tests.people.rivals`."""

from __future__ import annotations

import hashlib
import hmac
import random
import tracemalloc
from array import array
from collections import Counter, defaultdict
from statistics import median
from time import process_time

import numpy as np
from tests.people import made

from mirps.base.crypto import keyring
from mirps.base.crypto.rules import Place
from mirps.base.crypto.sealed import Sealer
from mirps.people.identity import finding
from mirps.people.identity.names import read
from mirps.people.identity.sound import folded

BITS, HASHES = 512, 10


def equal_tokens_against_a_census(people: list[made.Made], census: list[made.Made]) -> None:
    """Ranks of equal tokens beside ranks of a census of other people of the same countries."""
    columns = {
        "given": lambda p: p.given.split()[0],
        "first": lambda p: p.first,
        "second": lambda p: p.second,
    }
    right = {}
    for column, of in columns.items():
        ranked = [v for v, _ in Counter(map(of, people)).most_common()]
        guess = dict(zip(ranked, (v for v, _ in Counter(map(of, census)).most_common()), strict=False))
        right[column] = [guess.get(of(p)) == of(p) for p in people]
        print(f"equal tokens: {column} read for {sum(right[column]) / len(people):.0%} of the people")
    both = sum(a and b for a, b in zip(right["first"], right["second"], strict=True))
    whole = sum(all(t) for t in zip(*right.values(), strict=True))
    print(f"equal tokens: both surnames {both / len(people):.1%}, whole name {whole / len(people):.1%} "
          f"({whole * 1_200_000 // len(people):,} people of 1.2 million)")  # fmt: skip


def _clk(text: str) -> np.ndarray:
    bits = np.zeros(BITS, dtype=np.uint8)
    padded = f" {folded(text)} "
    for gram in {padded[i : i + 2] for i in range(len(padded) - 1)}:
        digest = hmac.digest(b"k" * 32, gram.encode(), hashlib.sha512)
        bits[[int.from_bytes(digest[2 * i : 2 * i + 2], "big") % BITS for i in range(HASHES)]] = 1
    return np.packbits(bits).view(np.uint64)


def bloom_filters(people: list[made.Made], chance: random.Random, searches: int) -> None:
    table = np.array([_clk(f"{p.given} {p.surnames}") for p in people])
    counts = np.bitwise_count(table).sum(axis=1)
    first, times, hits = max(1, round(20 * len(people) / 1.2e6)), [], 0
    for n in chance.sample(range(len(people)), searches):
        wrong = made.second_misspelt(people[n], chance)
        began = process_time()
        asked = _clk(f"{wrong.given} {wrong.surnames}")
        shared = np.bitwise_count(table & asked).sum(axis=1)
        dice = 2 * shared / (counts + np.bitwise_count(asked).sum())
        top = np.argpartition(-dice, first)[:first]
        times.append(process_time() - began)
        hits += n in top
    scaled = median(times) * 1.2e6 / len(people) * 1000
    print(f"Bloom filters: {hits / searches:.1%} among the first {first}; {scaled:.0f} ms at 1.2 million")


def in_memory(people: list[made.Made]) -> None:
    sealer, place = Sealer(keyring.new()), Place("person", "name", "0197")
    sealed = [sealer.seal(f"{p.given}/{p.surnames}", place) for p in people]
    began = process_time()
    opened = [sealer.open(s, place) for s in sealed]
    opening = process_time() - began
    tracemalloc.start()
    began = process_time()
    index: dict[str, array[int]] = defaultdict(lambda: array("I"))
    names = []
    for n, text in enumerate(opened):
        given, _, surnames = text.partition("/")
        names.append(text)
        for key in finding.keys(read(given, surnames)):
            index[key].append(n)
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    share = 1.2e6 / len(people)
    print(f"in memory: opening {opening * share:.0f} s, keys {(process_time() - began) * share:.0f} s, "
          f"{used * share / 2**20:.0f} MiB for each process, at 1.2 million")  # fmt: skip


if __name__ == "__main__":
    people = list(made.people(30_000))
    equal_tokens_against_a_census(people, list(made.people(30_000, seed=99)))
    bloom_filters(people, random.Random(7), 300)
    in_memory(people[:15_000])

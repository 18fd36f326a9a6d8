"""A process that works at the index, for tests that need several, or one that is killed.

python -m tests.people.desk register FIRST COUNT THREADS   people of one name, two at a time
python -m tests.people.desk reseal COUNT                   the index anew for the first COUNT of them
python -m tests.people.desk check COUNT                    how many are found; who is lost, who is stale
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirps.config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402

from mirps.base.crypto import api as crypto  # noqa: E402
from mirps.people.identity import api as identity  # noqa: E402
from mirps.people.identity.rebuilding import Index  # noqa: E402

TERMS = identity.Terms((identity.read("María José", "García López"),), {identity.PHONE: ("99990100",)})


class People:
    def __init__(self, count: int) -> None:
        self.count = count

    def ids(self) -> list[UUID]:
        return [UUID(int=n) for n in range(1, self.count + 1)]

    def terms(self, rows: Sequence[UUID]) -> Mapping[UUID, identity.Terms]:
        return {row: TERMS for row in rows if row.int <= self.count}


def register(first: int, count: int, threads: int) -> None:
    def one(at: int) -> None:
        with transaction.atomic():
            identity.keep({UUID(int=at): TERMS, UUID(int=at + 1): TERMS})

    def several(part: int) -> None:
        for at in range(first + 2 * part, first + count, 2 * threads):
            one(at)
        connection.close()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(several, range(threads)))


def reseal(count: int) -> None:
    identity.follow(People(count))
    for done in Index().renewed(crypto.ring()):
        print(done, flush=True)


def check(count: int) -> None:
    identity.follow(People(count))
    compared = identity.compare()
    found = identity.find_exact(identity.PHONE, "9999-0100", most=10 * count)
    named = identity.find(TERMS.names[0], most=10 * count)
    print(len(set(found)), len(named), compared.rows, len(compared.lost), len(compared.stale))


if __name__ == "__main__":
    {"register": register, "reseal": reseal, "check": check}[sys.argv[1]](*map(int, sys.argv[2:]))

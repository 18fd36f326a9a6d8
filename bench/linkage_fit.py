"""The threshold that ships in data/registration/linkage.yaml: where F1 is best on made-up registers of a seed that no
test and no bench uses. `python -m bench.linkage_fit` prints it, for the scheme as it is and for others beside it."""

from __future__ import annotations

import sys
from dataclasses import replace

from bench.linkage import rows
from bench.linkage_people import registers
from mirps.people.linkage.shipped import scheme

SEED = 707

if __name__ == "__main__":
    pair = registers(int(sys.argv[1]) if sys.argv[1:] else 100_000, SEED)
    for size, taps in ((2048, 1), (2048, 2), (4096, 2)):
        told = rows(*pair, replace(scheme(), size=size, taps=taps))
        print(size, taps, {name: round(value, 4) for name, value in told.items()}, flush=True)

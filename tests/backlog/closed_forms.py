"""Queues whose answers are known exactly (Kleinrock 1975; Gross and Harris 1998)."""

from __future__ import annotations

from math import factorial


def erlang_c(servers: int, load: float) -> float:
    """The probability that a claim has to wait in M/M/c; `load` is arrival rate over service rate of one server."""
    top = load**servers / factorial(servers) * servers / (servers - load)
    return top / (sum(load**k / factorial(k) for k in range(servers)) + top)


def in_mmc(servers: int, load: float) -> float:
    """How many are in M/M/c on average, waiting and served."""
    return erlang_c(servers, load) * load / (servers - load) + load


def in_mg1(load: float, variation: float) -> float:
    """How many are in M/G/1 on average (Pollaczek-Khinchine); `variation` is the service time's, 0 for M/D/1."""
    return load + load**2 * (1 + variation**2) / (2 * (1 - load))

"""The same backlog without chance, in closed form: dQ/dt = inflow - capacity - leaving x Q."""

from __future__ import annotations

from math import exp, inf, log


def weeks_to(pending: float, target: float, *, inflow: float, capacity: float, leaving: float = 0.0) -> float:
    """Weeks until `pending` has fallen to `target`; infinite where it never does."""
    if pending <= target:
        return 0.0
    if leaving <= 0:
        return (pending - target) / (capacity - inflow) if capacity > inflow else inf
    rest = (inflow - capacity) / leaving  # where the pending ends up
    return log((pending - rest) / (target - rest)) / leaving if rest < target else inf


def capacity_for(
    pending: float, target: float, weeks: float, *, inflow: float, leaving: float = 0.0
) -> float:
    """Claims a week that must be got through so that `pending` falls to `target` in `weeks`."""
    if leaving <= 0:
        return inflow + (pending - target) / weeks
    kept = exp(-leaving * weeks)
    return inflow - leaving * (target - pending * kept) / (1 - kept)


def shortfall(target: float, *, inflow: float, capacity: float, leaving: float = 0.0) -> float:
    """How many claims a week the capacity lacks to bring the pending to `target` at all; 0 where it suffices."""
    return max(0.0, inflow - leaving * target - capacity)

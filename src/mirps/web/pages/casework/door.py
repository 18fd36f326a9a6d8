"""Who sits at a page about cases: somebody at an institution's desk (pages/people/door) who may read cases.

Whatever a page reads of cases it reads inside `custody.seated(desk.seat)`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse

from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseFile, Standing
from mirps.web.pages.people.door import Desk, View, at_the_desk

__all__ = ["Desk", "allows", "file_of", "may", "row_of", "with_cases", "with_right"]


def with_right(*rights: str) -> Callable[[View], View]:
    """A view for those who may do one of these (`appointment.book`) at their seat."""

    def decorated(view: View) -> View:
        @at_the_desk()
        @wraps(view)
        def opened(desk: Desk, **parts: Any) -> HttpResponse:
            if not any(may(desk, r) for r in rights):
                desk.require(rights[0], state=desk.seat.state, body=desk.seat.institution)
            return view(desk, **parts)

        return opened

    return decorated


def may(desk: Desk, right: str) -> bool:
    return desk.may(right, state=desk.seat.state, body=desk.seat.institution)


def with_cases(right: str = "read") -> Callable[[View], View]:
    """A view for those who may `right` (read, act, supervise) on cases at their seat."""
    return with_right(f"case.{right}")


def allows(desk: Desk, right: str) -> bool:
    return may(desk, f"case.{right}")


def file_of(desk: Desk, number: str, *, names: bool = False) -> CaseFile:
    """The case of an address, inside `seated`; 404 for none in view. The look is kept. `names`: as cases.case."""
    found = cases.case(number, seat=desk.seat, at=desk.now, names=names)
    if found is None:
        raise Http404
    return found


def row_of(desk: Desk, number: str) -> Standing:
    """How the case of an address stands, without opening what was said in it; inside `seated`. 404 for none."""
    rows = Standing.objects.select_related("case").filter(cases.seen(desk.seat), case__number=number)
    found = rows.first()
    if found is None:
        raise Http404
    return found

"""What a count told: protected counts by group, what is hidden shown as hidden, how sure it is, what it is not for."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from mirps.base.crypto.api import CryptoFault
from mirps.base.texts.api import say
from mirps.people.linkage import api as rows
from mirps.sharing.linkage import api as links
from mirps.sharing.linkage.api import Terms
from mirps.web.desk import Desk, Refused
from mirps.web.pages.linkage.door import agreement_of, at_linkage
from mirps.web.pages.linkage.words import left_out, member, period, told, value


@require_safe
@at_linkage
def result(desk: Desk, id: UUID, code: str) -> HttpResponse:
    a = told(desk, agreement_of(id))
    row = next((c for c, _ in a.counts if c.period == code and c.stands == "done"), None)
    if row is None or not a.ours:  # whoever compares has numbers of groups, and nothing that explains them
        raise Http404
    if a.terms.scheme != rows.scheme().digest:  # its groups are those of a version that is no longer here
        raise Refused(say("linkage.page.other-scheme", desk.lang))
    try:
        cells = links.cells(row)
    except CryptoFault as fault:
        raise Refused(fault.es if desk.lang == "es" else fault.en) from None
    crossed = {name: links.crossed(cells, name) for name in rows.scheme().groups}
    tables = [(name, _lines(desk, name, found[1:], a.terms)) for name, found in crossed.items()]
    whole = next(iter(crossed.values()))[0][1]  # all of it, whatever it is crossed by
    ways = [(member("way", way, a.terms, desk.lang), value(desk, whole[way])) for way in rows.WAYS]
    return desk.page(
        "linkage/result.html", a=a, row=row, when=period(desk, row.period), ways=ways, tables=tables,
        total=value(desk, whole[links.TOTAL]), known=whole[links.TOTAL] is not None, hidden=row.result["hidden"],
        threshold=row.result["threshold"], left=left_out(desk, row, a.terms), measured=rows.scheme().measured,
        columns=[member("way", way, a.terms, desk.lang) for way in (links.TOTAL, *rows.WAYS)],
    )  # fmt: skip


def _lines(desk: Desk, name: str, found: list[links.Line], terms: Terms) -> list[tuple[str, list[str]]]:
    """A dimension's members with how many of each, in all and by way. Of neither State's nationals is there a row, and
    a nought would say that there is nobody."""
    return [
        (member(name, code, terms, desk.lang), [value(desk, n) for n in ways.values()])
        for code, ways in found
        if code not in terms.states or any(n != 0 for n in ways.values())
    ]

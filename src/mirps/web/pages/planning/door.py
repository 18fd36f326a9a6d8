"""Who stands at a page of planning. `reading`: anybody, who sees what is in force and public, and more by
their roles. `working`: people who signed in. What somebody may not do is answered with why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from mirps.base.texts.api import say
from mirps.planning.records import api as records
from mirps.planning.records.api import Audience, Kind, Record
from mirps.web import desk as desks
from mirps.web.desk import Refused
from mirps.web.pages.page import explained, page, private

__all__ = ["FOLLOWS", "Desk", "NotKnownYet", "Refused", "View", "reading", "working"]


class NotKnownYet(Exception):
    """A record that this person may read, on a day on which nothing was known of it yet."""

    def __init__(self, record: Record, on: date) -> None:
        super().__init__(f"{record} on {on}")
        self.record = record
        self.on = on


#: kind -> what follows, in the same transaction, when a record of it was written or came into force (rights
#: follow a term). A page module of the kind puts it here.
FOLLOWS: dict[str, Callable[[Desk], object]] = {}


class Desk(desks.Desk):
    """The reader of a page of planning."""

    def act_name(self, act: str) -> str:
        domain, _, right = act.partition(".")
        return say(f"record.act.{right}", self.lang, domain=say(f"record.domain.{domain}", self.lang))

    def may_on(self, record: Record, right: str) -> bool:
        """Whether this person may `right` (read, write, review, publish) a record."""
        domain = records.kinds()[record.kind].domain
        return self.may(f"{domain}.{right}", state=record.state, body=record.body)

    def works_on(self, record: Record) -> bool:
        """Whether this person sees drafts: whoever may read for the owner."""
        return any(self.may_on(record, right) for right in ("read", "write", "review", "publish"))

    def may_read(self, record: Record) -> bool:
        """Whether this person may know of a record at all."""
        if self.works_on(record):
            return True
        if record.public is None:
            return False
        return record.audience == Audience.PUBLIC or (
            record.audience == Audience.MEMBERS and bool(self.grants)
        )

    def may_read_then(self, record: Record, data: Mapping[str, Any]) -> bool:
        """Whether this person may read what a record held at a moment: as it was to be read then, and now."""
        if not self.may_read(record) or self.works_on(record):
            return self.may_read(record)
        k = records.kinds()[record.kind]
        then = (data.get("audience") or k.audience) if "audience" in k.by else record.audience
        return bool(then == Audience.PUBLIC or (then == Audience.MEMBERS and self.grants))

    def shown(self, record: Record) -> dict[str, Any] | None:
        """What this person reads of it: the draft for those who work on it, else what is in force."""
        if not self.may_read(record):
            return None
        held: dict[str, Any] | None = record.data if self.works_on(record) else record.public
        return held

    def record(self, kind: str, code: str) -> Record:
        """The record of an address; 404 for none and for one that this person may not know of."""
        found = Record.objects.filter(pk=f"{kind}/{code}").first()
        if found is None or not self.may_read(found):
            raise Http404
        return found

    def followed(self, kind: str) -> None:
        """Let what follows from a change of this kind happen."""
        if kind in FOLLOWS:
            FOLLOWS[kind](self)

    def owners(self, kind: Kind) -> list[tuple[str, str]]:
        """(State, body) for which this person may write records of the kind: ("", "") is the region."""
        act = f"{kind.domain}.write"
        held = dict.fromkeys((g.state, g.body) for g in self.grants)
        return [(s, b) for s, b in held if self.may(act, state=s, body=b)]

    def page(self, template: str, status: int = 200, /, **context: Any) -> HttpResponse:
        """Public pages for readers may be kept on the way; whoever signed in has a page of their own."""
        answer = page(self.request, template, status, desk=self, here="planning", **context)
        if self.user is not None or self.request.method == "POST":
            answer = private(answer)
        return explained(answer) if status >= 400 else answer


View = Callable[..., HttpResponseBase]


def reading(view: View) -> View:
    """A view that anybody may open: `view(desk, **parts of the address)`."""

    @wraps(view)
    def opened(request: HttpRequest, lang: str, **parts: Any) -> HttpResponseBase:
        return desks.answered(Desk(request), _known(view), **parts)

    return opened


def working(view: View) -> View:
    """A view for those who signed in; others are led to signing in and back."""

    @wraps(view)
    def opened(request: HttpRequest, lang: str, **parts: Any) -> HttpResponseBase:
        answer = desks.admitted(Desk(request), _known(view), **parts)
        answer["Cache-Control"] = "private, no-store"
        return answer

    return opened


def _known(view: View) -> View:
    def told(desk: Desk, **parts: Any) -> HttpResponseBase:
        try:
            return view(desk, **parts)
        except NotKnownYet as e:
            title = records.title(e.record.kind, desk.shown(e.record) or {}, desk.lang) or e.record.code
            return desk.page("planning/not-known.html", 404, r=e.record, on=e.on, title=title)

    return told

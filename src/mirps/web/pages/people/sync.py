"""What the desk in the browser asks when the line is there: who works here, files, and what was registered.

A desk lets go of nothing before it has a receipt, and a receipt is written only for what lies on the disk.
Every answer is JSON; of what is refused, {"faults": [{"path", "words": {"es", "en"}}]} with status 422.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import URLPattern, path
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from mirps.base.access import api as access
from mirps.base.audit import api as audit
from mirps.base.crypto import api as crypto
from mirps.base.files.api import FileFault
from mirps.base.texts.api import LANGUAGES, say
from mirps.people.custody import api as custody
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry
from mirps.people.registry.wording import fault_text
from mirps.web.pages.page import explained, private
from mirps.web.pages.people.door import Desk, place_name
from mirps.web.pages.people.person import opened
from mirps.web.roles import signed_in

#: Digests asked for at once: a family's photos and papers, with room.
MOST_DIGESTS = 500

View = Callable[[Desk], HttpResponse]
Words = dict[str, str]


class Faults(Exception):
    """What is wrong with what was sent: (path, words in both languages)."""

    def __init__(self, *faults: tuple[str, Words]) -> None:
        super().__init__(", ".join(path for path, _ in faults))
        self.faults = faults


def asked(view: View) -> Callable[..., HttpResponse]:
    """A view of somebody who registers people, whose every answer is JSON."""

    @sensitive_variables()
    @wraps(view)
    def answered(request: HttpRequest, lang: str) -> HttpResponse:
        if signed_in(request) is None:
            return _json({"why": say("desk.sign-in.first", lang)}, 401)
        desk = Desk(request)
        try:
            if not _places(desk):
                raise access.NotAllowed("person.register", "")
            return view(desk)
        except access.NotAllowed:
            return _json({"why": say("desk.sign-in.no-role", lang)}, 403)
        except Faults as e:
            return _json({"faults": [{"path": path, "words": words} for path, words in e.faults]}, 422)

    return answered


@require_safe
@asked
def seat(desk: Desk) -> HttpResponse:
    """Who is signed in, where they may register, the token that a post carries, and the time here."""
    places = [
        {
            "state": s.state, "institution": s.institution, "office": office,
            "names": {lang: place_name(s.institution, office, lang) for lang in LANGUAGES},
        }
        for s, office in _places(desk)
    ]  # fmt: skip
    name = desk.user.get_full_name() or desk.username
    return _json(
        {
            "user": desk.username,
            "name": name,
            "offices": places,
            "token": get_token(desk.request),
            "at": _now(desk),
        }
    )


@require_POST
@asked
def held(desk: Desk) -> HttpResponse:
    """Which of these files are here already: their answer was lost on the way."""
    given = _body(desk)
    digests = given.get("digests") if isinstance(given, dict) else None
    if (
        not isinstance(digests, list)
        or len(digests) > MOST_DIGESTS
        or not all(isinstance(d, str) for d in digests)
    ):
        raise Faults(("digests", _both("registration.fault.shape")))
    return _json({"held": sorted(registry.wait_files(digests, at=desk.now))})


@require_POST
@asked
def file(desk: Desk) -> HttpResponse:
    """Keep a photo or a paper, which must be what its sender's SHA-256 (X-Content-SHA256) says."""
    content = desk.request.body
    if hashlib.sha256(content).hexdigest() != desk.request.headers.get("X-Content-SHA256", ""):
        return _json({"why": say("registration.fault.file", desk.lang)}, 400)  # cut on the way: sent again
    try:
        with durably():
            digest = registry.put_file(
                content, by=desk.username, at=desk.now, held_for=registry.HeldFor.TO_COME
            )
    except FileFault as e:
        raise Faults(("file", _both(e.key, **e.values))) from None
    return _json({"digest": digest, "at": _now(desk)})


@require_POST
@asked
def take(desk: Desk) -> HttpResponse:
    """Take one submission; its receipt. The same one sent again gets the same receipt."""
    given = _body(desk)
    place = intake.seat_for(desk.user, given, at=desk.now, grants=desk.grants)
    try:
        with durably():
            receipt = intake.take(given, seat=place, door="desk", at=desk.now)
    except registry.Refused as e:
        book = registry.book()
        raise Faults(
            *((f.path, {lang: fault_text(f, book, lang) for lang in LANGUAGES}) for f in e.faults)
        ) from None
    return _json(
        {
            "submission": str(receipt.submission),
            "at": receipt.at.isoformat(),
            "again": receipt.again,
            "people": [number for _, number in receipt.people],
            "groups": [number for _, number in receipt.groups],
            "tasks": receipt.tasks,
        }
    )


@require_POST
@asked
def carry(desk: Desk) -> HttpResponse:
    """What stands in a person's file, for a desk that takes it along to correct it without a line. It is a
    reading like any other: told, counted and held to the seat; no more of it than one is cleared for."""
    number, office = _texts(desk, "number", "office")
    place = next((s for s, o in _places(desk) if o == office), None)
    if place is None:
        raise access.NotAllowed("person.read", "")
    desk.seat = place.for_purpose("registration")
    try:
        with custody.seated(desk.seat):
            found = opened(desk, registry.tidy(number) or number)
    except custody.TooMany as met:
        custody.tell_of_limit(seat=desk.seat, met=met, at=desk.now)
        raise Faults(("number", _both(met.key, **met.values))) from None
    except Http404:
        raise Faults(("number", _both("desk.carry.nobody"))) from None
    own = (f for f in found.standing if f.person == found.person.id and f.group is None and f.other is None)
    return _json(
        {
            "person": str(found.person.id),
            "number": found.person.number,
            "state": place.state,
            "level": found.person.level,
            "facts": [{"id": str(f.id), "kind": f.kind, "data": f.data} for f in own],
        }
    )


@require_POST
@asked
def spare(desk: Desk) -> HttpResponse:
    """A desk's key, sealed by the node for this person and device: for a passphrase that is forgotten. It is
    kept on the device alone, where it is of no use."""
    key, device = _texts(desk, "key", "device")
    sealed = crypto.sealer().seal(key, _spare_of(desk, device))
    return _json({"spare": b64encode(sealed).decode()})


@require_POST
@asked
def spare_open(desk: Desk) -> HttpResponse:
    """The key again, for whom it was sealed, who has signed in; it stands in the audit."""
    sealed, device = _texts(desk, "sealed", "device")
    try:
        key = crypto.sealer().open(b64decode(sealed), _spare_of(desk, device))
    except (crypto.CryptoFault, ValueError):
        raise Faults(("sealed", _both("desk.lost.none"))) from None
    audit.record(
        by=desk.username, at=desk.now, act="people.desk-opened", subject=f"device/{device}", detail={}
    )
    return _json({"key": key})


def _spare_of(desk: Desk, device: str) -> crypto.Place:
    return crypto.Place("people_desk", "key", f"{desk.username}/{device}")


@contextmanager
def durably() -> Iterator[None]:
    """What is committed in this block is on the disk before the block ends.

    A receipt lets a desk forget. SQLite in WAL mode with synchronous=NORMAL loses the last commits with the
    current (never with the process), so here it is FULL, set around the transaction, since it is not taken within
    one. PostgreSQL always waits for its disk (settings.DATABASES) but where somebody only looks.
    """
    # Whoever opened a transaction that runs already ends it, and answers for it.
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous=NORMAL")


def _places(desk: Desk) -> list[tuple[custody.Seat, str]]:
    """The offices at which this person may register."""
    return [(s, o) for s, o in desk.places if desk.may("person.register", state=s.state, body=s.institution)]


def _now(desk: Desk) -> str:
    return desk.now.isoformat()


def _body(desk: Desk) -> object:
    try:
        found: object = json.loads(desk.request.body)
    except ValueError:
        raise Faults(("", _both("registration.fault.shape"))) from None
    return found


def _texts(desk: Desk, *names: str) -> list[str]:
    given = _body(desk)
    found = [given.get(name) for name in names] if isinstance(given, dict) else []
    texts = [v for v in found if isinstance(v, str) and v and len(v) <= 2000]
    if len(texts) != len(names):
        raise Faults(("", _both("registration.fault.shape")))
    return texts


def _both(key: str, **values: object) -> Words:
    return {lang: say(key, lang, **values) for lang in LANGUAGES}


def _json(found: dict[str, Any], status: int = 200) -> HttpResponse:
    return explained(private(JsonResponse(found, status=status)))


patterns: list[URLPattern] = [
    path("people/desk/seat/", seat, name="desk-seat"),
    path("people/desk/held/", held, name="desk-held"),
    path("people/desk/file/", file, name="desk-file"),
    path("people/desk/take/", take, name="desk-take"),
    path("people/desk/carry/", carry, name="desk-carry"),
    path("people/desk/spare/", spare, name="desk-spare"),
    path("people/desk/spare/open/", spare_open, name="desk-spare-open"),
]

"""What a node's process does with people and referrals, for tests: registers somebody planted, refers, answers."""

from __future__ import annotations

import json
import logging
import sys
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT))

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402
from tests.registry.said import fact, family, ids, who  # noqa: E402
from tests.safety.planted import people  # noqa: E402

from mirps.casework.referrals import api as referrals  # noqa: E402
from mirps.casework.referrals.api import Act, Referral  # noqa: E402
from mirps.people.custody import api as custody  # noqa: E402
from mirps.people.custody.api import Seat  # noqa: E402
from mirps.people.intake import api as intake  # noqa: E402
from mirps.people.registry import api as registry  # noqa: E402
from mirps.sharing.exchange import api as exchange  # noqa: E402
from mirps.sharing.exchange import packing, signing  # noqa: E402

ALL = frozenset({"gbv", "child"})


def _seat(institution: str) -> Seat:
    return Seat("ana", settings.NODE, institution, knows=ALL, purpose="referral")


def loud() -> None:
    """Write down everything that can be: each statement with its values, each request."""
    logging.basicConfig(filename=Path(settings.HOME) / "debug.log", level=logging.DEBUG, force=True)
    for name in ("django", "django.db.backends", "django.request"):
        logging.getLogger(name).setLevel(logging.DEBUG)
        logging.getLogger(name).propagate = True

    def debug(connection: Any, **_: Any) -> None:
        connection.force_debug_cursor = True

    connection.force_debug_cursor = True
    connection_created.connect(debug, weak=False, dispatch_uid="loud")


def refer(n: int, institution: str, to: str, service: str) -> str:
    """Register the nth planted person, who agrees, and refer them with their own words."""
    p, now = people(n + 1)[n], datetime.now(UTC)
    said = family(
        who(p.given, f"{p.first} {p.second}", document=p.document, phone=p.phone), state=settings.NODE,
        institution=institution, office=institution, made_at=now.isoformat(),
    )  # fmt: skip
    (person,) = ids(said)
    said["facts"] += [
        fact("consent", person=str(person), purpose="share-abroad", given="given", how="spoken"),
        fact("need", person=str(person), need="gbv", words=p.note),
    ]
    seat = _seat(institution)
    intake.take(said, seat=replace(seat, purpose="registration"), door="page", at=now)
    with custody.seated(seat):
        held = registry.file(person, knows=ALL)
        assert held is not None
        row = referrals.send(
            id=UUID(int=n + 1, version=4), held=held, service=service, to=to, words=f"{p.note}, {p.given}",
            reply=p.note, items=referrals.least(referrals.catalogue()[service], held.standing), seat=seat, at=now,
            abroad=exchange.institutions.reachable(),
        )  # fmt: skip
    return str(row.pk)


def withdraw_consent(n: int, institution: str) -> None:
    now, seat = datetime.now(UTC), _seat(institution)
    row = Referral.objects.get(pk=UUID(int=n + 1, version=4))
    said = family(state=settings.NODE, institution=institution, office=institution, made_at=now.isoformat())
    gone = fact("consent", person=str(row.person_id), purpose="share-abroad", given="withdrawn", how="spoken")
    only = {**said, "groups": [], "people": [], "facts": [gone]}
    intake.take(only, seat=replace(seat, purpose="registration"), door="page", at=now)


def does(id: str, institution: str, act: str, reason: str = "", words: str = "") -> str:
    now = datetime.now(UTC)
    file = referrals.act(
        referral=UUID(id), act=Act(act), reason=reason, words=words, seat=_seat(institution), at=now
    )
    return file.stand.stage.value


def read(id: str, institution: str) -> dict[str, Any]:
    """A referral as it stands here, with what it says of the person."""
    seat = _seat(institution)
    with custody.seated(seat):
        file = referrals.file(UUID(id), seat=seat)
        if file is None:
            return {}
        told = referrals.said(file.row, seat)
        return {
            "stage": file.stand.stage.value, "outcome": file.stand.outcome, "watched": file.row.watched,
            "events": [[e.side, e.n, e.act, e.words] for e in file.events], "known": all(e.known for e in file.events),
            "said": json.dumps([told.items, told.words, told.reply], ensure_ascii=False),
        }  # fmt: skip


def unpack(folder: str) -> int:
    """Lay open all that this node has of letters: each package unpacked, each sealed part in bytes."""
    out, n = Path(folder), 0
    out.mkdir()
    for package in exchange.Package.objects.order_by("pk"):
        content = packing.content_of(bytes(package.body))
        (out / f"{package.pk}.json").write_text(json.dumps(content, ensure_ascii=False))
        if "letter" in content:
            told = signing.claims(content["letter"], "mirps-letter")[1]
            (out / f"{package.pk}.letter").write_text(json.dumps(told))
            (out / f"{package.pk}.age").write_bytes(b64decode(told["sealed"]))
            n += 1
    return n


ACTS = {f.__name__: f for f in (loud, refer, withdraw_consent, does, read)} | {"unpack_letters": unpack}

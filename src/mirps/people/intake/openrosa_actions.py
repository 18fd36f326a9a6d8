"""Taking in what devices send: kept sealed until it is whole, taken once, and never lost.

A device deletes what it was told is here. So a form is answered for as soon as it is on the disk: one that waits
for its files, and one that the registry does not take as it is, stay sealed until they are taken or a person
drops them. What cannot be read at all is refused, and stays on the device.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from mirps.base.access import api as access
from mirps.base.audit import api as audit
from mirps.base.crypto import api as crypto
from mirps.base.crypto import tokens
from mirps.people.custody import api as custody
from mirps.people.intake import actions, openrosa
from mirps.people.intake.models import Arrival
from mirps.people.intake.openrosa import Instance, Ledger, OpenRosaFault, Where
from mirps.people.intake.openrosa_models import Device, SentForm
from mirps.people.registry import api as registry

TABLE, PURPOSE = "people_sentform", "people.sentform"
#: Files of one form: photos and papers of sixty people.
MOST_FILES = 300
Stage = SentForm.Stage
_SPOT = re.compile(r"facts\[(\d{1,4})\]\.data\.([a-z_]{1,40})")
#: Where a person is asked what becomes of a form.
OPEN = (Stage.WAITING, Stage.MEND)


@dataclass(frozen=True, slots=True)
class Came:
    """What became of a form: `receipt` once it is taken; `missing` counts the files that it waits for."""

    form: SentForm
    receipt: actions.Receipt | None = None
    missing: int = 0


@dataclass(slots=True)
class Held:
    """What is sealed of a form. `repr` is not asked for: it holds answers."""

    xml: str = ""
    files: dict[str, str] | None = None  # name -> SHA-256
    faults: list[dict[str, Any]] | None = None
    ledger: Ledger | None = None
    submission: str = ""

    def __repr__(self) -> str:
        return "Held(…)"


def receive(*, device: Device, xml: bytes, files: Mapping[str, bytes], at: datetime) -> Came:
    """Take in a form, or a part of its files. The same sent again changes nothing.

    Raises OpenRosaFault for what is not read, FileFault for a file that is no photo or PDF, and
    access.NotAllowed where the device's holder may not register: then nothing of it is kept.
    """
    book = registry.book()
    instance = openrosa.read(xml, book)
    named = openrosa.files_of(instance, book)
    if len(named) > MOST_FILES:
        raise OpenRosaFault("too-many-files", most=MOST_FILES)
    with custody.seated(seat_of(device.holder, device, at=at)) as seat:
        form, held = _row(instance, device, xml, at)
        if form.stage != Stage.WAITING:
            return Came(form, _receipt(held))
        held.files = _inherited(instance) | (held.files or {})
        for name in named:
            if name in files and name not in held.files:
                held.files[name] = registry.put_file(
                    files[name], by=seat.user, at=at, held_for=registry.HeldFor.FORM
                )
        missing = [name for name in named if name not in held.files]
        if missing:
            _keep(form, held)
            return Came(form, missing=len(missing))
        return _settled(form, held, instance, seat=seat, at=at)


def again(
    *, form: SentForm, user: access.User, at: datetime, mended: Mapping[str, str] | None = None,
    without_files: bool = False,
) -> Came:  # fmt: skip
    """Somebody of the office tries once more to take what waits or is to be mended, as their own saying.

    `mended`: what stands at the place of a fault ("facts[3].data.date") from now on, empty for nothing;
    `without_files`: with what has come of its files. Raises access.NotAllowed.
    """
    with custody.seated(seat_of(user, form.device, at=at)) as seat:
        row = SentForm.objects.select_for_update(of=("self",)).get(id=form.id)
        held = opened(row)
        if row.stage not in OPEN:
            return Came(row, _receipt(held))
        instance = openrosa.read(held.xml.encode(), registry.book())
        missing = [n for n in openrosa.files_of(instance, registry.book()) if n not in (held.files or {})]
        if missing and not without_files:
            return Came(row, missing=len(missing))
        came = _settled(row, held, instance, seat=seat, at=at, mended=mended or {})
        audit.record(by=seat.user, at=at, act="people.form-again", subject=f"form/{form.id}",
                     detail={"stage": came.form.stage, "left": len(missing)})  # fmt: skip
        return came


def drop(*, form: SentForm, seat: custody.Seat, at: datetime) -> None:
    """A person decides that a form is not taken (entered by hand, sent as a trial): its answers go."""
    with custody.seated(seat):
        row = SentForm.objects.select_for_update(of=("self",)).get(id=form.id, stage__in=OPEN)
        gone = set((opened(row).files or {}).values())
        _done(row, Held(), Stage.DROPPED, by=seat.user, at=at)
        for other in SentForm.objects.filter(stage__in=OPEN) if gone else ():
            gone -= set((opened(other).files or {}).values())
        registry.release_files(gone, at=at)
        audit.record(by=seat.user, at=at, act="people.form-dropped", subject=f"form/{form.id}")


def waiting(seat: custody.Seat, *, office: str = "") -> QuerySet[SentForm]:
    """The forms of the seat's institution (of one office, where one is named) that wait for a person."""
    held = SentForm.objects.filter(state=seat.state, institution=seat.institution, stage__in=OPEN)
    return (held.filter(office=office) if office else held).select_related("device").order_by("at", "id")


def seat_of(user: access.User, device: Device, *, at: datetime) -> custody.Seat:
    """Where somebody sits to register at a device's office. Raises access.NotAllowed where they may not."""
    return actions.seat_for(user, _place(device) | {"people": [device.login]}, at=at)


def _row(instance: Instance, device: Device, xml: bytes, at: datetime) -> tuple[SentForm, Held]:
    """The row of a form, new or as it stands; locked. Raises OpenRosaFault for another form under its id."""
    ring, content = crypto.ring(), hashlib.sha256(xml).hexdigest()
    form, new = SentForm.objects.select_for_update(of=("self",)).get_or_create(
        id=instance.id,
        defaults={"device": device, "stage": Stage.WAITING, "form": instance.form, "version": instance.version,
                  "replaces": instance.replaces, "token": tokens.token(ring, PURPOSE, content), "sealed": b"",
                  "at": at, **_place(device)},
    )  # fmt: skip
    if new:
        return form, Held(xml=xml.decode("utf-8"))
    same = bytes(form.token) in tokens.candidates(ring, PURPOSE, content)
    if not same or _place(form) != _place(device):  # a device may have been given a new code meanwhile
        raise OpenRosaFault("other-answers")
    return form, opened(form)


def _settled(
    form: SentForm, held: Held, instance: Instance, *, seat: custody.Seat, at: datetime, mended: Mapping[str, str] = {}
) -> Came:  # fmt: skip
    """Take a form that is whole; what the registry refuses is kept, with its faults, for a person to mend."""
    if SentForm.objects.filter(replaces=form.id, stage=Stage.TAKEN).exists():
        return _done(form, Held(), Stage.REPLACED, by=seat.user, at=at)
    try:
        with transaction.atomic():
            sheet = openrosa.sheet(instance, registry.book(), held.files or {})
            given, ledger = openrosa.submission(sheet, instance, _where(form), _before(instance))
            _mend(given, mended)
            receipt = actions.take(given, seat=seat, door="openrosa", at=at) if given["facts"] else None
    except registry.Refused as e:
        return _to_mend(
            form, held, [{"path": f.path, "key": f.key, "values": dict(f.values)} for f in e.faults]
        )
    except OpenRosaFault as e:
        return _to_mend(form, held, [{"path": "", "key": e.key, "values": e.values}])
    for old in SentForm.objects.filter(id__in=[instance.replaces], stage__in=OPEN):
        _done(old, Held(), Stage.REPLACED, by=seat.user, at=at)
    kept = Held(files=held.files, ledger=ledger, submission=str(receipt.submission) if receipt else "")
    return _done(form, kept, Stage.TAKEN, by=seat.user, at=at, receipt=receipt)


def said(form: SentForm) -> dict[str, Any]:
    """The submission that an open form makes, for whoever mends it. Raises OpenRosaFault."""
    held, book = opened(form), registry.book()
    instance = openrosa.read(held.xml.encode(), book)
    given, _ = openrosa.submission(
        openrosa.sheet(instance, book, held.files or {}), instance, _where(form), _before(instance)
    )
    return given


def _mend(given: dict[str, Any], mended: Mapping[str, str]) -> None:
    """Put what a person made of it in the place of what the device sent."""
    for path, value in mended.items():
        found = _SPOT.fullmatch(path)
        if found and int(found[1]) < len(given["facts"]):
            data = given["facts"][int(found[1])]["data"]
            data.pop(found[2], None)
            data |= {found[2]: value} if value else {}


def _done(
    form: SentForm, held: Held, stage: Stage, *, by: str, at: datetime, receipt: actions.Receipt | None = None
) -> Came:
    form.stage, form.done_at, form.done_by = stage, at, by
    _keep(form, held)
    return Came(form, receipt)


def _to_mend(form: SentForm, held: Held, faults: list[dict[str, Any]]) -> Came:
    form.stage, held.faults = Stage.MEND, faults
    _keep(form, held)
    return Came(form)


def _before(instance: Instance) -> Ledger | None:
    """What was said by the answers that these edit, once they were taken."""
    old = _edited(instance)
    return opened(old).ledger if old else None


def _inherited(instance: Instance) -> dict[str, str]:
    """The files of the answers that these edit: some tools send only what is new."""
    old = _edited(instance)
    return dict(opened(old).files or {}) if old else {}


def _edited(instance: Instance) -> SentForm | None:
    if instance.replaces is None:
        return None
    found: SentForm | None = SentForm.objects.filter(id=instance.replaces, stage=Stage.TAKEN).first()
    return found


def _receipt(held: Held) -> actions.Receipt | None:
    arrival = Arrival.objects.filter(id=UUID(held.submission)).first() if held.submission else None
    return actions.receipt(arrival, again=True) if arrival else None


def _place(device: Device | SentForm) -> dict[str, Any]:
    return {"state": device.state, "institution": device.institution, "office": device.office}


def _where(form: SentForm) -> Where:
    return Where(form.state, form.institution, form.office, f"{form.device.name} ({form.device.login})")


def _keep(form: SentForm, held: Held) -> None:
    plain = {name: value for name in Held.__slots__ if (value := getattr(held, name))}
    form.sealed = crypto.sealer().seal(json.dumps(plain, ensure_ascii=False), place_of(form))
    form.save()


def opened(form: SentForm) -> Held:
    """What is kept of a form. Raises CryptoFault."""
    return Held(**json.loads(crypto.sealer().open(bytes(form.sealed), place_of(form))))


def place_of(form: SentForm) -> crypto.Place:
    return crypto.Place(TABLE, "sealed", str(form.id))


def hold() -> None:
    """Have forms sealed anew when the node's keys rotate."""
    crypto.hold(crypto.SealedColumn(SentForm, "sealed", place_of))

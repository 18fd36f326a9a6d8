"""Devices with ODK Collect or KoboCollect: their codes, and what they sent that a person must look at."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods
from markupsafe import Markup

from mirps.base.access import api as access
from mirps.base.audit import api as audit
from mirps.base.refusal import Refusal
from mirps.base.texts.api import say
from mirps.people.custody import api as custody
from mirps.people.intake import openrosa_actions as forms
from mirps.people.intake import openrosa_devices as devices
from mirps.people.intake.openrosa_models import Device, SentForm
from mirps.people.registry import api as registry
from mirps.people.registry import wording
from mirps.web.pages.accounts.door import Typed
from mirps.web.pages.page import explained
from mirps.web.pages.people.door import Desk, Refused, at_the_desk, offices_of, place_name

#: Days for which a code may be made.
DAYS = (30, 90, 180, 365)
MOST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk()
def all_devices(desk: Desk) -> HttpResponse:
    """The institution's devices; a code for another."""
    here = _here(desk)
    desk.require(devices.ACT, state=desk.seat.state, body=desk.seat.institution)
    typed = Typed(desk.request, desk.lang)
    if typed.posted:
        made = _made(desk, typed)
        if made:
            return desk.page(
                "people/devices-made.html", device=made[0], code=made[1], **_settings(desk, *made)
            )
    with custody.seated(desk.seat):
        waiting = list(forms.waiting(desk.seat, office=desk.seat.office)[:MOST])
    answer = desk.page(
        "people/devices.html", 422 if typed.faults else 200, f=typed, days=DAYS, waiting=waiting,
        offices=[(o, place_name(desk.seat.institution, o, desk.lang)) for o in _offices(desk)],
        holders=[(u.username, u.called) for u in _holders(desk)],
        devices=list(Device.objects.filter(**here).select_related("holder")[:MOST]),
        place=lambda one: place_name(one.institution, one.office, desk.lang),
    )  # fmt: skip
    return explained(answer) if typed.faults else answer


@require_http_methods(["POST"])
@at_the_desk()
def revoke(desk: Desk, id: UUID) -> HttpResponse:
    device = Device.objects.filter(id=id, **_here(desk)).first()
    if device is None:
        raise Http404
    desk.require(devices.ACT, state=device.state, body=device.institution)
    devices.revoke(device=device, by=desk.user, at=desk.now)
    return desk.go("people-devices", "?done=revoked")


@dataclass(frozen=True, slots=True)
class Told:
    """A fact of a form as whoever mends it reads it. `boxes`: (place, label, what stands there, why not)."""

    title: str
    who: str
    lines: list[tuple[str, str]]
    boxes: list[tuple[str, str, str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk()
def mend(desk: Desk, id: UUID) -> HttpResponse:
    """A form that waits for files, or that the registry does not take: what it says, what is wrong with it."""
    desk.require(devices.ACT, state=desk.seat.state, body=desk.seat.institution)
    with custody.seated(desk.seat):
        open_ = SentForm.objects.filter(id=id, stage__in=forms.OPEN, **_here(desk))
        form = open_.select_related("device").first()
        if form is None:
            raise Http404
    if desk.request.method == "POST":
        return _decided(desk, form)
    with custody.seated(desk.seat):
        faults = forms.opened(form).faults or []
        told = _told(desk, form, faults)
        audit.record(by=desk.username, at=desk.now, act="people.form-opened", subject=f"form/{form.id}")
    whole = [
        ("", _fault(desk, f)) for f in faults if not any(f["path"] == b[0] for t in told for b in t.boxes)
    ]
    return desk.page("people/devices-mend.html", form=form, told=told, faults=whole)


def _decided(desk: Desk, form: SentForm) -> HttpResponse:
    given = desk.request.POST
    try:
        if given.get("do") == "drop":
            forms.drop(form=form, seat=desk.seat, at=desk.now)
            return desk.go("people-devices", "?done=dropped")
        mended = {k: str(v).strip() for k, v in given.items() if k.startswith("facts[")}
        came = forms.again(
            form=form,
            user=desk.user,
            at=desk.now,
            mended=mended,
            without_files=given.get("do") == "without",
        )
    except access.NotAllowed as e:
        raise Refused(desk.why_not(e.act, state=e.state, body=form.institution)) from None
    if came.form.stage in forms.OPEN:
        return desk.go("people-devices-mend", "?done=still", id=form.id)
    return desk.go("people-devices", "?done=taken")


def _made(desk: Desk, typed: Typed) -> tuple[Device, str] | None:
    holder = next((u for u in _holders(desk) if u.username == typed.get("holder")), None)
    office, days = typed.get("office"), typed.get("days")
    if holder is None:
        typed.fault("holder", "openrosa.device.fault.nobody")
    if office not in _offices(desk):
        typed.fault("office", "openrosa.device.fault.office")
    if days not in [str(d) for d in DAYS]:
        typed.fault("days", "openrosa.device.fault.expires", days=devices.MOST_DAYS)
    if holder is None or typed.faults:
        return None
    try:
        return devices.make(
            name=typed.get("name"), holder=holder, state=desk.seat.state, institution=desk.seat.institution,
            office=office, expires_at=desk.now + timedelta(days=int(days)), by=desk.user, at=desk.now,
        )  # fmt: skip
    except devices.DeviceFault as e:
        typed.fault(e.key.rpartition(".")[2], e.key, **e.values)
        return None


def _here(desk: Desk) -> dict[str, str]:
    """What is of this seat: of one office, or of all of the institution."""
    seat = desk.seat
    office = {"office": seat.office} if seat.office else {}
    return {"state": seat.state, "institution": seat.institution} | office


def _offices(desk: Desk) -> list[str]:
    return [desk.seat.office] if desk.seat.office else offices_of(desk.seat.institution)


def _holders(desk: Desk) -> list[access.User]:
    """Who registers at the institution, and so may hold one of its devices."""
    today = desk.now.date()
    held = access.holdings(on=today)
    seat = desk.seat
    return access.able(held, "person.register", state=seat.state, body=seat.institution, on=today)


def _settings(desk: Desk, device: Device, code: str) -> dict[str, Any]:
    """What Collect is told, to be typed, and as the QR code that it scans (JSON, deflated, in base64)."""
    server = desk.request.build_absolute_uri(reverse("openrosa-list")).removesuffix("/formList")
    told = {
        "general": {
            "server_url": server, "username": device.login, "password": code, "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular", "delete_send": True, "analytics": False,
        },
        "admin": {},
        "project": {"name": f"MIRPS {device.name}", "icon": "M"},
    }  # fmt: skip
    packed = base64.b64encode(zlib.compress(json.dumps(told).encode(), 9)).decode()
    drawn = segno.make(packed, error="l", micro=False).svg_inline(
        scale=4, border=4, svgclass="qr", omitsize=True
    )
    return {"server": server, "qr": Markup(drawn)}  # noqa: S704 - drawn here, of letters of base64


def _told(desk: Desk, form: SentForm, faults: list[dict[str, Any]]) -> list[Told]:
    """What a form says, fact by fact; a box where the registry found a fault."""
    book, lang = registry.book(), desk.lang
    try:
        given = forms.said(form)
    except Refusal:
        return []
    wrong = {f["path"]: _fault(desk, f) for f in faults}
    order = [p["id"] for p in given["people"]]
    told = []
    for n, fact in enumerate(given["facts"]):
        kind, data = book.kinds[fact["kind"]], fact["data"]
        at = f"facts[{n}].data."
        names = [name for name in (*kind.fields, "sure") if name in data or at + name in wrong]
        named = {name: wording.field_name(kind.name, name, lang) for name in names}
        told.append(Told(
            wording.kind_name(kind.name, lang),
            say("openrosa.mend.person", lang, n=order.index(fact["person"]) + 1) if fact.get("person") in order else "",
            [(label, wording.value_text(kind, name, data[name], book, lang)) for name, label in named.items()
             if name in data and at + name not in wrong],
            [(at + name, label, str(data.get(name, "")), wrong[at + name]) for name, label in named.items()
             if at + name in wrong],
        ))  # fmt: skip
    return told


def _fault(desk: Desk, fault: dict[str, Any]) -> str:
    if "." in fault["key"]:
        return say(fault["key"], desk.lang, **fault["values"])
    found = registry.Fault(fault["path"], fault["key"], fault["values"])
    return wording.fault_text(found, registry.book(), desk.lang)


patterns: list[URLPattern] = [
    path("people/devices/", all_devices, name="people-devices"),
    path("people/devices/<uuid:id>/revoke/", revoke, name="people-devices-revoke"),
    path("people/devices/forms/<uuid:id>/", mend, name="people-devices-mend"),
]

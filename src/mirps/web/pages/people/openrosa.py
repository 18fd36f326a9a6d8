"""The door for ODK Collect and KoboCollect: form list, form, and what they send (OpenRosa 1.0).

https://docs.getodk.org/openrosa/ describes the four calls. A device signs in with its code (HTTP Basic), over
TLS. A form is answered 201 once it is registered; 202 once it lies here sealed and something is still wanted
(files on their way, or a person who mends it): both let the device delete it. What is refused gets 4xx with the
reason, nothing of it is kept, and it stays on the device.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from functools import cache, wraps
from ipaddress import ip_address
from typing import Any
from xml.sax.saxutils import escape

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.access import api as access
from mirps.base.files.api import MOST_BYTES, FileFault
from mirps.base.refusal import Refusal
from mirps.base.texts.api import LANGUAGES, say
from mirps.people.intake import openrosa_actions as actions
from mirps.people.intake import openrosa_devices as devices
from mirps.people.intake import xlsform
from mirps.people.intake.openrosa_models import Device
from mirps.people.registry import api as registry
from mirps.web.pages.page import explained, private
from mirps.web.pages.people.sync import durably
from mirps.web.pages.throttle import address_of, exceeded, spent

#: The part of a post that holds the filled form.
XML = "xml_submission_file"
#: Wrong codes in five minutes: of one device (which tries again by itself), and of one address.
TRIES, TRIES_OF_ADDRESS, IN_SECONDS = 10, 100, 300
#: What each reason for not reading a form is in HTTP; any other is 400.
STATUS = {"too-large": 413, "other-answers": 409, "unknown-form": 404, "too-many-files": 413}

View = Callable[..., HttpResponse]


class Answer(Exception):
    """A request that is not served: its status, and the text that says why in both languages."""

    def __init__(self, status: int, key: str, /, **values: object) -> None:
        super().__init__(key)
        self.status, self.key, self.values = status, key, values


def for_devices(view: View) -> View:
    """A view for a device that has signed in: `view(request, device, **parts of the address)`."""

    @csrf_exempt
    @sensitive_variables()
    @wraps(view)
    def answered(request: HttpRequest, **parts: Any) -> HttpResponse:
        try:
            _safe(request)
            response = view(request, _signed_in(request), **parts)
        except Answer as e:
            response = _told(e.status, e.key, **e.values)
            if e.status == 401:
                response["WWW-Authenticate"] = 'Basic realm="MIRPS", charset="UTF-8"'
        response["X-OpenRosa-Version"] = "1.0"
        response["X-OpenRosa-Accept-Content-Length"] = str(MOST_BYTES)
        return explained(private(response))

    return answered


@require_safe
@for_devices
def form_list(request: HttpRequest, device: Device) -> HttpResponse:
    """The forms that there are: one for each level of registration."""
    book, wanted = registry.book(), request.GET.get("formID", "")
    rows = []
    for level in book.levels:
        id_ = xlsform.form_id(level)
        if wanted in ("", id_):
            digest = hashlib.md5(_form(level), usedforsecurity=False).hexdigest()
            rows.append(
                f"<xform><formID>{id_}</formID><name>{escape(xlsform.title(level))}</name>"
                f"<version>{book.form.version}</version><hash>md5:{digest}</hash>"
                f"<downloadUrl>{escape(_address(request, 'openrosa-form', form=id_))}</downloadUrl></xform>"
            )
    return _xml(f'<xforms xmlns="http://openrosa.org/xforms/xformsList">{"".join(rows)}</xforms>')


@require_safe
@for_devices
def form(request: HttpRequest, device: Device, form: str) -> HttpResponse:
    if not (levels := xlsform.levels_of(form, registry.book())):
        raise Answer(404, "openrosa.fault.unknown-form", form=form)
    return HttpResponse(_form(levels[-1]), content_type="text/xml; charset=utf-8")


@require_safe
@for_devices
def manifest(request: HttpRequest, device: Device, form: str) -> HttpResponse:
    """The files that a form needs beside it: none."""
    return _xml('<manifest xmlns="http://openrosa.org/xforms/xformsManifest"/>')


@require_http_methods(["HEAD", "POST"])
@for_devices
def submission(request: HttpRequest, device: Device) -> HttpResponse:
    """Take in a filled form, or a part of its files. HEAD: how much may be sent at once, and where."""
    if request.method == "HEAD":
        response = HttpResponse(status=204)
        response["Location"] = _address(request, "openrosa-submission")
        return response
    xml, files = _posted(request)
    now = timezone.now()
    try:
        with durably():
            came = actions.receive(device=device, xml=xml, files=files, at=now)
    except FileFault as e:
        raise Answer(415, e.key, **e.values) from None
    except Refusal as e:
        raise Answer(STATUS.get(e.key.rpartition(".")[2], 400), e.key, **e.values) from None
    except access.NotAllowed:
        raise Answer(403, "openrosa.fault.not-allowed") from None
    return _what_became(came)


def _what_became(came: actions.Came) -> HttpResponse:
    """The answer for each stage. After a registration its numbers are told: Collect shows them."""
    if came.form.stage == actions.Stage.WAITING:
        return _told(202, "openrosa.said.waiting", n=came.missing)
    if came.form.stage == actions.Stage.MEND:
        return _told(202, "openrosa.said.mend")
    if came.receipt is None or not came.receipt.people:
        return _told(201, "openrosa.said.kept")
    return _told(201, "openrosa.said.registered", numbers=", ".join(n for _, n in came.receipt.people))


def _posted(request: HttpRequest) -> tuple[bytes, dict[str, bytes]]:
    """The XML and the files of a post, read into memory alone: nothing of them touches the disk in clear."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or "")
    except ValueError:
        raise Answer(411, "openrosa.fault.length") from None
    if length > MOST_BYTES:
        raise Answer(413, "openrosa.fault.too-large", most=MOST_BYTES // 1024)
    request.upload_handlers = [InMemory(request)]
    try:
        parts: MultiValueDict[str, Any] = request.FILES
        plain = request.POST.get(XML, "").encode()
    except (MultiPartParserError, BadRequest, UnreadablePostError, UnicodeError):
        raise Answer(400, "openrosa.fault.not-multipart") from None
    except (RequestDataTooBig, TooManyFilesSent, TooManyFieldsSent):
        raise Answer(413, "openrosa.fault.too-large", most=MOST_BYTES // 1024) from None
    sent = parts.get(XML)
    xml = sent.read() if sent else plain
    if not xml:
        raise Answer(400, "openrosa.fault.not-multipart")
    return xml, {part.name: part.read() for _, each in parts.lists() for part in each if part is not sent}


class InMemory(MemoryFileUploadHandler):
    """Files in memory however large: the whole request is bounded before."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True


def _safe(request: HttpRequest) -> None:
    """A code is worth its office's door: it travels under TLS, or not out of this machine."""
    version = request.headers.get("X-OpenRosa-Version", "1.0")
    if not version.startswith("1."):
        raise Answer(400, "openrosa.fault.protocol", version=version[:20])
    try:
        here = ip_address(address_of(request)).is_loopback
    except ValueError:
        here = False
    if not (request.is_secure() or here):
        raise Answer(403, "openrosa.fault.no-tls")


def _signed_in(request: HttpRequest) -> Device:
    login, code = _credentials(request.headers.get("Authorization", ""))
    if not login:
        raise Answer(401, "openrosa.fault.sign-in")
    of_device = f"openrosa:{login[:20]}"
    if spent(request, of_device, TRIES) or spent(request, "openrosa", TRIES_OF_ADDRESS):
        raise Answer(429, "openrosa.fault.too-often")
    device = devices.known(login, code, at=timezone.now())
    if device is None:
        exceeded(request, of_device, TRIES, IN_SECONDS)
        exceeded(request, "openrosa", TRIES_OF_ADDRESS, IN_SECONDS)
        raise Answer(401, "openrosa.fault.sign-in")
    return device


def _credentials(header: str) -> tuple[str, str]:
    """Login and code of HTTP Basic (RFC 7617); nothing where there is none."""
    scheme, _, given = header.partition(" ")
    try:
        login, _, code = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return (login, code) if scheme.lower() == "basic" else ("", "")


@cache
def _form(level: str) -> bytes:
    """A form costs seconds to make, and is the same until the node is started again."""
    return xlsform.xform(registry.book(), level).encode()


def _told(status: int, key: str, /, **values: object) -> HttpResponse:
    """The answer that a device shows to whoever holds it, in both languages."""
    words = " / ".join(dict.fromkeys(say(key, lang, **values) for lang in LANGUAGES))
    nature = "submit_success" if status < 300 else "error"
    return _xml(
        f'<OpenRosaResponse xmlns="http://openrosa.org/http/response"><message nature="{nature}">'
        f"{escape(words)}</message></OpenRosaResponse>",
        status,
    )


def _xml(content: str, status: int = 200) -> HttpResponse:
    return HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>{content}',
        status=status,
        content_type="text/xml; charset=utf-8",
    )


def _address(request: HttpRequest, name: str, **parts: str) -> str:
    return request.build_absolute_uri(reverse(name, kwargs=parts))


#: Under no language: a device knows one address.
patterns: list[URLPattern] = [
    path("openrosa/formList", form_list, name="openrosa-list"),
    path("openrosa/forms/<slug:form>.xml", form, name="openrosa-form"),
    path("openrosa/forms/<slug:form>/manifest", manifest, name="openrosa-manifest"),
    path("openrosa/submission", submission, name="openrosa-submission"),
]

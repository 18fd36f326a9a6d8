"""A device of COMAR's Tapachula office, and what it sends."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.people.intake import openrosa_devices as devices
from mirps.people.intake.openrosa_models import Device

STATE, COMAR, TAPACHULA = "MEX", "MEX.COMAR", "MEX.COMAR.TAP"
Hire = Callable[..., User]
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def png(n: int) -> bytes:
    """A picture that no other equals."""
    return PNG + f"{n}".encode()


@pytest.fixture
def hire(db: None) -> Hire:
    """Somebody who works at COMAR."""

    def hired(username: str, role: str, *, institution: str = COMAR, office: str = "") -> User:
        at = datetime.now(UTC)
        user, _ = User.objects.get_or_create(username=username, defaults={"email": f"{username}@example.org"})
        access.give_role(user=user, role=role, state=STATE, body=institution, office=office,
                         starts=at.date() - timedelta(days=30), ends=None, by="tests", at=at)  # fmt: skip
        return user

    return hired


@pytest.fixture
def supervisor(hire: Hire) -> User:
    return hire("sofia", "registration-supervisor")


@pytest.fixture
def officer(hire: Hire) -> User:
    return hire("rocio", "registration-officer", office=TAPACHULA)


class Phone:
    """ODK Collect on a telephone: what it asks of a server, with its code."""

    def __init__(self, client: Client, device: Device, code: str) -> None:
        self.client, self.device, self.code = client, device, code
        self.headers: dict[str, str] = {
            "Authorization": basic(device.login, code), "X-OpenRosa-Version": "1.0",
        }  # fmt: skip

    def get(self, path: str) -> Any:
        return self.client.get(f"/openrosa/{path}", headers=self.headers)

    def head(self) -> Any:
        return self.client.head("/openrosa/submission", headers=self.headers)

    def send(self, xml: bytes, **files: bytes) -> Any:
        """Post a form, and files by their names ("1.jpg" is passed as `_1_jpg`)."""
        named = {name.strip("_").replace("_", "."): content for name, content in files.items()}
        form: dict[str, Any] = {"xml_submission_file": SimpleUploadedFile("s.xml", xml, "text/xml")}
        form |= {name: SimpleUploadedFile(name, content, "image/png") for name, content in named.items()}
        return self.client.post("/openrosa/submission", form, headers=self.headers)


def basic(login: str, code: str) -> str:
    return "Basic " + base64.b64encode(f"{login}:{code}".encode()).decode()


@pytest.fixture
def phone(supervisor: User, officer: User, client: Client) -> Phone:
    cache.clear()
    now = datetime.now(UTC)
    device, code = devices.make(
        name="Tableta 1", holder=officer, state=STATE, institution=COMAR, office=TAPACHULA,
        expires_at=now + timedelta(days=30), by=supervisor, at=now,
    )  # fmt: skip
    return Phone(client, device, code)

"""The line to the mail server: encrypted when it is asked for, and only with the server that is meant."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings
from tests.notices.conftest import Make, Post, mail_out, tell
from tests.product import free_port

from mirps.base.notices.server import settings_of

pytestmark = pytest.mark.enable_socket


def certificate(folder: Path) -> Path:
    """A certificate for localhost that its own key has signed, with the key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


def known(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"mirps", b"p@ss word")
    return AuthResult(success=right)


@pytest.fixture
def guarded(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[tuple[Post, Path, int]]:
    """A server that takes mails over STARTTLS from who knows its password."""
    pem, post, port = certificate(tmp_path_factory.mktemp("tls")), Post(), free_port()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = Controller(
        post, hostname="localhost", port=port, tls_context=context, require_starttls=True,
        authenticator=known, auth_required=True, ready_timeout=10,
    )  # fmt: skip
    server.start()
    yield post, pem, port
    server.stop()


def use(settings: Settings, address: str) -> None:
    for name, value in settings_of(address).items():
        setattr(settings, name, value)


def test_a_mail_goes_over_tls_with_the_password_of_the_installation(
    person: Make, guarded: tuple[Post, Path, int], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, pem, port = guarded
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    use(settings, f"smtp://mirps:p%40ss%20word@localhost:{port}?tls=1")
    tell(person())
    assert mail_out().sent == 1
    assert len(post.taken) == 1


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        ("smtp://mirps:p%40ss%20word@localhost:{port}?tls=1", False),
        ("smtp://mirps:wrong@localhost:{port}?tls=1", True),
        ("smtp://localhost:{port}", True),
    ],
    ids=["a certificate that nobody vouches for", "a wrong password", "no encryption"],
)
def test_a_line_that_is_not_as_meant_carries_nothing_and_blames_nobody(
    person: Make,
    guarded: tuple[Post, Path, int],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    trusted: bool,
) -> None:
    post, pem, port = guarded
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    use(settings, address.format(port=port))
    tell(person())
    tally = mail_out()
    assert tally.away
    assert (tally.sent, tally.bounced, tally.postponed) == (0, 0, 1)
    assert post.taken == []

"""`dansinh check` against real mail servers on 127.0.0.1."""

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipeline.checks.mail import check_mail
from pipeline.checks.problem import Problem
from tests.office import settings

SECRET = "DANSINH_SMTP_PASSWORD"
Serve = Callable[..., int]


class OnAnyPort(Controller):
    """aiosmtpd's own one asks the port it was given whether it is there, which fails for port 0."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Refusing:
    """Takes nothing: a check sends nothing."""

    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802 - aiosmtpd's name
        raise AssertionError("a check must not send")


def sign_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"dansinh", b"right")
    return AuthResult(success=right, handled=False)


@pytest.fixture
def serve() -> Iterator[Serve]:
    controllers: list[Controller] = []

    def start(**options: Any) -> int:
        controller = OnAnyPort(Refusing(), hostname="127.0.0.1", port=0, **options)
        controller.start()
        controllers.append(controller)
        return int(controller.port)

    yield start
    for controller in controllers:
        controller.stop()


def problems(port: int, env: dict[str, str], monkeypatch: pytest.MonkeyPatch, **mail: Any) -> list[Problem]:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    office = settings(mail={"port": port, "timeout_seconds": 5, **mail})
    return list(check_mail(office.mail, env))


def test_a_server_that_answers(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not problems(serve(), {}, monkeypatch)


def test_a_server_that_signs_in(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    port = serve(authenticator=sign_in, auth_require_tls=False)
    assert not problems(port, {SECRET: "right"}, monkeypatch, username="dansinh")


def test_a_wrong_password(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    port = serve(authenticator=sign_in, auth_require_tls=False)
    (problem,) = problems(port, {SECRET: "wrong"}, monkeypatch, username="dansinh")
    assert problem.severity == "error"
    assert f"mail server 127.0.0.1:{port} refuses the user 'dansinh'" in problem.what
    assert SECRET in problem.remedy
    assert "wrong" not in problem.what + problem.remedy


def test_without_the_secret_the_server_is_tried_as_far_as_the_sign_in(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SECRET, raising=False)
    port = serve(authenticator=sign_in, auth_require_tls=False)
    assert not problems(port, {}, monkeypatch, username="dansinh")


def test_a_server_without_sign_in(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    (problem,) = problems(serve(), {SECRET: "right"}, monkeypatch, username="dansinh")
    assert "does not offer what config.yaml asks for" in problem.what
    assert "remove mail.username" in problem.remedy


def test_a_server_without_encryption(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    (problem,) = problems(serve(), {}, monkeypatch, security="starttls")
    assert "does not offer what config.yaml asks for" in problem.what
    assert "mail.security" in problem.remedy


def test_a_certificate_nobody_vouches_for(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    port = serve(tls_context=_context_of_its_own(tmp_path))
    (problem,) = problems(port, {}, monkeypatch, security="starttls")
    assert "does not speak TLS that can be trusted" in problem.what
    assert "valid certificate" in problem.remedy


def test_a_closed_port(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        (problem,) = problems(port, {}, monkeypatch)
    assert f"mail server 127.0.0.1:{port} does not answer" in problem.what
    assert "mail.host and mail.port" in problem.remedy


def _context_of_its_own(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = folder / "own.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context

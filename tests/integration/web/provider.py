"""A real provider of single sign-on on this machine."""

import io
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
from werkzeug.serving import make_server

from web.pages import sso

KNOWN = {
    "s-lead": {"preferred_username": "tai-khoan-lead", "email": "lead@example.vn", "role": "operator"},
    "s-nobody": {"preferred_username": "nguoi-la", "email": "la@example.vn", "email_verified": True},
    "s-thief": {"preferred_username": "tai-khoan-lead", "email": "tai-khoan-lead", "email_verified": True},
}


@dataclass
class Wire:
    """Between provider and desk: hears what the desk asks, and may change what it is answered."""

    app: Any
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    forge: Callable[[str, bytes], bytes] | None = None

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        if path == "/oauth2/token":
            sent = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            self.asked.append(parse_qs(sent.decode()))
            environ["wsgi.input"] = io.BytesIO(sent)
        held: list[Any] = []
        body = b"".join(self.app(environ, lambda *answer: held.append(answer)))
        body = self.forge(path, body) if self.forge else body
        status, headers = held[-1][:2]
        kept = [pair for pair in headers if pair[0].lower() != "content-length"]
        start(status, [*kept, ("Content-Length", str(len(body)))])
        return [body]


@dataclass(frozen=True)
class Mock:
    issuer: str
    wire: Wire
    client_id: str
    secret: str


@contextmanager
def running(desk: str) -> Iterator[Mock]:
    """Knows the desk at that address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import oidc_provider_mock  # type: ignore[import-untyped]
    users = [oidc_provider_mock.User(sub=sub, claims=claims) for sub, claims in KNOWN.items()]
    app = oidc_provider_mock.app(require_client_registration=True, require_nonce=True, user_claims=users)
    wire = Wire(app.wsgi_app)
    app.wsgi_app = wire
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        patch.setenv("NO_PROXY", "127.0.0.1")
        server = make_server("127.0.0.1", 0, app, threaded=True)
        serving = threading.Thread(target=server.serve_forever, args=(0.02,))
        serving.start()
        stack.callback(server.server_close)
        stack.callback(serving.join)
        stack.callback(server.shutdown)
        issuer = f"http://127.0.0.1:{server.server_port}"
        registered = requests.post(
            f"{issuer}/oauth2/clients", json={"redirect_uris": [desk + sso.RETURN]}, timeout=10
        ).json()
        yield Mock(issuer, wire, registered["client_id"], registered["client_secret"])

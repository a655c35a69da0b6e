"""Attacks on what lies below the desk's pages: the connection to its server, and the other database."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from store import Store
from tests.integration.web.conftest import token
from tests.integration.web.test_attacks import FIELDS, Everybody, routes, who_may, with_everything
from tests.integration.web.town import Town, desk_settings, open_town
from web.permissions import ROLES

PATIENCE = 20
ENDING = ("logout", "change_password", "end_other_sessions")
"""routes whose form would end the session that goes on to the next"""
GET, POST, HOST = b"GET /dang-nhap HTTP/1.1\r\n", b"POST /dang-nhap HTTP/1.1\r\n", b"Host: desk\r\n"
SMUGGLED = b"GET /khong-co HTTP/1.1\r\nHost: desk\r\n\r\n"
CLOSE = b"Connection: close\r\n"
LENGTHS = {
    "length and chunks": (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED),
    "chunks and length": (b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED),
    "two lengths": b"Content-Length: 0\r\nContent-Length: 40\r\n\r\n" + SMUGGLED,
    "chunked twice": b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked as another": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "space before the colon": b"Content-Length : 0\r\n\r\n" + SMUGGLED,
    "below nothing": b"Content-Length: -1\r\n\r\n" + SMUGGLED,
    "signed": b"Content-Length: +0\r\n\r\n" + SMUGGLED,
    "no chunk": b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + SMUGGLED,
}


@contextmanager
def served(town: Town) -> Iterator[int]:
    """The port of the server that `dansinh desk` has."""
    server = uvicorn.Server(uvicorn.Config(town.app, log_level="critical", access_log=False))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def port(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with open_town(tmp_path_factory.mktemp("served"), blank) as town, served(town) as port:
        yield port


def answered(port: int, sent: bytes) -> bytes:
    """All that comes until the server hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        line.sendall(sent)
        got = b""
        while part := line.recv(65536):
            got += part
        return got


def statuses(answer: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d{3})", answer)]


@pytest.mark.parametrize("how", LENGTHS)
def test_no_request_is_hidden_in_the_body_of_another(port: int, how: str) -> None:
    assert statuses(answered(port, POST + HOST + LENGTHS[how])) == [400], "and the line is closed"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (GET + HOST + b"Host: evil.example.vn\r\n" + CLOSE, 400),
        (GET + CLOSE, 400),
        (GET + HOST + b"X: a\0b\r\n" + CLOSE, 400),
        (b"GET http://evil.example.vn/ HTTP/1.1\r\n" + HOST + CLOSE, 404),
        (b"GET //evil.example.vn/%2e%2e HTTP/1.1\r\n" + HOST + CLOSE, 404),
        (b"GET /van-de/%ff%fe HTTP/1.1\r\n" + HOST + CLOSE, 404),
        (b"GET /static/..%2f..%2fpyproject.toml HTTP/1.1\r\n" + HOST + CLOSE, 404),
        (b"GET /static/%00 HTTP/1.1\r\n" + HOST + CLOSE, 404),
        (b"GET /static/" + b"a" * 5000 + b" HTTP/1.1\r\n" + HOST + CLOSE, 404),
        (b"GET / HTTP/1.1\r\n" + HOST + b"Cookie: dansinh=\xff\xfe; =; a\r\n" + CLOSE, 303),
        (POST + HOST + b"User-Agent: \xff\xfe\r\nContent-Length: 0\r\n" + CLOSE, 403),
        (POST + HOST + b"Content-Type: multipart/form-data\r\nContent-Length: 0\r\n" + CLOSE, 400),
        (b"TRACE / HTTP/1.1\r\n" + HOST + CLOSE, 405),
    ],
    ids=range(13),
)
def test_what_no_browser_sends_is_refused_without_a_trace(port: int, sent: bytes, status: int) -> None:
    answer = answered(port, sent + b"\r\n")
    assert statuses(answer) == [status]
    assert b"evil.example.vn" not in answer
    assert b"Traceback" not in answer


def test_no_line_of_an_address_becomes_a_header(port: int) -> None:
    asked = b"GET /dang-nhap?tiep=%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\n" + HOST + CLOSE
    assert b"a=b" not in answered(port, asked + b"\r\n").partition(b"\r\n\r\n")[0]


@pytest.fixture
def on_postgres(postgres_store: Store, monkeypatch: pytest.MonkeyPatch) -> Town:
    town = Town(postgres_store, desk_settings(postgres_store.data_dir))
    town.add_accounts()
    return with_everything(town, monkeypatch)


def test_a_sign_that_postgresql_takes_in_no_text_is_answered(on_postgres: Town) -> None:
    """SQLite takes it: test_attacks.py sends it there, among other odd values."""
    on_postgres.issue()
    everybody = Everybody(on_postgres)
    tokens = {role: token(everybody[role], "/tai-khoan") for role in ROLES}
    odd = dict.fromkeys(FIELDS, "a\x00b")
    for route in routes(on_postgres):
        path, client = re.sub(r"{[^}]+}", "1", route.path), everybody[who_may(route)]
        if "GET" in (route.methods or ()) and route.name not in ("sso", "sso_return"):
            assert client.get(path, params=odd, follow_redirects=False).status_code < 500, path
        if "POST" in (route.methods or ()) and route.name not in ENDING:
            form = odd | {"csrf": tokens[who_may(route)]}
            assert client.post(path, data=form, follow_redirects=False).status_code < 500, path
    for path in ("/dang-nhap", "/mat-khau-moi"):
        form = dict.fromkeys(("name", "password", "again", "code"), "a\x00b" * 9)
        form["csrf"] = token(everybody.stranger, path)
        assert everybody.stranger.post(path, data=form, follow_redirects=False).status_code == 401

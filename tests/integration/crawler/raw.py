"""Servers that do not keep to HTTP: each answers every connection with what a function writes."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Behaviour = Callable[[socket.socket, str, threading.Event], None]
"""gets the connection, the path that was asked for, and what is set when the test is over"""

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@contextmanager
def answering(behaviour: Behaviour, *, robots: bool = False) -> Iterator[str]:
    """The address of a server on this machine; robots.txt is not there, unless `behaviour` answers it too."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while True:
                request = b""
                while b"\r\n\r\n" not in request:
                    request += connection.recv(65_536) or _gone()
                path = request.split(b" ", 2)[1].decode()
                if robots or path != "/robots.txt":
                    behaviour(connection, path, over)
                    return
                connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    over.set()
    # Closing alone leaves a thread that waits in accept() where it is.
    with suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def _gone() -> bytes:
    raise ConnectionError


def drip_body(connection: socket.socket, _path: str, over: threading.Event) -> None:
    connection.sendall(HEAD + b"Content-Length: 100000\r\n\r\n")
    _drip(connection, b"x", over)


def drip_head(connection: socket.socket, _path: str, over: threading.Event) -> None:
    connection.sendall(HEAD)
    _drip(connection, b"X", over)


def _drip(connection: socket.socket, content: bytes, over: threading.Event) -> None:
    while not over.wait(0.1):
        connection.sendall(content)


def endless_head(connection: socket.socket, _path: str, over: threading.Event) -> None:
    connection.sendall(HEAD)
    while not over.is_set():
        connection.sendall(b"X-Mai: " + b"x" * 1000 + b"\r\n")


def endless_line(connection: socket.socket, _path: str, over: threading.Event) -> None:
    connection.sendall(HEAD + b"X-Mai: ")
    while not over.is_set():
        connection.sendall(b"x" * 10_000)


def endless_patience(connection: socket.socket, _path: str, over: threading.Event) -> None:
    while not over.is_set():
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def endless_body(connection: socket.socket, _path: str, over: threading.Event) -> None:
    connection.sendall(HEAD + b"\r\n")
    while not over.is_set():
        connection.sendall(b"x" * 10_000)


def no_http(connection: socket.socket, _path: str, _over: threading.Event) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH_9.9 la la la\r\n\r\n")

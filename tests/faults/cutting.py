"""A wire between a client and a server that breaks, or falls silent, after so many lines."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

Fault = Literal["cut", "silent"]


@dataclass
class Wire:
    """Breaks its first connection after `after` lines, counted in both directions; later ones hold."""

    server_port: int
    fault: Fault
    after: int
    port: int = 0
    passed: int = 0
    broken: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: list[socket.socket] = field(default_factory=list)

    def may_pass(self) -> bool:
        with self._lock:
            if self.passed >= self.after:
                self.broken = True
                return False
            self.passed += 1
            return True


@contextmanager
def wire(server_port: int, fault: Fault, after: int) -> Iterator[Wire]:
    made = Wire(server_port, fault, after)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made.port = listening.getsockname()[1]
        thread = threading.Thread(target=_accept, args=(listening, made), daemon=True)
        thread.start()
        try:
            yield made
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            for one in made._open:
                _close(one)
            thread.join(5)


def _accept(listening: socket.socket, made: Wire) -> None:
    threads = []
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            break
        server = socket.create_connection(("127.0.0.1", made.server_port))
        made._open += [client, server]
        for one in (client, server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for source, sink in ((client, server), (server, client)):
            threads.append(threading.Thread(target=_carry, args=(source, sink, made), daemon=True))
            threads[-1].start()
    for thread in threads:
        thread.join(5)


def _carry(source: socket.socket, sink: socket.socket, made: Wire) -> None:
    with suppress(OSError, ValueError), source.makefile("rb") as lines:
        for line in lines:
            if not made.broken and made.may_pass():
                sink.sendall(line)
            elif made.fault == "cut":
                break
            # Silent: what comes is swallowed, and nobody hangs up.
        else:
            if made.broken and made.fault == "silent":
                return
    _close(source)
    _close(sink)


def _close(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()

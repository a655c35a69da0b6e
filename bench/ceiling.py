"""What a server of this machine can give at most: asked by a client that does nothing with the answers."""

import asyncio
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

_CONNECTIONS = 8


def pages_a_second(urls: Sequence[str]) -> float:
    began = time.monotonic()
    asyncio.run(_download(list(urls)))
    return len(urls) / (time.monotonic() - began)


async def _download(urls: list[str]) -> None:
    await asyncio.gather(*(_one_after_another(urls[number::_CONNECTIONS]) for number in range(_CONNECTIONS)))


async def _one_after_another(urls: list[str]) -> None:
    open_to: dict[str, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = {}
    for url in urls:
        host, path = urlsplit(url).netloc, urlsplit(url).path
        if host not in open_to:
            name, _, port = host.partition(":")
            open_to[host] = await asyncio.open_connection(name, int(port), limit=2**20)
        reader, writer = open_to[host]
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.partition(b"Content-Length: ")[2].split(b"\r\n", 1)[0]))
    for _, writer in open_to.values():
        writer.close()

"""From a host's name to its addresses, as the system knows them."""

import queue
import socket
import threading

from crawler.fetching.networks import Address, literal


def look_up(name: str) -> list[Address]:
    """None for a name that is not known. The system may take many seconds over it, and cannot be hurried."""
    try:
        answers = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    found = (literal(str(answer[4][0])) for answer in answers)
    return list(dict.fromkeys(address for address in found if address))


def look_up_within(name: str, seconds: float) -> list[Address]:
    """As `look_up`; raises TimeoutError."""
    answer: queue.SimpleQueue[list[Address]] = queue.SimpleQueue()
    threading.Thread(target=lambda: answer.put(look_up(name)), daemon=True).start()
    try:
        return answer.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None

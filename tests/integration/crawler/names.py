"""Names whose addresses the test decides, in this process and in the one that crawls."""

import socket
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from tests.integration.crawler.conftest import NOW, FixedClock

Answers = Mapping[str, Sequence[Sequence[str]] | Literal["hangs"]]
"""of each name what it is answered at each question, the last again and again"""

_system = socket.getaddrinfo


class Names:
    """Stands in for socket.getaddrinfo; what it does not know is no name at all."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._asked: dict[str, int] = {}

    def __call__(self, host: str, port: Any, *arguments: Any, **options: Any) -> list[Any]:
        if host.replace(".", "").isdigit() or ":" in host:
            return list(_system(host, port, *arguments, **options))
        answers = self._answers.get(host)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        if answers == "hangs":
            threading.Event().wait(60)
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        turn = self._asked[host] = self._asked.get(host, -1) + 1
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port or 0),
            )
            for address in answers[min(turn, len(answers) - 1)]
        ]


class NamingClock(FixedClock):
    """Brings the names along into the process that crawls: it arrives there as the clock."""

    def __init__(self, answers: Answers, now: datetime = NOW) -> None:
        super().__init__(now)
        self.answers = answers

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        socket.getaddrinfo = Names(self.answers)  # type: ignore[assignment]

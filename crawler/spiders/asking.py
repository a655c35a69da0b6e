"""One question to a host, in its turn."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from scrapy import Request
from scrapy.http import Response

from crawler.spiders.lanes import Errand, Lanes

POLL, NEW_PAGE, VISIT = 0, 1, 2
"""urgencies: without polls nothing is known of new pages, and those come before known ones"""

_OVERLOADED = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
Download = Callable[[Request], Awaitable[Response]]


class OutOfTime(Exception):
    """The run was over before the question was asked."""


class Asker:
    def __init__(self, download: Download, lanes: Lanes) -> None:
        self._download = download
        self._lanes = lanes

    def ask(
        self,
        url: str,
        urgency: int,
        answered: Callable[[Response], None],
        failed: Callable[[Exception], None],
        marks: dict[str, str] | None = None,
    ) -> None:
        """Calls `answered` or `failed`, which gets OutOfTime where nobody was asked."""

        async def carry_out() -> bool:
            try:
                response = await self._download(Request(url, headers=marks, dont_filter=True))
            except asyncio.CancelledError:
                failed(OutOfTime())
                raise
            except Exception as error:
                failed(error)
                return False
            answered(response)
            return response.status not in _OVERLOADED

        self._lanes.add(Errand(url, urgency, carry_out, lambda: failed(OutOfTime())))

    async def answer(self, url: str, urgency: int, marks: dict[str, str] | None = None) -> Response:
        """Raises what was raised while it was asked for, or OutOfTime."""
        answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

        def failed(error: Exception) -> None:
            if not answer.done():
                answer.set_exception(error)

        def answered(response: Response) -> None:
            if not answer.done():
                answer.set_result(response)

        self.ask(url, urgency, answered, failed, marks)
        return await answer


def marks_of(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """By which a host tells that nothing has changed."""
    marks = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in marks.items() if value}

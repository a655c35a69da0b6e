"""Forms with files, of which no more is read than may be."""

from collections.abc import Iterable

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.types import Message, Receive

from pipeline.answering.attachments import Received
from pipeline.settings import Attachments
from web.bodies import check_charset

FIELDS_BYTES = 1_000_000
"""for what is typed, and for the lines between the parts"""
UNBOUNDED = 2**40
"""for routes with files: the body is counted here, where it can be said in words that it is too large"""
READ_AND_DROPPED = 4
"""times the limit: a browser shows the answer only once it has sent all, or most of it"""


class TooLarge(Exception):
    """More than the files of one reply may weigh."""


async def read_form_with_files(request: Request, limits: Attachments, max_fields: int) -> FormData:
    """Raises TooLarge, and HTTPException for what is no form."""
    check_charset(request)
    limit = limits.max_files * limits.max_bytes + FIELDS_BYTES
    counted = _Counted(request.receive, limit)
    try:
        # A few files more than may come: the refusal then says so in words.
        return await Request(request.scope, counted).form(
            max_files=limits.max_files + 5, max_fields=max_fields, max_part_size=FIELDS_BYTES
        )
    except TooLarge:
        await counted.drop(READ_AND_DROPPED * limit)
        raise


def files_of(form: FormData, name: str, limits: Attachments) -> list[Received]:
    """The chosen files; of one that is too large only so much that it is seen to be."""
    chosen: Iterable[object] = form.getlist(name)
    return [
        Received(file.filename, file.file.read(limits.max_bytes + 1))
        for file in chosen
        if isinstance(file, UploadFile) and file.filename
    ]


class _Counted:
    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._total = 0
        self._more = True

    async def __call__(self) -> Message:
        message = await self._next()
        if self._total > self._limit:
            raise TooLarge
        return message

    async def drop(self, until: int) -> None:
        while self._more and self._total <= until:
            await self._next()

    async def _next(self) -> Message:
        message = await self._receive()
        self._total += len(message.get("body", b""))
        self._more = message["type"] == "http.request" and bool(message.get("more_body"))
        return message

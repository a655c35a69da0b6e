"""What an answer of a source is read with."""

from dataclasses import dataclass

from scrapy.http import Response


@dataclass(frozen=True)
class Answer:
    body: bytes
    url: str
    content_type: str | None
    max_bytes: int


def answer_of(response: Response, max_bytes: int) -> Answer:
    content_type = response.headers.get("Content-Type")
    return Answer(
        body=response.body,
        url=response.url,
        content_type=content_type.decode("latin-1") if content_type else None,
        max_bytes=max_bytes,
    )

"""What the head of an answer says of when to ask again."""

from datetime import UTC, datetime, timedelta

import pytest
from scrapy.http import Response

from crawler.polling import Hints
from crawler.spiders.hints import hints_of, lines

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HEADS: dict[str, tuple[dict[str, str | list[str]], Hints]] = {
    "nothing": ({}, Hints()),
    "marks": (
        {"ETag": 'W/"a"', "Last-Modified": "Fri, 20 Nov 2026 02:00:00 GMT"},
        Hints(etag='W/"a"', last_modified="Fri, 20 Nov 2026 02:00:00 GMT"),
    ),
    "an age": ({"Cache-Control": "public, max-age=600"}, Hints(max_age=timedelta(minutes=10))),
    "some of it over": (
        {"Cache-Control": "max-age=600", "Age": "120"},
        Hints(max_age=timedelta(minutes=8)),
    ),
    "all of it over": ({"Cache-Control": "max-age=600", "Age": "601"}, Hints()),
    "in several headers": (
        {"Cache-Control": ["public", 'MAX-AGE="60"']},
        Hints(max_age=timedelta(minutes=1)),
    ),
    "never fresh": ({"Cache-Control": "no-cache, max-age=600"}, Hints()),
    "the end of another word": ({"Cache-Control": "x-max-age=600"}, Hints()),
    "until a moment, by the host's own clock": (
        {"Expires": "Fri, 20 Nov 2026 05:10:00 GMT", "Date": "Fri, 20 Nov 2026 05:00:00 GMT"},
        Hints(max_age=timedelta(minutes=10)),
    ),
    "until a moment, by ours": (
        {"Expires": "Fri, 20 Nov 2026 03:10:00 GMT"},
        Hints(max_age=timedelta(minutes=10)),
    ),
    "an age goes before a moment": (
        {"Expires": "Fri, 20 Nov 2026 05:10:00 GMT", "Cache-Control": "max-age=60"},
        Hints(max_age=timedelta(minutes=1)),
    ),
    "expired": ({"Expires": "0"}, Hints()),
    "patience": ({"Retry-After": "120"}, Hints(retry_after=timedelta(minutes=2))),
    "nonsense": (
        {"Cache-Control": "max-age=soon", "Expires": "tomorrow", "Retry-After": "later", "Age": "old"},
        Hints(),
    ),
}


@pytest.mark.parametrize(("head", "hints"), HEADS.values(), ids=HEADS)
def test_hints(head: dict[str, str | list[str]], hints: Hints) -> None:
    assert hints_of(Response("http://a.example/", headers=head), NOW) == hints


def test_several_headers_are_a_line_each() -> None:
    response = Response("http://a.example/", headers={"X-Robots-Tag": ["noarchive", "otherbot: noindex"]})
    assert lines(response, "X-Robots-Tag") == "noarchive\notherbot: noindex"
    assert lines(Response("http://a.example/"), "X-Robots-Tag") is None

"""What reads what the network brings, and what must be true of whatever comes out of it."""

import dataclasses
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.addresses import canonical_address
from crawler.extraction import extract
from crawler.fetching.robots import Rules, text_of
from crawler.kinds.folders import read_folder
from crawler.kinds.naming import UnreadableSource
from crawler.kinds.reading import Answer, read_source
from crawler.robots_tags import parse as parse_robots_tags
from crawler.settings import OutletSettings, SourceKind
from crawler.sources import ConfiguredSource
from tests.fuzz import samples

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
_YESTERDAY = NOW.timestamp() - 24 * 3600
"""a file that is being written right now would be left alone"""
_URL = "https://bao.example.vn/muc/nguoi-dan-keu-vi-duong-ngap-1234567.htm"
_TYPES = (
    None,
    "text/html; charset=utf-8",
    "text/xml; charset=windows-1258",
    "application/json",
    "text/html; charset=x-x",
)
_OUTLET = OutletSettings.model_validate(
    {"key": "bao", "name": "Báo", "kind": "newspaper", "home": "https://bao.example.vn/"}
)


def _type_for(content: bytes) -> str | None:
    """Chosen by the input alone, so that a saved one meets the same."""
    return _TYPES[sum(content[:64]) % len(_TYPES)]


def source(kind: SourceKind, **options: Any) -> Callable[[bytes], Any]:
    configured = ConfiguredSource(_OUTLET, kind, "https://bao.example.vn/muc/", **options)

    def read(content: bytes) -> Any:
        try:
            return read_source(
                configured, Answer(content, configured.url, _type_for(content), 5_000_000, NOW, NOW)
            )
        except UnreadableSource as refused:
            return (refused.what, refused.remedy)

    return read


def read_page(content: bytes) -> Any:
    layout = samples.LAYOUTS[len(content) % len(samples.LAYOUTS)]
    return extract(content, _URL, _type_for(content), layouts=(layout,) if len(content) % 2 else ())


def read_robots(content: bytes) -> Any:
    rules = Rules(text_of(content), "DanSinh")
    tags = parse_robots_tags(content.decode("latin-1").splitlines()[:20], "DanSinh")
    return [bool(rules.allow(_URL)), rules.delay, tags]


def read_saved(content: bytes) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.jsonl", "b.html"):
            Path(folder, name).write_bytes(content)
            os.utime(Path(folder, name), times=(_YESTERDAY, _YESTERDAY))
        return list(read_folder(Path(folder), None, NOW))


@dataclass(frozen=True)
class Target:
    read: Callable[[bytes], Any]
    pool: Sequence[bytes]
    inputs: int
    """tried at each run of the tests"""


TARGETS: dict[str, Target] = {
    "feed": Target(source("feed"), samples.FEEDS, 6000),
    "sitemap": Target(source("sitemap"), samples.SITEMAPS, 5000),
    "listing": Target(source("listing"), samples.LISTINGS, 2000),
    "listing-selected": Target(source("listing", article_links="h3 a"), samples.LISTINGS, 1000),
    "board": Target(source("board", max_pages=3), samples.LISTINGS, 1000),
    "page": Target(read_page, samples.PAGES, 4500),
    "robots": Target(read_robots, samples.ROBOTS, 1000),
    "saved": Target(read_saved, samples.SAVED, 500),
}


def check(result: Any) -> None:
    """That it can be stored: no character and no time that a database refuses, no address that is none."""
    for value in _values(result):
        if isinstance(value, str):
            assert "\0" not in value, f"a NUL in {value[:60]!r}"
            value.encode()
        elif isinstance(value, datetime):
            assert value.tzinfo is not None, f"a time without its zone: {value!r}"
            value.astimezone(UTC)
    for named in getattr(result, "named", ()):
        assert canonical_address(named.url), f"no address: {named.url!r}"


def _values(value: Any) -> Iterator[Any]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for item in dataclasses.fields(value):
            yield from _values(getattr(value, item.name))
    elif isinstance(value, (list, tuple, set, frozenset)):
        for part in value:
            yield from _values(part)
    elif isinstance(value, dict):
        yield from _values(list(value.items()))
    else:
        yield value

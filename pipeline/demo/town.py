"""The demo's invented town: its outlets, its articles and, for analyst and tests, what is true of each."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from ruamel.yaml import YAML

from pipeline.clock import LOCAL

NOTICE = "Bài hư cấu dùng để trình diễn: người, việc, số liệu đều do phần mềm bịa ra."
COMMENTERS = ("Đoàn Văn Ngoặc", "Vũ Thị Phẩy")
"""Printed under each article: names that must never reach the store."""
AMP = "/amp"


@dataclass(frozen=True)
class Truth:
    """What a careful reader says of an article, in the words of a finding."""

    kind: str
    topic: str | None = None
    urgency: int = 0
    communes: tuple[str, ...] = ()
    """codes in force; several where an old name has been split"""
    event: str | None = None
    """articles of one problem share it; an answer bears its concern's"""
    restricted: bool = False


@dataclass(frozen=True)
class TownArticle:
    """One article; `at` is when its outlet publishes it, shown on the page only if `dated`."""

    slug: str
    outlet: str
    at: datetime
    section: str
    title: str
    lead: str
    body: tuple[str, ...]
    truth: Truth
    private: tuple[str, ...] = ()
    """personal data in its text, as written: must be masked"""
    reprint_of: str | None = None
    dated: bool = True

    @property
    def number(self) -> int:
        return 100_000 + zlib.crc32(self.slug.encode()) % 900_000


@dataclass(frozen=True)
class TownSource:
    kind: str
    path: str
    article_links: str | None = None


@dataclass(frozen=True)
class TownOutlet:
    """One outlet; `pages` maps a path to the layout that fills it, `address` formats an article's."""

    key: str
    name: str
    kind: str
    area: str | None
    address: str
    pages: Mapping[str, str]
    sources: tuple[TownSource, ...]
    amp: bool = False

    def path_of(self, article: TownArticle) -> str:
        return self.address.format(slug=article.slug, number=article.number, at=article.at)


@dataclass(frozen=True)
class Town:
    outlets: tuple[TownOutlet, ...]
    articles: tuple[TownArticle, ...]
    """oldest first"""

    def published(self, outlet_key: str, now: datetime) -> list[TownArticle]:
        """What the outlet has published by `now`, newest first."""
        return [a for a in reversed(self.articles) if a.outlet == outlet_key and a.at <= now]

    def find(self, url: str) -> TownArticle | None:
        """The article at `url`, whatever the port, tracking parameters, AMP variant or last slash."""
        return self._by_path.get(plain_path(url).removeprefix(AMP).rstrip("/"))

    def event(self, key: str) -> list[TownArticle]:
        return [article for article in self.articles if article.truth.event == key]

    @cached_property
    def _by_path(self) -> dict[str, TownArticle]:
        outlets = {outlet.key: outlet for outlet in self.outlets}
        return {outlets[a.outlet].path_of(a).rstrip("/"): a for a in self.articles}


def plain_path(url: str) -> str:
    """Path and query of `url` without tracking parameters."""
    parts = urlsplit(url)
    query = urlencode([(k, v) for k, v in parse_qsl(parts.query) if not k.startswith(("utm_", "fbclid"))])
    return f"{parts.path}?{query}" if query else parts.path


@lru_cache(maxsize=1)
def load_town() -> Town:
    outlets = tuple(_outlet(entry) for entry in _read("outlets.yaml"))
    entries = list(_days())
    originals = {entry["slug"]: _article(entry) for entry in entries if "reprint_of" not in entry}
    reprints = [_reprint(entry, originals) for entry in entries if "reprint_of" in entry]
    articles = sorted([*originals.values(), *reprints], key=lambda article: (article.at, article.slug))
    return Town(outlets, tuple(articles))


def _days() -> Iterator[dict[str, Any]]:
    folder = resources.files("pipeline.demo") / "town"
    for name in sorted(entry.name for entry in folder.iterdir() if entry.name.startswith("2026-")):
        yield from _read(name)


def _read(name: str) -> Any:
    text = (resources.files("pipeline.demo") / "town" / name).read_text(encoding="utf-8")
    return YAML(typ="safe", pure=True).load(text)


def _outlet(entry: dict[str, Any]) -> TownOutlet:
    sources = tuple(TownSource(**source) for source in entry["sources"])
    return TownOutlet(**{**entry, "sources": sources})


def _article(entry: dict[str, Any]) -> TownArticle:
    truth = dict(entry["truth"])
    truth["communes"] = tuple(truth.get("communes", ()))
    return TownArticle(
        **{
            "section": "Thời sự",
            **entry,
            "at": datetime.fromisoformat(entry["at"]).replace(tzinfo=LOCAL),
            "body": tuple(entry["body"]),
            "private": tuple(entry.get("private", ())),
            "truth": Truth(**truth),
        }
    )


def _reprint(entry: dict[str, Any], originals: Mapping[str, TownArticle]) -> TownArticle:
    """Another outlet's copy: the original's text with some words changed, paragraphs dropped or added."""
    original = originals[entry["reprint_of"]]
    body = list(original.body[: entry.get("keep", len(original.body))]) + entry.get("add", [])
    for old, new in entry.get("change", {}).items():
        body = [paragraph.replace(old, new) for paragraph in body]
    return replace(
        original,
        slug=entry["slug"],
        outlet=entry["outlet"],
        at=datetime.fromisoformat(entry["at"]).replace(tzinfo=LOCAL),
        title=entry.get("title", original.title),
        lead=entry.get("lead", original.lead),
        body=tuple(body),
        reprint_of=original.slug,
    )

"""Which sources were read, and which fell silent or failed: silence must not pass for calm."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from crawler.sources import ConfiguredSource, configured_sources
from pipeline.documents.digest.content import SourceHealth, SourceTrouble
from pipeline.formats import vn_datetime, vn_number
from pipeline.settings import Settings
from store.models import Source

Pages = tuple[int, int]
"""pages stored, pages that held no readable article"""
UNREADABLE_PAGES = 3
"""Fewer may be single odd pages; so many and not one that can be read: the outlet has a new layout."""


def source_health(
    remembered: Sequence[Source],
    pages: Mapping[int, Pages],
    settings: Settings,
    since: datetime,
    now: datetime,
) -> SourceHealth:
    """Of the sources that the configuration names today; `pages` by source id, since then."""
    rows = {source.key: source for source in remembered}
    configured = configured_sources(settings.crawler)
    watched = [rows[source.key] for source in configured if source.key in rows]
    silent_after = timedelta(hours=settings.digest.silent_hours)
    troubles = [_unread(source) for source in configured if source.key not in rows]
    for source in watched:
        trouble = _trouble(source, pages.get(source.id, (0, 0)), now, silent_after)
        troubles += [trouble] if trouble else []
    return SourceHealth(
        configured=len(configured),
        read=sum(source.last_ok_at is not None and source.last_ok_at > since for source in watched),
        failed=sum(source.failures > 0 for source in watched),
        troubles=tuple(sorted(troubles, key=lambda trouble: (trouble.outlet, trouble.url))),
    )


def _unread(source: ConfiguredSource) -> SourceTrouble:
    return SourceTrouble(source.outlet.name, source.url, "unread", "chưa đọc lần nào")


def _trouble(source: Source, pages: Pages, now: datetime, silent_after: timedelta) -> SourceTrouble | None:
    stored, unreadable = pages
    if source.failures:
        last = f"; đọc được lần cuối {vn_datetime(source.last_ok_at)}" if source.last_ok_at else ""
        error = f": {source.last_error}" if source.last_error else ""
        text = f"lỗi {vn_number(source.failures)} lần liên tiếp{error}{last}"
        return SourceTrouble(source.outlet_name, source.url, "failing", text)
    if source.last_ok_at is None:
        return SourceTrouble(source.outlet_name, source.url, "unread", "chưa đọc lần nào")
    if not stored and unreadable >= UNREADABLE_PAGES:
        text = f"{vn_number(unreadable)} trang mới đều không đọc được bài; có thể đã đổi giao diện"
        return SourceTrouble(source.outlet_name, source.url, "layout", text)
    if source.last_new_at is None or now - source.last_new_at > silent_after:
        last = f"từ {vn_datetime(source.last_new_at)}" if source.last_new_at else "từ khi theo dõi"
        return SourceTrouble(source.outlet_name, source.url, "silent", f"không có tin mới {last}")
    return None

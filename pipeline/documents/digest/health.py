"""Which sources were read, and which fell silent or failed: silence must not pass for calm."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pipeline.documents.digest.content import SourceHealth, SourceTrouble
from pipeline.formats import vn_datetime, vn_number
from pipeline.settings import Settings
from store.models import Source


def source_health(
    sources: Sequence[Source], settings: Settings, since: datetime, now: datetime
) -> SourceHealth:
    """Rows of outlets that the configuration no longer names are left out."""
    outlets = {outlet.key for outlet in settings.crawler.outlets}
    watched = [source for source in sources if source.outlet_key in outlets]
    silent_after = timedelta(hours=settings.digest.silent_hours)
    troubles = [trouble for source in watched if (trouble := _trouble(source, now, silent_after))]
    return SourceHealth(
        configured=len(watched),
        read=sum(source.last_ok_at is not None and source.last_ok_at > since for source in watched),
        failed=sum(source.failures > 0 for source in watched),
        troubles=tuple(troubles),
    )


def _trouble(source: Source, now: datetime, silent_after: timedelta) -> SourceTrouble | None:
    if source.failures:
        last = f"; đọc được lần cuối {vn_datetime(source.last_ok_at)}" if source.last_ok_at else ""
        error = f": {source.last_error}" if source.last_error else ""
        text = f"lỗi {vn_number(source.failures)} lần liên tiếp{error}{last}"
        return SourceTrouble(source.outlet_name, source.url, "failing", text)
    if source.last_error:
        return SourceTrouble(source.outlet_name, source.url, "layout", source.last_error)
    if source.last_ok_at is None:
        return SourceTrouble(source.outlet_name, source.url, "unread", "chưa đọc lần nào")
    if source.last_new_at is None or now - source.last_new_at > silent_after:
        last = f"từ {vn_datetime(source.last_new_at)}" if source.last_new_at else "từ khi theo dõi"
        return SourceTrouble(source.outlet_name, source.url, "silent", f"không có tin mới {last}")
    return None

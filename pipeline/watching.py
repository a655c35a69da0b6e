"""How the office's sources are, and how that is told to officials: in Vietnamese."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from crawler.health import SourceHealth, ailing, health_of
from crawler.trouble_kinds import TroubleKind
from pipeline.formats import vn_datetime, vn_number
from pipeline.settings import Settings
from store.models import Source

__all__ = ["SourceHealth", "ailing", "in_words", "watched"]

_A_DAY = timedelta(days=1)
_TROUBLES: dict[TroubleKind, str] = {
    "name": "không tìm thấy máy chủ của trang",
    "connection": "không kết nối được với máy chủ của trang",
    "proxy": "máy chủ trung gian (proxy) không cho kết nối",
    "not_http": "nơi trả lời không phải máy chủ web",
    "certificate": "chứng thư bảo mật của trang không hợp lệ",
    "tls": "trang dùng cách mã hóa cũ, không còn an toàn",
    "timeout": "trang không trả lời kịp",
    "broken": "dữ liệu nhận về bị đứt đoạn hoặc hỏng",
    "too_large": "dữ liệu nhận về quá lớn",
    "redirects": "địa chỉ chuyển hướng vòng quanh",
    "address": "địa chỉ không đúng hoặc không được phép truy cập",
    "robots": "trang không cho phần mềm đọc (robots.txt)",
    "robots_unknown": "chưa lấy được tệp robots.txt của trang",
    "gone": "địa chỉ không còn trên trang",
    "forbidden": "trang từ chối cho đọc",
    "overloaded": "trang quá tải hoặc đề nghị chờ",
    "server": "máy chủ của trang báo lỗi",
    "status": "trang trả lời khác thường",
    "format": "nội dung nhận về không đúng loại nguồn đã khai báo",
    "folder": "không mở được thư mục",
    "own": "phần mềm chưa đọc được nội dung nhận về",
}


def watched(session: Session, settings: Settings, now: datetime) -> list[SourceHealth]:
    """Of every configured source."""
    return health_of(session, settings.crawler, now, timedelta(hours=settings.digest.silent_hours))


def in_words(health: SourceHealth) -> str:
    """What ails it: the end of a sentence that begins with the source; empty where nothing does."""
    row = health.row
    if health.state == "unread" or row is None:
        return "chưa đọc lần nào"
    if health.state == "paused":
        again = f"; thử lại {vn_datetime(row.next_poll_at)}" if row.next_poll_at else ""
        return f"tạm dừng đọc vì {_failed(row)}{again}"
    if health.state == "failing":
        return _failed(row)
    if health.state == "layout":
        since = f" từ {vn_datetime(row.layout_changed_at)}" if row.layout_changed_at else ""
        return f"có thể đã đổi giao diện{since}: bài không còn theo bố cục đã khai báo"
    if health.state == "unreadable":
        return f"{vn_number(health.unreadable_pages)} trang mới đều không đọc được bài"
    if health.state == "silent":
        return _silent(health, row)
    return ""


def _failed(row: Source) -> str:
    # What the store has in English is for the operator, who asks `dansinh sources list`.
    trouble = next((words for kind, words in _TROUBLES.items() if kind == row.error_kind), None)
    error = f": {trouble}" if trouble else ""
    last = f"; đọc được lần cuối {vn_datetime(row.last_ok_at)}" if row.last_ok_at else ""
    return f"lỗi {vn_number(row.failures)} lần liên tiếp{error}{last}"


def _silent(health: SourceHealth, row: Source) -> str:
    last = f"từ {vn_datetime(row.last_new_at)}" if row.last_new_at else "từ khi theo dõi"
    if not health.by_habit or health.silent_after is None:
        return f"không có tin mới {last}"
    return f"không có tin mới {last}, trong khi thường không ngừng quá {_duration(health.silent_after)}"


def _duration(span: timedelta) -> str:
    if span < 2 * _A_DAY:
        return f"{vn_number(span / timedelta(hours=1))} giờ"
    return f"{vn_number(span / _A_DAY)} ngày"

"""How the office's sources are, and how that is told to officials: in Vietnamese."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from crawler.health import HealthState, SourceHealth, ailing, health_of
from crawler.trouble_kinds import TroubleKind
from pipeline.formats import vn_datetime, vn_number
from pipeline.settings import Settings
from store.models import Source

__all__ = ["STATE_IN_WORDS", "HealthState", "SourceHealth", "ailing", "in_words", "remedy", "watched"]

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

STATE_IN_WORDS: dict[HealthState, str] = {
    "ok": "bình thường",
    "slowed": "vừa lỗi, đang thử lại",
    "unread": "chưa đọc lần nào",
    "failing": "lỗi nhiều lần liên tiếp",
    "paused": "tạm dừng đọc",
    "layout": "có thể đã đổi giao diện",
    "unreadable": "không đọc được bài",
    "silent": "im lâu",
}
_WAIT = (
    "Hệ thống tự thử lại. Nếu quá ba ngày vẫn lỗi, mở trang bằng trình duyệt; trang vẫn mở được thì báo "
    "người vận hành."
)
_FIND = (
    "Người vận hành tìm địa chỉ mới bằng lệnh “dansinh sources find” với trang chủ, rồi sửa mục sources "
    "trong config.yaml."
)
_ASK = "Không tìm cách vượt qua. Liên hệ tòa soạn xin phép đọc, hoặc bỏ nguồn này khỏi config.yaml."
_TEST = (
    "Người vận hành chạy “dansinh sources test” với địa chỉ này, xem đọc được gì và sửa mục layouts trong "
    "config.yaml."
)
_NETWORK = "Người vận hành kiểm tra đường mạng và máy chủ trung gian của cơ quan, rồi chạy “dansinh check”."
_SAFETY = "Báo tòa soạn gia hạn hoặc sửa chứng thư. Hệ thống không bỏ qua việc kiểm tra bảo mật."
_FOLDER = "Người vận hành xem thư mục đã khai báo còn không và phần mềm có quyền đọc không."
_REMEDIES: dict[TroubleKind, str] = {
    "name": _FIND,
    "connection": _WAIT,
    "proxy": _NETWORK,
    "not_http": _FIND,
    "certificate": _SAFETY,
    "tls": _SAFETY,
    "timeout": _WAIT,
    "broken": _WAIT,
    "too_large": _TEST,
    "redirects": _FIND,
    "address": _FIND,
    "robots": _ASK,
    "robots_unknown": _WAIT,
    "gone": _FIND,
    "forbidden": _ASK,
    "overloaded": _WAIT,
    "server": _WAIT,
    "status": _FIND,
    "format": _FIND,
    "folder": _FOLDER,
    "own": _TEST,
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


def remedy(health: SourceHealth) -> str:
    """What to do about it, in sentences; empty where nothing need be done."""
    row = health.row
    if health.state == "unread" or row is None:
        return "Chờ lần đọc tới. Nếu hôm sau vẫn vậy, người vận hành chạy “dansinh check”."
    if health.state in ("failing", "paused"):
        return next((words for kind, words in _REMEDIES.items() if kind == row.error_kind), _WAIT)
    if health.state in ("layout", "unreadable"):
        return _TEST
    if health.state == "silent":
        return f"Mở trang xem còn ra tin không. Còn ra tin thì địa chỉ đã đổi. {_FIND}"
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

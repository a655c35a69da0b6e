"""Parts of invented articles, of which the tests of extraction make pages."""

from datetime import UTC, datetime

URL = "https://song.vn/do-thi/he-duong-bi-lan-chiem-o-cho-cu-102611200800.html"
TITLE = "Hè đường bị lấn chiếm ở chợ cũ"
LEAD = "(Sông Mới) - Hè đường quanh chợ cũ bị chiếm làm nơi bán hàng, người đi bộ phải xuống lòng đường."
PARAGRAPHS = [
    "Ghi nhận sáng 19/11 cho thấy cả đoạn hè dài hơn hai trăm mét không còn lối đi bộ, xe máy đỗ kín.",
    "Học sinh tan trường phải đi dưới lòng đường giữa giờ cao điểm, phụ huynh đã nhiều lần kiến nghị.",
    "Đại diện Ủy ban nhân dân phường cho biết sẽ ra quân xử lý trong tuần tới và sắp xếp lại điểm bán hàng.",
]
BODY = "\n".join(PARAGRAPHS)
TIME = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
STATED = '<meta property="article:published_time" content="2026-11-20T08:00:00+07:00">'


def html(head: str, body: str) -> str:
    return f'<!doctype html><html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def paragraphs(tag: str = "p") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in PARAGRAPHS)

"""The hosts of a neighbourhood, and what a good one serves; all invented."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Place = Literal["robots", "feed", "page"]

ARTICLES = 4
PUBLISHED = "2026-11-19T08:30:00+07:00"
_SENTENCES = (
    "Nhiều hộ dân ở ngõ Cầu Gỗ cho biết rác ùn ứ trước cổng chợ từ đầu tuần, mùi hôi bốc lên cả ngày.",
    "Tổ trưởng tổ dân phố nói đã gửi đơn hai lần nhưng xe thu gom vẫn không vào được vì đường đang đào.",
    "Đơn vị thi công hẹn hoàn trả mặt đường trong tháng này và bố trí điểm tập kết rác tạm ở đầu ngõ.",
    "Người dân mong cơ quan chức năng trả lời rõ thời điểm xong việc và cách xử lý khi trời mưa kéo dài.",
)


@dataclass
class Host:
    """One server. `way` None: it is good."""

    number: int
    way: Callable[[Any], Awaitable[None]] | None = None
    """of tests.faults.ways"""
    place: Place | None = None
    kind: Literal["plain", "uncertified", "absent"] = "plain"
    """uncertified: shows a certificate that nobody vouches for; absent: nothing listens there"""
    port: int = 0
    forbidden: str = ""
    """an address inside the office's network, which it wants to be read"""
    asked: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return self.way is None and self.kind == "plain"

    @property
    def key(self) -> str:
        if self.good:
            return f"tot-{self.number}"
        name = self.way.__name__.replace("_", "-") if self.way else self.kind
        return f"xau-{self.number}-{self.place or 'host'}-{name}"

    @property
    def address(self) -> str:
        return f"127.0.0.{self.number}"

    @property
    def base(self) -> str:
        return f"{'https' if self.kind == 'uncertified' else 'http'}://{self.address}:{self.port}"

    def titles(self) -> list[str]:
        return [f"Chợ số {self.number} ngập rác, hộ thứ {number} kêu cứu" for number in range(ARTICLES)]


def article(host: Host, number: int) -> str:
    title = host.titles()[number]
    body = "".join(f"<p>{sentence} (điểm {host.number}.{number})</p>" for sentence in _SENTENCES)
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:title" content="{title}">'
        f'<meta property="article:published_time" content="{PUBLISHED}"></head>'
        f'<body><h1>{title}</h1><div class="article-body">{body}</div></body></html>'
    )


def feed(host: Host) -> str:
    items = "".join(
        f"<item><title>{title}</title><link>{host.base}/cho-ngap-rac-keu-cuu-{10_000 + number}.html</link>"
        "<pubDate>Thu, 19 Nov 2026 08:30:00 +0700</pubDate></item>"
        for number, title in enumerate(host.titles())
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Tin</title>{items}</channel></rss>'

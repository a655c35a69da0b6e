"""What officials are told of a source."""

from datetime import timedelta
from typing import Any, get_args

import pytest

from crawler.health import SourceHealth
from crawler.settings import CrawlerSettings
from crawler.sources import configured_sources
from crawler.trouble_kinds import TroubleKind
from pipeline.watching import in_words
from store.models import Source
from tests.office import at

NOW = at("2026-11-22 14:05")
SETTINGS = CrawlerSettings.model_validate(
    {
        "contact": "phong@example.vn",
        "outlets": [{"key": "a", "name": "A", "kind": "newspaper", "home": "https://a.example"}],
    }
)
FAILED = {"failures": 1200, "last_error": "answers 404", "error_kind": "gone", "last_ok_at": NOW}
WORDS: dict[str, tuple[str, dict[str, Any], dict[str, Any], str]] = {
    "unread": ("unread", {}, {}, "chưa đọc lần nào"),
    "failing": (
        "failing",
        FAILED,
        {},
        "lỗi 1.200 lần liên tiếp: địa chỉ không còn trên trang; đọc được lần cuối 14:05 ngày 22/11/2026",
    ),
    "paused": (
        "paused",
        {"failures": 9, "last_error": "answers 500", "next_poll_at": NOW + timedelta(days=7)},
        {},
        "tạm dừng đọc vì lỗi 9 lần liên tiếp; thử lại 14:05 ngày 29/11/2026",
    ),
    "layout": (
        "layout",
        {"layout_changed_at": NOW},
        {},
        "có thể đã đổi giao diện từ 14:05 ngày 22/11/2026: bài không còn theo bố cục đã khai báo",
    ),
    "unreadable": (
        "unreadable",
        {},
        {"unreadable_pages": 4},
        "4 trang mới đều không đọc được bài",
    ),
    "silent for long": (
        "silent",
        {"last_new_at": NOW},
        {"silent_after": timedelta(hours=48)},
        "không có tin mới từ 14:05 ngày 22/11/2026",
    ),
    "silent against its habit": (
        "silent",
        {"last_new_at": NOW},
        {"silent_after": timedelta(hours=9), "by_habit": True},
        "không có tin mới từ 14:05 ngày 22/11/2026, trong khi thường không ngừng quá 9 giờ",
    ),
    "rare and silent": (
        "silent",
        {},
        {"silent_after": timedelta(days=10), "by_habit": True},
        "không có tin mới từ khi theo dõi, trong khi thường không ngừng quá 10 ngày",
    ),
    "well": ("ok", {}, {}, ""),
}


@pytest.mark.parametrize("case", WORDS)
def test_how_a_source_is_in_words(case: str) -> None:
    state, columns, known, words = WORDS[case]
    (source,) = configured_sources(SETTINGS)
    assert in_words(SourceHealth(source, state, Source(**columns), **known)) == words  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", get_args(TroubleKind))
def test_every_kind_of_trouble_has_words(kind: str) -> None:
    (source,) = configured_sources(SETTINGS)
    row = Source(failures=3, last_error="answers 404", error_kind=kind)
    told, _, why = in_words(SourceHealth(source, "failing", row)).partition(": ")
    assert told == "lỗi 3 lần liên tiếp"
    assert why
    assert "answers" not in why

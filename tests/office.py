"""A small invented office for tests: posts, mailboxes and rules as config.yaml would give them."""

from datetime import date, datetime
from typing import Any

from pipeline.clock import LOCAL
from pipeline.settings import Settings

HAI_PHONG = "31"

OFFICE: dict[str, Any] = {
    "office": {
        "name": "Ban Tuyên giáo và Dân vận thử nghiệm",
        "parent": "Thành ủy thử nghiệm",
        "place": "Hải Phòng",
        "province": HAI_PHONG,
        "symbol": "PC-BTG",
        "signer_post": "TRƯỞNG BAN",
        "contact_unit": "Phòng Nghiệp vụ",
        "email": "ban@example.vn",
    },
    "crawler": {"contact": "https://example.vn", "outlets": []},
    # Tests that play a day send at once what was approved; those on undoing name their minutes.
    "review": {"undo_minutes": 0},
    "programmes": [
        {
            "key": "ct-2026",
            "kind": "chương trình",
            "name": "Phối hợp giải quyết vấn đề dân sinh",
            "number": "01-CTPH/BTG",
            "basis": ["Quyết định thử nghiệm"],
            "parties": ["Ban thử nghiệm", "UBND thử nghiệm"],
            "contents": [
                {"number": 3, "text": "Tham mưu giải quyết vấn đề nổi cộm", "covers_referrals": True},
                {"number": 5, "text": "Nhân rộng gương tốt"},
            ],
            "deadlines": {4: 1, 3: 3, 2: 7, 1: 15},
            "valid_from": "2026-01-01",
            "valid_to": "2030-12-31",
        }
    ],
    "agencies": [
        {
            "key": key,
            "name": name,
            "leader_post": "Giám đốc Sở",
            "contact_unit": "Văn phòng Sở",
            "email": f"{key}@example.vn",
            "valid_from": "2025-07-01",
        }
        for key, name in (("so-xay-dung", "Sở Xây dựng"), ("so-nnmt", "Sở Nông nghiệp và Môi trường"))
    ],
    "communes": {"email": "vp.{code}@example.vn"},
    "routes": [
        {"topic": "environment", "lead": "so-nnmt", "co": ["commune"], "valid_from": "2025-07-01"},
        {"topic": "traffic", "lead": "so-xay-dung", "valid_from": "2025-07-01"},
    ],
    "statutory": [
        {
            "key": "bao-chi-30",
            "trigger": "Cơ quan báo chí đề nghị trả lời",
            "text": "30 ngày",
            "basis": "NĐ 237/2026 Đ18.1",
            "days": 30,
        }
    ],
    "mail": {
        "host": "127.0.0.1",
        "port": 1,
        "security": "none",
        "sender": "ban@example.vn",
        "sender_name": "Ban thử nghiệm",
        "timeout_seconds": 5,
    },
    "digest": {"recipients": ["phong@example.vn"]},
}


def settings(**sections: Any) -> Settings:
    """The office's settings; a section given replaces the keys it names."""
    merged = {
        name: ({**OFFICE[name], **section} if isinstance(OFFICE.get(name), dict) else section)
        for name, section in sections.items()
    }
    return Settings.model_validate(OFFICE | merged)


def at(text: str) -> datetime:
    """at("2026-11-20 07:00") in local time."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def on(text: str) -> date:
    return date.fromisoformat(text)

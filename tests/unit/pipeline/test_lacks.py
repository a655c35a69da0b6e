"""What a configuration lacks, as officials are told."""

from typing import Any

import pytest

from nlp.taxonomy import load_taxonomy
from pipeline.lacks import lacks
from tests.office import OFFICE, on, settings

TODAY = on("2026-08-20")
ROUTES = [
    {"topic": topic, "lead": "so-nnmt", "valid_from": "2025-07-01"} for topic in load_taxonomy(None).topics
]
CALENDAR = {"extra_days_off": ["2026-01-02"]}
FIRST, SECOND = OFFICE["agencies"]
PROGRAMME = OFFICE["programmes"][0]


def told(**sections: Any) -> list[tuple[bool, str]]:
    office = settings(**({"routes": ROUTES, "calendar": CALENDAR} | sections))
    return [(lack.now, lack.what) for lack in lacks(office, TODAY)]


def test_nothing_is_lacking_where_all_is_told() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("sections", "now", "says"),
    [
        pytest.param(
            {"programmes": [PROGRAMME | {"valid_to": "2026-12-31"}]},
            False,
            "Không có chương trình phối hợp nào có hiệu lực từ 01/01/2027 đến 20/08/2027.",
            id="ends",
        ),
        pytest.param(
            {"programmes": [PROGRAMME | {"valid_to": "2026-08-19"}]},
            True,
            "Không có chương trình phối hợp nào có hiệu lực từ 20/08/2026 đến 20/08/2027.",
            id="ended",
        ),
        pytest.param({"routes": ROUTES[1:]}, True, "chưa có cơ quan chủ trì từ 20/08/2026", id="no rule"),
        pytest.param(
            {"routes": [*ROUTES, ROUTES[0] | {"lead": "so-xay-dung"}]},
            True,
            "có 2 quy tắc ngang nhau từ 20/08/2026 đến 20/08/2027 (Sở Nông nghiệp và Môi trường, "
            "Sở Xây dựng)",
            id="equal rules",
        ),
        pytest.param(
            {"agencies": [FIRST, SECOND | {"email": None}]},
            True,
            "Sở Nông nghiệp và Môi trường chưa có địa chỉ nhận của đầu mối.",
            id="no address",
        ),
        pytest.param(
            {"agencies": [FIRST, SECOND | {"valid_to": "2026-12-31"}]},
            False,
            "Quy tắc chuyển nêu cơ quan “so-nnmt”, nhưng cơ quan ấy không có từ 01/01/2027",
            id="gone",
        ),
        pytest.param(
            {"communes": {"email": None}}, True, "UBND xã, phường chưa có địa chỉ nhận.", id="communes"
        ),
        pytest.param(
            {"programmes": [PROGRAMME | {"deadlines": {4: 1, 3: 3, 2: 7}}]},
            True,
            "Chương trình chưa đặt thời hạn cho mức 1 (nhẹ)",
            id="no deadline",
        ),
        pytest.param(
            {"calendar": {"extra_days_off": ["2025-01-02"]}},
            False,
            "Lịch chưa ghi ngày nghỉ thêm, ngày làm bù nào của năm 2026.",
            id="calendar",
        ),
    ],
)
def test_what_is_lacking_is_told(sections: dict[str, Any], now: bool, says: str) -> None:
    ((found, words),) = told(**sections)
    assert found == now
    assert says in words

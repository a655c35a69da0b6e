"""Which agency must answer, and what is said when nobody can be named."""

from typing import Any

import pytest

from pipeline.routing import NoRoute, Routing, find_route
from tests.office import HAI_PHONG, OFFICE, on, settings

WARD, OTHER_WARD = "11329", "11359"
"""Two communes of Hải Phòng in force."""
TODAY = on("2026-11-20")
EVERYWHERE = {"topic": "environment", "lead": "so-nnmt", "valid_from": "2025-07-01"}


def route(
    day: Any = TODAY, commune: str | None = WARD, province: str | None = HAI_PHONG, **sections: Any
) -> Any:
    return find_route(settings(**sections), "environment", province, commune, day)


def test_names_lead_and_co_agencies_the_rule_and_the_programme() -> None:
    found = route()
    assert isinstance(found, Routing)
    assert found.lead.name == "Sở Nông nghiệp và Môi trường"
    assert [agency.key for agency in found.co] == [f"commune:{WARD}"]
    assert found.co[0].email == f"vp.{WARD}@example.vn"
    assert "Sở Nông nghiệp và Môi trường chủ trì" in found.rule
    assert found.programme.key == "ct-2026"


def test_the_rule_for_the_commune_wins_over_the_rule_for_the_province() -> None:
    rules = [EVERYWHERE, EVERYWHERE | {"place": WARD, "lead": "commune"}]
    assert route(routes=rules).lead.key == f"commune:{WARD}"
    assert route(routes=rules, commune=OTHER_WARD).lead.key == "so-nnmt"


@pytest.mark.parametrize("commune", [None, WARD])
def test_the_offices_province_as_a_place_is_everywhere(commune: str | None) -> None:
    named = EVERYWHERE | {"place": HAI_PHONG}
    assert route(routes=[named], commune=commune).lead.key == "so-nnmt"
    found = route(routes=[EVERYWHERE, named | {"lead": "so-xay-dung"}], commune=commune)
    assert isinstance(found, NoRoute)
    assert "2 quy tắc chuyển ngang nhau" in found.reason


def test_a_rule_holds_from_its_first_to_its_last_day() -> None:
    rules = [
        EVERYWHERE | {"valid_to": "2026-11-20"},
        EVERYWHERE | {"lead": "so-xay-dung", "valid_from": "2026-11-21"},
    ]
    assert route(routes=rules).lead.key == "so-nnmt"
    assert route(on("2026-11-21"), routes=rules).lead.key == "so-xay-dung"


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ({"day": on("2031-01-01")}, "Không có chương trình phối hợp nào có hiệu lực"),
        ({"province": "01"}, "ngoài địa bàn"),
        ({"province": None, "commune": None}, "Chưa rõ địa bàn"),
        ({"routes": []}, "Chưa có quy tắc chuyển"),
        ({"routes": [EVERYWHERE, EVERYWHERE | {"lead": "so-xay-dung"}]}, "2 quy tắc chuyển ngang nhau"),
        ({"routes": [EVERYWHERE | {"lead": "commune"}], "commune": None}, "Chưa rõ xã, phường"),
        (
            {"agencies": [agency | {"email": None} for agency in OFFICE["agencies"]]},
            "chưa có địa chỉ nhận",
        ),
        (
            {"agencies": [agency | {"valid_to": "2026-06-30"} for agency in OFFICE["agencies"]]},
            "không còn hoặc chưa có",
        ),
    ],
)
def test_says_why_nobody_can_be_named(case: dict[str, Any], says: str) -> None:
    found = route(**case)
    assert isinstance(found, NoRoute)
    assert says in found.reason

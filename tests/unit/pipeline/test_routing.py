"""Which agency must answer, and what is said when nobody can be named."""

from typing import Any

import pytest

from pipeline.routing import NoRoute, Routing, find_route
from tests.office import HAI_PHONG, OFFICE, on, settings

WARD, OTHER_WARD = "11329", "11359"
"""Two communes of Hải Phòng in force."""
TODAY = on("2026-11-20")
AGENCIES = OFFICE["agencies"]
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


def test_the_rule_says_why_it_was_chosen() -> None:
    assert route(routes=[EVERYWHERE]).rule == (
        "Môi trường – rác thải, toàn địa bàn: Sở Nông nghiệp và Môi trường chủ trì (từ 01/07/2025); "
        "quy tắc duy nhất áp dụng"
    )
    rules = [EVERYWHERE, EVERYWHERE | {"place": WARD, "lead": "commune", "valid_to": "2026-12-31"}]
    assert route(routes=rules).rule.endswith(
        "từ 01/07/2025 đến 31/12/2026); quy tắc riêng cho địa bàn này, ưu tiên hơn 1 quy tắc chung hơn"
    )
    assert route(routes=rules, commune=OTHER_WARD).rule.endswith("quy tắc duy nhất áp dụng")


OLD = OFFICE["programmes"][0]
NEW = OLD | {"key": "ct-moi", "valid_from": "2026-06-01"}
UNDER_OLD = EVERYWHERE | {"programme": "ct-2026", "lead": "so-xay-dung"}


def test_a_rule_bound_to_a_programme_wins_while_that_is_in_force() -> None:
    rules = [EVERYWHERE, UNDER_OLD]
    found = route(routes=rules, programmes=[OLD, NEW])
    assert (found.lead.key, found.programme.key) == ("so-xay-dung", "ct-2026")
    assert "riêng cho chương trình này, ưu tiên hơn 1" in found.rule
    found = route(routes=rules, programmes=[OLD | {"valid_to": "2026-11-19"}, NEW])
    assert (found.lead.key, found.programme.key) == ("so-nnmt", "ct-moi")


def test_a_place_is_more_specific_than_a_programme() -> None:
    own = EVERYWHERE | {"place": WARD, "lead": "commune"}
    assert route(routes=[UNDER_OLD, own], programmes=[OLD, NEW]).lead.key == f"commune:{WARD}"
    both = own | {"programme": "ct-2026", "lead": "so-nnmt"}
    found = route(routes=[UNDER_OLD, own, both], programmes=[OLD, NEW])
    assert found.lead.key == "so-nnmt"
    assert "riêng cho địa bàn và chương trình này, ưu tiên hơn 2" in found.rule


def test_a_co_agency_that_cannot_be_written_to_is_told_and_stops_nobody() -> None:
    rules = [EVERYWHERE | {"co": ["so-xay-dung", "commune", "so-khong-co"]}]
    agencies = [agency | {"email": None} if agency["key"] == "so-xay-dung" else agency for agency in AGENCIES]
    found = route(routes=rules, agencies=agencies)
    assert [agency.key for agency in found.co] == [f"commune:{WARD}"]
    assert "Cơ quan phối hợp: Sở Xây dựng chưa có địa chỉ nhận" in found.without_co
    assert "“so-khong-co” không còn hoặc chưa có" in found.without_co
    assert route(routes=[EVERYWHERE | {"co": ["commune"]}], commune=None).without_co is None


def test_a_rule_holds_from_its_first_to_its_last_day() -> None:
    rules = [
        EVERYWHERE | {"valid_to": "2026-11-20"},
        EVERYWHERE | {"lead": "so-xay-dung", "valid_from": "2026-11-21"},
    ]
    assert route(routes=rules).lead.key == "so-nnmt"
    assert route(on("2026-11-21"), routes=rules).lead.key == "so-xay-dung"


@pytest.mark.parametrize(
    ("case", "says", "mend"),
    [
        ({"day": on("2031-01-01")}, "Không có chương trình phối hợp nào có hiệu lực", "mục programmes"),
        ({"province": "01"}, "ngoài địa bàn", "Hãy sửa địa bàn"),
        ({"province": None, "commune": None}, "Chưa rõ địa bàn", "Hãy chọn xã"),
        ({"routes": []}, "Chưa có quy tắc chuyển", "mục routes"),
        (
            {"routes": [EVERYWHERE, EVERYWHERE | {"lead": "so-xay-dung"}]},
            "2 quy tắc chuyển ngang nhau",
            "Sở Nông nghiệp và Môi trường, Sở Xây dựng",
        ),
        (
            {"routes": [EVERYWHERE | {"lead": "commune"}], "commune": None},
            "Chưa rõ xã, phường",
            "Hãy chọn xã",
        ),
        (
            {"agencies": [agency | {"email": None} for agency in OFFICE["agencies"]]},
            "chưa có địa chỉ nhận",
            "mục agencies",
        ),
        (
            {"agencies": [agency | {"valid_to": "2026-06-30"} for agency in OFFICE["agencies"]]},
            "không còn hoặc chưa có",
            "mục agencies",
        ),
    ],
)
def test_says_why_nobody_can_be_named_and_what_to_mend(case: dict[str, Any], says: str, mend: str) -> None:
    found = route(**case)
    assert isinstance(found, NoRoute)
    assert says in found.reason
    assert mend in found.reason

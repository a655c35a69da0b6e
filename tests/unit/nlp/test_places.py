"""Invented sentences about real units; codes are those of the official tables."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.places import find_places, place_codes
from nlp.text import normalise
from nlp.units import load_units

BEFORE, AFTER = date(2024, 3, 1), date(2026, 3, 1)


@pytest.mark.parametrize(
    ("text", "on", "names"),
    [
        # old to new
        ("Cầu ở xã Đặng Lễ, huyện Ân Thi, Hưng Yên gãy", BEFORE, {"Xã Nguyễn Trãi"}),
        ("Đường qua phường Trúc Bạch, quận Ba Đình, Hà Nội lún", AFTER, {"Phường Ba Đình"}),
        ("Dân phường Trúc Bạch (quận Ba Đình cũ) kêu mất nước", AFTER, {"Phường Ba Đình"}),
        ("chợ phường Trúc Bạch (trước đây thuộc quận Ba Đình, thành phố Hà Nội)", AFTER, {"Phường Ba Đình"}),
        # abbreviations
        ("Rác ngập P.Trúc Bạch, Q.Ba Đình, TP.Hà Nội", BEFORE, {"Phường Ba Đình"}),
        ("UBND X.Nghĩa Mai, Nghệ An họp", AFTER, {"Xã Nghĩa Mai"}),
        # without diacritics, other tone placement
        ("xa Nghia Mai, tinh Nghe An", AFTER, {"Xã Nghĩa Mai"}),
        ("ngập ở phường Yên Hoà, Hà Nội", AFTER, {"Phường Yên Hòa"}),
        # today's units
        ("Hố sụt ở phường Ba Đình, Hà Nội", AFTER, {"Phường Ba Đình"}),
        ("xã Văn Chấn (Lào Cai)", AFTER, {"Xã Văn Chấn"}),
        ("đặc khu Lý Sơn thiếu nước ngọt", AFTER, {"Đặc khu Lý Sơn"}),
    ],
)
def test_names_become_units_in_force(text: str, on: date, names: set[str]) -> None:
    communes, _ = place_codes(text, on)
    units = [load_units().get(code) for code in communes]
    assert {normalise(unit.full_name) for unit in units if unit} == names


def test_a_split_commune_is_a_set() -> None:
    text = "Trường ở phường Ngọc Hà, quận Ba Đình, Hà Nội xuống cấp"
    (place,) = find_places(text, BEFORE)
    assert place.code is None
    assert place.candidates == ("00008", "00004")
    assert place.province_code == "01"
    assert place.name == "Phường Ngọc Hà (cũ)"


def test_a_split_commune_is_narrowed_by_the_new_name() -> None:
    text = "phường Ngọc Hà, quận Ba Đình (nay là phường Ba Đình), Hà Nội"
    assert place_codes(text, AFTER)[0] == ["00004"]


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("Hà Giang mưa lớn", "08"),
        ("Hải Dương cũ", "31"),
        ("TP.HCM ngập", "79"),
        ("TP HCM kẹt xe", "79"),
        ("tỉnh Thừa Thiên Huế", "46"),
        ("Bà Rịa - Vũng Tàu", "79"),
        ("TP Đà Nẵng", "48"),
    ],
)
def test_provinces_old_and_new(text: str, province: str) -> None:
    (place,) = find_places(text, AFTER)
    assert (place.code, place.province_code, place.level) == (province, province, "province")


@pytest.mark.parametrize(
    "text",
    [
        "Sóng lớn ngoài Thái Bình Dương",
        "ca sĩ Trần Hà Giang hát",
        "họp ở đường Bắc Giang",
        "giữ gìn hòa bình",
        "xã hội phát triển",
        "xa Lắm rồi",
        "phường Không Có Thật",
        "",
    ],
)
def test_what_is_no_place(text: str) -> None:
    assert find_places(text, AFTER) == []


def test_doubt_stays_doubt_until_something_decides() -> None:
    text = "Dân xã Hòa An mất điện"
    (doubtful,) = find_places(text, AFTER)
    assert doubtful.code is None
    assert doubtful.province_code is None
    assert len(doubtful.candidates) > 1
    (near,) = find_places(text, AFTER, home_province="04")
    assert (near.code, near.province_code) == ("01654", "04")


def test_a_province_named_elsewhere_decides() -> None:
    assert place_codes("Cao Bằng: dân xã Hòa An mất điện", AFTER) == (["01654"], ["04"])


def test_what_was_said_of_a_name_holds_for_its_other_mentions() -> None:
    places = find_places("Dân xã Hòa An mất điện. Xã Hòa An, tỉnh Cao Bằng, có ba thôn.", AFTER)
    assert {place.code for place in places} == {"01654"}


def test_home_breaks_no_certainty_with_an_old_name() -> None:
    """A commune in force elsewhere and an old one of that name at home: both, home's first."""
    (place,) = find_places("Dân xã Hòa An mất điện", AFTER, home_province="66")
    assert place.code is None
    assert place.province_code is None
    units = load_units()
    first, *others = (units.get(code) for code in place.candidates)
    assert first is not None
    assert first.province_code == "66"
    assert any(unit and unit.province_code == "04" for unit in others)


@pytest.mark.parametrize(
    ("text", "home", "provinces"),
    [
        ("Sạt lở đèo Prenn", None, {"68"}),
        ("Sạt lở đèo Prenn, xe từ Đồng Nai quay đầu", None, {"68", "75"}),
        ("Kẹt xe đường Cộng Hòa", None, {"79"}),
        ("Đường Trần Bình Trọng kẹt xe", "48", set()),
        ("Đường Trần Bình Trọng kẹt xe", None, {"79"}),
        ("Seoul có tuyết, cầu qua sông Hàn đóng", None, set()),
        ("Trường Tiểu học Cự Khê thiếu lớp", None, {"01"}),
    ],
)
def test_landmarks_tell_the_province(text: str, home: str | None, provinces: set[str]) -> None:
    assert {place.province_code for place in find_places(text, AFTER, home)} == provinces


def test_lists_share_the_larger_unit() -> None:
    places = find_places("các xã Đặng Lễ, Phù Ủng và Hồ Tùng Mậu (huyện Ân Thi, Hưng Yên)", BEFORE)
    assert [place.as_written for place in places] == ["xã Đặng Lễ", "Phù Ủng", "Hồ Tùng Mậu"]
    assert {place.province_code for place in places} == {"33"}


def test_an_unknown_commune_leaves_its_district() -> None:
    (place,) = find_places("phường Hoa Giấy, quận 3, TP.HCM", AFTER)
    assert place.level == "district"
    assert place.name == "Quận 3 (cũ)"
    assert place.province_code == "79"


def test_offsets_point_at_what_is_written() -> None:
    text = "Tin: rác ở P.Trúc Bạch, Q.Ba Đình và TP.HCM"
    for place in find_places(text, AFTER):
        assert text[place.start : place.end] == place.as_written


@given(
    st.text(max_size=150)
    | st.lists(
        st.sampled_from(
            ["xã ", "P.", "TP.", "Hà Nội", ", ", "(", "cũ", "Tân Bình", "8", "T'", "đèo Prenn", "chợ "]
        )
    ).map("".join)
)
@settings(max_examples=120, deadline=None)
def test_no_text_yields_an_invented_code(text: str) -> None:
    units = load_units()
    for place in find_places(text):
        assert all(units.get(code) for code in place.candidates)
        assert place.code is None or units.get(place.code)
        assert text[place.start : place.end] == place.as_written

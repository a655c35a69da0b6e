"""The packaged units against the official counts, and today's units by name."""

from datetime import date

import pytest

from nlp.units import load_units, split_type


def test_official_counts() -> None:
    units = load_units()
    provinces = units.provinces()
    assert len(provinces) == 34
    assert sum(len(units.communes(p.code)) for p in provinces) == 3321
    assert all(c.province_code == p.code for p in provinces for c in units.communes(p.code))


def test_counts_before_the_two_tiers() -> None:
    """63 provinces and 10,035 communes ended on 1 July 2025; others had ended before."""
    units = load_units()
    old = {(n.full_name, n.district, n.province, n.codes, n.until) for n in units.every_name() if n.until}
    last = [one for one in old if one[4] == date(2025, 7, 1) and one[3] and one[1]]
    assert len(last) == 10_035
    assert all(units.get(code) for one in old for code in one[3])
    assert {until for *_, until in old if until} >= {date(2025, 7, 1), date(2025, 1, 1), date(2021, 1, 1)}


def test_the_packaged_file_says_which_version_it_is() -> None:
    assert load_units().version == "2026-07-25"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Hà Nội", "01"),
        ("thành phố Hà Nội", "01"),
        ("ha noi", "01"),
        ("TP.HCM", "79"),
        ("tinh Nghe An", "40"),
        ("Thanh Hoá", "38"),
        ("Phường Ba Đình", "00004"),
        ("đặc khu Lý Sơn", "21548"),
    ],
)
def test_units_by_name(name: str, code: str) -> None:
    assert load_units().find_name(name)[0].code == code


def test_names_that_are_no_units_in_force() -> None:
    assert load_units().find_name("Thừa Thiên Huế") == []
    assert load_units().find_name("tỉnh Hải Dương") == []
    assert load_units().find_name("quận Ba Đình") == []
    assert load_units().get("99999") is None
    assert load_units().communes("99") == []


def test_dong_nai_is_a_city_and_ba_che_keeps_its_code() -> None:
    units = load_units()
    dong_nai, ba_che = units.get("75"), units.get("06970")
    assert dong_nai is not None
    assert ba_che is not None
    assert dong_nai.full_name == "Thành phố Đồng Nai"
    assert ba_che.name == "Ba Chẽ"


@pytest.mark.parametrize(
    ("full", "parts"),
    [
        ("Thị trấn Sa Pa", ("thị trấn", "Sa Pa")),
        ("Phường 02", ("phường", "02")),
        ("Xuân Áng", ("", "Xuân Áng")),
    ],
)
def test_type_and_name(full: str, parts: tuple[str, str]) -> None:
    assert split_type(full) == parts

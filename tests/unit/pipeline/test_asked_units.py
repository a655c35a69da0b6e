"""What an official of Hải Phòng, which Hải Dương has joined, means by a name."""

import pytest

from nlp.units import load_units
from pipeline.asked_units import asked_unit, old_places

HAI_PHONG, HUE = "31", "46"


def names(codes: tuple[str, ...]) -> set[str]:
    units = load_units()
    return {unit.full_name for code in codes if (unit := units.get(code))}


@pytest.mark.parametrize("written", ["tỉnh Hải Dương", "Tinh Hai Duong", "T. Hải Dương"])
def test_an_old_province_is_todays_communes_on_its_ground(written: str) -> None:
    unit = asked_unit(written, HAI_PHONG)
    assert (unit.known, unit.is_province, unit.is_old_province) == (True, False, True)
    assert unit.old_names == ("Tỉnh Hải Dương",)
    assert len(unit.codes) == 64
    assert {"Phường Chí Linh", "Xã Nam Sách"} <= names(unit.codes)
    assert not {"Phường Hồng Bàng", "Đặc khu Bạch Long Vĩ"} & names(unit.codes)


@pytest.mark.parametrize(
    ("written", "province", "old"),
    [
        ("Hải Phòng", HAI_PHONG, ()),
        ("TP. Hải Phòng", HAI_PHONG, ()),
        ("31", HAI_PHONG, ()),
        ("tỉnh Thừa Thiên Huế", HUE, ("Tỉnh Thừa Thiên Huế",)),
    ],
)
def test_all_of_the_province(written: str, province: str, old: tuple[str, ...]) -> None:
    unit = asked_unit(written, province)
    assert (unit.is_province, unit.old_names) == (True, old)


@pytest.mark.parametrize(
    ("written", "others"),
    [
        ("Kiến Thụy", ["Huyện Kiến Thụy (cũ)"]),
        ("kien thuy", ["Huyện Kiến Thụy (cũ)"]),
        ("Hải Dương", ["Tỉnh Hải Dương (cũ)", "Thành phố Hải Dương (cũ)"]),
        # Its old town stood where today's commune is.
        ("Nam Sách", ["Huyện Nam Sách (cũ)"]),
        ("phường An Dương", ["Phường An Dương cũ, nay thuộc Phường An Biên"]),
        ("huyện Kiến Thụy", []),
        ("xã Kiến Thụy", []),
        ("Gotham", []),
    ],
)
def test_what_else_a_name_may_mean_is_offered(written: str, others: list[str]) -> None:
    unit = asked_unit(written, HAI_PHONG)
    assert [one.name for one in unit.others] == others
    for one in unit.others:
        meant = asked_unit(one.written, HAI_PHONG)
        assert meant.known
        assert meant.codes != unit.codes


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("TP. Hải Dương", "Thành phố Hải Dương"),
        ("tp hải dương", "Thành phố Hải Dương"),
        ("TP.Chí Linh", "Thành phố Chí Linh"),
        ("Q. Lê Chân", "Quận Lê Chân"),
        ("q le chan", "Quận Lê Chân"),
        ("H. Kiến Thụy", "Huyện Kiến Thụy"),
        ("TX Kinh Môn", "Thị xã Kinh Môn"),
        ("TT. An Dương", "Thị trấn An Dương"),
        ("P. Hải An", "Phường Hải An"),
        ("X. Kiến Thụy", "Xã Kiến Thụy"),
        ("Ðồ Sơn", "Phường Đồ Sơn"),
    ],
)
def test_a_type_may_be_abbreviated(written: str, full: str) -> None:
    short, long = asked_unit(written, HAI_PHONG), asked_unit(full, HAI_PHONG)
    assert short.known
    assert short.codes == long.codes
    assert [name.casefold() for name in short.names] == [full.casefold()]
    assert not short.other_type


def test_a_number_may_stand_at_its_type() -> None:
    assert asked_unit("Q1", "79").names == asked_unit("quận 1", "79").names == ("Quận 1",)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("thị xã Chí Linh", ("Thành phố Chí Linh",)),
        ("TX. Chí Linh", ("Thành phố Chí Linh",)),
        ("tỉnh Hải Phòng", ("Thành phố Hải Phòng",)),
        ("thành phố Kiến Thụy", ("Huyện Kiến Thụy",)),
    ],
)
def test_a_unit_that_was_of_another_type(written: str, names: tuple[str, ...]) -> None:
    unit = asked_unit(written, HAI_PHONG)
    assert (unit.known, unit.other_type, unit.names) == (True, True, names)


@pytest.mark.parametrize("written", ["tỉnh Chí Linh", "tinh Chi Linh"])
def test_a_name_of_another_level_is_not_taken_for_it(written: str) -> None:
    unit = asked_unit(written, HAI_PHONG)
    assert (unit.known, unit.codes, unit.names) == (False, (), ())
    assert [one.written for one in unit.others] == ["Phường Chí Linh", "Thành phố Chí Linh"]


def test_old_places_can_be_chosen() -> None:
    places = old_places(HAI_PHONG)
    assert {"Tỉnh Hải Dương", "Huyện Kiến Thụy", "Quận Lê Chân"} <= set(places)
    assert "Thành phố Hải Phòng" not in places
    assert len(places) < 50

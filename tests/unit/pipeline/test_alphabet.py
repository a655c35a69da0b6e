import random

import pytest

from pipeline import names
from pipeline.alphabet import in_alphabet


@pytest.mark.parametrize(
    "ordered",
    [
        ["An Dương", "An Đông", "Ân Thi", "Ba Đình", "Đại Sơn", "Em", "Hà", "Lê", "Ninh", "Ông", "Ơn"],
        ["ma", "mà", "mả", "mã", "má", "mạ", "mai"],
        ["Cẩm Giang", "Cẩm Giàng", "Chí Minh"],
    ],
)
def test_names_stand_as_in_a_dictionary(ordered: list[str]) -> None:
    mixed = random.Random(3).sample(ordered, len(ordered))
    assert sorted(mixed, key=in_alphabet) == ordered


def test_communes_are_offered_by_kind_and_name() -> None:
    found = [name for _, name in names.units_of("31")]
    kinds = [name.split()[0] for name in found]
    assert kinds == sorted(kinds, key=["Phường", "Xã", "Đặc"].index)
    assert found.index("Phường Đồ Sơn") + 1 == found.index("Phường Đông Hải")
    assert found.index("Xã Cẩm Giang") + 1 == found.index("Xã Cẩm Giàng")

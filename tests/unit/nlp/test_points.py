"""The packaged places of communes."""

from nlp.points import load_points
from nlp.units import load_units


def test_every_commune_lies_somewhere_in_the_country() -> None:
    points, units = load_points(), load_units()
    communes = {unit.code for province in units.provinces() for unit in units.communes(province.code)}
    assert set(points) == communes
    for code, point in points.items():
        assert 6.5 < point.latitude < 23.5, code
        assert 102 < point.longitude < 115.5, code


def test_neighbours_lie_near_each_other() -> None:
    """Two wards of the old town of Hà Nội are nearer to each other than to the airport's commune."""
    points = load_points()
    ba_dinh, ngoc_ha, noi_bai = points["00004"], points["00008"], points["00433"]
    assert abs(ba_dinh.longitude - ngoc_ha.longitude) < 0.1
    assert noi_bai.latitude - ba_dinh.latitude > 0.1

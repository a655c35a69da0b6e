"""Invented pages of every publishing system, clean and dirty, are read as well as they ever were."""

import pytest

from crawler.extraction.known import known_layouts, read_known, shipped
from crawler.extraction.layouts import compiled
from tests.unit.crawler.extraction_floors import f1_of, floors, measure, raised, read
from tests.unit.crawler.skeletons import DIRT, SYSTEMS, WRITER

LOWEST = {"title": 0.99, "minute": 0.99, "article": 0.99, "body": 0.98, "nobody named": 1.0}
"""A floor lowered in the file must be lowered here too."""


def test_no_figure_falls_below_its_floor() -> None:
    seen, least = measure(), floors()
    assert seen.keys() == least.keys()
    assert not {name: (figure, least[name]) for name, figure in seen.items() if figure < least[name]}


@pytest.mark.parametrize("way", ["declared", "undeclared"])
def test_the_floors_are_high(way: str) -> None:
    assert all(floors()[f"{way} {name}"] >= figure for name, figure in LOWEST.items())


@pytest.mark.parametrize("dirt", DIRT)
@pytest.mark.parametrize("system", SYSTEMS)
def test_no_system_is_given_up(system: str, dirt: str) -> None:
    told, page = read("undeclared", system, dirt, 7)
    assert page.article
    assert page.title == told.title
    assert f1_of(told.body, page.to_dict()["body"] or "") >= 0.9
    assert WRITER not in repr(page)


def test_floors_rise_by_themselves_and_fall_only_when_asked() -> None:
    old = {"body": 0.95, "title": 0.9}
    assert raised(old, {"body": 0.90, "title": 0.95}) == {"body": 0.95, "title": 0.948}
    assert raised(old, {"body": 0.90, "title": 0.95}, lower=True) == {"body": 0.898, "title": 0.948}


def test_every_known_layout_can_be_used() -> None:
    """Its selectors are selectors; hosts are unique, else the table would not load."""
    layouts = [layout for outlet in shipped().outlets for layout in outlet.layouts]
    layouts += [layout for system in shipped().systems.values() for layout in system]
    assert len(layouts) > 30
    assert all(compiled(layout) for layout in layouts)
    assert len({host for outlet in shipped().outlets for host in outlet.hosts}) > 60


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("tuoitre.vn", True),
        ("www.tuoitre.vn", True),
        ("amp.tuoitre.vn:8080", True),
        ("khongtuoitre.vn", False),
        ("vn", False),
        ("[::1]", False),
        ("", False),
    ],
)
def test_a_host_is_known_with_those_below_it(host: str, known: bool) -> None:
    assert bool(known_layouts(f"https://{host}/bai-1.htm")) is known


OUTLET = {"hosts": ["a.vn"], "layouts": [{"body": "p"}], "seen": "page", "year": 2026}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"outlets": [OUTLET, OUTLET], "systems": {}}, "named twice: a.vn"),
        ({"outlets": [OUTLET | {"system": "none"}], "systems": {}}, "no system 'none'"),
        ({"outlets": [OUTLET | {"layouts": []}], "systems": {}}, "neither system nor layouts"),
        ({"outlets": [OUTLET | {"seen": "rumour"}], "systems": {}}, "seen"),
        ({"outlets": [OUTLET | {"selector": "p"}], "systems": {}}, "selector"),
    ],
)
def test_a_wrong_table_is_refused(wrong: object, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_known(wrong)

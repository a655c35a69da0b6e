"""The configurations that come with the project are complete offices."""

from datetime import date
from pathlib import Path

import pytest

from nlp.taxonomy import load_taxonomy
from nlp.units import load_units
from pipeline.config import load_settings
from pipeline.routing import Routing, find_route, programme_on
from pipeline.settings import Settings

ROOT = Path(__file__).parents[3]
OFFICES = [ROOT / "config.yaml", ROOT / "examples" / "lam-dong" / "config.yaml"]
DAY = date(2026, 11, 22)


@pytest.fixture(scope="module", params=OFFICES, ids=lambda path: path.parent.name)
def office(request: pytest.FixtureRequest) -> Settings:
    return load_settings(request.param)


def test_a_programme_is_in_force_with_its_six_contents(office: Settings) -> None:
    programme = programme_on(office, DAY)
    assert programme is not None
    assert [content.number for content in programme.contents] == [1, 2, 3, 4, 5, 6]
    assert set(programme.deadlines) == {1, 2, 3, 4}


@pytest.mark.parametrize("topic", sorted(load_taxonomy(None).topics))
def test_every_topic_reaches_an_agency_in_every_commune(office: Settings, topic: str) -> None:
    for commune in load_units().communes(office.office.province):
        found = find_route(office, topic, office.office.province, commune.code, DAY)
        assert isinstance(found, Routing), f"{commune.full_name}: {found}"


def test_agencies_are_posts_with_invented_mailboxes(office: Settings) -> None:
    for agency in office.agencies:
        assert agency.email is not None
        assert agency.email.endswith(".example.vn")
        assert agency.leader_post


def test_no_secret_stands_in_it() -> None:
    for path in OFFICES:
        assert "password:" not in path.read_text(encoding="utf-8")


def test_hanoi_watches_at_least_fifteen_outlets_of_the_city_and_the_country() -> None:
    outlets = load_settings(OFFICES[0]).crawler.outlets
    assert len(outlets) >= 15
    assert {outlet.area for outlet in outlets} == {"01", None}


def test_the_second_office_has_another_shape() -> None:
    hanoi, lam_dong = (load_settings(path) for path in OFFICES)
    assert "so-qhkt" in {agency.key for agency in hanoi.agencies}
    agencies = {agency.key for agency in lam_dong.agencies}
    assert "so-qhkt" not in agencies
    assert "so-dttg" in agencies
    assert lam_dong.programmes[0].kind == "quy chế"
    island = find_route(lam_dong, "water", "68", "23272", DAY)
    assert isinstance(island, Routing)
    assert island.lead.key == "commune:23272"

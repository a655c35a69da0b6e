"""What `dansinh check` says of gaps is what routing finds when every topic, commune and day is walked."""

import random
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from nlp.taxonomy import load_taxonomy
from nlp.units import load_units
from pipeline.checks.gaps import Gap, gaps
from pipeline.checks.programme import check_programmes
from pipeline.checks.routes import check_agencies, check_places, check_routes
from pipeline.config import load_settings
from pipeline.routing import NoRoute, find_route
from pipeline.settings import Settings
from tests.office import HAI_PHONG, OFFICE, on, settings

ROOT = Path(__file__).parents[3]
TODAY = on("2026-11-22")
TOPICS = sorted(load_taxonomy(None).topics)
FEW_TOPICS = ("water", "land", "power")
COMMUNES = [unit.code for unit in load_units().communes(HAI_PHONG)]
PLACES = [None, HAI_PHONG, *COMMUNES[:3]]
ALL_YEAR = {"topic": "land", "lead": "so-nnmt", "valid_from": "2025-07-01"}


def some_day(chance: random.Random) -> date:
    return TODAY + timedelta(days=chance.randrange(-60, 400))


def invented(seed: int) -> Settings:
    """An office whose rules overlap and leave gaps."""
    chance = random.Random(seed)
    routes: list[dict[str, Any]] = []
    for _ in range(chance.randrange(3, 14)):
        first = some_day(chance)
        routes.append(
            {
                "topic": chance.choice(FEW_TOPICS),
                "lead": chance.choice(["so-nnmt", "so-xay-dung", "commune"]),
                "place": chance.choice(PLACES),
                "programme": chance.choice([None, None, "ct-2026", "ct-moi"]),
                "valid_from": first,
                "valid_to": chance.choice([None, first + timedelta(days=chance.randrange(200))]),
            }
        )
    old = OFFICE["programmes"][0] | {"valid_to": some_day(chance) + timedelta(days=100)}
    return settings(routes=routes, programmes=[old, old | {"key": "ct-moi", "valid_from": on("2026-12-01")}])


def covers(gap: Gap, topic: str, commune: str, day: date) -> bool:
    told_of = commune in gap.places or None in gap.places
    return topic in gap.topics and told_of and gap.span.first <= day <= gap.span.last


@pytest.mark.parametrize("seed", range(12))
def test_every_gap_that_routing_finds_is_told_and_no_other(seed: int) -> None:
    office = invented(seed)
    told = gaps(office, TODAY)
    undecided = set()
    for day in (TODAY + timedelta(days=n) for n in range(0, 366, 3)):
        for topic in FEW_TOPICS:
            for commune in COMMUNES[:5]:
                found = find_route(office, topic, HAI_PHONG, commune, day)
                if isinstance(found, NoRoute) and found.lack in ("rule", "equal"):
                    undecided.add((topic, commune, day))
                    assert any(covers(gap, topic, commune, day) for gap in told), (topic, commune, day)
    for gap in told:
        # On its first day, in one of its places; where it is told of all, in one without rules of its own.
        places = [place or COMMUNES[-1] for place in gap.places]
        for topic in gap.topics:
            found = [find_route(office, topic, HAI_PHONG, place, gap.span.first) for place in places]
            assert all(isinstance(one, NoRoute) for one in found), gap
    assert undecided or not told


def test_topics_that_lack_the_same_are_told_in_one_line() -> None:
    problems = list(check_routes(settings(routes=[]), TODAY))
    whole = [problem.what for problem in problems if "'water'" in problem.what]
    assert len(problems) == 1
    assert whole[0].endswith("are referred to no agency from 2026-11-22 to 2027-11-22")
    assert all(repr(topic) in whole[0] for topic in TOPICS)


def test_communes_with_the_same_conflict_are_told_in_one_line() -> None:
    everywhere = [ALL_YEAR | {"topic": topic} for topic in TOPICS]
    twice = [ALL_YEAR | {"place": code, "lead": "commune"} for code in COMMUNES[:10]] * 2
    (problem,) = check_routes(settings(routes=[*everywhere, *twice]), TODAY)
    assert problem.what.startswith("topic 'land' has 2 equal rules in ")
    assert "and 7 more communes from 2026-11-22 to 2027-11-22 (commune, commune)" in problem.what


def test_a_rule_bound_to_a_programme_ends_with_it() -> None:
    old = OFFICE["programmes"][0] | {"valid_to": "2026-12-31"}
    new = old | {"key": "ct-moi", "valid_from": "2027-01-01", "valid_to": None}
    rules = [ALL_YEAR | {"topic": topic} for topic in TOPICS if topic != "land"]
    bound = ALL_YEAR | {"programme": "ct-2026"}
    (problem,) = check_routes(settings(routes=[*rules, bound], programmes=[old, new]), TODAY)
    assert problem.what == "topic 'land' is referred to no agency from 2027-01-01 to 2027-11-22"


@pytest.mark.parametrize("path", ["config.yaml", "examples/lam-dong/config.yaml"])
def test_a_shipped_office_is_walked_at_once(path: str) -> None:
    office = load_settings(ROOT / path)
    began = time.perf_counter()
    problems = [
        *check_programmes(office, TODAY),
        *check_routes(office, TODAY),
        *check_agencies(office, TODAY),
        *check_places(office),
    ]
    assert time.perf_counter() - began < 5
    assert len(problems) < 10

"""`dansinh check` on programmes, routes, agencies, places and the calendar."""

from typing import Any

import pytest

from nlp.taxonomy import load_taxonomy
from pipeline.checks.calendar import check_calendar
from pipeline.checks.problem import Problem
from pipeline.checks.programme import check_programmes
from pipeline.checks.routes import check_agencies, check_places, check_routes
from tests.office import OFFICE, on, settings

TODAY = on("2026-11-22")
TOPICS = sorted(load_taxonomy(None).topics)
ROUTES = [{"topic": topic, "lead": "so-nnmt", "valid_from": "2025-07-01"} for topic in TOPICS]
PROGRAMME = OFFICE["programmes"][0]
AGENCIES = OFFICE["agencies"]


def one(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, problems
    return problems[0]


def with_route(**changes: Any) -> list[dict[str, Any]]:
    """Every topic is referred; the rule for water is changed."""
    return [route | changes if route["topic"] == "water" else route for route in ROUTES]


def test_a_complete_office_has_nothing_to_mend() -> None:
    office = settings(routes=ROUTES, nlp={"home_province": "31"}, calendar={"extra_days_off": ["2027-01-02"]})
    assert not list(check_programmes(office, TODAY))
    assert not list(check_routes(office, TODAY))
    assert not list(check_agencies(office, TODAY))
    assert not list(check_places(office))
    assert not list(check_calendar(office, TODAY))


@pytest.mark.parametrize(
    ("terms", "severity", "said"),
    [
        (
            [("2021-01-01", "2025-12-31")],
            "error",
            "no programme is in force from 2026-11-22 to 2027-11-22: 'p0' has ended by then",
        ),
        (
            [("2027-01-01", None)],
            "error",
            "no programme is in force from 2026-11-22 to 2026-12-31",
        ),
        (
            [("2022-01-01", "2026-12-31")],
            "warning",
            "no programme is in force from 2027-01-01 to 2027-11-22: 'p0' has ended by then",
        ),
        (
            [("2022-01-01", "2026-12-31"), ("2027-01-05", "2031-12-31")],
            "warning",
            "no programme is in force from 2027-01-01 to 2027-01-04: 'p0' has ended by then",
        ),
    ],
)
def test_no_programme(terms: list[tuple[str, str | None]], severity: str, said: str) -> None:
    office = settings(
        programmes=[
            PROGRAMME | {"key": f"p{number}", "valid_from": first, "valid_to": last}
            for number, (first, last) in enumerate(terms)
        ]
    )
    problem = one(list(check_programmes(office, TODAY)))
    assert (problem.severity, problem.what) == (severity, said)
    assert "under programmes in config.yaml" in problem.remedy


@pytest.mark.parametrize(("last", "told"), [("2027-02-19", True), ("2027-02-20", False)])
def test_a_programme_about_to_expire_is_told_ninety_days_before(last: str, *, told: bool) -> None:
    office = settings(programmes=[PROGRAMME | {"valid_to": last}])
    assert bool(list(check_programmes(office, TODAY))) is told


def test_a_renewal_that_follows_is_no_gap() -> None:
    renewal = PROGRAMME | {"key": "next", "valid_from": "2027-01-01"}
    office = settings(programmes=[PROGRAMME | {"valid_to": "2026-12-31"}, renewal])
    assert not list(check_programmes(office, TODAY))


def test_an_urgency_without_a_deadline() -> None:
    office = settings(programmes=[PROGRAMME | {"deadlines": {4: 1, 2: 7}}])
    problem = one(list(check_programmes(office, TODAY)))
    assert "sets no deadline for urgency 3, 1" in problem.what
    assert "under deadlines of programme 'ct-2026'" in problem.remedy


@pytest.mark.parametrize(
    ("changes", "severity", "said"),
    [
        ({"valid_to": "2026-06-30"}, "error", "from 2026-11-22 to 2027-11-22"),
        ({"valid_to": "2027-02-28"}, "warning", "from 2027-03-01 to 2027-11-22"),
        ({"valid_from": "2026-12-01"}, "error", "from 2026-11-22 to 2026-11-30"),
    ],
)
def test_a_topic_without_an_agency_on_some_date(changes: dict[str, Any], severity: str, said: str) -> None:
    problem = one(list(check_routes(settings(routes=with_route(**changes)), TODAY)))
    assert problem.severity == severity
    assert problem.what == f"topic 'water' is referred to no agency {said}"
    assert "add a route with topic: water" in problem.remedy


def test_a_gap_between_two_rules_of_a_topic() -> None:
    later = {"topic": "water", "lead": "so-xay-dung", "valid_from": "2027-02-01"}
    problem = one(list(check_routes(settings(routes=[*with_route(valid_to="2026-12-31"), later]), TODAY)))
    assert problem.what == "topic 'water' is referred to no agency from 2027-01-01 to 2027-01-31"


def test_two_equal_rules() -> None:
    again = {"topic": "water", "lead": "so-xay-dung", "valid_from": "2027-01-01"}
    problem = one(list(check_routes(settings(routes=[*ROUTES, again]), TODAY)))
    assert problem.severity == "warning"
    assert problem.what == (
        "topic 'water' has 2 equal rules from 2027-01-01 to 2027-11-22 (so-nnmt, so-xay-dung)"
    )
    assert "valid_to" in problem.remedy


def test_a_rule_for_everywhere_and_one_for_the_offices_province_are_equal() -> None:
    again = {"topic": "water", "lead": "so-xay-dung", "place": "31", "valid_from": "2025-07-01"}
    problem = one(list(check_routes(settings(routes=[*ROUTES, again]), TODAY)))
    assert problem.severity == "error"
    assert problem.what.startswith("topic 'water' has 2 equal rules from 2026-11-22")


def test_a_topic_referred_for_the_offices_province_is_referred() -> None:
    assert not list(check_routes(settings(routes=with_route(place="31")), TODAY))


def test_two_equal_rules_of_one_commune() -> None:
    commune = {"topic": "water", "lead": "commune", "place": "11914", "valid_from": "2025-07-01"}
    problem = one(list(check_routes(settings(routes=[*ROUTES, commune, commune]), TODAY)))
    assert "equal rules in Đặc khu Cát Hải (11914)" in problem.what


def test_a_gap_everywhere_is_told_once_though_a_commune_has_rules_of_its_own() -> None:
    commune = {
        "topic": "water",
        "lead": "commune",
        "place": "11914",
        "valid_from": "2025-07-01",
        "valid_to": "2026-12-31",
    }
    office = settings(routes=[*with_route(valid_to="2027-02-28"), commune])
    assert one(list(check_routes(office, TODAY))).what.endswith("from 2027-03-01 to 2027-11-22")


def test_an_agency_that_ends_while_routes_still_name_it() -> None:
    agencies = [AGENCIES[0], AGENCIES[1] | {"valid_to": "2027-06-30"}]
    problem = one(list(check_agencies(settings(agencies=agencies, routes=ROUTES), TODAY)))
    assert problem.severity == "warning"
    assert problem.what.startswith("agency 'so-nnmt' does not exist from 2027-07-01 to 2027-11-22")
    assert "water" in problem.what
    assert "valid_to of agency 'so-nnmt'" in problem.remedy


@pytest.mark.parametrize("newest_first", [True, False])
def test_an_agency_whose_successor_follows_is_no_gap(*, newest_first: bool) -> None:
    entries = [AGENCIES[1] | {"valid_to": "2027-06-30"}, AGENCIES[1] | {"valid_from": "2027-07-01"}]
    agencies = [AGENCIES[0], *(reversed(entries) if newest_first else entries)]
    assert not list(check_agencies(settings(agencies=agencies, routes=ROUTES), TODAY))


def test_an_agency_that_stands_twice() -> None:
    problem = one(list(check_agencies(settings(agencies=[*AGENCIES, AGENCIES[0]], routes=ROUTES), TODAY)))
    assert (problem.severity, problem.what) == (
        "error",
        "agency 'so-xay-dung' stands twice under agencies for the same days",
    )


@pytest.mark.parametrize(("lead", "severity"), [("so-xay-dung", "error"), ("so-nnmt", "warning")])
def test_an_agency_without_a_contact(lead: str, severity: str) -> None:
    agencies = [AGENCIES[0] | {"email": None}, AGENCIES[1]]
    office = settings(agencies=agencies, routes=with_route(lead=lead, co=["so-xay-dung"]))
    problem = one(list(check_agencies(office, TODAY)))
    assert problem.severity == severity
    assert problem.what.startswith("agency 'so-xay-dung' has no contact address")
    assert "email of agency 'so-xay-dung' under agencies" in problem.remedy


@pytest.mark.parametrize(("last", "told"), [("2026-11-22", True), ("2026-11-21", False)])
def test_a_contact_is_asked_of_agencies_that_still_exist(last: str, *, told: bool) -> None:
    agencies = [AGENCIES[0], AGENCIES[1] | {"email": None, "valid_to": last}]
    problems = list(check_agencies(settings(agencies=agencies, routes=ROUTES), TODAY))
    assert any("has no contact address" in problem.what for problem in problems) is told


def test_communes_without_a_contact() -> None:
    office = settings(communes={"email": None}, routes=with_route(co=["commune"]))
    problem = one(list(check_agencies(office, TODAY)))
    assert problem.severity == "warning"
    assert "communes: email in config.yaml" in problem.remedy


@pytest.mark.parametrize(
    ("sections", "severity", "said"),
    [
        ({"office": {"province": "11914"}}, "error", "office.province '11914' is no province"),
        ({"office": {"province": "02"}}, "error", "office.province '02' is no province"),
        ({"nlp": {"home_province": "11914"}}, "error", "nlp.home_province '11914' is no province"),
        ({"nlp": {}}, "warning", "nlp.home_province is not set"),
        (
            {"routes": with_route(place="00004")},
            "warning",
            "(water) is for Phường Ba Đình (00004), outside the office's province: it never applies",
        ),
    ],
)
def test_an_unknown_place(sections: dict[str, Any], severity: str, said: str) -> None:
    office = settings(**({"nlp": {"home_province": "31"}} | sections))
    problem = one(list(check_places(office)))
    assert problem.severity == severity
    assert said in problem.what
    assert "config.yaml" in problem.remedy


@pytest.mark.parametrize(
    ("today", "entered", "year"),
    [
        ("2026-11-22", "2026-01-02", 2027),
        ("2026-10-01", "2026-01-02", 2027),
        ("2026-09-30", "2025-01-02", 2026),
        ("2026-11-22", "2027-01-02", None),
        ("2026-09-30", "2026-01-02", None),
    ],
)
def test_a_calendar_without_entries(today: str, entered: str, year: int | None) -> None:
    problems = list(check_calendar(settings(calendar={"extra_days_off": [entered]}), on(today)))
    if year is None:
        assert not problems
    else:
        assert f"swapped working days for {year}" in one(problems).what


def test_a_day_off_that_is_worked() -> None:
    table = {"extra_days_off": ["2027-01-02"], "extra_working_days": ["2027-01-02"]}
    problem = one(list(check_calendar(settings(calendar=table), TODAY)))
    assert problem.what == "2027-01-02 stands in the calendar both as a day off and as a working day"

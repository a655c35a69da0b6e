"""The read-only Open311 GeoReport v2 service, as an agency's system asks it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from starlette.testclient import TestClient

from store.history import record
from tests.integration.web.town import NOW, Town, desk_settings
from web.app import create_app

V2 = "/open311/v2"


@pytest.fixture
def asked(town: Town, tmp_path: Path) -> Iterator[TestClient]:
    settings = desk_settings(tmp_path, open311={"jurisdiction_id": "thu.example.vn"})
    with TestClient(create_app(town.store, settings, town.clock)) as client:
        yield client


def ids(client: TestClient, **query: Any) -> list[int]:
    answer = client.get(f"{V2}/requests.json", params=query)
    assert answer.status_code == 200, answer.text
    return [int(row["service_request_id"]) for row in answer.json()]


def test_there_is_none_unless_it_is_configured(visitor: TestClient) -> None:
    assert visitor.get(f"{V2}/services.json").status_code == 404


def test_services_are_the_topics(asked: TestClient) -> None:
    answer = asked.get(f"{V2}/services.json")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    (service,) = [one for one in answer.json() if one["service_code"] == "environment"]
    assert service["metadata"] is False
    assert service["type"] == "batch"
    in_xml = etree.fromstring(asked.get(f"{V2}/services.xml").content)
    assert in_xml.tag == "services"
    assert [one.tag for one in in_xml] == ["service"] * len(answer.json())
    assert in_xml.xpath("string(service[service_code='environment']/service_name)") == service["service_name"]


@pytest.mark.parametrize(
    ("columns", "seen"),
    [
        ({"state": "confirmed"}, True),
        ({"state": "referred"}, True),
        ({"state": "reopened"}, True),
        ({"state": "closed", "outcome": "fixed"}, True),
        ({"state": "detected"}, False),
        ({"state": "dismissed"}, False),
        ({"state": "merged"}, False),
        ({"state": "referred", "restricted": True}, False),
        ({"state": "confirmed", "kind": "commendation"}, False),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else "",
)
def test_who_may_be_seen(asked: TestClient, town: Town, columns: dict[str, Any], seen: bool) -> None:
    issue = town.issue(**columns)
    assert ids(asked) == ([issue] if seen else [])
    assert ids(asked, service_request_id=issue) == ([issue] if seen else [])
    assert asked.get(f"{V2}/requests/{issue}.json").status_code == (200 if seen else 404)


def test_what_is_told_of_one(asked: TestClient, town: Town) -> None:
    issue = town.issue(state="referred", commune_code="11329", place_name="Phường thử nghiệm")
    town.referral(issue, state="sent", sent_at=NOW, deadline_at=NOW + timedelta(days=3))
    with town.store.begin() as session:
        record(session, at=NOW, actor="stage:deliver", entity="issue", entity_id=issue, action="referred")
    (row,) = asked.get(f"{V2}/requests/{issue}.json").json()
    assert row == {
        "service_request_id": str(issue),
        "status": "open",
        "status_notes": "",
        "service_name": "Môi trường – rác thải",
        "service_code": "environment",
        "description": "Bãi rác bốc mùi ở phường thử nghiệm (tin bịa để kiểm thử)",
        "agency_responsible": "Sở Nông nghiệp và Môi trường",
        "service_notice": "",
        "requested_datetime": "2026-11-20T06:00:00+07:00",
        "updated_datetime": "2026-11-20T09:00:00+07:00",
        "expected_datetime": "2026-11-23T09:00:00+07:00",
        "address": "Phường thử nghiệm",
        "address_id": "11329",
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
    in_xml = etree.fromstring(asked.get(f"{V2}/requests/{issue}.xml").content)
    assert in_xml.tag == "service_requests"
    assert in_xml.xpath("string(request/service_request_id)") == str(issue)
    assert in_xml.xpath("string(request/zipcode)") == ""


def test_an_agency_is_named_only_once_it_has_its_letter(asked: TestClient, town: Town) -> None:
    issue = town.issue(state="confirmed")
    town.referral(issue, state="drafted")
    (row,) = asked.get(f"{V2}/requests/{issue}.json").json()
    assert (row["agency_responsible"], row["expected_datetime"]) == ("", None)


def test_filters(asked: TestClient, town: Town) -> None:
    old = town.issue(state="closed", outcome="fixed", first_seen_at=NOW - timedelta(days=100))
    water = town.issue(state="confirmed", topic="water", first_seen_at=NOW - timedelta(days=10))
    rubbish = town.issue(state="closed", outcome="planned", first_seen_at=NOW - timedelta(days=5))
    assert ids(asked) == [rubbish, water], "the last 90 days, the newest first"
    assert ids(asked, status="open") == [water]
    assert ids(asked, status="open,closed") == [rubbish, water]
    assert ids(asked, service_code="water,traffic") == [water]
    assert ids(asked, start_date="2026-08-01T00:00:00Z", end_date="2026-09-01T00:00:00+07:00") == [old]
    assert ids(asked, start_date="2026-11-14T00:00:00+07:00") == [rubbish]
    assert ids(asked, end_date="2026-11-12T00:00:00Z", status="open") == [water]
    assert ids(asked, service_request_id=f"{old},{water},99999,x", status="closed") == [water, old]
    assert ids(asked, page_size=1) == [rubbish]
    assert ids(asked, page_size=1, page=2) == [water]
    assert ids(asked, page_size=1, page=3) == []
    assert ids(asked, jurisdiction_id="thu.example.vn") == [rubbish, water]


@pytest.mark.parametrize(
    ("path", "code", "said"),
    [
        ("requests.json?jurisdiction_id=khac", 404, "jurisdiction_id provided was not found"),
        ("services.json?jurisdiction_id=khac", 404, "jurisdiction_id provided was not found"),
        ("requests.json?service_code=khong-co", 404, "service_code provided was not found"),
        ("requests.json?status=dang-lam", 400, "status must be"),
        ("requests.json?start_date=hom-qua", 400, "start_date must be a time"),
        ("requests.json?end_date=9999-12-31T23:59:59-23:00", 400, "end_date must be a time"),
        ("requests.json?start_date=9999-12-01T00:00:00Z", 400, "dates of our time"),
        ("requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", 400, "90 days"),
        ("requests.json?start_date=2026-06-01T00:00:00Z&end_date=2026-05-01T00:00:00Z", 400, "lies before"),
        ("requests.json?page=0", 400, "page must be a number"),
        ("requests.json?page_size=-1", 400, "page_size must be a number"),
        ("requests/99999.json", 404, "service_request_id provided was not found"),
        ("requests/abc.json", 404, "service_request_id provided was not found"),
        ("requests/99999999999999999999.json", 404, "service_request_id provided was not found"),
        ("services/environment.json", 404, "no definition"),
    ],
)
def test_mistakes_are_told_as_the_standard_has_it(asked: TestClient, path: str, code: int, said: str) -> None:
    answer = asked.get(f"{V2}/{path}")
    assert answer.status_code == code
    (error,) = answer.json()
    assert error["code"] == code
    assert said in error["description"]
    in_xml = etree.fromstring(asked.get(f"{V2}/{path.replace('.json', '.xml', 1)}").content)
    assert (in_xml.tag, in_xml[0].tag, in_xml[0][0].text) == ("errors", "error", str(code))


def test_nothing_can_be_reported_here(asked: TestClient) -> None:
    answer = asked.post(f"{V2}/requests.json", data={"service_code": "water"})
    assert (answer.status_code, answer.json()[0]["code"]) == (405, 405)


def test_other_formats_are_not_offered(asked: TestClient) -> None:
    assert asked.get(f"{V2}/services.html").status_code == 404

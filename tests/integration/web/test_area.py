"""Địa bàn: what is counted where, and that nothing is left out of the sum."""

from collections import Counter
from datetime import timedelta

import pytest
from lxml import html
from starlette.testclient import TestClient

from pipeline.documents.report import collect_report, parse_period
from pipeline.territory import communes_of
from store.history import record
from store.models import Issue
from store.queries.area import Counted, change_of_old, tallies
from store.queries.desk import OPEN
from store.queries.past import look_back
from tests.integration.web.conftest import Enter
from tests.integration.web.town import NOW, Town

PROVINCE = "31"
FIRST, SECOND, THIRD = communes_of(PROVINCE)[:3]
ELSEWHERE = "01"
A_WEEK = timedelta(days=7)
LONG_AGO = NOW - timedelta(days=60)


def place(town: Town, code: str | None, **columns: object) -> int:
    return town.issue(**({"commune_code": code, "province_code": PROVINCE} | columns))


def rows(client: TestClient, query: str = "") -> dict[str, list[str]]:
    """Figures by name, in the table's order: issues, urgent, overdue, change."""
    page = html.fromstring(client.get(f"/dia-ban{query}").text)
    return {
        row.find("th").text_content(): [cell.text_content() for cell in row.findall("td")]
        for row in page.xpath("//section[h2/@id='bang']//tbody/tr | //section[h2/@id='bang']//tfoot/tr")
    }


def told(client: TestClient, query: str = "") -> dict[str, list[str]]:
    """Only rows that tell something."""
    return {name: row for name, row in rows(client, query).items() if row != ["0", "0", "0", "0"]}


@pytest.fixture
def counted(town: Town) -> Town:
    place(town, FIRST.code, urgency=4)
    late = place(town, FIRST.code, urgency=1, state="referred", detected_at=LONG_AGO)
    town.sent_referral(late, deadline_at=NOW - timedelta(days=1))
    town.sent_referral(late, deadline_at=NOW - timedelta(days=2))
    place(town, SECOND.code, topic="traffic", urgency=2, detected_at=LONG_AGO, state="reopened")
    place(town, SECOND.code, state="closed", topic="traffic")
    place(town, SECOND.code, state="dismissed")
    place(town, THIRD.code, kind="commendation")
    place(town, None, urgency=3)
    place(town, None, urgency=3, province_code=ELSEWHERE)
    place(town, None, province_code=None)
    return town


def test_what_is_open_is_counted_where_it_is_and_nothing_is_left_out(enter: Enter, counted: Town) -> None:
    assert told(enter("reader")) == {
        FIRST.full_name: ["2", "1", "1", "+1"],
        SECOND.full_name: ["1", "0", "0", "0"],
        "Chưa rõ xã, phường": ["1", "1", "0", "+1"],
        "Ngoài địa bàn hoặc chưa rõ nơi": ["2", "2", "0", "+2"],
        "Cộng": ["6", "4", "1", "+4"],
    }


def test_a_topic_or_the_last_days_can_be_asked_for(enter: Enter, counted: Town) -> None:
    client = enter("reader")

    def issues(query: str) -> dict[str, str]:
        return {name: row[0] for name, row in told(client, query).items()}

    assert issues("?linh-vuc=traffic") == {SECOND.full_name: "1", "Cộng": "1"}
    assert issues("?tinh=30-ngay&linh-vuc=traffic") == {SECOND.full_name: "1", "Cộng": "1"}
    assert issues("?tinh=30-ngay") == {
        FIRST.full_name: "1",
        SECOND.full_name: "1",
        "Chưa rõ xã, phường": "1",
        "Ngoài địa bàn hoặc chưa rõ nơi": "2",
        "Cộng": "5",
    }


def test_the_table_can_be_ordered(enter: Enter, counted: Town) -> None:
    client = enter("reader")
    by_name = list(rows(client, "?xep=ten"))
    assert by_name[: len(communes_of(PROVINCE))] == [one.full_name for one in communes_of(PROVINCE)]
    assert next(iter(rows(client, "?xep=qua-han"))) == FIRST.full_name
    assert next(iter(rows(client, "?xep=khong-co"))) == FIRST.full_name


def test_each_cell_of_the_map_tells_and_leads_to_what_is_there(enter: Enter, counted: Town) -> None:
    page = html.fromstring(enter("reader").get("/dia-ban?linh-vuc=environment").text)
    links = page.xpath("//*[@class='map']/a")
    assert len(links) == len(communes_of(PROVINCE))
    first = next(link for link in links if FIRST.code in link.get("href"))
    assert first.get("aria-label") == f"{FIRST.full_name}: 2 vấn đề, 1 khẩn, 1 quá hạn"
    assert f"dia-ban={FIRST.code}" in first.get("href")
    assert "linh-vuc=environment" in first.get("href")
    assert not page.xpath("//@style")


@pytest.mark.parametrize("query", ["", "?tinh=30-ngay", "?linh-vuc=traffic"])
def test_each_number_leads_to_what_it_counts(enter: Enter, counted: Town, query: str) -> None:
    place(counted, None, commune_candidates=[FIRST.code, SECOND.code])
    place(counted, FIRST.code, kind="commendation")
    place(counted, FIRST.code, state="merged")
    place(counted, SECOND.code, detected_at=NOW - timedelta(days=30, hours=3), state="closed")
    client = enter("reader")
    page = html.fromstring(client.get(f"/dia-ban{query}").text)
    cells = page.xpath("//*[@class='map']/a")
    rows = page.xpath("//section[h2/@id='bang']//tbody/tr[th/a]")
    numbers = {cell.get("href"): int(cell.xpath("string(.//*[@class='count'])")) for cell in cells}
    assert {row.xpath("string(th/a/@href)"): int(row.findtext("td")) for row in rows} == {
        address: number for address, number in numbers.items() if number
    }
    for address, number in numbers.items():
        if number or FIRST.code in address:
            listed = html.fromstring(client.get(address).text)
            assert len(listed.xpath("//main//tbody/tr")) == number, address


def test_as_many_are_open_as_the_report_says(enter: Enter, counted: Town) -> None:
    with counted.store.read() as session:
        period = parse_period("2026-W47", counted.settings, NOW.date())
        report = collect_report(session, counted.settings, period, now=NOW)
    total = rows(enter("reader"))["Cộng"]
    assert total[0] == str(report.count("open_issues"))
    assert total[2] == str(report.count("waiting_overdue_issues"))


def change(town: Town, issue_id: int, **columns: object) -> None:
    """What a person or a stage has done two days ago."""
    with town.store.begin() as session:
        issue = session.get_one(Issue, issue_id)
        before = {name: getattr(issue, name) for name in columns}
        for name, value in columns.items():
            setattr(issue, name, value)
        action = str(columns.get("state", "edited"))
        at = NOW - timedelta(days=2)
        record(
            session, at=at, actor="thử", entity="issue", entity_id=issue_id, action=action, before=before,
            after=columns,
        )  # fmt: skip


def test_the_change_of_a_week_is_what_the_history_tells(town: Town) -> None:
    old = {"detected_at": LONG_AGO}
    for state, after in (("referred", "closed"), ("closed", "reopened"), ("detected", "dismissed")):
        change(town, place(town, FIRST.code, state=state, **old), state=after)
    moved = place(town, FIRST.code, **old)
    change(town, moved, commune_code=SECOND.code)
    change(town, moved, commune_code=THIRD.code)
    change(town, place(town, FIRST.code, **old), topic="traffic")
    change(town, place(town, FIRST.code, **old), kind="commendation")
    change(town, place(town, SECOND.code), state="confirmed")
    place(town, SECOND.code)
    place(town, None, **old)
    then = NOW - A_WEEK
    with town.store.read() as session:
        before = look_back(session, then).at(then).issues.values()
        now = session.query(Issue).all()
        for topic in (None, "environment", "traffic"):

            def places(issues: object, topic: str | None = topic) -> Counter[tuple[str | None, str | None]]:
                return Counter(
                    (one.province_code, one.commune_code)
                    for one in issues  # type: ignore[attr-defined]
                    if one.kind == "concern" and one.state in OPEN and topic in (None, one.topic)
                )

            expected = places(now)
            expected.subtract(places(one for one in before if one.detected_at <= then))
            found = change_of_old(session, topic, then)
            new = tallies(session, Counted(topic), urgent_from=3, now=NOW)
            found.update({key: tally.last_week for key, tally in new.items()})
            assert {key: n for key, n in found.items() if n} == {key: n for key, n in expected.items() if n}

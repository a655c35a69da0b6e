"""Merging, splitting and moving through the desk's forms, as a browser without scripts sends them."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from store.models import Event, Issue, IssueArticle
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import Town
from web.articles import ROWS

WHY = "cùng một việc"


def send(client: TestClient, path: str, **form: Any) -> tuple[int, str]:
    answer = client.post(path, data={"csrf": token(client, "/")} | form)
    return answer.status_code, answer.text


def articles(town: Town, issue: int) -> list[int]:
    with town.store.read() as session:
        rows = session.query(IssueArticle).where(IssueArticle.issue_id == issue).order_by(IssueArticle.id)
        return [row.article_id for row in rows]


def test_an_issue_is_merged_and_parted_again(enter: Enter, town: Town) -> None:
    one, other = town.issue(title="Việc thứ nhất"), town.issue(title="Việc thứ hai")
    client = enter("analyst")
    offered = client.get(f"/van-de/{other}").text
    assert f'<option value="{one}">Số {one}: Việc thứ nhất' in offered
    status, page = send(client, f"/van-de/{other}/gop", other=one, why=WHY, seen_version=1)
    assert status == 200
    assert f'đã được gộp vào <a href="/van-de/{one}">' in page
    assert f"gộp vào vấn đề số: {one}" in page or f"gộp vào vấn đề số: – → {one}" in page
    host = client.get(f"/van-de/{one}").text
    assert f"số {other}: Việc thứ hai" in host
    assert f"(vấn đề số {other})" in host
    assert len(articles(town, one)) == 2
    status, page = send(client, f"/van-de/{other}/tach-lai", why="khác nhau")
    assert (status, "tách lại sau khi gộp" in page) == (200, True)
    assert (len(articles(town, one)), len(articles(town, other))) == (1, 1)


def test_articles_are_split_off_and_moved(enter: Enter, town: Town) -> None:
    issue, target = town.issue(articles=3), town.issue(title="Việc khác")
    first, second, third = articles(town, issue)
    client = enter("lead")
    assert f'<input type="checkbox" name="article" id="split-{second}"' in client.get(f"/van-de/{issue}").text
    # The number that was written goes before the list.
    form = {"article": [str(first), str(second)], "other": "", "other_number": str(target), "why": WHY}
    status, page = send(client, f"/van-de/{issue}/chuyen-bai", **form)
    assert (status, "Đã chuyển bài sang vấn đề khác." in page) == (200, True)
    assert articles(town, issue) == [third]
    status, _ = send(client, f"/van-de/{target}/tach", article=[str(first)], why="việc riêng")
    assert status == 200
    with town.store.read() as session:
        new = session.query(Issue).order_by(Issue.id.desc()).first()
        assert new is not None
        assert (new.state, new.kind) == ("detected", "concern")
        event = session.query(Event).where(Event.entity_id == new.id, Event.action == "split").one()
        assert (event.why, event.before["issue"]) == ("việc riêng", target)
    assert articles(town, new.id) == [first]


def test_of_many_articles_the_best_come_first_and_every_one_can_be_reached(enter: Enter, town: Town) -> None:
    issue = town.issue(articles=ROWS + 5)
    all_of_them = articles(town, issue)
    with town.store.begin() as session:
        for number in all_of_them[:5]:
            session.query(IssueArticle).where(IssueArticle.article_id == number).one().role = "reprint"
    client = enter("analyst")
    first, second, whole = (
        client.get(f"/van-de/{issue}{query}").text for query in ("", "?bai=2", "?chon=tat-ca")
    )
    assert [page.count('<article class="card"') for page in (first, second, whole)] == [ROWS, 5, ROWS]
    assert f"<small>{ROWS + 5}</small>" in first

    def offered(page: str) -> list[int]:
        return [int(one) for one in re.findall(r'name="article" id="move-(\d+)"', page)]

    assert offered(first) == all_of_them[5:]
    assert offered(second) == all_of_them[:5]
    assert offered(whole) == all_of_them
    assert "?chon=tat-ca#move" in first
    assert "?chon=tat-ca" not in whole
    # What was ticked is ticked still when the form comes back, wherever it stands.
    _, refused = send(client, f"/van-de/{issue}/tach", article=[str(all_of_them[0])], why="")
    assert re.search(rf'id="split-{all_of_them[0]}" value="{all_of_them[0]}" checked', refused)


@pytest.mark.parametrize("page", ["", "0", "x", "999999999999", "-1"])
def test_an_odd_page_of_articles_is_one_that_there_is(enter: Enter, town: Town, page: str) -> None:
    issue = town.issue(articles=2)
    assert enter("reader").get(f"/van-de/{issue}?bai={page}").text.count('<article class="card"') == 2


@pytest.mark.parametrize(
    ("path", "form", "words"),
    [
        ("gop", {"other": "", "why": WHY}, "Hãy chọn vấn đề"),
        ("gop", {"other_number": "999", "why": WHY}, "Không có vấn đề số 999"),
        ("gop", {"other_number": "abc", "why": WHY}, "“abc” không phải là số của một vấn đề"),
        ("chuyen-bai", {"other_number": "số 1a", "why": WHY}, "“số 1a” không phải là số của một vấn đề"),
        ("gop", {"other": "abc", "why": WHY}, "Biểu mẫu không đúng"),
        ("tach", {"why": WHY}, "Hãy chọn ít nhất một bài"),
        ("tach", {"article": "x", "why": WHY}, "Biểu mẫu không đúng"),
        ("tieu-de", {"title": "dài " * 60}, "dài quá"),
        ("tieu-de", {"title": "Bãi rác", "seen_version": "9"}, "cập nhật"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    enter: Enter, town: Town, path: str, form: dict[str, Any], words: str
) -> None:
    issue = town.issue(articles=2)
    status, page = send(enter("analyst"), f"/van-de/{issue}/{path}", **form)
    assert status == 409
    refusal = re.search(r'role="alert"><p>(.*?)</p>', page)
    assert refusal
    assert words in refusal[1]
    assert town.get(Issue, issue).version == 1


INVISIBLE = ("\u200b", "\u2060\ufeff \u00ad", "\u034f", "\u3164", "\u2800\u200d")


@pytest.mark.parametrize("unseen", INVISIBLE, ids=ascii)
def test_what_nobody_can_see_is_an_empty_field(enter: Enter, town: Town, unseen: str) -> None:
    issue = town.issue(articles=2)
    client = enter("analyst")
    for path, form in (
        ("tieu-de", {"title": unseen}),
        ("bo-qua", {"why": unseen}),
        ("mo-lai", {"why": unseen}),
    ):
        send(client, f"/van-de/{issue}/{path}", **form)
    kept = town.get(Issue, issue)
    assert (kept.state, unseen in kept.title, "title" in kept.edited) == ("detected", False, False)


def test_what_is_seen_beside_the_invisible_is_kept(enter: Enter, town: Town) -> None:
    issue = town.issue()
    send(enter("analyst"), f"/van-de/{issue}/tieu-de", title="Bãi\u200b rác")
    assert town.get(Issue, issue).title == "Bãi\u200b rác"


def test_a_title_is_edited_and_masked(enter: Enter, town: Town) -> None:
    issue = town.issue()
    client = enter("analyst")
    status, page = send(
        client,
        f"/van-de/{issue}/tieu-de",
        title="  Bãi rác\nbốc mùi, gọi 0912345678 ",
        seen_version=1,
    )
    assert status == 200
    changed = town.get(Issue, issue)
    assert changed.title == "Bãi rác bốc mùi, gọi [số điện thoại]"
    assert changed.edited == ["title"]
    assert "tiêu đề: " in page
    send(client, f"/van-de/{issue}/tieu-de", title=" ")
    changed = town.get(Issue, issue)
    assert changed.edited == []
    assert changed.title.endswith("– thành phố Hải Phòng")

"""An agency refuses: its proposal is one step away; what agencies pass around is the committee's."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.answering.page import actor_of
from pipeline.answering.receiving import receive_refusal
from store.models import Issue, Referral
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import POST, Town

NNMT, XD = ("so-nnmt", "Sở Nông nghiệp và Môi trường"), ("so-xay-dung", "Sở Xây dựng")


def post(client: TestClient, path: str, **form: Any) -> Any:
    return client.post(path, data={"csrf": token(client, "/")} | form)


def sent(town: Town, issue: int, agency: tuple[str, str]) -> int:
    return town.sent_referral(issue, agency_key=agency[0], agency_name=agency[1])


def refuse(client: TestClient, referral: int, body: str) -> str:
    answer = post(client, f"/phieu-chuyen/{referral}/tu-choi", proposed_agency=body, why="Theo phân cấp.")
    assert answer.status_code == 200
    return str(answer.text)


def drafts(town: Town, issue: int) -> list[str]:
    with town.store.read() as session:
        return [one.agency_key for one in session.get_one(Issue, issue).referrals if one.state == "drafted"]


def test_the_issue_is_sent_to_the_body_named_in_one_step(town: Town, enter: Enter) -> None:
    issue = town.issue(state="referred")
    client = enter("analyst")
    page = refuse(client, sent(town, issue, NNMT), "sở xây dựng ")
    assert "Soạn phiếu gửi Sở Xây dựng" in page
    assert "Cần ban chỉ đạo quyết định" not in page
    page = post(client, f"/van-de/{issue}/co-quan", agency="so-xay-dung").text
    assert drafts(town, issue) == ["so-xay-dung"]
    assert "Vướng nơi chuyển" not in page
    assert town.get(Issue, issue).routing_problem is None
    chosen = f"do {POST['analyst']} chọn ngày 20/11/2026"
    assert f"theo đề xuất của Sở Nông nghiệp và Môi trường khi từ chối, {chosen}" in page


@pytest.mark.parametrize(
    ("body", "told"), [("sở nông nghiệp và môi trường ", False), ("Sở Công Thương", True)]
)
def test_nothing_is_to_be_decided_where_who_works_along_names_who_leads(
    town: Town, enter: Enter, body: str, told: bool
) -> None:
    issue = town.issue(state="referred")
    sent(town, issue, NNMT)
    beside = town.sent_referral(issue, agency_key=XD[0], agency_name=XD[1], role="co")
    page = refuse(enter("analyst"), beside, body)
    assert town.get(Referral, beside).state == "refused"
    assert ("Vướng nơi chuyển" in page) is told
    assert (town.get(Issue, issue).routing_problem is not None) is told


@pytest.mark.parametrize("body", ["Bộ Xây dựng", "Sở Nông nghiệp và Môi trường "])
def test_a_body_that_cannot_be_written_to_or_has_it_is_not_offered(
    town: Town, enter: Enter, body: str
) -> None:
    issue = town.issue(state="referred")
    sent(town, issue, NNMT)
    page = refuse(enter("analyst"), sent(town, issue, XD), body)
    assert body.strip() in page
    assert "Soạn phiếu gửi" not in page


def test_a_reader_sees_the_proposal_and_no_button(town: Town, enter: Enter) -> None:
    issue = town.issue(state="referred")
    refuse(enter("analyst"), sent(town, issue, NNMT), "Sở Xây dựng")
    page = enter("reader").get(f"/van-de/{issue}").text
    assert "cho là thuộc thẩm quyền của Sở Xây dựng" in page
    assert "Soạn phiếu gửi" not in page


def test_agencies_that_name_each_other_are_shown_to_the_committee(town: Town, enter: Enter) -> None:
    issue = town.issue(state="referred")
    client = enter("analyst")
    refuse(client, sent(town, issue, NNMT), "Sở Xây dựng")
    page = refuse(client, sent(town, issue, XD), "Sở Nông nghiệp và Môi trường")
    assert "Cần ban chỉ đạo quyết định" in page
    today = enter("reader").get("/").text
    assert "Cần ban chỉ đạo quyết định" in today
    assert "đã qua lại giữa: Sở Nông nghiệp và Môi trường, Sở Xây dựng" in today
    # The committee may decide on one that has refused.
    post(client, f"/van-de/{issue}/co-quan", agency="so-nnmt")
    assert drafts(town, issue) == ["so-nnmt"]
    assert "Cần ban chỉ đạo quyết định" not in enter("reader").get("/").text


def test_a_body_that_refuses_twice_is_shown_to_the_committee(town: Town, enter: Enter) -> None:
    issue = town.issue(state="referred")
    client = enter("analyst")
    assert "Cần ban chỉ đạo" not in refuse(client, sent(town, issue, NNMT), "Bộ A")
    assert "Cần ban chỉ đạo quyết định" in refuse(client, sent(town, issue, NNMT), "Bộ B")


def test_the_history_names_the_agency_that_refused_by_itself(town: Town, enter: Enter) -> None:
    issue = town.issue(state="referred")
    referral = sent(town, issue, NNMT)
    with town.store.begin() as session:
        found = session.get_one(Referral, referral)
        receive_refusal(session, found, "Sở Xây dựng", "x", at=town.clock(), actor=actor_of(found))
    history = enter("reader").get(f"/van-de/{issue}").text.partition('id="nhat-ky"')[2]
    assert "agency" not in history
    assert "Sở Nông nghiệp và Môi trường" in history


def test_a_letter_tells_by_whom_and_why_it_ended(town: Town, enter: Enter) -> None:
    issue = town.issue(state="referred")
    refused, withdrawn = sent(town, issue, NNMT), town.sent_referral(issue, state="approved", role="co")
    client = enter("analyst")
    refuse(client, refused, "Sở Công Thương")
    post(client, f"/phieu-chuyen/{withdrawn}/rut", why="gửi nhầm nơi")
    page = client.get(f"/van-de/{issue}").text
    for shown in (page, client.get(f"/phieu-chuyen/{refused}").text):
        assert re.search(r"</time> từ chối: [^<]+ <small>\(Chức danh thử analyst ghi\)</small>", shown)
    assert re.search(r"</time> đã rút: gửi nhầm nơi <small>", page)

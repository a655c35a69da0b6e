"""Every step × every role, as the office means it; the table in web/permissions.py must say the same."""

import re

import pytest
from starlette.routing import Route

from store.models import Event, Issue
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import Town
from web.permissions import MAY, ROLES, Action
from web.visits import action_of

BY_ANALYST = {
    "confirm",
    "dismiss",
    "set_topic",
    "set_title",
    "set_urgency",
    "set_place",
    "set_agency",
    "merge",
    "unmerge",
    "split",
    "move",
    "withdraw",
    "acknowledge",
    "record_reply",
    "accept_reply",
    "return_reply",
    "refuse",
    "reopen",
    "record_trigger",
    "take_reply",
    "set_reply_aside",
    "replace_link",
    "open_attachment",
    "enter",
    "correct_entry",
    "settle_entry",
    "drop_entry",
    "resume_entry",
    "mail_seen",
    "undo",
    "take_away",
    "view_sources",
}
BY_LEAD = {"approve", "close", "send_again", "extend", "grant_time", "decline_time", "view_audit"}
OWN = {"own_account"}
SEEN = {"view", "search", "view_board", "view_area", "view_reports", "view_programme"}
EXPECTED = {
    "reader": SEEN | OWN,
    "analyst": SEEN | OWN | BY_ANALYST,
    "lead": SEEN | OWN | BY_ANALYST | BY_LEAD,
    "operator": SEEN | OWN | {"view_sources", "view_audit", "manage_users", "send_again"},
    "agency": OWN | {"own_referrals", "answer_referral"},
}


def routes(town: Town) -> list[Route]:
    return [route for route in town.app.routes if isinstance(route, Route)]


def guarded(town: Town) -> list[Route]:
    return [route for route in routes(town) if action_of(route.endpoint) is not None]


def address(route: Route) -> str:
    """Of something that is not there: who may open it is told so, who may not is refused before."""
    return re.sub(r"{(\w+)(:int)?}", lambda part: "999999" if part[2] else "khong-co", route.path)


@pytest.mark.parametrize("role", ROLES)
def test_the_table_says_what_the_office_means(role: str) -> None:
    assert {action.value for action in Action if role in MAY[action]} == EXPECTED[role]


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_open_to_whom_the_table_says_and_to_nobody_else(
    enter: Enter, town: Town, role: str
) -> None:
    """Of whatever routes there are: a new one without a guard, or without a line in the table, is found."""
    client = enter(role)
    csrf = token(client, "/tai-khoan")
    for route in guarded(town):
        action = action_of(route.endpoint)
        assert action
        method = "POST" if "POST" in (route.methods or ()) else "GET"
        answer = client.request(method, address(route), data={"csrf": csrf}, follow_redirects=False)
        at_the_door = answer.status_code == 403 or (answer.status_code, route.path) == (303, "/")
        assert at_the_door == (action.value not in EXPECTED[role]), f"{method} {route.path} as {role}"
        if route.name == "logout":
            client = enter(role)
            csrf = token(client, "/tai-khoan")


def test_a_page_that_asks_nobody_is_one_of_few(town: Town) -> None:
    open_to_all = {route.name for route in routes(town) if action_of(route.endpoint) is None}
    assert open_to_all == {"login", "login_code", "new_password"}


@pytest.mark.parametrize("role", ["reader", "operator"])
def test_a_refused_step_changes_nothing(enter: Enter, town: Town, role: str) -> None:
    issue = town.issue()
    client = enter(role)
    answer = client.post(f"/van-de/{issue}/xac-nhan", data={"csrf": token(client, "/")})
    assert "không có quyền" in answer.text
    assert town.get(Issue, issue).state == "detected"
    with town.store.read() as session:
        assert session.query(Event).where(Event.entity == "issue").count() == 0


def test_forms_are_shown_only_to_who_may_use_them(enter: Enter, town: Town) -> None:
    issue = town.issue(state="referred")
    town.referral(issue)
    office = ("reader", "analyst", "lead", "operator")
    shown = {role: enter(role).get(f"/van-de/{issue}").text for role in office}
    assert ["Duyệt phiếu chuyển" in shown[role] for role in office] == [False, False, True, False]
    assert ["Kết thúc vấn đề" in shown[role] for role in office] == [False, False, True, False]
    for form in ("Đổi lĩnh vực", "Đổi mức độ"):
        assert [form in shown[role] for role in office] == [False, True, True, False]

"""Every step × every role, as the office means it; the table in web/permissions.py must say the same."""

import pytest

from store.models import Event, Issue
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import Town
from web.pages.registers import STEPS as REGISTER_STEPS
from web.pages.steps import STEPS
from web.permissions import MAY, ROLES, Action

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
}
EXPECTED = {
    "reader": {"view"},
    "analyst": {"view"} | BY_ANALYST,
    "lead": {"view"}
    | BY_ANALYST
    | {"approve", "close", "send_again", "extend", "grant_time", "decline_time"},
    "operator": {"view", "send_again"},
}


@pytest.mark.parametrize("role", ROLES)
def test_the_table_says_what_the_office_means(role: str) -> None:
    assert {action.value for action in Action if role in MAY[action]} == EXPECTED[role]


def test_every_step_is_guarded_by_the_table() -> None:
    assert {step.action for step in (*STEPS, *REGISTER_STEPS)} == set(Action) - {
        Action.VIEW,
        Action.OPEN_ATTACHMENT,
    }


@pytest.mark.parametrize("role", ROLES)
def test_a_step_is_refused_to_who_may_not_take_it(enter: Enter, town: Town, role: str) -> None:
    issue = town.issue()
    client = enter(role)
    csrf = token(client, "/")
    for step in STEPS:
        path = step.path.replace("{id:int}", str(issue + 1000))
        refused = client.post(path, data={"csrf": csrf}).status_code == 403
        assert refused == (step.action.value not in EXPECTED[role]), step.path


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
    shown = {role: enter(role).get(f"/van-de/{issue}").text for role in ROLES}
    assert ["Duyệt phiếu chuyển" in shown[role] for role in ROLES] == [False, False, True, False]
    assert ["Kết thúc vấn đề" in shown[role] for role in ROLES] == [False, False, True, False]
    for form in ("Đổi lĩnh vực", "Đổi mức độ"):
        assert [form in shown[role] for role in ROLES] == [False, True, True, False]


def test_every_change_needs_the_token_of_this_session(enter: Enter, town: Town) -> None:
    issue = town.issue()
    client = enter("lead")
    others = token(enter("analyst"), "/")
    for step in STEPS:
        path = step.path.replace("{id:int}", str(issue))
        for form in ({}, {"csrf": ""}, {"csrf": "doan"}, {"csrf": others}):
            assert client.post(path, data=form).status_code == 403, path
        assert client.get(path).status_code == 405
    assert client.post("/dang-xuat").status_code == 403
    assert town.get(Issue, issue).state == "detected"

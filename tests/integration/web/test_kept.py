"""What was typed into a form that is refused is found again on the page that refuses it."""

import re
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from store.models import Issue, Referral, RegisterEntry
from tests.integration.web.conftest import token
from tests.integration.web.full import fill
from tests.integration.web.test_undoing import TAKEN_BACK, client, entry, sent, take
from tests.integration.web.town import Town
from web.permissions import Action

__all__ = ["client"]
LONG = "Lý do viết rất dài <b>" + "x" * 2000
WORDS = "Viết dở “thế này” & <i>"
Wrong = tuple[Action, dict[str, Any]]
WRONG: list[Wrong] = [
    (Action.DISMISS, {"why": LONG}),
    (Action.DISMISS, {"why": WORDS, "seen_version": 99}),
    (Action.SET_TITLE, {"title": LONG}),
    (Action.SET_TITLE, {"title": WORDS, "seen_version": 99}),
    (Action.MERGE, {"why": WORDS, "other_number": "999"}),
    (Action.MERGE, {"why": LONG}),
    (Action.MERGE, {"why": WORDS, "seen_version": 99}),
    (Action.UNMERGE, {"why": LONG}),
    (Action.SPLIT, {"why": WORDS, "article": []}),
    (Action.SPLIT, {"why": WORDS, "seen_version": 99}),
    (Action.MOVE, {"why": WORDS, "other_number": "999"}),
    (Action.MOVE, {"why": WORDS, "seen_version": 99}),
    (Action.CLOSE, {"why": WORDS, "outcome": "planned", "outcome_date": "31/31/2026"}),
    (Action.CLOSE, {"why": LONG}),
    (Action.CLOSE, {"why": WORDS, "seen_version": 99}),
    (Action.REOPEN, {"why": LONG}),
    (Action.REOPEN, {"why": WORDS, "seen_version": 99}),
    (Action.WITHDRAW, {"why": LONG}),
    (Action.RECORD_REPLY, {"text": WORDS, "received_at": "hôm qua", "document_number": "12/BC <1>"}),
    (Action.RECORD_REPLY, {"text": WORDS, "received_at": "20/11/2126 08:00"}),
    (Action.RECORD_REPLY, {"text": "x" * 30_000}),
    (Action.REFUSE, {"why": LONG, "proposed_agency": WORDS}),
    (Action.RECORD_TRIGGER, {"trigger_at": "mai <b>"}),
    (Action.RETURN_REPLY, {"why": LONG}),
    (Action.EXTEND, {"why": WORDS, "until": "31/31/2026"}),
    (Action.EXTEND, {"why": LONG}),
    (Action.SET_REPLY_ASIDE, {"why": LONG}),
    (Action.GRANT_TIME, {"until": "ngày <kia>"}),
    (Action.DECLINE_TIME, {"why": LONG}),
    (Action.CORRECT_ENTRY, {"title": LONG, "text": WORDS}),
    (Action.CORRECT_ENTRY, {"title": WORDS, "seen_version": 99}),
    (Action.SETTLE_ENTRY, {"outcome": WORDS, "day": "31/31/2026"}),
    (Action.SETTLE_ENTRY, {"outcome": WORDS, "seen_version": 99}),
    (Action.DROP_ENTRY, {"why": LONG}),
    (Action.DROP_ENTRY, {"why": WORDS, "seen_version": 99}),
    (Action.RESUME_ENTRY, {"why": LONG}),
    (Action.REPLACE_LINK, {"why": LONG}),
    (Action.ENTER, {"title": LONG, "text": WORDS}),
]
MADE = TAKEN_BACK | {
    Action.REPLACE_LINK: lambda town: (f"/phieu-chuyen/{sent(town)}/lien-ket", {}),
    Action.ENTER: lambda _: ("/so-theo-doi/guong-tot", {"title": "x"}),
}
WRITTEN = re.compile(r"<textarea|<input(?![^>]*type=\"(?:hidden|checkbox|radio|search|password)\")")


def called(one: object) -> str:
    return str(one) if isinstance(one, Action) else ""


def refused(client: TestClient, path: str, form: dict[str, Any]) -> str:
    answer = client.post(path, data={"csrf": token(client, "/tai-khoan")} | form)
    assert answer.status_code == 409
    return answer.text


def held(page: str, value: str) -> bool:
    """In a field, or among what no form shows any more; never as markup."""
    fields = [
        *re.findall(r'<input[^>]* value="([^"]*)"', page),
        *re.findall(r"<textarea[^>]*>([^<]*)<", page),
    ]
    fields += re.findall(r'<dd class="text">([^<]*)<', page)
    return any(unescape(one).strip() == value for one in fields)


@pytest.mark.parametrize(("action", "wrong"), WRONG, ids=called)
def test_what_was_typed_is_kept(
    town: Town, client: TestClient, action: Action, wrong: dict[str, Any]
) -> None:
    path, usual = MADE[action](town)
    page = refused(client, path, usual | wrong)
    for key, value in wrong.items():
        if key not in ("seen_version", "article", "outcome" if action is Action.CLOSE else ""):
            assert held(page, str(value)), key
    assert page.count('id="chua-duoc"') == 1


def test_every_form_that_is_written_into_is_tried(town: Town, client: TestClient) -> None:
    fill(town, 1)
    entry(town)
    entry(town, "dropped")
    town.issue(articles=2)
    town.issue(state="closed", outcome="no_action")
    tried = {re.sub(r"\d+", "#", MADE[action](town)[0]) for action, _ in WRONG}
    found = set()
    with town.store.read() as session:
        issues = [f"/van-de/{one.id}" for one in session.query(Issue).limit(30)]
        letters = [f"/phieu-chuyen/{one.id}" for one in session.query(Referral).limit(10)]
        assert session.query(RegisterEntry).count()
    for page in ("/", *issues, *letters, "/so-theo-doi/guong-tot"):
        for action, inside in re.findall(
            r'<form method="post" action="([^"]+)"[^>]*>(.*?)</form>', client.get(page).text, re.DOTALL
        ):
            if WRITTEN.search(inside):
                found.add(re.sub(r"\d+", "#", action))
    assert found <= tried
    assert len(found) > 20


LOST = (
    Action.DISMISS,
    Action.WITHDRAW,
    Action.DECLINE_TIME,
    Action.SET_REPLY_ASIDE,
    Action.RETURN_REPLY,
    Action.MERGE,
)
"""Whose form is there no more once somebody has sent it."""


@pytest.mark.parametrize("place", ["", "today"])
@pytest.mark.parametrize("action", LOST, ids=str)
def test_what_was_typed_into_a_form_that_is_gone_is_shown(
    town: Town, client: TestClient, action: Action, place: str
) -> None:
    path, usual = MADE[action](town)
    take(client, path, **usual)
    page = refused(client, path, usual | {"why": WORDS, "from": place})
    assert held(page, WORDS)
    assert "Những gì đồng chí đã ghi" in page
    assert WORDS not in page

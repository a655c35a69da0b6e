"""What came back, and mails that only a person can make something of, at the desk."""

import pytest

from store.models import Delivery, ReceivedMail
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import NOW, Town


def test_what_came_back_is_sent_again_with_one_click(enter: Enter, town: Town) -> None:
    issue = town.issue(state="referred")
    referral = town.referral(issue, state="sent", number=1, number_year=2026, approved_at=NOW, sent_at=NOW)
    delivery = town.delivery(referral, state="failed", last_error="5.1.1 user unknown", attempts=1)
    client = enter("operator")
    for page in ("/", f"/van-de/{issue}"):
        text = client.get(page).text
        assert "bị trả lại, cần xử lý" in text
        assert "5.1.1 user unknown" in text
        assert f'action="/luot-gui/{delivery}/gui-lai"' in text
    client.post(f"/luot-gui/{delivery}/gui-lai", data={"csrf": token(client, "/")})
    assert town.get(Delivery, delivery).state == "queued"


@pytest.mark.parametrize(
    ("kind", "subject", "shown"),
    [("unmatched", "V/v rác thải", "V/v rác thải"), ("unreadable", None, "(không đọc được)")],
)
def test_an_unclear_mail_waits_until_somebody_has_seen_it(
    enter: Enter, town: Town, kind: str, subject: str | None, shown: str
) -> None:
    with town.store.begin() as session:
        mail = ReceivedMail(
            identity="m1", kind=kind, agency_name="Sở thử", subject=subject, received_at=NOW, read_at=NOW
        )
        session.add(mail)
        session.flush()
        mail_id = mail.id
    client = enter("analyst")
    assert shown in client.get("/").text
    seen = client.post(f"/hop-thu/{mail_id}/da-xem", data={"csrf": token(client, "/"), "from": "today"})
    assert "Đã ghi là có người xem thư." in seen.text
    assert shown not in seen.text
    again = client.post(f"/hop-thu/{mail_id}/da-xem", data={"csrf": token(client, "/"), "from": "today"})
    assert again.status_code == 409
    assert "Thư này đã được Chức danh thử" in again.text
    reader = enter("reader")
    assert reader.post(f"/hop-thu/{mail_id}/da-xem", data={"csrf": token(reader, "/")}).status_code == 403

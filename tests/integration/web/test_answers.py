"""At the desk: files with a reply, messages that may be one, requests for time, extensions, new links."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.answering.attachments import Received, keep_all
from pipeline.answering.links import Links
from pipeline.answering.proposals import propose_reply
from pipeline.settings import AgencyPage
from store.models import Attachment, Delivery, Event, ProposedReply, Referral, Reply, TimeRequest
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import NOW, POST, Town
from tests.office import at, on

PDF = b"%PDF-1.7\nthu nghiem\n%%EOF\n"
PAGE = AgencyPage(base_url="https://phoihop.example.vn")


@pytest.fixture
def page_open(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """To be asked for before `enter`, which makes the application."""
    monkeypatch.setenv("DANSINH_LINK_SECRET", "k" * 40)
    town.settings = town.settings.model_copy(update={"agency_page": PAGE})


def post(client: TestClient, path: str, **form: Any) -> Any:
    return client.post(path, data={"csrf": token(client, "/")} | form)


def sent(town: Town, **columns: Any) -> tuple[int, int]:
    issue = town.issue(state="referred")
    return issue, town.sent_referral(issue, **columns)


def attached(town: Town, referral: int, *files: Received) -> list[int]:
    """Ids of the files with a new reply."""
    kept = keep_all(files, town.settings.attachments, town.settings.data_dir)
    rows = [file.row() for file in kept]
    with town.store.begin() as session:
        session.add(
            Reply(referral_id=referral, received_at=NOW, recorded_at=NOW, text="Xem tệp.", attachments=rows)
        )
        session.flush()
        return [row.id for row in rows]


def proposed(town: Town, referral: int, external_id: str = "<1@so>", **also: Any) -> int | None:
    values: dict[str, Any] = {
        "referral_id": referral,
        "channel": "mail",
        "external_id": external_id,
        "received_at": at("2026-11-20 08:30"),
        "text": "Đã xử lý. Liên hệ 0912345678.",
        "origin": "Thư trả lời phiếu số 1 (thử nghiệm)",
        "at": NOW,
        "actor": "stage:collect",
    }
    with town.store.begin() as session:
        return propose_reply(session, town.settings, town.settings.data_dir, **values | also)


def test_files_are_listed_and_only_ever_downloaded(town: Town, enter: Enter) -> None:
    issue, referral = sent(town)
    (file,) = attached(town, referral, Received('Công văn "12".pdf', PDF))
    client = enter("analyst")
    page = client.get(f"/van-de/{issue}").text
    assert f'href="/tep/{file}"' in page
    assert "Công văn -12.pdf" in page
    answer = client.get(f"/tep/{file}")
    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''C%C3%B4ng")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert client.get("/tep/4711").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("operator", 403), ("lead", 200)])
def test_who_may_open_files(town: Town, enter: Enter, role: str, status: int) -> None:
    issue, referral = sent(town)
    (file,) = attached(town, referral, Received("a.pdf", PDF))
    client = enter(role)
    assert client.get(f"/tep/{file}").status_code == status
    assert (f'href="/tep/{file}"' in client.get(f"/van-de/{issue}").text) == (status == 200)


def test_a_stranger_opens_no_file(town: Town, visitor: TestClient) -> None:
    _, referral = sent(town)
    (file,) = attached(town, referral, Received("a.pdf", PDF))
    answer = visitor.get(f"/tep/{file}", follow_redirects=False)
    assert answer.headers["location"].partition("?")[0].endswith("/dang-nhap")


def test_an_expired_file_is_named_and_no_more(town: Town, enter: Enter) -> None:
    issue, referral = sent(town)
    (file,) = attached(town, referral, Received("a.pdf", PDF))
    with town.store.begin() as session:
        session.get_one(Attachment, file).expired_at = NOW
    client = enter("analyst")
    page = client.get(f"/van-de/{issue}").text
    assert "đã hết hạn lưu ngày 20/11/2026" in page
    assert f'href="/tep/{file}"' not in page
    assert client.get(f"/tep/{file}").status_code == 404


def test_a_file_that_is_gone_is_not_found(town: Town, enter: Enter) -> None:
    _, referral = sent(town)
    (file,) = attached(town, referral, Received("a.pdf", PDF))
    for path in Path(town.settings.data_dir, "attachments").rglob("*"):
        if path.is_file():
            path.unlink()
    assert enter("lead").get(f"/tep/{file}").status_code == 404


def test_a_message_is_proposed_and_changes_nothing(town: Town, enter: Enter) -> None:
    issue, referral = sent(town)
    files = [Received("a.pdf", PDF), Received("virus.exe", b"MZ\x90")]
    assert proposed(town, referral, attachments=files) is not None
    assert proposed(town, referral) is None
    assert town.get(Referral, referral).state == "sent"
    client = enter("analyst")
    for path in (f"/van-de/{issue}", "/"):
        page = client.get(path).text
        assert "Đã xử lý." in page, path
        assert "0912345678" not in page
    page = client.get(f"/van-de/{issue}").text
    for words in (
        "Thư trả lời phiếu số 1",
        "20/11/2026 08:30",
        "a.pdf",
        "Không nhận: Tệp “virus.exe” không thuộc loại",
    ):
        assert words in page, words


def test_a_message_is_taken_as_the_reply_with_its_files(town: Town, enter: Enter) -> None:
    _, referral = sent(town, deadline_at=at("2026-11-20 08:45"))
    one = proposed(town, referral, attachments=[Received("a.pdf", PDF)], document_number="5/SNN")
    page = post(enter("analyst"), f"/thu-den/{one}/nhan").text
    assert "Đã nhận thư là trả lời" in page
    assert "qua thư điện tử" in page
    with town.store.read() as session:
        (reply,) = session.get_one(Referral, referral).replies
        # It was in time when it came, though it was looked at only later.
        assert (reply.received_at, reply.recorded_at) == (at("2026-11-20 08:30"), NOW)
        assert (reply.channel, reply.document_number) == ("mail", "5/SNN")
        assert [file.name for file in reply.attachments] == ["a.pdf"]
    assert town.get(Referral, referral).state == "answered"
    assert town.get(ProposedReply, one or 0).decision == "taken"
    again = post(enter("analyst"), f"/thu-den/{one}/nhan").text
    assert "Thư này đã được Chức danh thử analyst nhận là trả lời lúc" in again


def test_a_message_after_the_reply_supplements_it(town: Town, enter: Enter) -> None:
    _, referral = sent(town)
    attached(town, referral, Received("a.pdf", PDF))
    with town.store.begin() as session:
        session.get_one(Referral, referral).state = "answered"
    one = proposed(town, referral, text="Gửi bản ký.", attachments=[Received("b.pdf", PDF + b" ")])
    page = post(enter("analyst"), f"/thu-den/{one}/nhan").text
    assert "nhận bổ sung" in page
    with town.store.read() as session:
        (reply,) = session.get_one(Referral, referral).replies
        assert reply.text == "Xem tệp.\n\nBổ sung, nhận lúc 08:30 ngày 20/11/2026:\nGửi bản ký."
        assert [file.name for file in reply.attachments] == ["a.pdf", "b.pdf"]
        assert reply.received_at == NOW


def test_a_message_is_set_aside_with_a_reason(town: Town, enter: Enter) -> None:
    issue, referral = sent(town)
    one = proposed(town, referral)
    client = enter("analyst")
    assert post(client, f"/thu-den/{one}/de-rieng").status_code == 409
    assert "Đã để riêng" in post(client, f"/thu-den/{one}/de-rieng", why="Thư tự động").text
    assert "Nhận là trả lời" not in client.get(f"/van-de/{issue}").text
    assert town.get(Referral, referral).state == "sent"


def asked(town: Town, referral: int, until: str = "2026-11-30") -> int:
    with town.store.begin() as session:
        request = TimeRequest(referral_id=referral, until=on(until), why="Phải đo đạc lại.", asked_at=NOW)
        session.add(request)
        session.flush()
        return request.id


@pytest.mark.parametrize(
    ("other_day", "until"), [("", "2026-11-30 17:00"), ("26/11/2026", "2026-11-26 17:00")]
)
def test_the_committee_grants_time(town: Town, enter: Enter, other_day: str, until: str) -> None:
    issue, referral = sent(town, deadline_at=at("2026-11-25 17:00"))
    request = asked(town, referral)
    assert "Chờ lãnh đạo quyết định" in enter("analyst").get(f"/van-de/{issue}").text
    client = enter("lead")
    assert "Phải đo đạc lại." in client.get("/").text
    page = post(client, f"/xin-han/{request}/dong-y", until=other_day).text
    assert "Đã đồng ý gia hạn" in page
    assert town.get(Referral, referral).deadline_at == at(until)
    assert town.get(TimeRequest, request).decision == "granted"
    with town.store.read() as session:
        (event,) = session.query(Event).where(Event.action == "extended")
        assert "theo đề nghị của cơ quan gửi ngày 20/11/2026: Phải đo đạc lại." in event.why
    assert post(client, f"/xin-han/{request}/tu-choi", why="x").status_code == 409


def test_the_committee_declines_with_a_reason_that_the_agency_reads(
    town: Town, page_open: None, enter: Enter
) -> None:
    _, referral = sent(town, deadline_at=at("2026-11-25 17:00"))
    request = asked(town, referral)
    client = enter("lead")
    assert post(client, f"/xin-han/{request}/tu-choi", why=" ").status_code == 409
    post(client, f"/xin-han/{request}/tu-choi", why="Việc đã chậm hai lần.")
    assert town.get(Referral, referral).deadline_at == at("2026-11-25 17:00")
    with TestClient(town.app) as agency:
        path = Links(PAGE).address(town.get(Referral, referral), NOW).removeprefix(PAGE.base_url)
        page = agency.get(path).text
    assert "chưa đồng ý" in page
    assert "Việc đã chậm hai lần." in page
    assert "Đề nghị gia hạn đến ngày" in page


@pytest.mark.parametrize(
    ("until", "why"), [("", "x"), ("30-11", "x"), ("30/11/2026", " "), ("29/11/2026", "x")]
)
def test_an_extension_needs_a_working_day_and_a_reason(
    town: Town, enter: Enter, until: str, why: str
) -> None:
    _, referral = sent(town, deadline_at=at("2026-11-25 17:00"))
    answer = post(enter("lead"), f"/phieu-chuyen/{referral}/gia-han", until=until, why=why)
    assert answer.status_code == 409
    assert town.get(Referral, referral).deadline_at == at("2026-11-25 17:00")


def test_an_extension_is_shown_with_who_gave_it_and_why(town: Town, page_open: None, enter: Enter) -> None:
    _, referral = sent(town, deadline_at=at("2026-11-20 17:00"))
    client = enter("lead")
    answer = post(client, f"/phieu-chuyen/{referral}/gia-han", until="23/11/2026", why="Chờ kết luận.")
    assert "Đã gia hạn đến hết ngày " in answer.text
    card = answer.text.partition(f'id="phieu-{referral}"')[2].partition("</article>")[0]
    for words in ("đã gia hạn đến 23/11/2026 17:00", "còn 1 ngày làm việc", POST["lead"], "Chờ kết luận."):
        assert words in card, words
    assert "đã gia hạn đến 23/11/2026 17:00" in client.get("/").text
    with TestClient(town.app) as agency:
        path = Links(PAGE).address(town.get(Referral, referral), NOW).removeprefix(PAGE.base_url)
        assert "đã gia hạn đến 23/11/2026 17:00" in agency.get(path).text


def test_a_new_link_makes_the_old_one_void(town: Town, page_open: None, enter: Enter) -> None:
    _, referral = sent(town, agency_key="so-nnmt")
    old = Links(PAGE).address(town.get(Referral, referral), NOW).removeprefix(PAGE.base_url)
    client = enter("analyst")
    assert post(client, f"/phieu-chuyen/{referral}/lien-ket", why="").status_code == 409
    assert (
        "Đã thay liên kết" in post(client, f"/phieu-chuyen/{referral}/lien-ket", why="Gửi nhầm hộp thư").text
    )
    with town.store.read() as session:
        (mail,) = session.query(Delivery).where(Delivery.kind == "link")
        assert mail.recipient == "so-nnmt@example.vn"
        body = message_from_bytes(mail.message, policy=default).get_body(("plain",))
    new = Links(PAGE).address(town.get(Referral, referral), NOW).removeprefix(PAGE.base_url)
    assert old != new
    assert client.get(old).status_code == 410
    assert client.get(new).status_code == 200
    assert body is not None
    assert PAGE.base_url + new in body.get_content()


def test_without_the_page_no_link_is_replaced(town: Town, enter: Enter) -> None:
    issue, referral = sent(town, agency_key="so-nnmt")
    client = enter("analyst")
    assert "Thay liên kết" not in client.get(f"/van-de/{issue}").text
    assert "agency_page" in post(client, f"/phieu-chuyen/{referral}/lien-ket", why="x").text

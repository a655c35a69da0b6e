"""What the pages show, what they hide, and what they ask of the store."""

import io
import re
import zipfile
from datetime import date, timedelta

import pytest

from store.models import Digest
from tests.integration.web.conftest import Enter
from tests.integration.web.town import LANDFILL, NOW, Town
from web.headers import ALWAYS
from web.pages import documents


def section(page: str, name: str) -> str:
    found = re.search(rf'<section id="{name}">.*?</section>', page, re.DOTALL)
    assert found
    return found[0]


def fill_queue(town: Town, times: int = 1) -> None:
    """At least one thing in every section of Hôm nay."""
    for n in range(times):
        town.issue(title=f"Chờ xác nhận bịa {n}", articles=2)
        issue = town.issue(title=f"Đã chuyển bịa {n}", state="referred", routing_problem=f"Vướng mắc bịa {n}")
        town.referral(issue, agency_name=f"Cơ quan dự thảo {n}")
        late = town.sent_referral(issue, agency_name=f"Cơ quan trễ {n}", deadline_at=NOW - timedelta(days=2))
        town.delivery(late, state="quarantined", last_error=f"550 hộp thư bịa {n}")
        town.delivery(None, kind="digest", state="retry", last_error="421 thử lại")
        town.reply(town.sent_referral(issue, state="answered"), f"Nội dung trả lời {n}")
        town.source(f"Báo im {n}", last_new_at=NOW - timedelta(days=3))


def test_the_queue_holds_what_waits_for_a_person(enter: Enter, town: Town) -> None:
    fill_queue(town)
    town.source("Báo lỗi", failures=4, last_error="answers 503", error_kind="overloaded")
    town.source("Báo tạm dừng", failures=9, paused_at=NOW, last_error="answers 404", error_kind="gone")
    town.source("Báo khỏe")
    page = enter("lead").get("/").text
    assert "Chờ xác nhận bịa 0" in section(page, "cho-xac-nhan")
    assert "Cơ quan dự thảo 0" in section(page, "cho-duyet")
    assert "quá hạn 1 ngày làm việc" in section(page, "den-han")
    assert "Nội dung trả lời 0" in section(page, "cho-danh-gia")
    assert "Vướng mắc bịa 0" in section(page, "chua-ro-noi-chuyen")
    assert "550 hộp thư bịa 0" in section(page, "thu-ket")
    sources = section(page, "nguon-loi")
    assert "Báo im 0" in sources
    assert "trang quá tải hoặc đề nghị chờ" in sources
    assert "answers" not in sources
    assert "tạm dừng đọc vì lỗi 9 lần liên tiếp: địa chỉ không còn trên trang" in sources
    assert "Báo khỏe" not in sources


def test_an_empty_queue_says_so(enter: Enter) -> None:
    page = enter("analyst").get("/").text
    assert "Không có vấn đề nào." in section(page, "cho-xac-nhan")
    assert page.count("<section") == 1
    assert "Không có gì chờ ở: Trả lời chờ đánh giá; Thư đến có thể là trả lời;" in page


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/tim-kiem", "Chưa có vấn đề nào."),
        ("/tim-kiem?tinh-trang=detected", "Không có vấn đề nào ở tình trạng này."),
        ("/van-de", "Không có vấn đề nào ở tình trạng này."),
        ("/van-de?trang=3", "Không có vấn đề nào ở tình trạng này."),
        ("/phieu-chuyen", "Chưa có phiếu chuyển nào."),
    ],
)
def test_where_nothing_was_asked_for_nothing_is_to_be_left_out(
    enter: Enter, address: str, words: str
) -> None:
    page = enter("analyst").get(address).text
    assert words in page
    assert "bỏ bớt" not in page


@pytest.mark.parametrize(
    "address",
    ["/tim-kiem?q=cau+phao", "/van-de?linh-vuc=traffic", "/phieu-chuyen?qua-han=co", "/phieu-chuyen?trang=9"],
)
def test_where_something_was_asked_for_it_may_be_left_out(enter: Enter, town: Town, address: str) -> None:
    town.sent_referral(town.issue(state="closed"))
    town.sent_referral(town.issue(state="referred", title="Việc khác"))
    assert "Hãy bỏ bớt" in enter("analyst").get(address).text


def test_letters_of_what_has_ended_are_told_of_where_no_other_is_left(enter: Enter, town: Town) -> None:
    town.sent_referral(town.issue(state="closed"))
    page = enter("analyst").get("/phieu-chuyen").text
    assert "Không có phiếu nào còn việc phải làm. Chọn “Cả phiếu của vấn đề đã kết thúc”" in page


def test_keys_are_told_of_where_they_do_something(enter: Enter, town: Town) -> None:
    client = enter("analyst")
    assert "Làm bằng bàn phím" not in client.get("/").text
    town.issue()
    assert "Làm bằng bàn phím" in client.get("/").text


def test_the_queue_begins_with_what_is_urgent_and_quotes_its_evidence(enter: Enter, town: Town) -> None:
    for urgency in (1, 4, 2):
        town.issue(title=f"Vấn đề mức {urgency}", urgency=urgency)
    queue = section(enter("analyst").get("/").text, "cho-xac-nhan")
    assert re.findall(r"Vấn đề mức (\d)</a>", queue) == ["4", "2", "1"]
    assert '<mark title="kiến nghị lâu">nhiều lần kiến nghị</mark>' in queue


@pytest.mark.parametrize(
    ("days", "state", "shown"),
    [
        (-1, "sent", "quá hạn chưa tròn 1 ngày làm việc"),
        (0, "acknowledged", "hết hạn hôm nay"),
        (3, "returned", "còn 1 ngày làm việc"),
        (30, "sent", None),
        (-1, "answered", None),
        (-1, "accepted", None),
    ],
)
def test_deadlines_near_and_past(enter: Enter, town: Town, days: int, state: str, shown: str | None) -> None:
    deadline = NOW.replace(hour=17) + timedelta(days=days)
    town.sent_referral(town.issue(state="referred"), state=state, deadline_at=deadline)
    page = enter("reader").get("/").text
    if shown is None:
        assert 'id="den-han"' not in page
    else:
        assert shown in section(page, "den-han")


def test_a_closed_issue_is_due_no_more(enter: Enter, town: Town) -> None:
    town.sent_referral(town.issue(state="closed"), role="co", deadline_at=NOW - timedelta(days=2))
    assert 'id="den-han"' not in enter("reader").get("/").text


def test_a_good_example_bears_no_urgency(enter: Enter, town: Town) -> None:
    issue = town.issue(kind="commendation", urgency=0)
    client = enter("reader")
    for path in ("/", "/van-de", f"/van-de/{issue}"):
        page = client.get(path).text
        assert "gương tốt, việc tốt" in page
        assert "không phải bức xúc" not in page


def test_an_issue_is_shown_with_its_evidence_and_both_clocks(enter: Enter, town: Town) -> None:
    issue = town.issue(articles=2, urgency=4, state="referred")
    clock = {
        "key": "bao-chi",
        "text": "Trả lời kiến nghị do báo chí chuyển đến",
        "basis": "Nghị định thử nghiệm",
        "deadline_at": (NOW + timedelta(days=11)).isoformat(),
    }
    town.sent_referral(issue, statutory=[clock], deadline_at=NOW + timedelta(days=3), letter_path="x.docx")
    page = enter("reader").get(f"/van-de/{issue}").text
    for words in (
        LANDFILL,
        "nguy hiểm đến tính mạng",
        "Môi trường",
        "đã chuyển",
        "Báo Thử Nghiệm",
        "20/11/2026 07:00",
        "nhiều lần kiến nghị</mark>",
        "“nhiều lần kiến nghị”: kiến nghị lâu",
        "23/11/2026 09:00",
        "Trả lời kiến nghị do báo chí chuyển đến; Nghị định thử nghiệm",
        "Tải phiếu chuyển (DOCX)",
    ):
        assert words in page, words
    assert re.search(r'href="http://bao.example.vn/\d+\?tu=rss" rel="noopener noreferrer', page)


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
OWN_SCRIPT = '<script type="module" src="/static/desk.js">'


def test_an_article_that_was_changed_or_taken_down_says_so(enter: Enter, town: Town) -> None:
    issue = town.issue()
    page = enter("reader").get(f"/van-de/{issue}").text
    assert "đã sửa" not in page
    assert "đã gỡ" not in page
    town.article(issue, changed_at=NOW, gone_at=NOW, versions=[town.version("Tiêu đề trước <b>")])
    page = enter("reader").get(f"/van-de/{issue}").text
    assert "đã sửa lúc 09:00 20/11/2026" in page
    assert "đã gỡ" in page
    assert "Bản trước: “Tiêu đề trước &lt;b&gt;” (đọc lúc" in page


def test_nothing_from_an_article_is_rendered_as_html(enter: Enter, town: Town) -> None:
    issue = town.issue(title=f"Tiêu đề {HOSTILE}", place_name=HOSTILE)
    town.article(issue, title=HOSTILE, lead=HOSTILE, body=HOSTILE, outlet_name=HOSTILE)
    client = enter("lead")
    for path in ("/", "/van-de", f"/van-de/{issue}"):
        page = client.get(path).text
        assert "<script" not in page.replace(OWN_SCRIPT, "")
        assert "<img" not in page
        assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//example.vn", "http://[", "xyz"]
)
def test_only_web_addresses_become_links(enter: Enter, town: Town, url: str) -> None:
    issue = town.issue()
    town.article(issue, url=url)
    page = enter("reader").get(f"/van-de/{issue}").text
    assert f'href="{url}"' not in page
    assert "địa chỉ không mở được" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"mới", "đã chuyển"}),
        ("tinh-trang=closed", {"đã đóng"}),
        ("tinh-trang=tat-ca", {"mới", "đã chuyển", "đã đóng"}),
        ("linh-vuc=traffic", {"đã chuyển"}),
        ("dia-ban=11407", {"mới"}),
        ("linh-vuc=traffic&dia-ban=11407", set()),
        ("tinh-trang=khong-co", set()),
        ("linh-vuc=khong-co", set()),
        ("trang=khong-co", {"mới", "đã chuyển"}),
        ("dia-ban=khong-co", set()),
        ("trang=2", {"mới", "đã chuyển"}),
        ("trang=99999999999999999999999", {"mới", "đã chuyển"}),
    ],
)
def test_issues_are_filtered(enter: Enter, town: Town, query: str, found: set[str]) -> None:
    town.issue(title="Vấn đề mới", commune_code="11407")
    town.issue(title="Vấn đề đã chuyển", topic="traffic", state="referred")
    town.issue(title="Vấn đề đã đóng", state="closed", outcome="explained")
    page = enter("reader").get(f"/van-de?{query}").text
    assert set(re.findall(r">Vấn đề ([^<]+)</a>", page)) == found


def test_a_long_list_has_pages_that_keep_the_filter(enter: Enter, town: Town) -> None:
    for n in range(51):
        town.issue(title=f"Vấn đề số {n}", topic="traffic")
    client = enter("reader")
    first = client.get("/van-de?linh-vuc=traffic").text
    link = re.search(r'href="([^"]+trang=2[^"]*)"', first)
    assert link
    second = client.get(link[1].replace("&amp;", "&")).text
    titles = [set(re.findall(r">(Vấn đề số \d+)</a>", page)) for page in (first, second)]
    assert [len(found) for found in titles] == [50, 1]
    assert not titles[0] & titles[1]


def test_a_digest_is_shown_as_sent_in_a_sandbox(enter: Enter, town: Town) -> None:
    town.digest(f"<h1 style='color:red'>Bản tin</h1>{HOSTILE}")
    client = enter("reader")
    assert "Bản tin ngày 20/11/2026" in client.get("/ban-tin").text
    page = client.get("/ban-tin/2026-11-20").text
    assert 'sandbox="' in page
    assert "<script" not in page.replace(OWN_SCRIPT, "")
    raw = client.get("/ban-tin/2026-11-20/nguyen-ban")
    assert raw.text == f"<h1 style='color:red'>Bản tin</h1>{HOSTILE}"
    policy = raw.headers["content-security-policy"]
    assert policy.startswith("sandbox ")
    assert "default-src 'none'" in policy
    assert not {"allow-scripts", "allow-same-origin", "allow-forms", "script-src"} & set(policy.split())
    assert raw.headers["cache-control"] == "no-store"


def test_digests_have_pages(enter: Enter, town: Town) -> None:
    with town.store.begin() as session:
        for number in range(documents.ROWS + 1):
            day = date(2026, 1, 1) + timedelta(days=number)
            session.add(Digest(day=day, html="", content={}, made_at=NOW))
    client = enter("reader")
    first, second, beyond = (client.get(f"/ban-tin?trang={page}").text for page in ("", "2", "99"))
    days = [re.findall(r"Bản tin ngày (\d+/\d+)/2026</a>", page) for page in (first, second, beyond)]
    assert (days[0][0], len(days[0])) == ("20/02", documents.ROWS)
    assert days[1] == days[2] == ["01/01"]
    assert "/ban-tin?trang=2" in first


def test_a_letter_is_a_file(enter: Enter, town: Town) -> None:
    referral = town.referral(town.issue(), letter_path="letters/1.docx")
    (town.settings.data_dir / "letters").mkdir()
    link = b"https://phoihop.example.vn/tra-loi-phieu/WzEsMSwxXQ.chu-ky_123"
    parts = {
        "word/document.xml": b"<w:t>Noi dung</w:t>",
        "word/_rels/document.xml.rels": b'<R Target="%s"/>' % link,
    }
    with zipfile.ZipFile(town.settings.data_dir / "letters/1.docx", "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    answer = enter("reader").get(f"/phieu-chuyen/{referral}/thu.docx")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as given:
        found = {name: given.read(name) for name in given.namelist()}
    # Whoever holds the signature is the agency.
    assert found == parts | {
        "word/_rels/document.xml.rels": b'<R Target="https://phoihop.example.vn/tra-loi-phieu/"/>'
    }
    assert answer.headers["content-disposition"] == f'attachment; filename="phieu-chuyen-{referral}.docx"'


@pytest.mark.parametrize(
    "stored",
    ["../secret.docx", "/etc/passwd", "desk.db", "letters/none.docx", "letters", "letters/out.docx", None],
)
def test_no_other_file_leaves_by_the_letters_door(enter: Enter, town: Town, stored: str | None) -> None:
    outside = town.settings.data_dir.parent / "secret.docx"
    outside.write_bytes(b"secret")
    (town.settings.data_dir / "letters").mkdir()
    (town.settings.data_dir / "letters/out.docx").symlink_to(outside)
    referral = town.referral(town.issue(), letter_path=stored)
    assert enter("reader").get(f"/phieu-chuyen/{referral}/thu.docx").status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/van-de", "/van-de/1", "/ban-tin", "/dang-nhap", "/khong-co", "/van-de/1/xac-nhan"]
)
def test_every_answer_carries_the_headers(enter: Enter, town: Town, path: str) -> None:
    town.issue()
    headers = enter("reader").get(path).headers
    assert {name: headers.get(name) for name in ALWAYS} == ALWAYS
    assert "unsafe" not in headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/khong-co",
        "/van-de/77",
        f"/van-de/{10**30}",
        "/ban-tin/hom-qua",
        "/ban-tin/2020-01-01",
        "/phieu-chuyen/77/thu.docx",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
    ],
)
def test_what_is_not_there_is_not_found_in_words(enter: Enter, path: str) -> None:
    answer = enter("reader").get(path)
    assert answer.status_code == 404
    assert "Không tìm thấy trang" in answer.text


def test_a_crash_shows_no_trace(enter: Enter, town: Town) -> None:
    client = enter("reader")
    with town.store.begin() as session:
        session.connection().exec_driver_sql("DROP TABLE digest")
    answer = client.get("/ban-tin")
    assert answer.status_code == 500
    assert "Hệ thống gặp lỗi" in answer.text
    assert "Traceback" not in answer.text
    assert "digest" not in answer.text.replace("/ban-tin", "")
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS


def test_too_long_a_form_is_refused(enter: Enter) -> None:
    answer = enter("analyst").post("/van-de/1/bo-qua", data={"why": "x" * 1_100_000})
    assert answer.status_code == 413

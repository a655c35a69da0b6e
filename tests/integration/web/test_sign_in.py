"""Signing in and out, sessions, and guessing."""

import re
import threading
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import pytest
from argon2 import PasswordHasher
from sqlalchemy import event as database_event
from sqlalchemy import select, update
from starlette.testclient import TestClient

from store.models import Attempt, Event, Session, User
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import PASSWORD, POST, Town, open_town
from web import passwords
from web.accounts import Accounts, Description, add_user, check_password
from web.throttle import PER_ADDRESS, PER_KNOWN_BROWSER, PER_NAME, PER_NAME_AND_ADDRESS, WINDOW

WRONG = "Tên tài khoản hoặc mật khẩu không đúng"


def sign_in(client: TestClient, name: str = "tai-khoan-analyst", password: str = PASSWORD) -> str:
    form = {"csrf": token(client, "/dang-nhap"), "name": name, "password": password}
    return client.post("/dang-nhap", data=form).text


def test_the_right_password_opens_the_queue(visitor: TestClient) -> None:
    page = sign_in(visitor)
    assert "<h1>Hôm nay" in page
    assert POST["analyst"] in page


@pytest.mark.parametrize(
    ("name", "password"),
    [("tai-khoan-analyst", "sai"), ("khong-co", PASSWORD), ("", ""), ("tai-khoan-analyst", "x" * 5000)],
)
def test_a_wrong_name_or_password_opens_nothing(visitor: TestClient, name: str, password: str) -> None:
    assert WRONG in sign_in(visitor, name, password)
    assert visitor.get("/", follow_redirects=False).headers["location"] == "/dang-nhap"


def test_guessing_is_slowed_down(visitor: TestClient, town: Town) -> None:
    for _ in range(PER_NAME_AND_ADDRESS):
        assert WRONG in sign_in(visitor, password="sai")
    assert "nhập sai nhiều lần" in sign_in(visitor)
    assert "<h1>Hôm nay" in sign_in(visitor, "tai-khoan-lead")
    town.clock.now += WINDOW
    assert "<h1>Hôm nay" in sign_in(visitor)


def test_all_processes_of_the_desk_count_together(town: Town) -> None:
    browsers = [TestClient(town.app) for _ in range(2)]
    for n in range(PER_NAME_AND_ADDRESS):
        assert WRONG in sign_in(browsers[n % 2], password="sai")
    assert ["nhập sai nhiều lần" in sign_in(browser) for browser in browsers] == [True, True]


def test_strangers_do_not_lock_out_who_has_been_here_before(enter: Enter, town: Town) -> None:
    """From however many addresses they come."""
    known = enter("analyst")
    known.post("/dang-xuat", data={"csrf": token(known, "/")})
    for n in range(PER_NAME):
        town.app.state.desk.throttle.admits("tai-khoan-analyst", f"10.0.0.{n}", None, town.clock.now)
    stranger = TestClient(town.app)
    assert "nhập sai nhiều lần" in sign_in(stranger)
    assert "<h1>Hôm nay" in sign_in(known)
    known.post("/dang-xuat", data={"csrf": token(known, "/")})
    known.cookies.clear()
    known.cookies.set("dansinh-known", "doan")
    assert "nhập sai nhiều lần" in sign_in(known)


def test_a_right_password_among_wrong_ones_forgets_only_this_ones_failures(town: Town) -> None:
    throttle, now = town.app.state.desk.throttle, town.clock.now
    for n in range(PER_ADDRESS - 1):
        assert throttle.admits(f"doan-{n}", "10.0.0.9", None, now)
    assert throttle.admits("dung", "10.0.0.9", None, now)
    throttle.succeeded("dung", "10.0.0.9", None)
    assert throttle.admits("doan", "10.0.0.9", None, now)
    assert not throttle.admits("doan nua", "10.0.0.9", None, now)


def test_what_is_typed_as_a_name_is_not_kept(visitor: TestClient, town: Town) -> None:
    typed = "mat khau go nham vao o ten"
    sign_in(visitor, typed)
    with town.store.read() as session:
        assert session.scalars(select(Attempt)).first() is not None
        assert typed not in str([vars(row) for row in session.scalars(select(Attempt))])
        assert typed not in str([vars(row) for row in session.scalars(select(Event))])


@pytest.mark.parametrize(
    ("asked", "lands"),
    [
        ("/van-de?tinh-trang=closed", "/van-de?tinh-trang=closed"),
        ("/van-de/1", "/van-de/1"),
        ("/nhat-ky", "/nhat-ky"),
        ("", "/"),
        ("//evil.example.vn", "/"),
        ("https://evil.example.vn/van-de", "/"),
        ("/\\evil.example.vn", "/"),
        ("/\t/evil.example.vn", "/"),
        ("/van-de\r\nSet-Cookie: a=b", "/"),
        ("javascript:alert(1)", "/"),
        ("/khong-co", "/"),
        ("/dang-xuat", "/"),
        ("/dang-nhap", "/"),
        ("/static/desk.css", "/"),
        ("van-de", "/"),
        ("/van-de?" + "x" * 600, "/"),
    ],
    ids=range(16),
)
def test_signing_in_leads_to_the_page_asked_for_and_never_elsewhere(
    visitor: TestClient, asked: str, lands: str
) -> None:
    page = visitor.get("/dang-nhap", params={"tiep": asked}).text
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf
    form = {"csrf": csrf[1], "name": "tai-khoan-lead", "password": PASSWORD, "tiep": asked}
    answer = visitor.post("/dang-nhap", data=form, follow_redirects=False)
    assert answer.headers["location"] == lands
    assert ("evil" in page) is False


def test_a_session_given_by_a_stranger_is_not_signed_in(visitor: TestClient, enter: Enter) -> None:
    """Fixation: the token after signing in is none that anybody knew before."""
    planted = enter("reader").cookies["dansinh"]
    visitor.cookies.set("dansinh", planted)
    sign_in(visitor, "tai-khoan-lead")
    tokens = [cookie.value for cookie in visitor.cookies.jar if cookie.name == "dansinh"]
    assert tokens
    assert tokens[-1] != planted
    visitor.cookies.clear()
    visitor.cookies.set("dansinh", planted)
    assert visitor.get("/", follow_redirects=False).status_code == 303, "the planted session goes on"


def test_an_old_hash_is_made_anew_with_todays_work(
    visitor: TestClient, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with town.store.read() as session:
        before = session.scalars(select(User.password_hash).where(User.name == "tai-khoan-lead")).one()
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    for _ in range(2):
        assert "<h1>Hôm nay" in sign_in(visitor, "tai-khoan-lead")
    with town.store.read() as session:
        after = session.scalars(select(User.password_hash).where(User.name == "tai-khoan-lead")).one()
    assert (before[before.index("t=") :][:4], after[after.index("t=") :][:4]) == ("t=1,", "t=2,")


def test_a_password_is_the_same_however_its_signs_are_put_together(town: Town) -> None:
    composed = "đồng lúa chín vàng"
    add_user(town.store, town.clock, "van-thu", "Văn thư", "reader", composed)
    taken_apart = unicodedata.normalize("NFD", composed)
    assert taken_apart != composed
    assert check_password(town.store, "van-thu", taken_apart) is not None


def test_an_unknown_account_takes_the_same_work(
    visitor: TestClient, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
            done.append(str(password))
            return super().verify(hash, password)

    add = Accounts(town.store, town.clock, "command:desk").add
    add("chua-mat-khau", Description("Thử", "reader"), None)
    monkeypatch.setattr(passwords, "_HASHER", Counting(time_cost=1, memory_cost=8, parallelism=1))
    written: list[int] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE")):
            written[-1] += 1

    database_event.listen(town.store.engine, "before_cursor_execute", count)
    for name in ("tai-khoan-lead", "khong-co", "chua-mat-khau"):
        written.append(0)
        assert WRONG in sign_in(visitor, name, "sai")
    database_event.remove(town.store.engine, "before_cursor_execute", count)
    assert done == ["sai", "sai", "sai"]
    assert len(set(written)) == 1


def test_a_flood_of_sign_ins_leaves_the_desk_to_who_is_in(
    enter: Enter, visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = enter("lead")
    monkeypatch.setattr(passwords, "_WAITING", threading.BoundedSemaphore(1))
    with passwords._turn():
        assert "quá nhiều lần đăng nhập cùng lúc" in sign_in(visitor)
        assert client.get("/", follow_redirects=False).status_code == 200
        form = {"csrf": token(client, "/tai-khoan"), "password": PASSWORD, "new": "x" * 12, "again": "x" * 12}
        assert client.post("/tai-khoan/mat-khau", data=form).status_code == 409
    assert "<h1>Hôm nay" in sign_in(visitor)


def test_a_try_that_nobody_had_time_to_look_at_counts_as_none(
    enter: Enter, visitor: TestClient, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = enter("lead")
    code = Accounts(town.store, town.clock, "command:desk").give_code(1)
    monkeypatch.setattr(passwords, "_WAITING", threading.BoundedSemaphore(1))
    by_code = {"name": "tai-khoan-lead", "code": code, "password": "x" * 12, "again": "x" * 12}
    again = {"csrf": token(client, "/tai-khoan"), "password": PASSWORD, "new": "x" * 12, "again": "x" * 12}
    with passwords._turn():
        for _ in range(PER_KNOWN_BROWSER):
            assert "cùng lúc" in sign_in(visitor)
            form = {"csrf": token(visitor, "/mat-khau-moi")} | by_code
            assert "cùng lúc" in visitor.post("/mat-khau-moi", data=form).text
            assert "cùng lúc" in client.post("/tai-khoan/mat-khau", data=again).text
    with town.store.read() as session:
        assert session.scalars(select(Attempt)).all() == []
    assert "<h1>Hôm nay" in sign_in(visitor)


def test_another_site_cannot_sign_a_browser_in(visitor: TestClient) -> None:
    visitor.get("/dang-nhap")
    form = {"csrf": "doan", "name": "tai-khoan-analyst", "password": PASSWORD}
    assert visitor.post("/dang-nhap", data=form).status_code == 403
    assert visitor.get("/", follow_redirects=False).status_code == 303


def test_every_tab_of_a_browser_can_sign_in(visitor: TestClient) -> None:
    first, _ = token(visitor, "/dang-nhap"), token(visitor, "/dang-nhap?tiep=/van-de")
    form = {"csrf": first, "name": "tai-khoan-analyst", "password": PASSWORD}
    assert "<h1>Hôm nay" in visitor.post("/dang-nhap", data=form).text


def test_a_session_ends_after_its_hours(enter: Enter, town: Town) -> None:
    client = enter("analyst")
    for _ in range(9):
        town.clock.now += timedelta(hours=1)
        assert client.get("/tai-khoan", follow_redirects=False).status_code == 200
    town.clock.now += timedelta(hours=1) - timedelta(seconds=1)
    assert client.get("/", follow_redirects=False).status_code == 200
    town.clock.now += timedelta(seconds=1)
    assert client.get("/", follow_redirects=False).status_code == 303


def test_a_session_that_is_not_used_ends_before(enter: Enter, town: Town) -> None:
    client = enter("analyst")
    town.clock.now += timedelta(hours=1, minutes=55)
    assert client.get("/", follow_redirects=False).status_code == 200
    town.clock.now += timedelta(hours=2)
    assert client.get("/", follow_redirects=False).status_code == 303


def test_signing_out_ends_the_session_for_good(enter: Enter) -> None:
    client = enter("analyst")
    kept = client.cookies["dansinh"]
    client.post("/dang-xuat", data={"csrf": token(client, "/")})
    assert "dansinh" not in client.cookies
    client.cookies.set("dansinh", kept)
    assert client.get("/", follow_redirects=False).status_code == 303


def test_a_closed_account_is_out_at_once(enter: Enter, town: Town) -> None:
    client = enter("analyst")
    with town.store.begin() as session:
        session.execute(update(User).where(User.name == "tai-khoan-analyst").values(active=False))
    assert client.get("/", follow_redirects=False).status_code == 303


def test_the_store_does_not_hold_the_cookie(enter: Enter, town: Town) -> None:
    cookie = enter("analyst").cookies["dansinh"]
    with town.store.read() as session:
        stored = session.scalars(select(Session)).one()
        assert cookie not in (stored.token_hash, stored.csrf_token)


@pytest.mark.parametrize(
    ("base_url", "name", "secure"),
    [
        (None, "dansinh", False),
        ("http://dansinh.example.vn", "dansinh", False),
        ("https://dansinh.example.vn", "__Host-dansinh", True),
    ],
)
def test_cookies_are_guarded(
    tmp_path: Path, blank: Path, base_url: str | None, name: str, secure: bool
) -> None:
    with (
        open_town(tmp_path, blank, base_url=base_url) as town,
        TestClient(town.app, "https://desk") as client,
    ):
        form = {"csrf": token(client, "/dang-nhap"), "name": "tai-khoan-lead", "password": PASSWORD}
        answer = client.post("/dang-nhap", data=form, follow_redirects=False)
        cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(f"{name}="))
        flags = {flag.strip().lower() for flag in cookie.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= flags
        assert ("secure" in flags) == secure
        assert not any(flag.startswith("domain") for flag in flags)
        assert ("strict-transport-security" in answer.headers) == secure


@pytest.mark.parametrize(
    "path",
    ["/", "/van-de", "/van-de/1", "/ban-tin", "/ban-tin/2026-11-20/nguyen-ban", "/phieu-chuyen/1/thu.docx"],
)
def test_nothing_is_shown_before_signing_in(visitor: TestClient, town: Town, path: str) -> None:
    town.digest()
    town.issue()
    answer = visitor.get(path, follow_redirects=False)
    asked = "" if path == "/" else f"?{urlencode({'tiep': path})}"
    assert (answer.status_code, answer.headers["location"]) == (303, f"/dang-nhap{asked}")

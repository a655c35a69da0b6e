"""Signing in and out, sessions, and guessing."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from store.models import Session, User
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import PASSWORD, POST, Town, open_town
from web.throttle import PER_NAME_AND_ADDRESS, WINDOW

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


def test_another_site_cannot_sign_a_browser_in(visitor: TestClient) -> None:
    visitor.get("/dang-nhap")
    form = {"csrf": "doan", "name": "tai-khoan-analyst", "password": PASSWORD}
    assert visitor.post("/dang-nhap", data=form).status_code == 403
    assert visitor.get("/", follow_redirects=False).status_code == 303


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

"""The code from the telephone, and what one does with one's own account."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from store.models import Attempt, Event, RecoveryCode, Session, User
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import PASSWORD, Town, open_town
from web.seal import Seal
from web.second_factor import RECOVERY_CODES

NEW = "gio mua dong bac ve"
STEP = timedelta(seconds=30)


def post(client: TestClient, path: str, **form: Any) -> Any:
    return client.post(path, data={"csrf": token(client, "/tai-khoan/xac-thuc")} | form)


def user(town: Town, role: str) -> User:
    with town.store.read() as session:
        return session.scalars(select(User).where(User.name == f"tai-khoan-{role}")).one()


def offers(town: Town) -> Sequence[str | None]:
    with town.store.read() as session:
        return session.scalars(select(Session.totp_offered).where(Session.totp_offered.is_not(None))).all()


def offered(town: Town) -> str:
    (secret,) = offers(town)
    assert secret
    return Seal(town.store.data_dir).open(secret)


def code(town: Town, secret: str | None, *, steps: int = 0) -> str:
    assert secret
    return pyotp.TOTP(Seal(town.store.data_dir).open(secret)).at(town.clock.now + steps * STEP)


def set_up(client: TestClient, town: Town, role: str) -> list[str]:
    """The recovery codes."""
    post(client, "/tai-khoan/xac-thuc/bat-dau", password=PASSWORD)
    page = post(client, "/tai-khoan/xac-thuc/xac-nhan", code=code(town, offered(town))).text
    town.clock.now += STEP
    return re.findall(r"<li><code>([0-9A-F-]{23})</code>", page)


def first_step(client: TestClient, role: str) -> Any:
    form = {"csrf": token(client, "/dang-nhap"), "name": f"tai-khoan-{role}", "password": PASSWORD}
    return client.post("/dang-nhap", data=form)


def second_step(client: TestClient, typed: str, **form: Any) -> Any:
    return client.post("/dang-nhap/ma", data={"csrf": token(client, "/dang-nhap/ma"), "code": typed} | form)


def is_in(client: TestClient) -> bool:
    return client.get("/tai-khoan", follow_redirects=False).status_code == 200


def test_with_a_second_factor_the_password_alone_opens_nothing(
    enter: Enter, visitor: TestClient, town: Town
) -> None:
    set_up(enter("lead"), town, "lead")
    assert "Mã xác thực" in first_step(visitor, "lead").text
    assert not is_in(visitor)
    assert second_step(visitor, "000000").status_code == 401
    assert not is_in(visitor)
    assert "<h1>Hôm nay" in second_step(visitor, code(town, user(town, "lead").totp_secret)).text


def test_a_code_is_good_once(enter: Enter, visitor: TestClient, town: Town) -> None:
    set_up(enter("lead"), town, "lead")
    secret = user(town, "lead").totp_secret
    first_step(visitor, "lead")
    second_step(visitor, code(town, secret))
    post(visitor, "/dang-xuat")
    first_step(visitor, "lead")
    assert second_step(visitor, code(town, secret)).status_code == 401
    assert second_step(visitor, code(town, secret, steps=-1)).status_code == 401
    assert "<h1>Hôm nay" in second_step(visitor, code(town, secret, steps=1)).text


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (1, 200), (2, 401)])
def test_a_telephones_clock_may_be_off_a_little(
    enter: Enter, visitor: TestClient, town: Town, steps: int, status: int
) -> None:
    set_up(enter("lead"), town, "lead")
    town.clock.now += 10 * STEP
    first_step(visitor, "lead")
    answer = second_step(visitor, code(town, user(town, "lead").totp_secret, steps=steps))
    assert answer.status_code == status


def test_a_recovery_code_is_good_once_and_is_not_kept(enter: Enter, visitor: TestClient, town: Town) -> None:
    codes = set_up(enter("lead"), town, "lead")
    assert len(set(codes)) == RECOVERY_CODES
    with town.store.read() as session:
        kept = session.scalars(select(RecoveryCode.code_hash)).all()
    assert not set(kept) & {form for one in codes for form in (one, one.replace("-", ""))}
    first_step(visitor, "lead")
    assert "<h1>Hôm nay" in second_step(visitor, codes[3].lower()).text
    assert "Còn 9 mã" in visitor.get("/tai-khoan/xac-thuc").text
    post(visitor, "/dang-xuat")
    first_step(visitor, "lead")
    assert second_step(visitor, codes[3]).status_code == 401


def test_guessing_codes_is_slowed_down(enter: Enter, visitor: TestClient, town: Town) -> None:
    set_up(enter("lead"), town, "lead")
    first_step(visitor, "lead")
    # The password was the first try.
    for _ in range(4):
        assert second_step(visitor, "123456").status_code == 401
    assert second_step(visitor, code(town, user(town, "lead").totp_secret)).status_code == 429


def test_a_right_password_does_not_clear_wrong_codes(enter: Enter, visitor: TestClient, town: Town) -> None:
    """From a browser that is known, too: a shared computer's."""
    client = enter("lead")
    set_up(client, town, "lead")
    for browser, most in ((visitor, 5), (client, 10)):
        browser.get("/dang-nhap")
        tried = 0
        for _ in range(4):
            if first_step(browser, "lead").status_code == 429:
                break
            for _ in range(3):
                if second_step(browser, "123456").status_code == 429:
                    break
                tried += 1
        assert tried < most
    town.clock.now += timedelta(minutes=15)
    first_step(client, "lead")
    assert second_step(client, code(town, user(town, "lead").totp_secret)).status_code == 200


def test_signing_in_with_a_code_leaves_nothing_counted(enter: Enter, visitor: TestClient, town: Town) -> None:
    set_up(enter("lead"), town, "lead")
    with town.store.read() as session:
        before = session.scalar(select(func.count()).select_from(Attempt))
    first_step(visitor, "lead")
    second_step(visitor, code(town, user(town, "lead").totp_secret))
    with town.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == before


def test_the_step_between_password_and_code_ends_soon(enter: Enter, visitor: TestClient, town: Town) -> None:
    set_up(enter("lead"), town, "lead")
    first_step(visitor, "lead")
    town.clock.now += timedelta(minutes=10)
    assert second_step(visitor, code(town, user(town, "lead").totp_secret)).status_code == 403


def test_a_code_that_is_guessed_at_for_days_is_taken_no_more(
    enter: Enter, visitor: TestClient, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slowly, and from however many addresses: the limits of a quarter of an hour do not see it."""
    monkeypatch.setattr("web.second_factor.MOST_WRONG_CODES", 3)
    recovery = set_up(enter("lead"), town, "lead")

    def comes_in(typed: str) -> Any:
        town.clock.now += timedelta(minutes=16)
        first_step(visitor, "lead")
        answer = second_step(visitor, typed or code(town, user(town, "lead").totp_secret))
        if answer.status_code == 200:
            post(visitor, "/dang-xuat")
        return answer

    for typed, status, blocked in (
        ("000000", 401, False),
        ("000000", 401, False),
        ("", 200, False),
        ("000000", 401, False),
        ("000000", 401, False),
        ("000000", 401, True),
        ("", 401, True),
        (recovery[0], 200, False),
        ("", 200, False),
    ):
        answer = comes_in(typed)
        assert (answer.status_code, "quá nhiều lần" in answer.text) == (status, blocked)


def test_the_secret_is_shown_until_it_is_confirmed_and_never_again(enter: Enter, town: Town) -> None:
    client = enter("lead")
    assert client.get("/tai-khoan/xac-thuc/ma.svg").status_code == 404
    post(client, "/tai-khoan/xac-thuc/bat-dau", password=PASSWORD)
    secret = offered(town)
    assert secret in client.get("/tai-khoan/xac-thuc").text
    picture = client.get("/tai-khoan/xac-thuc/ma.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.headers["cache-control"] == "no-store"
    assert b"<svg" in picture.content
    assert "không đúng" in post(client, "/tai-khoan/xac-thuc/xac-nhan", code="000000").text
    page = post(client, "/tai-khoan/xac-thuc/xac-nhan", code=code(town, secret)).text
    assert "Mã dự phòng" in page
    assert secret not in page + client.get("/tai-khoan/xac-thuc").text
    assert client.get("/tai-khoan/xac-thuc/ma.svg").status_code == 404


def test_an_offer_is_for_the_session_that_began_and_for_some_minutes(enter: Enter, town: Town) -> None:
    began, other = enter("lead"), enter("lead")
    post(began, "/tai-khoan/xac-thuc/bat-dau", password=PASSWORD)
    secret = offered(town)
    assert secret not in other.get("/tai-khoan/xac-thuc").text
    assert other.get("/tai-khoan/xac-thuc/ma.svg").status_code == 404
    assert post(other, "/tai-khoan/xac-thuc/xac-nhan", code=code(town, secret)).status_code == 409
    town.clock.now += timedelta(minutes=10)
    assert secret not in began.get("/tai-khoan/xac-thuc").text
    assert post(began, "/tai-khoan/xac-thuc/xac-nhan", code=code(town, secret)).status_code == 409
    assert user(town, "lead").totp_secret is None


def test_whoever_is_signed_in_elsewhere_must_sign_in_again(enter: Enter, town: Town) -> None:
    elsewhere, here = enter("lead"), enter("lead")
    before = here.cookies["dansinh"]
    set_up(here, town, "lead")
    assert (is_in(elsewhere), is_in(here)) == (False, True)
    here.cookies.clear()
    here.cookies.set("dansinh", before)
    assert not is_in(here)


@pytest.mark.parametrize("path", ["bat-dau", "ma-du-phong", "bo"])
def test_an_open_session_alone_does_not_change_the_second_factor(enter: Enter, town: Town, path: str) -> None:
    client = enter("lead")
    set_up(client, town, "lead")
    secret = user(town, "lead").totp_secret
    for password in ("", "sai"):
        assert post(client, f"/tai-khoan/xac-thuc/{path}", password=password).status_code == 409
    assert user(town, "lead").totp_secret == secret
    assert not offers(town)


def test_new_recovery_codes_void_the_old_ones(enter: Enter, visitor: TestClient, town: Town) -> None:
    client = enter("lead")
    old = set_up(client, town, "lead")
    page = post(client, "/tai-khoan/xac-thuc/ma-du-phong", password=PASSWORD).text
    new = re.findall(r"<li><code>([0-9A-F-]{23})</code>", page)
    first_step(visitor, "lead")
    assert second_step(visitor, old[0]).status_code == 401
    assert second_step(visitor, new[0]).status_code == 200


def test_it_is_removed_by_its_holder_or_by_an_operator(enter: Enter, visitor: TestClient, town: Town) -> None:
    client = enter("lead")
    set_up(client, town, "lead")
    assert "Đã bỏ mã xác thực" in post(client, "/tai-khoan/xac-thuc/bo", password=PASSWORD).text
    set_up(client, town, "lead")
    operator = enter("operator")
    post(operator, f"/nguoi-dung/{user(town, 'lead').id}/bo-xac-thuc")
    assert not is_in(client)
    assert "<h1>Hôm nay" in first_step(visitor, "lead").text
    with town.store.read() as session:
        told = session.scalars(select(Event.action).where(Event.entity == "user")).all()
    assert told.count("second_factor_added") == told.count("second_factor_removed") == 2


@pytest.fixture
def strict(tmp_path: Path, blank: Path) -> Iterator[tuple[Town, TestClient]]:
    with (
        open_town(tmp_path, blank, totp_required=["lead"]) as town,
        TestClient(town.app, raise_server_exceptions=False) as client,
    ):
        yield town, client


def test_where_a_role_must_have_it_nothing_opens_before(strict: tuple[Town, TestClient]) -> None:
    town, client = strict
    assert "phải có mã xác thực" in first_step(client, "lead").text
    issue = town.issue()
    for path in ("/", "/van-de", f"/van-de/{issue}", "/nhat-ky"):
        answer = client.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/tai-khoan/xac-thuc")
    confirm = client.post(
        f"/van-de/{issue}/xac-nhan", data={"csrf": token(client, "/tai-khoan")}, follow_redirects=False
    )
    assert confirm.status_code == 303
    assert "tai-khoan/xac-thuc" in confirm.headers["location"]
    set_up(client, town, "lead")
    assert client.get("/", follow_redirects=False).status_code == 200
    assert post(client, "/tai-khoan/xac-thuc/bo", password=PASSWORD).status_code == 409


def test_where_a_role_must_have_it_others_work_without(strict: tuple[Town, TestClient]) -> None:
    assert "<h1>Hôm nay" in first_step(strict[1], "analyst").text


def test_a_password_is_changed_by_who_knows_the_old_one(enter: Enter, town: Town) -> None:
    elsewhere, here = enter("analyst"), enter("analyst")
    form = {"new": NEW, "again": NEW}
    assert post(here, "/tai-khoan/mat-khau", password="sai", **form).status_code == 409
    again = {"new": NEW, "again": f"{NEW}!"}
    assert "không giống nhau" in post(here, "/tai-khoan/mat-khau", password=PASSWORD, **again).text
    weak = {"new": "matkhau2026!", "again": "matkhau2026!"}
    assert "phổ biến" in post(here, "/tai-khoan/mat-khau", password=PASSWORD, **weak).text
    before = here.cookies["dansinh"]
    assert "Đã đổi mật khẩu" in post(here, "/tai-khoan/mat-khau", password=PASSWORD, **form).text
    assert before != here.cookies["dansinh"]
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert post(here, "/tai-khoan/mat-khau", password=PASSWORD, **form).status_code == 409


def test_guessing_the_old_password_in_an_open_session_is_slowed_down(enter: Enter) -> None:
    client = enter("analyst")
    form = {"new": NEW, "again": NEW}
    said = [post(client, "/tai-khoan/mat-khau", password=f"sai {n}", **form).text for n in range(11)]
    assert "không đúng" in said[0]
    assert "nhập sai nhiều lần" in said[-1]


def test_ones_sessions_are_seen_and_ended(enter: Enter, town: Town) -> None:
    phone, desktop, other = enter("analyst"), enter("analyst"), enter("lead")
    page = desktop.get("/tai-khoan").text
    assert page.count("<strong>(phiên này)</strong>") == 1
    ends = re.findall(r'action="(/tai-khoan/phien/\d+/ket-thuc)"', page)
    assert len(ends) == 1
    assert post(other, ends[0]).status_code == 200
    assert is_in(phone), "another account's session was ended"
    post(desktop, ends[0])
    assert (is_in(phone), is_in(desktop)) == (False, True)
    third = enter("analyst")
    post(desktop, "/tai-khoan/phien-khac/ket-thuc")
    assert (is_in(third), is_in(desktop), is_in(other)) == (False, True, True)

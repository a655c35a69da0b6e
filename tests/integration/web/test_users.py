"""Người dùng: the operator makes, changes and closes accounts; what that does to whoever is signed in."""

import re
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from store.models import Event, User
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import OWN_AGENCY, Town
from web.accounts import CODE_IS_GOOD, Accounts, check_password

NEW = "mua thu tren song Cam"
FORM = {"name": "van-thu", "post": "Văn thư", "role": "reader"}


def post(client: TestClient, path: str, **form: Any) -> Any:
    return client.post(path, data={"csrf": token(client, "/tai-khoan")} | form)


def account(town: Town, name: str) -> User:
    with town.store.read() as session:
        return session.scalars(select(User).where(User.name == name)).one()


def code_in(page: str) -> str:
    found = re.search(r'<code class="code">([A-Z2-9-]{19})</code>', page)
    assert found, page
    return found[1]


def set_password(client: TestClient, code: str, name: str = "van-thu", password: str = NEW) -> Any:
    form = {"csrf": token(client, "/mat-khau-moi"), "name": name, "code": code}
    return client.post("/mat-khau-moi", data=form | {"password": password, "again": password})


def sign_in(client: TestClient, name: str, password: str) -> Any:
    form = {"csrf": token(client, "/dang-nhap"), "name": name, "password": password}
    return client.post("/dang-nhap", data=form)


def test_a_new_account_sets_its_own_password_with_a_code_that_is_good_once(
    enter: Enter, visitor: TestClient, town: Town
) -> None:
    operator = enter("operator")
    code = code_in(post(operator, "/nguoi-dung", **FORM).text)
    assert account(town, "van-thu").password_hash == ""
    assert sign_in(visitor, "van-thu", "").status_code == 401
    assert code not in operator.get(f"/nguoi-dung/{account(town, 'van-thu').id}").text
    assert "Đã đặt mật khẩu mới" in set_password(visitor, code.lower().replace("-", " ")).text
    assert set_password(visitor, code).status_code == 401
    assert "Văn thư" in sign_in(visitor, "van-thu", NEW).text


def test_a_code_used_at_once_by_two_is_good_for_one(enter: Enter, town: Town) -> None:
    code = code_in(post(enter("operator"), "/nguoi-dung", **FORM).text)
    accounts = Accounts(town.store, town.clock, "visitor:desk")
    key = account(town, "van-thu").id
    assert [accounts.set_password_by_code(key, code, password) for password in (NEW, f"{NEW} hai")] == [
        True,
        False,
    ]
    assert check_password(town.store, "van-thu", NEW) == key


def test_a_closed_account_is_given_no_code(enter: Enter, visitor: TestClient, town: Town) -> None:
    operator = enter("operator")
    code = code_in(post(operator, "/nguoi-dung", **FORM).text)
    page = f"/nguoi-dung/{account(town, 'van-thu').id}"
    post(operator, f"{page}/dong")
    assert set_password(visitor, code).status_code == 401
    assert "hãy mở lại trước" in post(operator, f"{page}/ma-mot-lan").text
    post(operator, f"{page}/mo")
    assert set_password(visitor, code).status_code == 401


def test_a_code_for_no_account_takes_the_same_work(
    visitor: TestClient, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert enter("operator")
    done: list[str] = []

    def is_right(kept: str, _code: str) -> bool:
        done.append(kept)
        return False

    monkeypatch.setattr("web.signing_in.is_right", is_right)
    for name in ("khong-co", "tai-khoan-lead"):
        assert set_password(visitor, "AAAA-BBBB-CCCC-DDDD", name).status_code == 401
    assert done == ["", ""]


def test_a_code_ends_and_a_newer_one_takes_its_place(enter: Enter, visitor: TestClient, town: Town) -> None:
    operator = enter("operator")
    old = code_in(post(operator, "/nguoi-dung", **FORM).text)
    page = f"/nguoi-dung/{account(town, 'van-thu').id}/ma-mot-lan"
    new = code_in(post(operator, page).text)
    assert set_password(visitor, old).status_code == 401
    town.clock.now += CODE_IS_GOOD
    assert set_password(visitor, new).status_code == 401


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("ngan", "ít nhất 12"),
        ("matkhau2026!", "phổ biến"),
        ("van-thu-van-thu", "tên tài khoản"),
        ("x y" * 70, "dài quá"),
    ],
)
def test_a_weak_password_is_refused_with_the_remedy(
    enter: Enter, visitor: TestClient, password: str, said: str
) -> None:
    code = code_in(post(enter("operator"), "/nguoi-dung", **FORM).text)
    refused = set_password(visitor, code, password=password)
    assert refused.status_code == 409
    assert said in refused.text
    assert set_password(visitor, code).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "Văn Thư"}, "chữ thường không dấu"),
        ({"name": "tai-khoan-lead"}, "Đã có tài khoản"),
        ({"name": "so-xay-dung"}, "mã của một cơ quan khác"),
        ({"role": "chua-co"}, "chọn quyền"),
        ({"role": "agency"}, "phải ghi cơ quan"),
        ({"role": "agency", "agency": "so-khong-co"}, "phải ghi cơ quan"),
        ({"post": " "}, "chức danh"),
    ],
)
def test_an_account_that_cannot_be_is_refused(enter: Enter, wrong: dict[str, str], said: str) -> None:
    refused = post(enter("operator"), "/nguoi-dung", **(FORM | wrong))
    assert refused.status_code == 409
    assert said in refused.text


def test_a_change_of_rights_ends_what_was_signed_in(enter: Enter, town: Town) -> None:
    analyst, operator = enter("analyst"), enter("operator")
    page = f"/nguoi-dung/{account(town, 'tai-khoan-analyst').id}/sua"
    form = {"post": "Chuyên viên", "agency": OWN_AGENCY}
    assert post(operator, page, **form, role="analyst").status_code == 200
    assert analyst.get("/", follow_redirects=False).status_code == 200
    post(operator, page, **form, role="reader")
    assert analyst.get("/", follow_redirects=False).status_code == 303
    assert (account(town, "tai-khoan-analyst").role, account(town, "tai-khoan-analyst").agency_key) == (
        "reader",
        None,
    )


def test_a_closed_account_is_out_at_once_and_may_be_opened_again(
    enter: Enter, visitor: TestClient, town: Town
) -> None:
    analyst, operator = enter("analyst"), enter("operator")
    page = f"/nguoi-dung/{account(town, 'tai-khoan-analyst').id}"
    assert "đã đóng" in post(operator, f"{page}/dong", why="Chuyển công tác").text
    assert analyst.get("/", follow_redirects=False).status_code == 303
    assert sign_in(visitor, "tai-khoan-analyst", "mat-khau-thu-nghiem").status_code == 401
    assert "Chuyển công tác" in operator.get(page).text
    assert "tai-khoan-analyst" not in operator.get("/nguoi-dung").text
    assert "tai-khoan-analyst" in operator.get("/nguoi-dung?da-dong=1").text
    post(operator, f"{page}/mo")
    assert sign_in(visitor, "tai-khoan-analyst", "mat-khau-thu-nghiem").status_code == 200


@pytest.mark.parametrize("act", ["dong", "sua", "ma-mot-lan", "bo-xac-thuc"])
def test_nobody_changes_the_account_he_works_with(enter: Enter, town: Town, act: str) -> None:
    operator = enter("operator")
    own = account(town, "tai-khoan-operator").id
    refused = post(operator, f"/nguoi-dung/{own}/{act}", post="Trưởng ban", role="lead")
    assert refused.status_code == 409
    assert account(town, "tai-khoan-operator").role == "operator"


def test_an_operator_ends_anothers_sessions(enter: Enter, town: Town) -> None:
    lead, operator = enter("lead"), enter("operator")
    post(operator, f"/nguoi-dung/{account(town, 'tai-khoan-lead').id}/ket-thuc-phien")
    assert lead.get("/", follow_redirects=False).status_code == 303


def test_accounts_are_listed_page_by_page(enter: Enter, town: Town) -> None:
    with town.store.begin() as session:
        for n in range(60):
            session.add(
                User(name=f"a-{n:02}", post="Thử", role="reader", password_hash="", created_at=town.clock())
            )
    operator = enter("operator")
    first = operator.get("/nguoi-dung").text
    assert ("a-00" in first, "a-49" in first, "a-50" in first) == (True, True, False)
    assert "a-50" in operator.get("/nguoi-dung?sau=a-49").text


def test_the_history_tells_who_changed_an_account_and_no_secret(enter: Enter, town: Town) -> None:
    operator = enter("operator")
    code = code_in(post(operator, "/nguoi-dung", **FORM).text)
    with town.store.read() as session:
        events = session.scalars(select(Event).where(Event.actor == "operator:tai-khoan-operator")).all()
        told = [(event.entity, event.action, event.after) for event in events]
    assert ("user", "added", {"name": "van-thu", "post": "Văn thư", "role": "reader"}) in told
    assert ("user", "code_given", {}) in told
    assert code not in str(told)

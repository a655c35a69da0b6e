"""Accounts by command, by the demo, and the desk served for real."""

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from click.testing import CliRunner, Result
from ruamel.yaml import YAML
from sqlalchemy import select
from starlette.applications import Starlette

from store.models import Event, User
from tests.integration.web.town import PASSWORD, Town
from tests.office import OFFICE
from web import passwords
from web.accounts import AccountError, add_user, check_password
from web.command import desk
from web.demo import ACCOUNTS, prepare_demo
from web.demo import PASSWORD as DEMO_PASSWORD
from web.permissions import ROLES
from web.serving import configured
from web.settings import DeskSettings

ADD = ["--add-user", "phong-nghiep-vu", "--post", "Chuyên viên Phòng Nghiệp vụ", "--role", "analyst"]


def test_passwords_are_kept_as_argon2id(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher())
    key = add_user(town.store, town.clock, "van-thu", "Văn thư", "reader", PASSWORD)
    parameters = extract_parameters(town.get(User, key).password_hash)
    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 19_456, "OWASP's least for Argon2id"
    assert check_password(town.store, "van-thu", PASSWORD) == key


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "Nguyễn"}, "lower-case letters"),
        ({"name": "a"}, "lower-case letters"),
        ({"name": "a" * 41}, "lower-case letters"),
        ({"name": "tai-khoan-lead"}, "already"),
        ({"role": "admin"}, "one of: reader, analyst, lead, operator"),
        ({"post": " "}, "--post"),
        ({"password": "x" * 11}, "12 characters"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_the_remedy(
    town: Town, wrong: dict[str, Any], said: str
) -> None:
    account = {"name": "van-thu", "post": "Văn thư", "role": "reader", "password": PASSWORD} | wrong
    with pytest.raises(AccountError, match=re.escape(said)):
        add_user(town.store, town.clock, **account)


def test_the_history_knows_the_account_but_no_password(town: Town) -> None:
    with town.store.read() as session:
        event = session.scalars(select(Event).where(Event.entity == "user")).first()
        assert event
        assert event.after == {"name": "tai-khoan-reader", "post": "Chức danh thử reader", "role": "reader"}


def test_the_demo_has_an_account_for_every_role_and_can_be_run_again(town: Town) -> None:
    for _ in range(2):
        lines = "\n".join(prepare_demo(town.store, town.settings, town.clock))
    assert sorted(role for _, _, role in ACCOUNTS) == sorted(ROLES)
    for name, _, _ in ACCOUNTS:
        assert name in lines
        assert check_password(town.store, name, DEMO_PASSWORD) is not None
    assert "http://127.0.0.1:8080" in lines


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    crawler = {"contact": "https://example.vn", "outlets": []}
    with path.open("w") as file:
        YAML().dump(OFFICE | {"data_dir": "var", "crawler": crawler}, file)
    return path


def run(config: Path, *arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(desk, ["--config", str(config), *arguments], **options)


def test_an_account_is_made_by_command(config: Path) -> None:
    made = run(config, *ADD, env={"DANSINH_NEW_PASSWORD": PASSWORD})
    assert (made.exit_code, made.output) == (0, "Account phong-nghiep-vu (analyst) is ready.\n")
    again = run(config, *ADD, env={"DANSINH_NEW_PASSWORD": PASSWORD})
    assert again.exit_code == 2
    assert "already" in again.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--role", "agency"], "names its agency"),
        (["--role", "agency", "--agency", "so-khong-co"], "no agency 'so-khong-co'"),
        (["--agency", "so-nnmt"], "names its agency"),
        (["--role", "agency", "--agency", "so-nnmt", "--list-users"], "one thing at a time"),
    ],
)
def test_an_account_of_an_agency_names_one_that_there_is(
    config: Path, arguments: list[str], said: str
) -> None:
    add = ["--add-user", "van-phong-so", "--post", "Văn phòng Sở", *arguments]
    refused = run(config, *add, env={"DANSINH_NEW_PASSWORD": PASSWORD})
    assert refused.exit_code == 2
    assert said in refused.output


def test_accounts_are_seen_to_by_command(config: Path) -> None:
    name, env = "phong-nghiep-vu", {"DANSINH_NEW_PASSWORD": PASSWORD}
    said = [
        run(config, *ADD, env=env).output,
        run(config, "--new-password", name, env={"DANSINH_NEW_PASSWORD": "gio mua dong bac"}).output,
        run(config, "--new-password", name, env={"DANSINH_NEW_PASSWORD": "matkhau2026!!"}).output,
        run(config, "--one-time-code", name).output,
        run(config, "--close-user", name).output,
        run(config, "--list-users").output,
        run(config, "--open-user", name).output,
        run(config, "--forget-second-factor", name).output,
        run(config, "--close-user", "khong-co").output,
        run(config, "--list-users").output,
    ]
    for found, expected in zip(
        said,
        (
            "is ready",
            "has another password",
            "most common",
            "Good once",
            "is closed",
            "phong-nghiep-vu\tanalyst\t-\tclosed",
            "is open",
            "no second factor",
            "no such account",
            "phong-nghiep-vu\tanalyst\t-\topen",
        ),
        strict=True,
    ):
        assert expected in found


def test_a_password_is_asked_for_and_not_shown(config: Path) -> None:
    made = run(config, *ADD, input=f"{PASSWORD}\n{PASSWORD}\n")
    assert made.exit_code == 0
    assert PASSWORD not in made.output


def test_a_port_that_is_taken_ends_with_2(config: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = run(config, "--port", port)
    assert refused.exit_code == 2
    assert f"cannot listen on 127.0.0.1, port {port}: Address already in use" in refused.output
    assert "another --port" in refused.output


@pytest.mark.parametrize(
    ("own", "believed"),
    [({}, False), ({"base_url": "https://ban.example.vn"}, True)],
    ids=["no proxy", "a proxy"],
)
def test_an_address_is_believed_from_a_proxy_alone(own: dict[str, str], believed: bool) -> None:
    settings = DeskSettings.model_validate(own)
    served = configured(Starlette, settings)
    assert served.proxy_headers is believed
    assert served.forwarded_allow_ips == ["127.0.0.1", "::1"]


@pytest.mark.parametrize("key", ["", "qua-ngan"])
def test_without_a_key_for_the_agencies_page_the_desk_ends_with_2(
    config: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = "\nagency_page:\n  base_url: https://phoihop.example.vn\n"
    config.write_text(config.read_text(encoding="utf-8") + page, encoding="utf-8")
    monkeypatch.setenv("DANSINH_LINK_SECRET", key)
    refused = run(config, "--port", "0")
    assert refused.exit_code == 2
    assert "cannot serve the agencies' page: environment variable DANSINH_LINK_SECRET" in refused.output
    assert "→ or take out agency_page" in refused.output


def test_the_desk_is_served_until_it_is_interrupted(config: Path) -> None:
    serve = "from web.command import desk; desk()"
    command = [sys.executable, "-c", serve, "--config", str(config), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        said = iter(process.stderr.readline, "")
        address = next(found[0] for line in said if (found := re.search(r"http://[\d.]+:\d+", line)))
        with urllib.request.urlopen(f"{address}/dang-nhap") as answer:  # noqa: S310 - our own server
            assert "Đăng nhập" in answer.read().decode()
            assert "uvicorn" not in str(answer.headers).lower()
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode == 0, rest
    assert "Traceback" not in rest

"""Second factors in a stolen copy of the database: sealed, from the first or since the desk began to seal."""

import json
import stat
import threading
from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from pipeline.secret import MissingSecret
from store import Store
from store.models import User
from tests.integration.web.conftest import Enter
from tests.integration.web.test_second_factor import code, first_step, second_step, set_up, user
from tests.integration.web.town import DATABASE, Town
from tests.office import OFFICE
from web import command
from web.accounts import add_user
from web.permissions import ROLES
from web.seal import FILE, VARIABLE, Seal, Unreadable
from web.second_factor import seal_all

OLD, NEW = "cu" * 16, "moi" * 11


def factor(town: Town, secret: str, role: str = "lead") -> None:
    with town.store.begin() as session:
        session.get_one(User, user(town, role).id).totp_secret = secret


def everything_kept(town: Town) -> bytes:
    """The database and what lies beside it for its sake, as a thief takes them."""
    return b"".join(path.read_bytes() for path in town.store.data_dir.glob(f"{DATABASE}*"))


def test_a_stolen_database_gives_no_second_factor(enter: Enter, visitor: TestClient, town: Town) -> None:
    set_up(enter("lead"), town, "lead")
    secret = Seal(town.store.data_dir).open(user(town, "lead").totp_secret or "")
    first_step(visitor, "lead")
    assert second_step(visitor, code(town, secret)).status_code == 200
    taken = everything_kept(town)
    assert b"tai-khoan-lead" in taken
    assert secret.encode() not in taken
    key = town.store.data_dir / FILE
    assert key.read_bytes() not in taken
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_what_was_kept_in_the_clear_is_sealed_when_the_desk_starts(town: Town, visitor: TestClient) -> None:
    secret, *_ = secrets = [pyotp.random_base32() for _ in ROLES]
    for role, kept in zip(("lead", *set(ROLES) - {"lead"}), secrets, strict=True):
        factor(town, kept, role)
    assert secret.encode() in everything_kept(town)
    first_step(visitor, "lead")
    assert second_step(visitor, code(town, secret)).status_code == 200, "before it is sealed, too"
    assert seal_all(town.store) == []
    town.store.close()
    assert not [one for one in secrets if one.encode() in everything_kept(town)]
    sealed = user(town, "lead").totp_secret
    assert Seal(town.store.data_dir).open(sealed or "") == secret
    seal_all(town.store)
    assert user(town, "lead").totp_secret == sealed, "what is sealed with today's key is left as it is"


def test_it_is_sealed_in_postgresql_too(postgres_store: Store, town: Town) -> None:
    user_id = add_user(postgres_store, town.clock, "van-thu", "Văn thư", "reader", "gio mua dong bac")
    secret = pyotp.random_base32()
    with postgres_store.begin() as session:
        session.get_one(User, user_id).totp_secret = secret
    assert seal_all(postgres_store) == []
    with postgres_store.read() as session:
        kept = session.get_one(User, user_id).totp_secret or ""
    assert secret not in kept
    assert Seal(postgres_store.data_dir).open(kept) == secret


def test_where_nobody_has_a_second_factor_no_key_is_made(town: Town) -> None:
    assert seal_all(town.store) == []
    assert not (town.store.data_dir / FILE).exists()


def test_a_new_key_takes_the_place_of_an_old_one(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the file to the environment, and from there to another."""
    secret, seal = pyotp.random_base32(), Seal(town.store.data_dir)
    factor(town, seal.close(secret))
    for keys in (OLD, f"{NEW} {OLD}"):
        monkeypatch.setenv(VARIABLE, keys)
        before = user(town, "lead").totp_secret
        assert seal_all(town.store) == []
        assert user(town, "lead").totp_secret != before
        (town.store.data_dir / FILE).unlink(missing_ok=True)
    monkeypatch.setenv(VARIABLE, NEW)
    assert seal_all(town.store) == []
    assert seal.open(user(town, "lead").totp_secret or "") == secret


def test_without_the_key_nothing_opens_but_a_recovery_code(
    enter: Enter, visitor: TestClient, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = set_up(enter("lead"), town, "lead")
    seal = Seal(town.store.data_dir)
    secret = seal.open(user(town, "lead").totp_secret or "")
    monkeypatch.setenv(VARIABLE, NEW)
    (town.store.data_dir / FILE).unlink()
    with pytest.raises(Unreadable):
        seal.open(user(town, "lead").totp_secret or "")
    assert seal_all(town.store) == ["tai-khoan-lead"]
    first_step(visitor, "lead")
    assert second_step(visitor, code(town, secret)).status_code == 401
    assert second_step(visitor, codes[0]).status_code == 200


def test_a_key_that_is_soon_guessed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingSecret, match="at least 32"):
        Seal(tmp_path, {VARIABLE: f"{NEW} ngan"}).close("x")


def test_processes_that_begin_at_once_make_one_key(tmp_path: Path) -> None:
    sealed: list[str] = []
    threads = [
        threading.Thread(target=lambda: sealed.append(Seal(tmp_path, {}).close("x"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [Seal(tmp_path, {}).open(one) for one in sealed] == ["x"] * 8
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize(
    ("key", "status", "said"),
    [
        ("ngan", 2, "at least 32"),
        (NEW, 0, "no key opens the second factors of: tai-khoan-lead"),
        (OLD, 0, ""),
    ],
    ids=["short", "another", "right"],
)
def test_the_desk_seals_before_it_serves_and_says_what_it_cannot_open(
    town: Town, monkeypatch: pytest.MonkeyPatch, key: str, status: int, said: str
) -> None:
    folder = town.store.data_dir
    factor(town, Seal(folder, {VARIABLE: OLD}).close(pyotp.random_base32()))
    own = OFFICE | {"data_dir": str(folder), "store": {"url": f"sqlite:///{DATABASE}"}}
    (folder / "config.yaml").write_text(json.dumps(own, default=str), encoding="utf-8")
    monkeypatch.setenv(VARIABLE, key)
    monkeypatch.setattr(command, "serve", lambda *_: None)
    ended = CliRunner().invoke(command.desk, ["--config", str(folder / "config.yaml")])
    assert (ended.exit_code, said in ended.output) == (status, True), ended.output
    assert ("no key" in ended.output) == (key == NEW)

"""Single sign-on against a real provider on this machine, and against what pretends to be it."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from click.testing import CliRunner
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from pydantic import ValidationError
from ruamel.yaml import YAML
from sqlalchemy import select
from starlette.routing import Route
from starlette.testclient import TestClient

from store.models import Event, User
from tests.integration.web.conftest import token
from tests.integration.web.full import fill
from tests.integration.web.provider import Mock, running
from tests.integration.web.test_questions import counted
from tests.integration.web.test_second_factor import code, is_in, offered, second_step, set_up
from tests.integration.web.town import PASSWORD, Town, open_town
from tests.office import OFFICE
from web.accounts import Accounts, Description
from web.command import desk
from web.pages import sso
from web.settings import DeskSettings

# The provider's own use of authlib is behind the times, and says so.
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")

HERE = "http://testserver"
MOST_OF_SSO = {"/dang-nhap/chung": 0, sso.RETURN: 14, "/dang-xuat/chung": 0}


@pytest.fixture(scope="module")
def mock() -> Iterator[Mock]:
    with running(HERE) as provider:
        yield provider


@pytest.fixture
def provider(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> Mock:
    monkeypatch.setenv("DANSINH_OIDC_SECRET", mock.secret)
    mock.wire.forge = None
    mock.wire.asked.clear()
    return mock


def configured(provider: Mock, **more: Any) -> dict[str, Any]:
    return {
        "base_url": HERE,
        "oidc": {"issuer": provider.issuer, "client_id": provider.client_id, "same_names": True} | more,
    }


Open = Callable[..., tuple[Town, TestClient]]


@pytest.fixture
def opened(tmp_path: Path, blank: Path, provider: Mock) -> Iterator[Open]:
    with ExitStack() as stack:

        def open_one(desk_settings: dict[str, Any] | None = None, **oidc: Any) -> tuple[Town, TestClient]:
            own = configured(provider, **oidc) | (desk_settings or {})
            town = stack.enter_context(open_town(tmp_path, blank, **own))
            town.clock.now = datetime.now(UTC)
            return town, stack.enter_context(TestClient(town.app, raise_server_exceptions=False))

        yield open_one


def away(client: TestClient, tiep: str = "") -> str:
    """The address at the provider that the browser is sent to."""
    page = client.get("/dang-nhap", params={"tiep": tiep}).text
    link = re.search(r'href="(/dang-nhap/chung[^"]*)"', page)
    assert link
    answer = client.get(link[1].replace("&amp;", "&"), follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def agreed(address: str, sub: str) -> str:
    """The address back at the desk, after signing in at the provider."""
    answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=10)
    return answer.headers["location"].removeprefix(HERE)


def enter(client: TestClient, sub: str, tiep: str = "") -> Any:
    return client.get(agreed(away(client, tiep), sub))


def test_who_has_an_account_is_let_in_with_the_rights_of_the_account_alone(opened: Open) -> None:
    town, client = opened()
    page = enter(client, "s-lead").text
    assert "<h1>Hôm nay" in page
    assert "Lãnh đạo phê duyệt" in page, "the provider's word of a role counts for nothing"
    assert client.get("/nguoi-dung").status_code == 403
    with town.store.read() as session:
        told = session.scalars(select(Event).where(Event.entity.in_(("session", "user")))).all()
    assert [event.after["way"] for event in told if event.action == "signed_in"] == ["sso"]
    assert "single_sign_on_tied" in [event.action for event in told]
    assert "lead@example.vn" not in str([vars(event) for event in told])


def test_the_page_asked_for_is_opened(opened: Open) -> None:
    _, client = opened()
    answer = client.get(agreed(away(client, "/nhat-ky"), "s-lead"), follow_redirects=False)
    assert answer.headers["location"] == "/nhat-ky"
    _, client = opened()
    answer = client.get(agreed(away(client, "//evil.example.vn"), "s-lead"), follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_the_code_is_bound_to_this_browser_and_this_desk(opened: Open, provider: Mock) -> None:
    _, client = opened()
    address = away(client)
    asked = parse_qs(urlsplit(address).query)
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == [HERE + sso.RETURN]
    assert asked["code_challenge_method"] == ["S256"]
    client.get(agreed(address, "s-lead"))
    (sent,) = provider.wire.asked
    challenge = urlsafe_b64encode(sha256(sent["code_verifier"][0].encode()).digest()).rstrip(b"=")
    assert asked["code_challenge"] == [challenge.decode()]
    assert provider.secret not in str(sent), "the secret goes in the header alone"
    assert len({asked["state"][0], asked["nonce"][0], sent["code_verifier"][0]}) == 3


@pytest.mark.parametrize("sub", ["s-nobody"])
def test_who_has_no_account_is_told_whom_to_ask(opened: Open, sub: str) -> None:
    town, client = opened()
    answer = enter(client, sub)
    assert answer.status_code == 403
    assert "chưa được mở" in answer.text
    with town.store.read() as session:
        assert session.scalars(select(User.name).where(User.name == "nguoi-la")).first() is None


def test_a_closed_account_stays_closed(opened: Open) -> None:
    town, client = opened()
    assert enter(client, "s-lead").status_code == 200
    with town.store.read() as session:
        key = session.scalars(select(User.id).where(User.name == "tai-khoan-lead")).one()
    Accounts(town.store, town.clock, "command:desk").close(key)
    assert not is_in(client)
    assert enter(client, "s-lead").status_code == 403


def test_nobody_comes_later_under_the_name_of_another(opened: Open) -> None:
    town, client = opened()
    enter(client, "s-lead")
    client.post("/dang-xuat", data={"csrf": token(client, "/tai-khoan")})
    refused = enter(client, "s-thief")
    assert refused.status_code == 403
    assert "đã thuộc người khác" in refused.text
    with town.store.read() as session:
        key = session.scalars(select(User.id).where(User.name == "tai-khoan-lead")).one()
    Accounts(town.store, town.clock, "command:desk").forget_single_sign_on(key)
    assert enter(client, "s-thief").status_code == 200, "the new holder of the post"


def sign_out(client: TestClient) -> Any:
    return client.post("/dang-xuat", data={"csrf": token(client, "/tai-khoan")})


def form_of(page: str) -> tuple[str, dict[str, str]]:
    address = re.search(r'<form class="card narrow" method="post" action="([^"]+)"', page)
    assert address, page
    return address[1], dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)">', page))


def test_whoever_signs_out_may_sign_out_at_the_provider_too(opened: Open, provider: Mock) -> None:
    town, client = opened()
    enter(client, "s-lead")
    answer = sign_out(client)
    assert not is_in(client), "here he is out, whatever he does there"
    address, fields = form_of(answer.text)
    assert address == f"{provider.issuer}/oauth2/end_session"
    assert f"form-action 'self' {provider.issuer};" in answer.headers["content-security-policy"]
    assert claims_of(fields["id_token_hint"])["sub"] == "s-lead"
    assert fields["client_id"] == provider.client_id
    page = requests.post(address, data=fields, timeout=10).text
    assert "not set" not in page, "the provider has found the hint"
    back = re.search(r'name="redirect_uri" value="([^"]+)"', page)
    assert back
    ended = requests.post(
        f"{address}/confirm", data={"redirect_uri": back[1]}, allow_redirects=False, timeout=10
    )
    assert client.get(ended.headers["location"].removeprefix(HERE)).status_code == 200
    assert client.get("/dang-xuat/chung", follow_redirects=False).headers["location"] == "/dang-nhap"
    assert town


def test_the_id_token_is_kept_by_the_browser_alone(opened: Open) -> None:
    town, client = opened()
    answer = client.get(agreed(away(client), "s-lead"), follow_redirects=False)
    kept = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("dansinh-sso-end="))
    assert "HttpOnly" in kept
    id_token = kept.partition("=")[2].partition(";")[0]
    assert claims_of(id_token)["sub"] == "s-lead"
    town.store.close()
    files = [path for path in town.store.data_dir.rglob("*") if path.is_file()]
    assert not [path for path in files if id_token.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    "end",
    [None, "http://evil.example.vn/end", "javascript:alert(1)", "https://a; script-src *", ""],
    ids=["none", "open line", "script", "policy", "empty"],
)
def test_a_provider_that_offers_no_way_out_is_told_of(opened: Open, provider: Mock, end: str | None) -> None:
    def without(path: str, body: bytes) -> bytes:
        if path != "/.well-known/openid-configuration":
            return body
        found = json.loads(body)
        found.pop("end_session_endpoint")
        return json.dumps(found | ({} if end is None else {"end_session_endpoint": end})).encode()

    provider.wire.forge = without
    _, client = opened()
    enter(client, "s-lead")
    answer = sign_out(client)
    assert "từ đây không đăng xuất ở đó được" in answer.text
    assert "form-action 'self';" in answer.headers["content-security-policy"]


def test_an_id_token_too_long_for_a_cookie_is_not_shown_again(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sso, "LONGEST_ID_TOKEN", 10)
    _, client = opened()
    enter(client, "s-lead")
    assert form_of(sign_out(client).text)[1].keys() == {"client_id", "post_logout_redirect_uri"}


def test_whoever_came_by_a_password_goes_to_no_provider(opened: Open) -> None:
    _, client = opened()
    enter(client, "s-lead")
    form = {"csrf": token(client, "/dang-nhap"), "name": "tai-khoan-reader", "password": PASSWORD}
    client.post("/dang-nhap", data=form)
    assert str(sign_out(client).url) == f"{HERE}/dang-nhap"


def test_single_sign_on_asks_the_database_the_same_however_much_there_is(opened: Open) -> None:
    """Beside test_questions.py, which has no provider to send anybody to."""
    town, client = opened()
    asked: list[dict[str, int]] = []
    # The first time the account is tied, and the browser known.
    enter(client, "s-lead")
    for size in (3, 60):
        fill(town, size)
        counts = {}
        for path in ("/dang-nhap/chung", sso.RETURN, "/dang-xuat/chung"):
            if path == "/dang-xuat/chung":
                sign_out(client)
            address = agreed(away(client), "s-lead") if path == sso.RETURN else path
            with counted(town) as statements:
                assert client.get(address, follow_redirects=False).status_code in (200, 303)
            counts[path] = len(statements)
        asked.append(counts)
    assert asked == [MOST_OF_SSO, MOST_OF_SSO]
    routes = [route for route in town.app.routes if isinstance(route, Route)]
    assert {route.path for route in routes if route.name.startswith("sso")} == MOST_OF_SSO.keys()


def test_an_account_may_have_another_name_there(opened: Open) -> None:
    town, client = opened()
    described = Description("Văn thư", "reader", sso_name="Nguoi-La")
    key = Accounts(town.store, town.clock, "command:desk").add("van-thu", described, None)
    assert "Văn thư" in enter(client, "s-nobody").text
    assert "nguoi-la" not in str(vars(town.get(User, key))).lower()


def test_who_is_called_there_as_an_account_is_here_does_not_get_it_by_that(opened: Open) -> None:
    """A provider of many offices gives out names that ours knows nothing of."""
    town, client = opened(same_names=False)
    assert enter(client, "s-thief").status_code == 403
    with town.store.read() as session:
        account = session.scalars(select(User).where(User.name == "tai-khoan-lead")).one()
        assert account.sso_subject is None
    described = Description(account.post, account.role, sso_name="tai-khoan-lead")
    Accounts(town.store, town.clock, "command:desk").change(account.id, described)
    assert enter(client, "s-lead").status_code == 200


def test_an_e_mail_names_an_account_only_where_it_is_verified(opened: Open) -> None:
    town, client = opened(name_claim="email")
    assert enter(client, "s-lead").status_code == 502
    assert enter(client, "s-nobody").status_code == 403
    assert enter(client, "s-thief").status_code == 200
    assert town


def test_the_desk_asks_for_its_own_second_factor(opened: Open) -> None:
    town, client = opened()
    enter(client, "s-lead")
    # The password, which the pages ask for, was never used to come in.
    set_up(client, town, "lead")
    client.post("/dang-xuat", data={"csrf": token(client, "/tai-khoan")})
    assert "Mã xác thực" in enter(client, "s-lead").text
    assert not is_in(client)
    with town.store.read() as session:
        secret = session.scalars(select(User.totp_secret).where(User.name == "tai-khoan-lead")).one()
    assert second_step(client, code(town, secret)).status_code == 200
    assert is_in(client)


def test_an_account_without_a_password_has_a_second_factor_all_the_same(opened: Open) -> None:
    town, client = opened({"totp_required": ["reader"]})
    accounts = Accounts(town.store, town.clock, "command:desk")
    accounts.add("nguoi-la", Description("Văn thư", "reader"), None)
    page = enter(client, "s-nobody").text
    assert "Mật khẩu hiện nay" not in page + client.get("/tai-khoan").text
    form = {"csrf": token(client, "/tai-khoan/xac-thuc")}
    client.post("/tai-khoan/xac-thuc/bat-dau", data=form)
    secret = offered(town)
    client.post("/tai-khoan/xac-thuc/xac-nhan", data=form | {"code": code(town, secret)})
    form = {"csrf": token(client, "/tai-khoan/xac-thuc"), "password": ""}
    assert client.post("/tai-khoan/xac-thuc/ma-du-phong", data=form).status_code == 409
    town.clock.now += timedelta(seconds=30)
    form["password"] = code(town, secret)
    assert client.post("/tai-khoan/xac-thuc/ma-du-phong", data=form).status_code == 200


def test_a_provider_that_asks_for_one_itself_may_be_believed(opened: Open) -> None:
    _, client = opened({"totp_required": ["lead"]}, second_factor="provider")
    assert "<h1>Hôm nay" in enter(client, "s-lead").text


def test_a_required_second_factor_is_not_passed_by_single_sign_on(opened: Open) -> None:
    _, client = opened({"totp_required": ["lead"]})
    assert "phải có mã xác thực" in enter(client, "s-lead").text


@pytest.mark.parametrize("attack", ["state", "no state", "other browser", "twice", "denied", "issuer"])
def test_an_answer_that_was_not_asked_for_opens_nothing(opened: Open, attack: str) -> None:
    town, client = opened()
    back = agreed(away(client), "s-lead")
    if attack == "state":
        back = back.replace("state=", "state=x")
    elif attack == "no state":
        back = back.partition("&state=")[0]
    elif attack == "other browser":
        client = TestClient(town.app, raise_server_exceptions=False)
    elif attack == "twice":
        client.get(back)
        client.cookies.delete("dansinh")
    elif attack == "denied":
        back = f"{sso.RETURN}?error=access_denied&error_description=%3Cscript%3E&{back.partition('&')[2]}"
    elif attack == "issuer":
        back = f"{back}&iss=https%3A%2F%2Fevil.example.vn"
    answer = client.get(back)
    assert answer.status_code in (403, 502)
    assert "<script>" not in answer.text.replace('<script type="module"', "")
    assert not is_in(client)


OWN_KEY = RSAKey.generate_key(2048, {"kid": "gia"})


def signed(claims: dict[str, Any], header: dict[str, Any], key: Any) -> str:
    return jwt.encode(header, claims, key, algorithms=[header["alg"]])


def unsigned(claims: dict[str, Any], _header: dict[str, Any], _key: Any) -> str:
    parts = (json.dumps(part).encode() for part in ({"alg": "none", "typ": "JWT"}, claims))
    return ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


@pytest.mark.parametrize(
    ("changed", "known_key", "lets_in"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"aud": "ban-lam-viec-khac"}, True, False),
        ({"aud": ["ban-lam-viec-khac", "x"]}, True, False),
        ({"iss": "https://evil.example.vn"}, True, False),
        ({"nonce": "khac"}, True, False),
        ({"nonce": None}, True, False),
        ({"exp": 1_700_000_000}, True, False),
        ({"exp": None}, True, False),
        ({"nbf": 4_000_000_000}, True, False),
        ({"sub": None}, True, False),
        ({"preferred_username": None}, True, False),
        ({"preferred_username": ["tai-khoan-lead"]}, True, False),
        ({"at_hash": "khac"}, True, False),
    ],
    ids=range(14),
)
def test_a_token_counts_only_where_all_of_it_is_right(
    opened: Open, provider: Mock, changed: dict[str, Any], known_key: bool, lets_in: bool
) -> None:
    _, client = opened()

    def forge(path: str, body: bytes) -> bytes:
        if path == "/jwks" and known_key:
            return json.dumps({"keys": [OWN_KEY.as_dict(private=False)]}).encode()
        if path != "/oauth2/token":
            return body
        answer = json.loads(body)
        claims = claims_of(answer["id_token"]) | changed
        claims = {name: value for name, value in claims.items() if value is not None}
        answer["id_token"] = signed(claims, {"alg": "RS256", "kid": "gia"}, OWN_KEY)
        return json.dumps(answer).encode()

    provider.wire.forge = forge
    answer = enter(client, "s-lead")
    assert (answer.status_code == 200) == is_in(client) == lets_in
    assert lets_in or "trả lời không đúng cách" in answer.text


def claims_of(id_token: str) -> dict[str, Any]:
    payload = id_token.split(".")[1]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return found


@pytest.mark.parametrize("how", ["none", "secret", "nothing", "no object", "an error"])
def test_a_token_that_proves_nothing_opens_nothing(opened: Open, provider: Mock, how: str) -> None:
    _, client = opened()

    def forge(path: str, body: bytes) -> bytes:
        if path != "/oauth2/token":
            return body
        answer = json.loads(body)
        claims = claims_of(answer["id_token"])
        if how == "none":
            answer["id_token"] = unsigned(claims, {}, None)
        elif how == "secret":
            answer["id_token"] = signed(claims, {"alg": "HS256"}, OctKey.import_key(provider.secret))
        elif how == "nothing":
            del answer["id_token"]
        elif how == "no object":
            return b"<html>"
        else:
            answer = {"error": "invalid_grant"}
        return json.dumps(answer).encode()

    provider.wire.forge = forge
    assert enter(client, "s-lead").status_code == 502
    assert not is_in(client)


@pytest.mark.parametrize("how", ["issuer", "open line", "no json", "no keys"])
def test_a_provider_that_cannot_be_trusted_is_not_asked(opened: Open, provider: Mock, how: str) -> None:
    _, client = opened()

    def forge(path: str, body: bytes) -> bytes:
        if path != "/.well-known/openid-configuration":
            return body
        found = json.loads(body)
        if how == "issuer":
            found["issuer"] = "https://evil.example.vn"
        elif how == "open line":
            found["token_endpoint"] = "http://evil.example.vn/token"
        elif how == "no keys":
            del found["jwks_uri"]
        return b"<html>" if how == "no json" else json.dumps(found).encode()

    provider.wire.forge = forge
    answer = client.get("/dang-nhap/chung")
    assert answer.status_code == 502
    assert "không trả lời" in answer.text
    assert not provider.wire.asked


def test_where_the_provider_is_away_the_password_still_opens(
    tmp_path: Path, blank: Path, provider: Mock
) -> None:
    own = configured(provider)
    own["oidc"]["issuer"] = "http://127.0.0.1:9"
    with open_town(tmp_path, blank, **own) as town, TestClient(town.app) as client:
        assert "không trả lời" in client.get("/dang-nhap/chung").text
        form = {"csrf": token(client, "/dang-nhap"), "name": "tai-khoan-lead", "password": PASSWORD}
        assert "<h1>Hôm nay" in client.post("/dang-nhap", data=form).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": None},
        {"oidc": {"issuer": "http://dang-nhap.example.vn", "client_id": "x"}},
        {"oidc": {"issuer": "https://dang-nhap.example.vn/?a=b", "client_id": "x"}},
        {"oidc": {"issuer": "https://dang-nhap.example.vn", "client_id": "x", "secret": "lo"}},
    ],
    ids=range(4),
)
def test_a_configuration_that_is_not_safe_is_refused(wrong: dict[str, Any]) -> None:
    good = {"base_url": HERE, "oidc": {"issuer": "https://dang-nhap.example.vn", "client_id": "x"}}
    DeskSettings.model_validate(good)
    with pytest.raises(ValidationError):
        DeskSettings.model_validate(good | wrong)


def test_without_the_clients_secret_the_desk_says_so(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    own = {"base_url": HERE, "oidc": {"issuer": "https://dang-nhap.example.vn", "client_id": "x"}}
    with config.open("w") as file:
        crawler = {"contact": "https://example.vn", "outlets": []}
        YAML().dump(OFFICE | {"data_dir": "var", "crawler": crawler, "desk": own}, file)
    refused = CliRunner().invoke(desk, ["--config", str(config), "--port", "0"])
    assert refused.exit_code == 2
    assert "DANSINH_OIDC_SECRET is not set" in refused.output
    assert "take out desk.oidc" in refused.output

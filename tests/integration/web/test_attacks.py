"""The desk under attack. Whatever routes there are, are walked: a new one cannot be forgotten.

Beside their subject stand, elsewhere: forged, expired and replayed links, hostile names and contents of files
(test_agency_page.py), guesses, planted sessions and open redirects (test_sign_in.py, test_second_factor.py),
forged tokens (test_oidc.py), who may what (test_permissions.py), two who decide at once (test_steps.py),
formulas in what is taken away (test_search.py, documents/test_report_tables.py), a crash without a trace
(test_pages.py).
"""

import itertools
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jinja2
import pytest
from lxml import html
from sqlalchemy import func, select
from starlette.routing import Route
from starlette.testclient import TestClient

from pipeline.answering.links import Links
from pipeline.registers import REGISTERS
from pipeline.settings import AgencyPage
from store.history import record
from store.models import Attachment, Event, Issue, Referral, RegisterEntry, Reply, Source, User
from store.models import Session as OpenSession
from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import NOW, OWN_AGENCY, PASSWORD, Town, desk_settings, open_town
from web.headers import ALWAYS, STORED_HTML
from web.permissions import MAY, ROLES
from web.visits import action_of

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}=cmd|' /C calc'!A0"
BAD_LINKS = ("javascript:alert(1)", "data:text/html,<script>alert(1)</script>", " java\tscript:alert(1)")
PAGE = AgencyPage(base_url="http://testserver")
EVIL = "evil.example.vn"
TEMPLATES = Path("web/templates")


def with_everything(town: Town, patch: pytest.MonkeyPatch) -> Town:
    """All that a configuration may add."""
    patch.setenv("DANSINH_LINK_SECRET", "k" * 40)
    patch.setenv("DANSINH_OIDC_SECRET", "s" * 40)
    sso = {"issuer": "http://127.0.0.1:9", "client_id": "x"}
    own = {"base_url": "http://testserver", "oidc": sso, "open311": {"jurisdiction_id": "thu.example.vn"}}
    town.settings = desk_settings(town.settings.data_dir, **own).model_copy(update={"agency_page": PAGE})
    return town


@pytest.fixture
def whole(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """To be asked for before `enter`, which makes the application."""
    return with_everything(town, monkeypatch)


@pytest.fixture(scope="module")
def hostile(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A desk on which every text that came from outside, or that somebody typed, is an attack.

    No attack changes anything, so that all may be tried on the same.
    """
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch, open_town(folder, blank) as town:
        _fill(with_everything(town, patch))
        yield town


def _fill(whole: Town) -> None:
    """The first of each kind of thing bears the number 1."""
    issue = whole.issue(
        title=HOSTILE, place_name=HOSTILE, articles=2, state="referred", routing_problem=HOSTILE
    )
    for n, url in enumerate(BAD_LINKS):
        whole.issue(title=f"{HOSTILE} {n}", place_name=HOSTILE, state=("detected", "closed", "confirmed")[n])
        whole.article(issue + n, title=HOSTILE, lead=HOSTILE, body=HOSTILE, outlet_name=HOSTILE, url=url)
    texts = {"agency_name": HOSTILE, "rule": HOSTILE, "request": HOSTILE, "basis": HOSTILE}
    clock = {"key": "x", "text": HOSTILE, "basis": HOSTILE, "deadline_at": NOW.isoformat()}
    first = whole.sent_referral(issue, agency_key=OWN_AGENCY, statutory=[clock], state="answered", **texts)
    second = whole.sent_referral(issue, proposed_agency=HOSTILE, **texts)
    whole.referral(issue + 2, **texts)
    whole.delivery(second, state="quarantined", recipient=HOSTILE, subject=HOSTILE, last_error=HOSTILE)
    reply = whole.reply(first, HOSTILE)
    whole.digest(f"<h1>Bản tin</h1>{HOSTILE}")
    whole.source(HOSTILE, last_error=HOSTILE, failures=9, error_kind="gone")
    with whole.store.begin() as session:
        session.get_one(Reply, reply).document_number = HOSTILE
        attachment: dict[str, Any] = {"sha256": "0" * 64, "kind": "pdf", "size": 1}
        session.add(Attachment(reply_id=reply, name=f"{HOSTILE}.pdf", **attachment))
        for register in REGISTERS:
            entry = {"title": HOSTILE, "text": HOSTILE, "agency_name": HOSTILE, "outcome": HOSTILE}
            link = {"link": BAD_LINKS[0], "unit_codes": ["31"], "issue_id": issue, "created_at": NOW}
            session.add(RegisterEntry(register=register, state="done", **entry, **link))
        for user in session.scalars(select(User)):
            user.post = HOSTILE
        for source in session.scalars(select(Source)):
            source.outlet_name = HOSTILE
        after = {
            "title": HOSTILE,
            "topic": HOSTILE,
            "agency": HOSTILE,
            "state": HOSTILE,
            "deadline_at": HOSTILE,
        }
        for entity in ("issue", "referral", "reply", "entry", "source", "user", HOSTILE):
            told: dict[str, Any] = {
                "entity": entity,
                "entity_id": 1,
                "action": HOSTILE,
                "after": after,
                "before": after,
            }
            record(session, at=NOW, actor=f"analyst:{HOSTILE}", why=HOSTILE, **told)


def routes(town: Town) -> list[Route]:
    return [route for route in town.app.routes if isinstance(route, Route)]


def posts(town: Town) -> list[Route]:
    return [route for route in routes(town) if "POST" in (route.methods or ())]


def address(route: Route, town: Town) -> str:
    """Of the first of whatever it shows."""
    with town.store.read() as session:
        referral = session.get(Referral, 1)
    fills = {
        "id:int": "1",
        "id": "1",
        "day": "2026-11-20",
        "slug": next(iter(REGISTERS.values())).slug,
        "token": Links(PAGE).address(referral, NOW).rpartition("/")[2] if referral else "x",
        "form": "xml",
        "code": "environment",
    }
    return re.sub(r"{([^}]+)}", lambda part: fills.get(part[1], "khong-co"), route.path)


def who_may(route: Route) -> str:
    action = action_of(route.endpoint)
    allowed = MAY[action] if action else {"lead"}
    return next(role for role in ("lead", "operator", "agency", "analyst", "reader") if role in allowed)


class Everybody:
    """A browser for each role, all before one application."""

    def __init__(self, town: Town) -> None:
        self._app = town.app
        self._browsers = {role: self._signed_in(role) for role in ROLES}
        self.stranger = TestClient(self._app, raise_server_exceptions=False)

    def __getitem__(self, role: str) -> TestClient:
        return self._browsers[role]

    def _signed_in(self, role: str) -> TestClient:
        client = TestClient(self._app, raise_server_exceptions=False)
        form = {"csrf": token(client, "/dang-nhap"), "name": f"tai-khoan-{role}", "password": PASSWORD}
        assert client.post("/dang-nhap", data=form).status_code == 200
        return client


@pytest.fixture(scope="module")
def everybody(hostile: Town) -> Everybody:
    return Everybody(hostile)


Walked = list[tuple[str, Any]]


@pytest.fixture(scope="module")
def walked(hostile: Town, everybody: Everybody) -> Walked:
    """Every page that can be got, as somebody who may see it, plainly and with an address that attacks."""
    before, found = told(hostile), []
    for route in routes(hostile):
        if "GET" in (route.methods or ()) and route.name not in ("sso", "sso_return"):
            path = address(route, hostile)
            for asked in ("", f"?q={HOSTILE}&xong={HOSTILE}&tiep={HOSTILE}&sau={HOSTILE}&trang={HOSTILE}"):
                answer = everybody[who_may(route)].get(path + asked, follow_redirects=False)
                assert told(hostile) == before, f"{path} changed something when it was looked at"
                found.append((path, answer))
    return found


def told(town: Town) -> int:
    with town.store.read() as session:
        return session.scalar(select(func.count()).select_from(Event)) or 0


def test_no_form_counts_without_the_token_of_its_session(hostile: Town, everybody: Everybody) -> None:
    stolen = token(everybody["reader"], "/tai-khoan")
    for route in posts(hostile):
        if action_of(route.endpoint) is None:
            continue
        client, path = everybody[who_may(route)], address(route, hostile)
        own = token(client, "/tai-khoan")
        before = told(hostile)
        forged: list[dict[str, Any]] = [
            {"data": {}},
            {"data": {"csrf": ""}},
            {"data": {"csrf": stolen}},
            {"data": {"csrf": own[:-1]}},
            {"data": {}, "params": {"csrf": own}},
            {"json": {"csrf": own}},
            {"content": f"csrf={own}", "headers": {"content-type": "text/plain"}},
            {"data": {}, "headers": {"x-csrf-token": own}},
        ]
        for attack in forged:
            answer = client.post(path, follow_redirects=False, **attack)
            assert answer.status_code == 403, f"{path} {attack}"
        assert told(hostile) == before, path


def test_no_form_before_signing_in_counts_without_its_cookie(hostile: Town, visitor: TestClient) -> None:
    public = [route.path for route in posts(hostile) if action_of(route.endpoint) is None]
    at_the_door = {"/dang-nhap", "/dang-nhap/ma", "/mat-khau-moi"}
    assert at_the_door <= set(public)
    for path in at_the_door:
        visitor.get(path)
        for csrf in ({}, {"csrf": ""}, {"csrf": "doan"}):
            assert visitor.post(path, data={"name": "x", "password": "x"} | csrf).status_code == 403


def test_no_other_method_gets_in(hostile: Town, everybody: Everybody) -> None:
    before, methods = told(hostile), itertools.cycle(("PUT", "DELETE", "TRACE", "PATCH"))
    for route in routes(hostile):
        client, path = everybody[who_may(route)], address(route, hostile)
        method = next(methods)
        answer = client.request(method, path, headers={"x-http-method-override": "POST"})
        assert answer.status_code in (400, 403, 404, 405), f"{method} {path}"
        client.get(path, params={"_method": "POST"}, headers={"x-http-method-override": "POST"})
    assert told(hostile) == before


def test_every_answer_carries_the_headers(walked: Walked, everybody: Everybody) -> None:
    answers, visitor = list(walked), everybody.stranger
    answers += [(path, visitor.get(path, follow_redirects=False)) for path, _ in answers[::2]]
    answers += [
        (path, visitor.post(path, data={"csrf": "x"})) for path in ("/khong-co", "/van-de", "/dang-nhap")
    ]
    answers.append(("413", everybody["lead"].post("/dang-xuat", data={"x": "x" * 1_100_000})))
    answers.append(("400", everybody["lead"].post("/dang-xuat", data={f"x{n}": "" for n in range(600)})))
    assert {answer.status_code for _, answer in answers} >= {200, 303, 400, 403, 404, 405, 413}
    for path, answer in answers:
        expected = dict(ALWAYS)
        if path.endswith("/nguyen-ban") and answer.status_code == 200:
            expected |= STORED_HTML
        if path.startswith("/tra-loi-phieu/"):
            expected["Referrer-Policy"] = "no-referrer"
        for name, value in expected.items():
            assert answer.headers.get(name) == value, f"{path}: {name}"
        assert "server" not in answer.headers
        assert "x-powered-by" not in answer.headers


def test_static_files_are_kept_and_are_what_they_say(visitor: TestClient) -> None:
    for path, kind in (
        ("desk.css", "text/css"),
        ("desk.js", "text/javascript"),
        ("icon.svg", "image/svg+xml"),
    ):
        answer = visitor.get(f"/static/{path}")
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["cache-control"] == "public, max-age=3600"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == ALWAYS["Content-Security-Policy"]


def test_the_policy_lets_nothing_run_that_is_not_a_file_of_ours() -> None:
    policy = dict(part.strip().split(" ", 1) for part in ALWAYS["Content-Security-Policy"].split(";"))
    assert policy.pop("default-src") == "'none'"
    assert {policy.pop("base-uri"), policy.pop("frame-ancestors")} == {"'none'"}
    assert set(policy.values()) == {"'self'"}
    assert {name: value for name, value in ALWAYS.items() if name != "Content-Security-Policy"} == {
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


@pytest.mark.parametrize("template", sorted(path.name for path in TEMPLATES.glob("*.html")))
def test_no_template_has_code_or_style_inline_or_trusts_a_text(template: str) -> None:
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    assert not re.search(
        r"\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*[\"'{]|javascript:|srcdoc", text, re.IGNORECASE
    )
    assert not re.search(r"\|\s*safe\b|autoescape|Markup", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>", text)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text), "something of another host"
    jinja2.Environment(autoescape=True).parse(text)


def test_nothing_hostile_is_more_than_text_on_any_page(walked: Walked) -> None:
    shown = 0
    for path, answer in walked:
        if not answer.headers.get("content-type", "").startswith("text/html") or path.endswith("/nguyen-ban"):
            continue
        tree = html.fromstring(answer.text)
        assert [script.get("src") for script in tree.iter("script")] in ([], ["/static/desk.js"]), path
        for element in tree.iter("*"):
            for name, value in ((str(key), str(found)) for key, found in element.attrib.items()):
                assert not name.startswith("on"), f"{path}: {name}"
                assert name != "style", path
                if name in ("href", "src", "action", "formaction"):
                    safe = re.match(r"(/(?!/)|#|\?|https?://|mailto:|$)", value)
                    assert safe, f"{path}: {name}={value!r}"
            assert element.get("src") != "x", path
        shown += answer.text.count("&lt;script&gt;alert(1)")
        assert "49=cmd" not in answer.text, "a text was taken for a template"
    assert shown > 100, "the attacks were not on the pages"


def test_every_form_on_every_page_bears_its_token(walked: Walked) -> None:
    for path, answer in walked:
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        for form in html.fromstring(answer.text).iter("form"):
            if (form.get("method") or "get").lower() == "post":
                fields = {field.get("name") for field in form.iter("input")}
                assert fields & {"csrf", "bieu-mau"}, f"{path}: {form.get('action')}"
            else:
                assert "csrf" not in {field.get("name") for field in form.iter("input")}, path


def test_no_token_or_secret_stands_in_an_address(walked: Walked) -> None:
    for path, answer in walked:
        where = answer.headers.get("location", "")
        found = [where]
        if answer.headers.get("content-type", "").startswith("text/html"):
            tree = html.fromstring(answer.text)
            found += [str(one.get(name)) for one in tree.iter("*") for name in ("href", "src", "action")]
        assert not [one for one in found if re.search(r"csrf|password|token=", one)], path


def test_the_host_that_a_request_names_is_believed_nowhere(hostile: Town, everybody: Everybody) -> None:
    headers = {"host": EVIL, "x-forwarded-host": EVIL, "x-original-url": "/nguoi-dung", "x-rewrite-url": "/x"}
    for route in routes(hostile):
        if "GET" in (route.methods or ()) and route.name not in ("sso", "sso_return"):
            for path in (address(route, hostile), f"{address(route, hostile)}/"):
                client = everybody[who_may(route)]
                answer = client.get(path, headers=headers, follow_redirects=False)
                assert EVIL not in answer.text + str(answer.headers), path


def test_an_agency_reaches_nothing_of_another(whole: Town, enter: Enter) -> None:
    """By whatever number it asks, and is told no more than of what is not there."""
    issue = whole.issue(state="referred", title="Việc của cơ quan khác")
    foreign = whole.sent_referral(issue, agency_key="so-xay-dung", letter_path="letters/1.docx")
    (whole.settings.data_dir / "letters").mkdir()
    (whole.settings.data_dir / "letters/1.docx").write_bytes(b"PK thu")
    with whole.store.begin() as session:
        entry = {"title": "Dự án khác", "unit_codes": ["31"], "state": "open", "created_at": NOW}
        session.add(RegisterEntry(register="project", agency_name="Sở Xây dựng", **entry))
    client = enter("agency")
    csrf = token(client, "/tai-khoan")
    before, walked = told(whole), 0
    for route in routes(whole):
        action = action_of(route.endpoint)
        if action is None or "agency" not in MAY[action] or "{id:int}" not in route.path:
            continue
        if route.path.startswith("/tai-khoan"):
            continue
        walked += 1
        for number in (foreign, 999):
            path = route.path.replace("{id:int}", str(number))
            method = "POST" if "POST" in (route.methods or ()) else "GET"
            for what in ("tiep-nhan", "tra-loi"):
                form = {"csrf": csrf, "viec": what, "bieu-mau": "x" * 20, "noi-dung": "x", "title": "x"}
                answer = client.request(method, path, data=form, follow_redirects=False)
                assert answer.status_code == 404, f"{method} {path}"
                assert "Việc của cơ quan khác" not in answer.text
    assert walked >= 4
    assert told(whole) == before
    assert whole.get(Referral, foreign).state == "sent"


def test_one_sees_and_ends_only_ones_own_sessions(whole: Town, enter: Enter) -> None:
    lead, reader = enter("lead"), enter("reader")
    with whole.store.read() as session:
        numbers = session.scalars(select(OpenSession.id)).all()
    for number in numbers:
        own = token(reader, "/tai-khoan")
        reader.post(f"/tai-khoan/phien/{number}/ket-thuc", data={"csrf": own}, follow_redirects=False)
        if reader.get("/tai-khoan", follow_redirects=False).status_code == 303:
            break
    assert lead.get("/tai-khoan", follow_redirects=False).status_code == 200


def test_a_form_sent_twice_decides_once(whole: Town, enter: Enter) -> None:
    issue = whole.issue()
    client = enter("lead")
    form = {"csrf": token(client, "/"), "seen_version": str(whole.get(Issue, issue).version)}
    statuses = [client.post(f"/van-de/{issue}/xac-nhan", data=form).status_code for _ in range(3)]
    assert statuses == [200, 409, 409]
    with whole.store.read() as session:
        confirmed = select(func.count()).where(Event.entity == "issue", Event.action == "confirmed")
        assert session.scalar(confirmed) == 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"data": {"why": "x" * 1_100_000}}, 413),
        ({"content": iter([b"why=" + b"x" * 400_000] * 5)}, 413),
        ({"data": {f"x{n}": "" for n in range(600)}}, 400),
        ({"files": {"why": ("x.exe", b"MZ")}}, 400),
        ({"content": b"--x\r\nbroken", "headers": {"content-type": "multipart/form-data; boundary=x"}}, 403),
        ({"content": b"--x", "headers": {"content-type": "multipart/form-data"}}, 400),
    ],
    ids=["long", "without end", "many fields", "a file", "broken", "no boundary"],
)
def test_a_body_beyond_measure_is_refused_in_words(enter: Enter, sent: dict[str, Any], status: int) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"} if "content" in sent else {}
    answer = enter("analyst").post("/van-de/1/bo-qua", **({"headers": headers} | sent))
    assert answer.status_code == status
    assert "Traceback" not in answer.text


FIELDS = """q trang sau tinh-trang linh-vuc dia-ban tu-ngay den-ngay van-de phieu loai xong ky co-quan bao xep
    nhom ngay why title topic urgency seen_version until id agency role name post""".split()  # noqa: SIM905


@pytest.mark.parametrize("charset", ["punycode", "utf-7", "unicode_escape", "undefined", "idna", "latin-1"])
def test_a_form_in_another_code_is_not_read(visitor: TestClient, charset: str) -> None:
    """Python's punycode takes eleven seconds for this one."""
    visitor.get("/dang-nhap")
    kind = {"content-type": f"multipart/form-data; boundary=XX; charset={charset}"}
    body = b'--XX\r\nContent-Disposition: form-data; name="a-"\r\n\r\na-' + b"b" * 250_000 + b"\r\n--XX--\r\n"
    begun = time.monotonic()
    assert visitor.post("/dang-nhap", content=body, headers=kind).status_code == 400
    assert time.monotonic() - begun < 5
    kind = {"content-type": f"application/x-www-form-urlencoded; charset={charset}"}
    assert visitor.post("/dang-nhap", content=b"csrf=x", headers=kind).status_code == 400


def test_a_form_in_our_code_is_read(visitor: TestClient) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8"}
    form = f"csrf={token(visitor, '/dang-nhap')}&name=tai-khoan-lead&password={PASSWORD}"
    assert "<h1>Hôm nay" in visitor.post("/dang-nhap", content=form.encode(), headers=kind).text


@pytest.mark.parametrize("number", ["9" * 11, "9" * 5000, "٣", "1e3", "+1", "0x1"], ids=range(6))
def test_a_number_that_none_of_ours_can_be_is_not_there(visitor: TestClient, number: str) -> None:
    for path in (f"/van-de/{number}", f"/phieu-chuyen/{number}/thu.docx", f"/nguoi-dung/{number}/dong"):
        assert visitor.get(path, follow_redirects=False).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/nhat-ky?tu-ngay=01/01/0001",
        "/nhat-ky?den-ngay=31/12/9999",
        "/nhat-ky?sau=0001-01-01T00:00:00%2B14:00~1",
        "/nhat-ky?sau=9999-12-31T23:59:59-14:00~1",
    ],
    ids=range(4),
)
def test_days_of_other_millennia_are_answered(enter: Enter, path: str) -> None:
    assert enter("lead").get(path).status_code in (200, 400)


ODD = ("\x00", "\ud7ff\uffff", "%00", "١٢", "1e9", "-1", "9" * 30, "1; DROP TABLE issue", "../../etc/passwd")


@pytest.mark.parametrize("turn", range(3))
def test_odd_values_are_answered_and_break_nothing(whole: Town, turn: int) -> None:
    whole.issue()
    everybody = Everybody(whole)
    odd = {name: ODD[(n + 3 * turn) % len(ODD)] for n, name in enumerate(FIELDS)}
    for route in routes(whole):
        if "GET" in (route.methods or ()) and route.name not in ("sso", "sso_return"):
            path = re.sub(r"{[^}]+}", "1", route.path)
            answer = everybody[who_may(route)].get(path, params=odd, follow_redirects=False)
            assert answer.status_code < 500, f"{path} {answer.text[:300]}"
        if "POST" in (route.methods or ()) and action_of(route.endpoint) is not None:
            path, client = re.sub(r"{[^}]+}", "1", route.path), everybody[who_may(route)]
            if route.name in ("logout", "change_password", "end_other_sessions"):
                continue
            form = dict(odd)
            answer = client.post(
                path, data=form | {"csrf": token(client, "/tai-khoan")}, follow_redirects=False
            )
            assert answer.status_code < 500, f"POST {path} {answer.text[:300]}"
    with whole.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Issue)) == 1


def test_forms_without_end_are_slowed_down(whole: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.desk.FORMS", 5)
    whole.issue()
    with TestClient(whole.app) as client:
        form = {
            "csrf": token(client, "/dang-nhap"),
            "name": "tai-khoan-lead",
            "password": "mat-khau-thu-nghiem",
        }
        client.post("/dang-nhap", data=form)
        csrf = token(client, "/tai-khoan")
        statuses = [client.post("/van-de/1/muc-do", data={"csrf": csrf}).status_code for _ in range(6)]
        assert statuses[-1] == 429
        assert 429 not in statuses[:5]
        whole.clock.now += timedelta(minutes=15)
        assert client.post("/van-de/1/muc-do", data={"csrf": csrf}).status_code != 429


def test_nothing_typed_goes_into_a_log(
    whole: Town, enter: Enter, visitor: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    secret = "khong-duoc-ghi-vao-nhat-trinh"
    form = {"csrf": token(visitor, "/dang-nhap"), "name": secret, "password": secret}
    visitor.post("/dang-nhap", data=form)
    client = enter("lead")
    csrf = token(client, "/")
    with whole.store.begin() as session:
        session.connection().exec_driver_sql("ALTER TABLE event RENAME TO gone")
    whole.issue()
    assert client.post("/van-de/1/bo-qua", data={"csrf": csrf, "why": secret}).status_code == 500
    assert secret not in "\n".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)

"""Pages go out compressed to who takes it so, and their forms' tokens are never twice the same."""

import gzip
import zipfile

import pytest
from starlette.responses import Response
from starlette.testclient import TestClient

from tests.integration.web.conftest import Enter, token
from tests.integration.web.town import PASSWORD, Town
from web.compressing import LEAST_BYTES, Compressed

CSS = "/static/desk.css"


def asked(client: TestClient, path: str, taken: str, **headers: str) -> tuple[dict[str, str], bytes]:
    """Headers, and the bytes as they travel."""
    with client.stream("GET", path, headers={"Accept-Encoding": taken} | headers) as answer:
        return dict(answer.headers) | {"status": str(answer.status_code)}, b"".join(answer.iter_raw())


@pytest.mark.parametrize("path", ["/", "/van-de", "/dang-nhap", CSS])
def test_who_takes_gzip_gets_it_and_nobody_else(enter: Enter, town: Town, path: str) -> None:
    town.issue()
    client = enter("lead")
    headers, packed = asked(client, path, "gzip, deflate, br")
    assert (headers["content-encoding"], headers["vary"]) == ("gzip", "Accept-Encoding")
    assert headers["content-length"] == str(len(packed))
    plain_headers, plain = asked(client, path, "identity")
    assert "content-encoding" not in plain_headers
    assert plain_headers["content-length"] == str(len(plain))
    assert len(packed) < len(plain) * 0.6
    # Tokens differ in letters, never in length.
    assert len(gzip.decompress(packed)) == len(plain)
    assert headers["content-security-policy"] == plain_headers["content-security-policy"]


def test_what_is_packed_or_small_goes_as_it_is(enter: Enter, town: Town) -> None:
    referral = town.referral(town.issue(), letter_path="letters/1.docx")
    (town.settings.data_dir / "letters").mkdir()
    with zipfile.ZipFile(town.settings.data_dir / "letters/1.docx", "w") as made:
        made.writestr("word/document.xml", b"<w:t>Noi dung bia</w:t>" + b" " * 4 * LEAST_BYTES)
    client = enter("lead")
    for path in (f"/phieu-chuyen/{referral}/thu.docx", "/tim-kiem/bang.xlsx", "/static/icon.svg"):
        headers, body = asked(client, path, "gzip")
        assert (headers["status"], headers.get("content-encoding")) == ("200", None), path
        assert headers["content-length"] == str(len(body)), path


@pytest.mark.parametrize(
    ("media_type", "encoding"),
    [
        ("application/octet-stream", None),
        ("application/pdf", None),
        ("application/zip", None),
        ("image/png", None),
        ("text/csv; charset=utf-8", "gzip"),
        ("application/json", "gzip"),
        ("text/xml", "gzip"),
        ("image/svg+xml", "gzip"),
    ],
)
def test_it_is_told_by_its_type(media_type: str, encoding: str | None) -> None:
    body = b"tin bia " * LEAST_BYTES
    client = TestClient(Compressed(Response(body, media_type=media_type)))
    headers, sent = asked(client, "/", "gzip")
    assert headers.get("content-encoding") == encoding
    assert (gzip.decompress(sent) if encoding else sent) == body


def test_what_a_browser_has_is_not_sent_again(visitor: TestClient) -> None:
    for taken in ("gzip", "identity"):
        headers, _ = asked(visitor, CSS, taken)
        again, body = asked(visitor, CSS, taken, **{"If-None-Match": headers["etag"]})
        assert (again["status"], body) == ("304", b"")
        assert "content-encoding" not in again


def test_a_part_is_one_of_the_plain_file(visitor: TestClient) -> None:
    plain_headers, plain = asked(visitor, CSS, "identity")
    packed_headers, _ = asked(visitor, CSS, "gzip")
    part, body = asked(visitor, CSS, "gzip", Range="bytes=100-2099")
    assert (part["status"], body) == ("206", plain[100:2100])
    assert "content-encoding" not in part
    # Who has half of the compressed one gets no second half of the other.
    assert "accept-ranges" not in packed_headers
    assert packed_headers["etag"] == f"W/{plain_headers['etag']}"
    whole, _ = asked(visitor, CSS, "gzip", Range="bytes=100-", **{"If-Range": packed_headers["etag"]})
    assert whole["status"] == "200"


@pytest.mark.parametrize("path", ["/", CSS, "/dang-nhap"])
def test_who_asks_for_the_headers_alone_gets_these(enter: Enter, path: str) -> None:
    answer = enter("lead").head(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_two_renderings_differ_in_the_token_and_both_are_taken(enter: Enter, town: Town) -> None:
    issue, client = town.issue(), enter("lead")
    pages = [client.get(f"/van-de/{issue}").text for _ in range(2)]
    given = [token(client, f"/van-de/{issue}") for _ in range(2)]
    assert pages[0] != pages[1]
    assert given[0] != given[1]
    for number, csrf in enumerate(given):
        form = {"csrf": csrf, "title": f"Tiêu đề bịa {number}"}
        assert client.post(f"/van-de/{issue}/tieu-de", data=form, follow_redirects=False).status_code == 303


def test_a_page_shows_one_token_to_all_of_its_forms(enter: Enter, town: Town) -> None:
    page = enter("lead").get(f"/van-de/{town.issue()}").text
    tokens = [part.partition('"')[0] for part in page.split('name="csrf" value="')[1:]]
    assert len(tokens) > 3
    assert len(set(tokens)) == 1


@pytest.mark.parametrize("page", ["/dang-nhap", "/dang-nhap/ma", "/mat-khau-moi"])
def test_so_do_the_pages_before_signing_in(visitor: TestClient, page: str) -> None:
    assert token(visitor, page) != token(visitor, page)


def test_of_two_tabs_at_the_sign_in_the_first_one_counts_too(visitor: TestClient) -> None:
    first, second = (token(visitor, "/dang-nhap") for _ in range(2))
    form = {"csrf": first, "name": "tai-khoan-lead", "password": PASSWORD}
    assert first != second
    assert "<h1>Hôm nay" in visitor.post("/dang-nhap", data=form).text

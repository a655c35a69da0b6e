"""Single sign-on and out of it in a real browser, which holds to the desk's policy of where forms may go."""

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, expect

from tests.browser.conftest import serving
from tests.integration.web.provider import running
from tests.integration.web.town import open_town

pytestmark = [
    pytest.mark.browser,
    # The provider's own use of authlib is behind the times, and says so.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]


@pytest.fixture
def address(tmp_path: Path, blank: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A desk whose address the provider knows."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        provider = stack.enter_context(running(address))
        monkeypatch.setenv("DANSINH_OIDC_SECRET", provider.secret)
        oidc = {"issuer": provider.issuer, "client_id": provider.client_id, "same_names": True}
        town = stack.enter_context(open_town(tmp_path, blank, base_url=address, oidc=oidc))
        town.clock.now = datetime.now(UTC)
        yield stack.enter_context(serving(town, listener))


def test_in_by_the_provider_and_out_of_it(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="vi-VN", viewport={"width": 390, "height": 844})
    # The provider's own pages ask another host for their looks.
    context.route(re.compile(r"^(?!http://127\.0\.0\.1:)"), lambda route: route.abort())
    page, complaints = context.new_page(), list[str]()

    def hear(message: ConsoleMessage) -> None:
        if message.location["url"].startswith(address):
            complaints.append(message.text)

    page.on("console", hear)
    page.goto(f"{address}/nhat-ky")
    page.get_by_role("link", name="Đăng nhập bằng tài khoản chung").click()
    page.locator("input[name=sub]").fill("s-lead")
    page.get_by_role("button", name="Authorize").first.click()
    expect(page.get_by_role("heading", name="Nhật ký")).to_be_visible()

    page.goto(f"{address}/tai-khoan")
    page.locator("form[action$='/dang-xuat'] button").first.evaluate("button => button.click()")
    expect(page.get_by_role("status")).to_contain_text("đã đăng xuất khỏi bàn làm việc")
    assert page.locator("html").evaluate("page => page.scrollWidth") <= 390
    page.get_by_role("button", name="Đăng xuất khỏi hệ thống đăng nhập chung").click()
    expect(page.get_by_role("heading", name="End Session")).to_be_visible()
    page.get_by_role("button", name="End session").click()
    expect(page).to_have_url(re.compile("/dang-nhap$"))
    assert complaints == []
    context.close()

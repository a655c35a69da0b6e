"""A real Chromium before a real desk."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.desks import blank as blank
from tests.desks import quick_passwords as quick_passwords
from tests.desks import town as town
from tests.integration.web.town import PASSWORD, Town

FLAGS = (
    "--no-sandbox",  # CI and containers run as root, where Chromium's sandbox cannot start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium")
    if found is None and os.environ.get("CI"):
        pytest.fail(
            "NO CHROMIUM: in CI browser tests may not be left out. Install Debian's package 'chromium'."
        )
    if found is None:
        pytest.skip("!!! NO CHROMIUM: browser tests are left out. Install Debian's package 'chromium'. !!!")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Ended with its module: an event loop runs in this thread meanwhile, which later tests need."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def artefacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots are kept: DANSINH_ARTEFACTS, in CI artefacts/, else a folder of this run."""
    named = os.environ.get("DANSINH_ARTEFACTS") or ("artefacts" if os.environ.get("CI") else "")
    folder = Path(named) if named else tmp_path_factory.mktemp("artefacts")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def address(town: Town) -> Iterator[str]:
    with serving(town) as address:
        yield address


@contextmanager
def serving(town: Town, listener: socket.socket | None = None) -> Iterator[str]:
    """The desk, served on a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(town.app, log_level="warning", access_log=False))
    with listener or socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


class Desk:
    """One official's browser window, and what went wrong in it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self, role: str) -> None:
        self.enter(role)
        expect(self.page.get_by_role("heading", name="Hôm nay")).to_be_visible()

    def enter(self, role: str, name: str | None = None, password: str = PASSWORD) -> None:
        self.open("/")
        self.fill_in(role, name, password)

    def fill_in(self, role: str, name: str | None = None, password: str = PASSWORD) -> None:
        """The form by which one signs in, wherever it stands."""
        self.page.get_by_label("Tên tài khoản").fill(name or f"tai-khoan-{role}")
        self.page.get_by_label("Mật khẩu").fill(password)
        self.page.get_by_role("button", name="Đăng nhập").click()
        expect(self.page.get_by_role("button", name="Đăng xuất")).to_be_visible()


@pytest.fixture
def windows(browser: Browser, address: str) -> Iterator[list[Desk]]:
    """Two officials at their own machines; scripts are switched off in the second."""
    contexts = [
        browser.new_context(
            locale="vi-VN", java_script_enabled=scripts, viewport={"width": 1280, "height": 900}
        )
        for scripts in (True, False)
    ]
    yield [Desk(context.new_page(), address) for context in contexts]
    for context in contexts:
        context.close()

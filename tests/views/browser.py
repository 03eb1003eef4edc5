"""A browser for the tests of pages: the chromium that is installed, without a network; skipped in words without one."""

from __future__ import annotations

import contextlib
import shutil

import pytest

CHROMIUM = "/usr/bin/chromium"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


@contextlib.contextmanager
def chromium():
    """A running browser."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser tests")
    path = CHROMIUM if shutil.which(CHROMIUM) else shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no chromium is installed: no browser tests")
    with playwright.sync_playwright() as session:
        browser = session.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


class Opened:
    """A page that is open, what it wrote to the console, and what it asked of the network."""

    def __init__(self, browser, path, *, size, fragment=""):
        self.context = browser.new_context(viewport=size, accept_downloads=True)
        self.page = self.context.new_page()
        self.console, self.requests = [], []
        self.page.on("console", lambda message: self.console.append(message.text))
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(f"{path.resolve().as_uri()}{fragment}")

    def network(self):
        """Requests that leave the file (data: and blob: do not)."""
        return [url for url in self.requests if not url.startswith(("file:", "data:", "blob:"))]

    def quiet(self):
        """Nothing on the console, nothing asked of the network."""
        assert self.console == []
        assert self.network() == []


@contextlib.contextmanager
def opened(browser, path, *, size=DESKTOP, fragment=""):
    """Open a file in a window of its own; afterwards it must have been quiet."""
    found = Opened(browser, path, size=size, fragment=fragment)
    try:
        yield found.page
        found.quiet()
    finally:
        found.context.close()

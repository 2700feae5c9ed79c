"""A browser whose requests are answered from memory and from the static folder: no server, no network."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

import holdfast.web
from tools import chromium

# A name below .localhost is trusted as https is (W3C, Secure Contexts), so locks and keys work as on a real site.
ORIGIN = "http://holdfast.localhost"
ROOMS = Path(holdfast.web.__file__).parents[1]
POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-once'; img-src 'self'; connect-src 'self'"
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
}


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.FLAGS)
        yield running
        running.close()


@pytest.fixture
def show(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`show(html, **context)`: a page with this HTML at the root of our origin, under our policy.

    `page.complaints` is what its console said in anger; requests below /api/ are for the test to route.
    """
    opened: list[Any] = []

    def open_page(html: str, **options: Any) -> Page:
        context = browser.new_context(**options)
        opened.append(context)
        page = context.new_page()
        complaints: list[str] = []
        page.complaints = complaints  # type: ignore[attr-defined]
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))

        def answer(route: Route) -> None:
            path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
            if path == "/":
                route.fulfill(body=html, headers={"Content-Security-Policy": POLICY, "Content-Type": TYPES[".html"]})
            elif path == "/favicon.ico":
                route.fulfill(status=204)
            else:
                room = path.split("/")[2]
                file = ROOMS / room / path.removeprefix("/")
                route.fulfill(body=file.read_bytes(), headers={"Content-Type": TYPES[file.suffix]})

        context.route("**/*", answer)  # for further tabs, too
        page.goto(f"{ORIGIN}/")
        return page

    yield open_page
    for context in opened:
        context.close()

"""A real server over a real database, and a real browser in front of it."""

import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.servers.basehttp import ThreadedWSGIServer
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from holdfast.catalog.models import Organization, Question, Service
from holdfast.config.wsgi import application
from holdfast.core import jobs
from holdfast.core.tenancy import transaction_for
from holdfast.notifications.models import Message
from tests import factories
from tools import chromium

PHONE = {"width": 390, "height": 844}

# Playwright keeps a loop running in this thread; the ORM used beside it is not inside of it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it has there
        """Says nothing."""


class Door:
    """In front of the product: `is_open` cleared, nothing is answered until it is set; `says`, what a proxy would."""

    def __init__(self) -> None:
        self.is_open = threading.Event()
        self.is_open.set()
        self.says = ""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.is_open.wait()
        if not self.says:
            return application(environ, start_response)
        start_response(self.says, [("Content-Type", "text/plain"), ("Content-Length", "0")])
        return []


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.is_open.set()


@pytest.fixture
def address(committed_db: str, door: Door) -> Iterator[str]:
    """Where the product answers, over this test's own database."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.daemon_threads = True
    server.set_app(door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.FLAGS)
        yield running
        running.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def complaints() -> list[str]:
    """What the console complains of; a test that expects something takes it out."""
    return []


@pytest.fixture
def open_page(browser: Browser, address: str, complaints: list[str]) -> Iterator[OpenPage]:
    """A page in a browser of its own: `open_page(locale="fr", timezone_id="America/New_York")`.

    Whatever the console complains of fails the test at its end; but for what it `expects`, parts of the words.
    """
    contexts = []

    def new(*, expects: tuple[str, ...] = (), **options: Any) -> Page:
        def heard(said: ConsoleMessage) -> None:
            if said.type == "error" and not any(words in said.text for words in expects):
                complaints.append(said.text)

        given = {"viewport": PHONE, "locale": "en", "timezone_id": "Europe/Paris", "reduced_motion": "reduce"}
        context = browser.new_context(base_url=address, **(given | options))
        context.set_default_timeout(8000)
        contexts.append(context)
        context.route("**/events?*", lambda route: route.fulfill(status=204))  # of live/, which is not in front here
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", heard)
        return page

    yield new
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def salon(committed_db: str) -> Organization:
    return factories.make_organization(slug="salon", name="Salon Lumière", phone="+33199001234", address="1 rue Claire")


@pytest.fixture
def massage(salon: Organization) -> Service:
    """One person's work, with one question."""
    factories.make_resource(salon, slug="lea", name="Léa", is_public=True)
    service = factories.make_service(salon, slug="massage", needs=[{"kind": "person", "is_choosable": True}])
    with transaction_for(salon.id):
        Question.objects.create(
            organization=salon,
            service=service,
            key="allergies",
            kind="text",
            label={"en": "Allergies", "fr": "Allergies", "es": "Alergias"},
            is_required=True,
        )
    salon.refresh_from_db()
    return service


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe finds on the page: (rule, the first element)."""
    found = Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


def fits(page: Page) -> bool:
    """Whether nothing makes the page scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@contextmanager
def looked_at(page: Page) -> Iterator[None]:
    """After the block, the page is accessible and fits."""
    yield
    page.wait_for_load_state()
    assert violations(page) == []
    assert fits(page)


def run_jobs() -> None:
    """As a worker would; beside the loop that Playwright keeps running in this thread."""
    worker = threading.Thread(target=lambda: jobs.run_worker(until_idle=True))
    worker.start()
    worker.join()


def link_mailed_to(salon: Organization, address: str) -> str:
    """The path of the button in the last mail."""
    run_jobs()
    with transaction_for(salon.id):
        text = Message.objects.filter(recipient=address).latest("created_at").text
    found = re.search(r"https?://[^/\s]+(/\S+)", text)
    assert found
    return found[1]

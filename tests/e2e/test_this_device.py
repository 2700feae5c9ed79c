"""What a customer's device keeps: sent once, from whichever tab or none, and cleared."""

import json
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.e2e.conftest import OpenPage, looked_at
from tests.e2e.test_without_a_connection import KEPT, book_without_a_connection
from tests.web.test_queue import ADD

# Everything that a browser keeps for a site, as one text.
EVERYTHING = """async () => {
    const found = [{ ...localStorage }, { ...sessionStorage }, document.cookie];
    for (const { name } of await indexedDB.databases()) {
        const opening = indexedDB.open(name);
        const database = await new Promise((go) => { opening.onsuccess = () => go(opening.result); });
        for (const store of database.objectStoreNames) {
            const asked = database.transaction(store).objectStore(store).getAll();
            found.push(await new Promise((go) => { asked.onsuccess = () => go(asked.result); }));
        }
        database.close();
    }
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            found.push(request.url);
            if (!request.url.includes("/static/")) found.push(await (await cache.match(request)).text());
        }
    }
    return JSON.stringify(found);
}"""
LEFT = """async () => [
    (await indexedDB.databases()).length ? await (await import("/static/device/queue.js")).items("salon") : [],
    await caches.keys(), { ...localStorage },
]"""
IS_SYNCED = "async () => (await (await navigator.serviceWorker.ready).sync.getTags()).includes('holdfast-queue')"


def confirmed(salon: Organization) -> list[Any]:
    with transaction_for(salon.id):
        return list(Booking.objects.filter(state="confirmed").order_by("starts_at").values_list("starts_at", flat=True))


@pytest.fixture
def page(open_page: OpenPage, salon: Organization, massage: Service) -> Page:
    """Once the device keeps what it needs."""
    page = open_page(expects=("ERR_INTERNET_DISCONNECTED", "ERR_FAILED"))
    page.goto("/salon/")
    page.evaluate(KEPT)
    return page


def test_what_waits_is_looked_at_changed_and_sent_once_by_two_tabs_or_by_none(page: Page, salon: Organization) -> None:
    start = factories.local(salon, 3, 10)
    context = page.context
    posts: list[str] = []

    def noted(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/api/v1/salon/bookings"):
            posts.append(request.headers["idempotency-key"])

    context.set_offline(True)
    book_without_a_connection(page, str(start.date()), "10:00", look=False)
    item = page.get_by_role("article")
    with looked_at(page):
        item.get_by_role("button", name="Try now").click()
        expect(item).to_contain_text("No connection")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a file").click()
    (kept,) = json.loads(saved.value.path().read_text())
    assert (kept["body"]["customer"]["name"], kept["lastError"]["code"]) == ("Ana Reyes", "offline")
    item.get_by_role("link", name="Edit").click()
    expect(page.locator("#email")).to_have_value("ana@example.com")
    page.locator("#answer_allergies").fill("Eggs")
    page.get_by_role("button", name="Send when connected").click()
    expect(item).to_have_count(1)

    other = context.new_page()
    other.goto("/salon/portal/settings")
    expect(other.get_by_role("article")).to_contain_text("Waiting for a connection")
    context.on("request", noted)
    context.set_offline(False)
    for tab in (page, other):
        expect(tab.get_by_role("article")).to_contain_text("You are booked.")
    assert len(posts) == 1
    everything = page.evaluate(EVERYTHING).lower()
    assert "massage" in everything
    assert [each for each in ("ana", "eggs", "manage") if f'"{each}' in everything or f"{each}@" in everything] == []

    item.get_by_role("button", name="Remove from this device").click()
    expect(item).to_have_count(0)
    context.set_offline(True)
    book_without_a_connection(page, str(start.date()), "12:00", look=False)
    assert page.evaluate(IS_SYNCED)
    worker = context.new_cdp_session(other)
    other.goto("about:blank")
    page.close()  # nobody is there when the connection comes back
    found: list[Any] = []
    worker.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    worker.send("ServiceWorker.enable")
    context.set_offline(False)
    origin = found[0]["scopeURL"].removesuffix("/salon/")
    asked = {
        "origin": origin,
        "registrationId": found[0]["registrationId"],
        "tag": "holdfast-queue",
        "lastChance": False,
    }
    worker.send("ServiceWorker.dispatchSyncEvent", asked)
    for _ in range(100):
        other.wait_for_timeout(50)
        if len(confirmed(salon)) == 2:
            break
    assert confirmed(salon) == [start, start + timedelta(hours=2)]


def test_a_new_version_is_offered_and_taken_what_is_built_in_opens_and_all_is_cleared(
    page: Page, salon: Organization
) -> None:
    with transaction_for(salon.id):
        Organization.objects.filter(id=salon.id).update(accent="#7a1f5c")
    before = page.evaluate("caches.keys()")
    page.reload()
    page.get_by_text("There is a new version of this page.").wait_for()
    with page.expect_navigation():
        page.get_by_role("button", name="Reload").click()
    page.wait_for_function("async () => (await caches.keys()).filter((each) => each.includes('/shell/')).length === 1")
    after = page.evaluate("caches.keys()")
    assert len(set(after) - set(before)) == 1

    page.evaluate("caches.delete('holdfast/salon/answers')")  # as after a visit so short that nothing was asked ahead
    page.context.set_offline(True)
    page.goto("/salon/")  # the new shell
    assert page.locator("meta[name=theme-color]").get_attribute("content") == "#7a1f5c"
    with looked_at(page):
        expect(page.get_by_text("What is on offer as this page was kept on")).to_be_visible()
    page.get_by_role("link", name="massage").click()
    expect(page.get_by_text("No free times are known on this device.")).to_be_visible()
    page.evaluate(ADD)
    page.goto("/salon/portal/settings")
    item = page.get_by_role("article")
    page.get_by_role("link", name="Clear this device").click()
    page.get_by_role("dialog").get_by_role("button", name="Clear").click()
    expect(item).to_have_count(0)
    assert page.evaluate(LEFT) == [
        [],
        ["holdfast/salon/notes"],
        {},
    ]  # in which stands that the server is to forget, too
    page.context.set_offline(False)
    assert confirmed(salon) == []

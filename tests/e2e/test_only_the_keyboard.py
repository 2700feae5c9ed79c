"""The whole way to a booking with Tab, Space, Enter and arrows alone: where the page is magnified twice and in forced
colors, and where only its text is twice as large. Each stop is seen: its ring, and under nothing."""

import pytest
from playwright.sync_api import Page, expect

from holdfast.catalog.models import Organization, Service
from tests import factories
from tests.e2e.conftest import OpenPage, fits
from tests.e2e.test_customer_books import bookings

# 640 × 450 is what 1280 × 900 shows at 200 %.
MAGNIFIED = {"viewport": {"width": 640, "height": 450}, "forced_colors": "active"}
LARGE = {"viewport": {"width": 390, "height": 844}}
LARGE_TEXT = """addEventListener("DOMContentLoaded", () => document.documentElement.style.fontSize = "200%")"""
STOP = """() => {
    const one = document.activeElement;
    if (one === document.body) return ["lost"];
    const shown = one.closest("label.choice") ?? one;
    const [box, ring] = [shown.getBoundingClientRect(), getComputedStyle(shown)];
    const found = [];
    const isPart = one.type === "date" && !one.matches(":focus-visible"); // the ring is drawn by the browser, within
    if (!isPart && (ring.outlineStyle === "none" || parseFloat(ring.outlineWidth) < 2)) found.push("no ring");
    const middle = [box.left + box.width / 2, Math.min(box.top + box.height / 2, box.top + 200)];
    const there = document.elementFromPoint(...middle);
    if (!there) found.push("out of sight");
    else if (!shown.contains(there) && !there.contains(one)) found.push(`under ${there.outerHTML.slice(0, 80)}`);
    return found.map((each) => `${each}: ${one.outerHTML.slice(0, 120)}`);
}"""
CUT = """() => [...document.querySelectorAll("main *, header *, footer *")].filter((one) => {
    if (!one.checkVisibility() || one.closest(".visually-hidden, .header-word, .step-name, select, svg")) return false;
    return one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible";
}).map((one) => one.outerHTML.slice(0, 120))"""
MOST_STOPS = 60


class Hands:
    """Presses keys only, and keeps what was wrong at each stop."""

    def __init__(self, page: Page) -> None:
        self.page, self.wrong = page, list[str]()

    def to(self, selector: str) -> None:
        """Tab until the focus is there."""
        for _stop in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            self.wrong += self.page.evaluate(STOP)
            if self.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} was not reached by Tab on {self.page.url}")

    def write(self, selector: str, text: str) -> None:
        self.to(selector)
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def look(self) -> None:
        """Nothing is lost at the sides, nothing is cut."""
        if not fits(self.page):
            self.wrong.append(f"scrolls sideways: {self.page.url}")
        self.wrong += [f"cut: {each}" for each in self.page.evaluate(CUT)]


@pytest.mark.parametrize("how", ["magnified", "large"])
def test_a_customer_books_with_the_keyboard_alone_and_sees_each_stop(
    open_page: OpenPage, salon: Organization, massage: Service, how: str
) -> None:
    factories.make_tips(salon)
    page = open_page(**(MAGNIFIED if how == "magnified" else LARGE))
    if how == "large":
        page.add_init_script(LARGE_TEXT)
    hands = Hands(page)
    page.goto("/salon/")
    hands.look()
    hands.to(".skip-link")
    hands.to(".offer")
    hands.press("Enter")
    page.wait_for_url("**/booking?**")
    hands.look()
    hands.to("[data-day]")
    hands.press("ArrowDown", "Enter")
    chosen = page.evaluate("document.activeElement.dataset.day")
    expect(page.locator("[aria-selected=true] .day")).to_have_attribute("data-day", chosen)
    hands.to(".time")
    hands.press("Enter")
    page.wait_for_url("**/details*")
    hands.look()
    hands.to(".sticky-bar .button-primary")  # with nothing filled in
    hands.press("Enter")
    expect(page.locator(".notice[data-focus]")).to_be_focused()
    hands.look()
    hands.to(".wrong-fields a")
    hands.press("Enter")
    expect(page.locator("#id_name")).to_be_focused()
    page.keyboard.type("Ana Reyes")
    hands.write("#id_email", "ana@example.com")
    hands.write("#id_answer_allergies", "None")
    hands.to(".sticky-bar .button-primary")
    hands.press("Enter")
    page.wait_for_url("**/payment*")
    hands.look()
    hands.to("[name=tip]")
    hands.to(".sticky-bar .button-primary")
    hands.press("Space")
    page.wait_for_url("**/confirmation*")
    expect(page.get_by_role("heading", name="You are booked")).to_be_focused()
    hands.look()
    hands.to("main a[href*='/manage/']")
    hands.press("Enter")
    page.wait_for_url("**/manage/**")
    hands.look()
    assert hands.wrong == []
    assert len(bookings(salon)) == 1

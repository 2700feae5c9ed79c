"""Every page and state of the customer's way and of the desk, in a language with longer words, looked at by axe on a
phone in light and on a wide screen in dark, and by measure at 320 pixels, which is also 400 % of a wide screen."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from babel import Locale
from django.urls import URLPattern
from playwright.sync_api import Page, ViewportSize, expect

from holdfast.bookings.details.columns import Customer, Details
from holdfast.catalog.models import Attendees, Organization, Service
from holdfast.catalog.public_holidays import regions
from holdfast.core.signing import manage_token
from holdfast.desk.urls import urlpatterns as desk
from tests import factories
from tests.e2e import pseudo
from tests.e2e.conftest import OpenPage

WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=320, height=640)
WIDEST = """() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    const held = (one) => one.closest("[style*=overflow]") || getComputedStyle(one).overflowX !== "visible";
    return [...document.querySelectorAll("main *, header *, nav *")]
        .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5 && !held(one)).slice(0, 3)
        .map((one) => `beyond ${innerWidth}: ${one.outerHTML.slice(0, 120)}`);
}"""
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
RUN = """() => axe.run({ resultTypes: ["violations"] })
    .then((found) => found.violations.map((one) => [one.id, one.nodes[0].html, one.nodes[0].failureSummary]))"""
# Names of people and things, which are nobody's to translate, are written with accents, too.
ANA = Details(customer=Customer(name="Åñå Ŕéýéš", email="ana@example.com", phone="+33199001234", locale="en"))


def name(text: str) -> dict[str, str]:
    return {"en": pseudo.accented(text)}


@pytest.fixture
def salon(committed_db: str) -> Organization:
    return factories.make_organization(
        slug="salon", name=pseudo.accented("Salon"), phone="+33199001234", address="1 ŕûé Çļåîŕé"
    )


@pytest.fixture
def massage(salon: Organization) -> Service:
    """With all that a service may ask for, and a promotion, a tip, a fee for cancelling late."""
    for slug in ("lea", "nils"):
        factories.make_resource(salon, slug=slug, name=pseudo.accented(slug), is_public=True)
    service = factories.make_service(
        salon, slug="massage", name=name("Massage"), needs=[{"kind": "person", "is_choosable": True}],
        summary=name("An hour of rest"), allows_series=True, largest_party=3, attendees=Attendees.OPTIONAL,
    )  # fmt: skip
    factories.make_extra(salon, service, slug="tea", name=name("Tea"))
    factories.make_tips(salon)
    factories.make_promotion(salon, name=name("Spring"))
    factories.make_policy(salon, (60, "50"))
    return service


class Looked:
    """Looks at one page after another and keeps what is wrong with each."""

    def __init__(self, page: Page, data: str = r"(?!)", *, on_phones: bool = True) -> None:
        """`data`: what is not translated; `on_phones`: also by axe, which takes as long again."""
        self.page, self.data, self.on_phones = page, data, on_phones
        self.wrong: dict[str, list[object]] = {}

    def at(self, what: str, path: str | None = None) -> None:
        """The page as it is now, or the one at the path."""
        page = self.page
        if path:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status in {200, 404}, (path, answer.status)
        page.wait_for_load_state()
        page.evaluate(AXE_SCRIPT)
        found: list[object] = page.evaluate(RUN) if self.on_phones else []
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        page.evaluate(SETTLED)
        found += [("wide and dark", *each) for each in page.evaluate(RUN)]
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.set_viewport_size(NARROW)
        found += page.evaluate(WIDEST)
        page.set_viewport_size(ViewportSize(width=390, height=844))
        found += [f"not translated: {text}" for text in pseudo.literals(page, data=self.data)]
        if found:
            self.wrong[what] = found


def test_every_page_of_booking_is_for_everyone(
    open_page: OpenPage, salon: Organization, massage: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_organization(slug="empty", name="Ñøñé")
    factories.make_service(salon, slug="nobody", name=name("Nobody"), needs=[{"kind": "vehicle"}])
    pseudo.speak(monkeypatch)
    page = open_page(expects=("404", "422"))  # pages that are not there, and refused forms, are looked at, too
    look = Looked(page, data=r"\b[A-Z0-9]{8}\b")  # a reference
    look.at("front", "/")
    look.at("an organization", "/salon/")
    page.locator("[data-open-dialog=full-form]").click()
    look.at("the full form")
    look.at("an organization without services", "/empty/")
    look.at("the services", "/salon/booking")
    look.at("never free", "/salon/booking?service=nobody")
    look.at("the times", "/salon/booking?service=massage")
    page.locator("[data-step='1']").click()
    expect(page.locator("#booker-status")).not_to_be_empty()
    page.locator(".time").first.click()
    page.wait_for_url("**/repeat*")
    look.at("once or again")
    page.locator("select[name=how]").select_option("week")
    page.locator("[name=next][value=show]").click()
    expect(page.locator(".series-date").first).to_be_visible()
    look.at("the dates")
    page.locator("select[name=how]").select_option("once")
    page.locator("[name=next][value=go]").click()
    page.wait_for_url("**/details*")
    page.locator(".sticky-bar .button-primary").click()
    look.at("details with what is missing")
    page.locator("#id_name").fill("Åñå")
    page.locator("#id_email").fill("ana@example.com")
    look.at("details")
    for language in ("fr", "en"):  # the words change, and nothing else
        page.locator("details[data-menu] summary").click()
        page.locator(f"[name=language][value={language}]").click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("#id_name")).to_have_value("Åñå")
    page.locator(".sticky-bar .button-primary").click()
    page.wait_for_url("**/payment*")
    look.at("payment")
    page.locator("[name=code]").fill("NÔÑÊ")
    page.locator("[name=code]").press("Enter")
    look.at("payment with a code that is none")
    page.locator(".sticky-bar .button-primary").click()
    page.wait_for_url("**/confirmation*")
    look.at("confirmation")
    look.at("waiting", "/salon/booking/waiting?service=massage")
    page.locator("main .button-primary").click()
    look.at("waiting with what is missing")
    look.at("an offer that is over", "/salon/booking/offer/none/")
    look.at("clearing", "/salon/booking/forget")
    page.locator("main .button-danger").click()
    look.at("cleared")
    look.at("no such page", "/salon/nowhere")
    assert look.wrong == {}


def test_every_page_behind_a_customers_link_is_for_everyone(
    open_page: OpenPage, salon: Organization, massage: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = factories.local(salon, 3, 10)
    booking = factories.make_booking(salon, massage, start, details=ANA, party_size=2)
    home = f"/salon/manage/{manage_token(booking.id)}/"
    pseudo.speak(monkeypatch)
    page = open_page(expects=("404", "422"))  # pages that are not there, and refused forms, are looked at, too
    look = Looked(page, data=booking.reference)
    look.at("the booking", home)
    look.at("who comes", f"{home}attendees")
    look.at("another time", f"{home}reschedule")
    page.locator("#resource").select_option("lea")
    expect(page.locator("#booker-status")).not_to_be_empty()
    page.locator(f"[data-day='{(start + timedelta(days=1)).date()}']").click()
    page.locator(".time").first.click()
    look.at("move it?")
    look.at("cancel it?", f"{home}cancel")
    page.locator("form .button-danger, form .button-primary").first.click()
    page.wait_for_url(f"**{home}**")
    look.at("the cancelled booking")
    look.at("a link that is not valid", "/salon/manage/none/")
    look.at("an alert's link that is not valid", "/salon/alerts/none/")
    look.at("a place in line that is none", "/salon/waiting/none/")
    assert look.wrong == {}


def theirs() -> list[str]:
    """Names that other catalogs say in each language: languages, short weekdays, the parts of a country."""
    english = Locale("en")
    weekdays = english.days["stand-alone"]["short"].values()
    words = [*english.languages.values(), *weekdays, *(name for _code, name in regions("FR"))]
    return sorted(map(re.escape, words), key=len, reverse=True)


def plain(patterns: list[URLPattern]) -> list[str]:
    """The paths that need no row: sections and their empty forms; no downloads, nothing that is only posted to."""
    posted = {"sign-out", "switch-organization", "language", "bulk", "cards-disconnect", "sign-in", "why", "cell"}
    routes = [str(each.pattern) for each in patterns if each.name not in posted]
    return [f"/desk/{route}" for route in routes if "<" not in route and not route.endswith(".csv")]


def test_every_page_of_the_desk_is_for_everyone(
    open_page: OpenPage, salon: Organization, massage: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = factories.make_staff(salon)
    user.name = pseudo.accented("Sam")
    user.save()
    booking = factories.make_booking(salon, massage, factories.local(salon, 1, 10), details=ANA)
    pseudo.speak(monkeypatch)
    page = open_page()
    look = Looked(page, data=rf"{booking.reference}|SPRING|and 15%|\b({'|'.join(theirs())})\b", on_phones=False)
    look.at("sign in", "/desk/sign-in/")
    page.locator("[name=email]").fill(user.email)
    page.locator("[name=password]").fill("a good password")
    page.locator("form .button-primary").click()
    page.wait_for_url("**/desk/")
    for path in plain(desk):
        look.at(path, path)
    here = f"/desk/bookings/{booking.reference}/"
    for path in (here, f"{here}move/", f"{here}cancel/", f"{here}reassign/", f"{here}attendees/"):
        look.at(path, path)
    for path in ("/desk/hours/lea/", "/desk/hours/lea/dates/", "/desk/hours/lea/profile/"):
        look.at(path, path)
    assert look.wrong == {}

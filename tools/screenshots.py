"""The pictures of docs/screenshots: a demo of its own on a free port, a real browser, one picture for each of SHOTS.

python tools/screenshots.py            all
python tools/screenshots.py desk       only those whose name contains a word
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

PICTURES = ROOT / "docs" / "screenshots"
PHONE, DESK = (390, 844), (1280, 860)
READY_WITHIN = 300.0  # seconds; the first start makes a year of bookings
ANA = "ana.reyes@example.com"
# The service worker is there and keeps a catalog and free times.
KEPT = """async () => {
    await navigator.serviceWorker.ready;
    const answers = await caches.open("holdfast/harbor-home/answers");
    for (let look = 0; (await answers.keys()).length < 2 || !navigator.serviceWorker.controller; look += 1) {
        if (look > 400) throw new Error("this device keeps nothing yet");
        await new Promise((go) => setTimeout(go, 50));
    }
}"""
LOGIN = re.compile(r"owner\s+(owner@(\S+)\.example)\s+(\S+)")


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo: its address, and each organization's owner's email and password."""

    base: str
    logins: dict[str, tuple[str, str]]


Steps = Callable[[Page, Demo], None]


def nothing(_page: Page, _demo: Demo) -> None:
    """The page as it opens."""


def open_another_day(page: Page, _demo: Demo) -> None:
    """A day later in the week, with times from morning to evening."""
    page.locator("button.day:not([disabled], [aria-disabled=true])").nth(3).click()
    page.wait_for_timeout(800)


def take_a_time(page: Page, demo: Demo) -> None:
    """Choose the first time of a day, which holds it."""
    open_another_day(page, demo)
    page.locator(".booker-times button.time").first.click()
    page.wait_for_url("**/details*")


def fill_in_details(page: Page, demo: Demo) -> None:
    take_a_time(page, demo)
    page.fill("[name=name]", "Ana Reyes")
    page.fill("[name=email]", ANA)
    page.locator("input[type=tel]").first.fill("01 99 00 12 34")
    for question in page.locator("main form .field, main form fieldset.choices").all():
        if question.locator(".field-optional").count() == 0:
            _answer(question)


def go_to_payment(page: Page, demo: Demo) -> None:
    fill_in_details(page, demo)
    page.locator(".sticky-bar .button-primary").click()
    page.wait_for_url("**/payment*")


def book(page: Page, demo: Demo) -> None:
    go_to_payment(page, demo)
    page.locator(".sticky-bar .button-primary").click()
    page.wait_for_url("**/confirmation*")


def sign_in(page: Page, demo: Demo, organization: str = "harbor-home") -> None:
    """As the owner, who reads English in Harbor Home and French in Paris Élite."""
    email, password = demo.logins[organization]
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.locator("form .button-primary").click()
    page.wait_for_url(lambda address: "sign-in" not in address)


def sign_in_in_paris(page: Page, demo: Demo) -> None:
    sign_in(page, demo, "paris-elite")


def open_a_booking(page: Page, demo: Demo) -> None:
    sign_in(page, demo)
    page.locator("a.row-link, td a").first.click()
    page.wait_for_selector(".timeline")


def open_a_service(page: Page, demo: Demo) -> None:
    sign_in(page, demo)
    page.locator("#result_list a[href*='/change/']").first.click()
    page.wait_for_url("**/change/**")


def book_and_read_the_mail(page: Page, demo: Demo) -> None:
    page.goto(demo.base + CITY_TOUR)
    book(page, demo)
    _in_mail(page, demo, r"/manage/")
    page.goto(page.url.partition("?")[0])


def _mails(page: Page, demo: Demo) -> list[str]:
    """The paths of those to the customer, the newest first."""
    page.goto(f"{demo.base}/demo/mail")
    letters = page.locator("main li, main tr").filter(has_text=ANA).locator("a[href*='/demo/mail/']")
    return [letter.get_attribute("href") or "" for letter in letters.all()]


def _in_mail(page: Page, demo: Demo, pattern: str, *, old: Sequence[str] = ()) -> str:
    """What a new mail to the customer says, which comes by the worker, a moment later; it is open then."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for path in _mails(page, demo):
            if path in old:
                continue
            page.goto(f"{demo.base}{path}?view=text")
            found = re.search(pattern, page.content())
            if found:
                return found[0]
        page.wait_for_timeout(500)
    raise TimeoutError("no mail came")


def sign_in_as_customer(page: Page, demo: Demo) -> None:
    """After a booking, by the link from a mail."""
    book(page, demo)
    old = _mails(page, demo)
    page.goto(f"{demo.base}/paris-elite/portal/sign-in")
    page.fill("#id_email", ANA)
    page.locator("main .button-primary").click()
    link = _in_mail(page, demo, r"https?://[^\s\"<]+/portal/sign-in/[^\s\"<]+", old=old)
    page.goto(demo.base + link[link.index("/", len("https://")) :])
    page.locator("main form .button-primary").click()
    page.wait_for_url("**/portal/")


def open_the_account(page: Page, demo: Demo) -> None:
    sign_in_as_customer(page, demo)
    page.goto(f"{demo.base}/paris-elite/portal/account")


def book_without_a_connection(page: Page, demo: Demo) -> None:
    """What waits on this device, after the connection was lost on the organization's page."""
    page.goto(f"{demo.base}/harbor-home/booking?service=consultation")
    page.evaluate(KEPT)
    page.context.set_offline(True)
    page.goto(f"{demo.base}/harbor-home/offline?service=consultation")
    page.locator("button.time").first.click()
    for field, text in (("#name", "Ana Reyes"), ("#email", ANA), ("form textarea, form [id^=answer_]", "The kitchen")):
        page.locator(field).first.fill(text)
    page.locator("form .button-primary").click()
    page.locator(".queue-item").wait_for()


def open_on_another_site(page: Page, demo: Demo) -> None:
    """The same machine by another name is another site."""
    page.goto(demo.base.replace("localhost", "127.0.0.1") + "/demo/site/paris-elite/")
    page.locator("holdfast-booking[data-state=shown]").wait_for()
    page.frame_locator("iframe").locator(".offer, .time").first.wait_for()


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its file's name, where it is taken, how large the window is, in which language, after which steps."""

    name: str
    path: str
    size: tuple[int, int] = DESK
    language: str = "en"
    steps: Steps = nothing
    dark: bool = False


CITY_TOUR = "/paris-elite/booking?service=city-tour"
SHOTS = [
    Shot("organization", "/paris-elite/"),
    Shot("organization-phone", "/harbor-home/", PHONE, "es"),
    Shot("booking", CITY_TOUR, steps=open_another_day),
    Shot("booking-phone", CITY_TOUR, PHONE, "fr", open_another_day),
    Shot("booking-dark", "/harbor-home/booking?service=consultation", steps=open_another_day, dark=True),
    Shot("details-phone", CITY_TOUR, PHONE, "fr", fill_in_details),
    Shot("payment", CITY_TOUR, steps=go_to_payment),
    Shot("confirmation-phone", CITY_TOUR, PHONE, "en", book),
    Shot("mail", "/demo/mail", steps=book_and_read_the_mail),
    Shot("my-bookings", CITY_TOUR, steps=sign_in_as_customer),
    Shot("my-bookings-phone", CITY_TOUR, PHONE, "es", sign_in_as_customer),
    Shot("account-phone", CITY_TOUR, PHONE, "fr", open_the_account),
    Shot("this-device", "/harbor-home/", steps=book_without_a_connection),
    Shot("this-device-phone", "/harbor-home/", PHONE, "es", book_without_a_connection),
    Shot("other-site", "/demo/site/paris-elite/", steps=open_on_another_site),
    Shot("other-site-phone", "/demo/site/paris-elite/", PHONE, "en", open_on_another_site),
    Shot("desk", "/desk/", steps=sign_in),
    Shot("desk-phone", "/desk/", PHONE, "fr", sign_in_in_paris),
    Shot("desk-booking", "/desk/bookings/", steps=open_a_booking),
    Shot("settings", "/admin/", steps=open_a_service),
]


def take(browser: Browser, demo: Demo, shot: Shot) -> Path:
    """Open a window of the shot's kind, do its steps, keep what is seen."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if shot.size == PHONE else 1,
        is_mobile=shot.size == PHONE,
        has_touch=shot.size == PHONE,
        locale=shot.language,
        timezone_id="Europe/Paris",
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
    )
    try:
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.route("**/events?*", lambda route: route.fulfill(status=204))  # a stream is never idle
        answer = page.goto(demo.base + shot.path)
        if answer is None or answer.status >= 400:
            raise RuntimeError(f"{shot.path} answered {answer.status if answer else 'nothing'}")
        shot.steps(page, demo)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
        picture = PICTURES / f"{shot.name}.png"
        page.screenshot(path=picture)
        _make_small(picture)
        return picture
    finally:
        context.close()


def _make_small(picture: Path) -> None:
    """256 colors are all that such a picture needs: a third of the bytes."""
    with Image.open(picture) as full:
        small = full.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(picture, optimize=True)


@contextmanager
def running_demo() -> Iterator[Demo]:
    """A demo on a free port with data of its own, which are removed afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="holdfast-pictures-") as home:
        Path(home).chmod(0o755)  # PostgreSQL, if it runs as somebody else, has to find its own folder in it
        command = [sys.executable, "-m", "holdfast", "demo", "--port", str(port)]
        # A database of its own, whatever this shell is set up for.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
        environment |= {"HOLDFAST_DATA_DIR": home, "PYTHONUNBUFFERED": "1"}
        log = Path(home) / "demo.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                command, env=environment, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        try:
            yield Demo(f"http://localhost:{port}", _wait_until_ready(process, log))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> dict[str, tuple[str, str]]:
    """The owners' logins by organization, as the demo prints them. Raises RuntimeError with the demo's own words."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        said = log.read_text()
        if "Ctrl-C" in said:
            time.sleep(2)  # the web processes start just after these words
            return {slug: (email, password) for email, slug, password in LOGIN.findall(said)}
        time.sleep(0.5)
    raise RuntimeError(f"the demo did not start:\n{log.read_text()}")


def _answer(question: Locator) -> None:
    """Something plausible for a question that has to be answered and is not yet."""
    choice = question.locator("input[type=radio]")
    if choice.count():
        choice.first.check()
        return
    for text in question.locator("input[type=text], textarea").all():
        if not text.input_value():
            text.fill("Hôtel de Seine, 14 quai de l’Exemple")


def main(words: list[str]) -> int:
    from tools.chromium import FLAGS, executable

    wanted = [shot for shot in SHOTS if not words or any(word in shot.name for word in words)]
    PICTURES.mkdir(parents=True, exist_ok=True)
    failed = 0
    print("Starting a demo (the first time: a year of bookings) …", flush=True)
    with running_demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=[*FLAGS, "--hide-scrollbars"])
        for number, shot in enumerate(wanted, 1):
            try:
                picture = take(browser, demo, shot)
                print(f"  {number}/{len(wanted)} {picture.relative_to(ROOT)}", flush=True)
            except Exception as error:
                failed += 1
                print(f"  {number}/{len(wanted)} {shot.name} could not be taken: {error}", file=sys.stderr, flush=True)
        browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

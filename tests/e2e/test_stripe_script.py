"""The stand-in's script does on a page with a strict policy what a booking page asks of Stripe's."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from holdfast.stripe_standin.serve import InThread
from tests.stripe_standin.conftest import PUBLIC_KEY, Client, client, standin

__all__ = ["client", "standin"]

HTML = b"""<!doctype html><html lang="en"><title>Pay</title><main><h1>Pay</h1><div id="here"></div><button>Pay</button>
<output></output></main><script src="/page.js"></script></html>"""
# What a page that pays through Stripe has to allow, and no more: its script and its frames.
POLICY = "default-src 'none'; script-src 'self' {0}; frame-src {0}; base-uri 'none'"
SCRIPT = """
const asked = new URLSearchParams(location.search);
const script = document.createElement('script');
script.src = asked.get('base') + '/v3/';
script.onload = () => {
  const stripe = Stripe(asked.get('key'), { locale: asked.get('locale') ?? 'en' });
  const elements = stripe.elements({ clientSecret: asked.get('secret') });
  elements.create('payment').on('ready', () => document.body.setAttribute('data-ready', '')).mount('#here');
  const confirm = asked.get('secret').startsWith('seti_') ? stripe.confirmSetup : stripe.confirmPayment;
  const redirect = asked.get('redirect') ?? 'if_required';
  document.querySelector('button').addEventListener('click', async () => {
    const told = await confirm({ elements, confirmParams: { return_url: location.origin + '/done' }, redirect });
    const intent = told.paymentIntent ?? told.setupIntent;
    document.querySelector('output').textContent = told.error ? `refused: ${told.error.code}` : intent.status;
  });
  window.next = async (clientSecret) => JSON.stringify(await stripe.handleNextAction({ clientSecret }));
};
document.head.append(script);
"""


@pytest.fixture
def shop(standin: InThread) -> Iterator[str]:
    """A page of another origin that pays."""

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_script = self.path.startswith("/page.js")
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if is_script else "text/html")
            self.send_header("Content-Security-Policy", POLICY.format(standin.url))
            self.end_headers()
            self.wfile.write(SCRIPT.encode() if is_script else b"Done" if self.path.startswith("/done") else HTML)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it has there
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, shop: str, standin: InThread) -> Iterator[Opened]:
    """The page for an intent; at the end, no policy was broken and no script failed."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))

    def open_for(secret: str, **more: str) -> Page:
        query = "&".join(f"{name}={value}" for name, value in more.items())
        page.goto(f"{shop}/?base={standin.url}&key={PUBLIC_KEY}&secret={secret}&{query}")
        page.wait_for_selector("body[data-ready]")
        return page

    yield open_for
    context.close()
    # A refused card is an answer with the status 402, which browsers write to the console.
    assert [text for text in said if "402" not in text and "favicon" not in text] == []


def secret_of(client: Client, **more: Any) -> str:
    return str(client.v1.payment_intents.create({"amount": 9500, "currency": "eur", **more}).client_secret)


def fill(page: Page, number: str) -> None:
    form = page.frame_locator("#here iframe")
    form.get_by_label("card number").fill(number)
    form.get_by_label("Expiry").fill("12/34")
    form.get_by_label("Security code").fill("123")
    page.get_by_role("button", name="Pay").click()


def test_a_card_is_typed_in_a_frame_and_the_payment_succeeds(client: Client, opened: Opened) -> None:
    secret = secret_of(client)
    page = opened(secret)
    fill(page, "4242 4242 4242 4242")
    expect(page.locator("output")).to_have_text("succeeded")
    assert client.v1.payment_intents.retrieve(secret.partition("_secret")[0]).amount_received == 9500


def test_a_declined_card_is_told_in_the_form_and_another_one_may_follow(client: Client, opened: Opened) -> None:
    page = opened(secret_of(client))
    fill(page, "4000000000000002")
    expect(page.locator("output")).to_have_text("refused: card_declined")
    expect(page.frame_locator("#here iframe").get_by_role("alert")).to_have_text("Your card was declined.")
    fill(page, "4242424242424242")
    expect(page.locator("output")).to_have_text("succeeded")


def test_an_empty_form_is_not_sent(client: Client, opened: Opened) -> None:
    page = opened(secret_of(client))
    page.get_by_role("button", name="Pay").click()
    expect(page.locator("output")).to_have_text("refused: incomplete_number")
    assert client.v1.charges.list().data == []


@pytest.mark.parametrize(
    ("button", "outcome"),
    [
        ("Complete authentication", "succeeded"),
        ("Fail authentication", "refused: payment_intent_authentication_failure"),
    ],
)
def test_the_bank_asks_in_front_of_the_page(client: Client, opened: Opened, button: str, outcome: str) -> None:
    page = opened(secret_of(client))
    fill(page, "4000002760003184")
    page.frame_locator("dialog iframe").get_by_role("button", name=button).click()
    expect(page.locator("output")).to_have_text(outcome)
    expect(page.locator("dialog")).to_have_count(0)


def test_a_card_is_kept_for_later(client: Client, opened: Opened) -> None:
    customer = client.v1.customers.create({}).id
    kept = client.v1.setup_intents.create({"customer": customer, "usage": "off_session"})
    page = opened(kept.client_secret)
    page.frame_locator("#here iframe").get_by_label("Choose a test card").select_option("4242424242424242")
    page.get_by_role("button", name="Pay").click()
    expect(page.locator("output")).to_have_text("succeeded")
    assert len(client.v1.payment_methods.list({"customer": customer}).data) == 1


def test_an_action_that_is_still_open_is_taken_up_again(client: Client, opened: Opened) -> None:
    card = {"payment_method": "pm_card_authenticationRequired", "confirm": True, "use_stripe_sdk": True}
    waiting = secret_of(client, return_url="https://x.example/", **card)
    page = opened(secret_of(client))
    page.evaluate("secret => { window.next(secret).then((told) => { document.title = told; }); }", waiting)
    page.frame_locator("dialog iframe").get_by_role("button", name="Complete authentication").click()
    page.wait_for_function("() => document.title.includes('succeeded')")


def test_with_redirect_always_the_page_goes_where_it_was_told(client: Client, opened: Opened) -> None:
    page = opened(secret_of(client), redirect="always")
    fill(page, "4242424242424242")
    page.wait_for_url("**/done?payment_intent=*&redirect_status=succeeded")


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_form_says_that_it_is_a_test_in_the_customers_language_and_is_accessible(
    client: Client, opened: Opened, language: str
) -> None:
    words = {"en": "No money moves", "fr": "Aucun argent ne circule", "es": "No se mueve dinero"}
    page = opened(secret_of(client), locale=language)
    expect(page.frame_locator("#here iframe").get_by_role("note")).to_contain_text(words[language])
    assert Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).violations_count == 0

"""The pages of the stand-in: hosted checkout, the bank's authentication, the card form inside the Payment Element.

Plain HTML that works without scripts, but for the card form, which lives in a frame as Stripe's does. Strict CSP.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode, urlsplit

from holdfast.stripe_standin import checkout, payment_intents, setup_intents
from holdfast.stripe_standin.amounts import NO_DIGITS, THREE_DIGITS
from holdfast.stripe_standin.api import Answer
from holdfast.stripe_standin.calls import Call
from holdfast.stripe_standin.cards import CARDS
from holdfast.stripe_standin.refusals import Refusal
from holdfast.stripe_standin.store import Object, Store
from holdfast.stripe_standin.words import language_of, words

STATIC = {
    "/v3/": ("stripe.js", "text/javascript"),
    "/v3": ("stripe.js", "text/javascript"),
    "/static/frame.js": ("frame.js", "text/javascript"),
    "/static/authenticated.js": ("authenticated.js", "text/javascript"),
    "/static/standin.css": ("standin.css", "text/css"),
}
# What the card form says by itself, by the codes of refusals.
IN_FRAME = (
    "incomplete", "card_declined", "insufficient_funds", "expired_card", "incorrect_number", "incorrect_cvc"
)  # fmt: skip
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'"
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a browser; `query` and `sent` hold the first value of each field."""

    store: Store
    base: str
    method: str
    path: str
    query: dict[str, str]
    sent: dict[str, str]
    headers: Mapping[str, str]

    @property
    def language(self) -> str:
        return language_of(self.query.get("locale"), self.headers.get("accept-language", ""))


def answer(visit: Visit) -> Answer:
    """The page of an address; 404 for another."""
    if visit.path in STATIC:
        name, kind = STATIC[visit.path]
        text = files("holdfast.stripe_standin").joinpath("static", name).read_text("utf-8")
        return Answer(200, text, {"content-type": f"{kind}; charset=utf-8", "access-control-allow-origin": "*"})
    room, _, rest = visit.path.strip("/").partition("/")
    if room == "c" and rest.startswith("pay/"):
        return _checkout(visit, rest.removeprefix("pay/"))
    if room == "authenticate":
        return _authenticate(visit, rest)
    if room == "elements":
        return _frame(visit)
    return Answer(404, "Not found", {"content-type": "text/plain"})


def _page(visit: Visit, title: str, body: str, *, status: int = 200, goes_to: str = "") -> Answer:
    """`goes_to`: where its form leads in the end; a browser checks the address of a redirect too."""
    policy = POLICY + (f" {_origin(goes_to)}" if goes_to else "")
    text = f"""<!doctype html>
<html lang="{visit.language}"><head><meta charset="utf-8"><title>{escape(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/static/standin.css"></head><body>{body}</body></html>"""
    return Answer(status, text, {"content-type": "text/html; charset=utf-8", "content-security-policy": policy})


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _see(url: str) -> Answer:
    return Answer(303, "", {"location": url, "content-type": "text/plain"})


def _card_fields(said: dict[str, str]) -> str:
    shown = [card for card in CARDS if card.alias in said]
    options = "".join(
        f'<option value="{card.number}">{escape(said[card.alias] + said["colon"])}{card.number}</option>'
        for card in shown
    )
    return f"""
<p class="test" role="note">{escape(said["test"])}</p>
<label for="choose">{escape(said["choose"])}</label>
<select id="choose" name="choose"><option value=""></option>{options}</select>
<label for="number">{escape(said["card"])}</label>
<input id="number" name="number" inputmode="numeric" autocomplete="off" maxlength="23">
<div class="pair"><div><label for="expiry">{escape(said["expiry"])}</label>
<input id="expiry" name="expiry" inputmode="numeric" autocomplete="off" maxlength="7" placeholder="12/34"></div>
<div><label for="cvc">{escape(said["cvc"])}</label>
<input id="cvc" name="cvc" inputmode="numeric" autocomplete="off" maxlength="4" placeholder="123"></div></div>
<p class="error" id="error" role="alert">{{error}}</p>"""


def _frame(visit: Visit) -> Answer:
    """What the Payment Element mounts."""
    said = words(visit.language)
    texts = "".join(f'<data value="{name}" hidden>{escape(said[name])}</data>' for name in IN_FRAME)
    fields = _card_fields(said).format(error="")
    body = f'<form id="card" class="frame">{fields}{texts}</form><script type="module" src="/static/frame.js"></script>'
    return _page(visit, said["card"], body)


def _checkout(visit: Visit, identifier: str) -> Answer:
    """The hosted page of a session; its form pays."""
    identifier, _, returned = identifier.partition("/")
    found = visit.store.anywhere(identifier)
    said = words(visit.language)
    if found is None or found[1]["object"] != "checkout.session":
        return _page(visit, said["checkout"], _notice(said["gone"]), status=404)
    account, session = found
    call = Call(visit.store, account, visit.base, {})
    if returned:
        _notice_authentication(call, session)
        session = call.load("checkout.session", identifier)
    if session["status"] == "complete":
        return _see(_success(session))
    if session["status"] != "open":
        return _page(visit, said["checkout"], _notice(said["gone"]))
    language = language_of(session["locale"] or visit.query.get("locale"), visit.headers.get("accept-language", ""))
    said = words(language)
    if visit.method == "POST":
        return _pay(visit, call, session, said)
    failed = bool(returned) and "authentication_failed"
    return _checkout_page(visit, session, said, error=said[failed] if failed else "")


def _pay(visit: Visit, call: Call, session: Object, said: dict[str, str]) -> Answer:
    month, _, year = visit.sent.get("expiry", "").replace(" ", "").partition("/")
    chosen = visit.sent.get("choose")
    card = {"number": visit.sent.get("number") or chosen, "exp_month": month or "12", "exp_year": year or "34"}
    back = f"{visit.base}/c/pay/{session['id']}/back"
    call.values = {"payment_method_data": {"type": "card", "card": card}, "return_url": back}
    try:
        with call.store.transaction():
            intent = checkout.pay(call, session)
            _afterwards(call)
    except Refusal as refusal:
        error = _in_words(said, refusal.error)
        return _checkout_page(visit, call.load("checkout.session", session["id"]), said, error=error, status=402)
    if intent["next_action"]:
        return _see(intent["next_action"]["redirect_to_url"]["url"])
    return _see(_success(session))


def _in_words(said: dict[str, str], error: dict[str, Any]) -> str:
    for name in (error.get("decline_code"), error.get("code")):
        if name in said:
            return said[str(name)]
    return said["incomplete"] if error.get("param") else str(error["message"])


def _afterwards(call: Call) -> None:
    for act in call.afterwards:
        act()
    call.afterwards.clear()


def _notice_authentication(call: Call, session: Object) -> None:
    """The customer is back from the bank: the session may be complete now."""
    field = "payment_intent" if session["mode"] == "payment" else "setup_intent"
    if session[field]:
        with call.store.transaction():
            checkout.complete(call, session, call.load(field, session[field]))


def _success(session: Object) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _checkout_page(visit: Visit, session: Object, said: dict[str, str], *, error: str, status: int = 200) -> Answer:
    amount = price(session["amount_total"], session["currency"]) if session["amount_total"] else ""
    lines = "".join(
        f"<li><span>{escape(each['description'])} × {each['quantity']}</span>"
        f"<span>{price(each['amount_total'], each['currency'])}</span></li>"
        for each in session["_lines"]
    )
    back = session["cancel_url"]
    link = f'<p><a href="{escape(back)}">{escape(said["back"])}</a></p>' if back else ""
    do = said["pay"].format(amount=amount) if session["mode"] == "payment" else said["keep"]
    body = f"""<main><h1>{escape(said["checkout"])}</h1><ul class="lines">{lines}</ul>
<form method="post">{_card_fields(said).format(error=escape(error))}<button>{escape(do)}</button></form>{link}</main>"""
    return _page(visit, said["checkout"], body, status=status, goes_to=session["success_url"])


def price(amount: int, currency: str) -> str:
    """Plain and the same everywhere: `95.00 EUR`."""
    digits = 0 if currency in NO_DIGITS else 3 if currency in THREE_DIGITS else 2
    whole, rest = divmod(amount, 10**digits)
    return f"{whole}{f'.{rest:0{digits}}' if digits else ''} {currency.upper()}"


def _notice(text: str) -> str:
    return f'<main><p class="test" role="note">{escape(text)}</p></main>'


def _authenticate(visit: Visit, secret: str) -> Answer:
    """Where the bank asks; its form says how it went. `secret` is the intent's client secret."""
    said = words(visit.language)
    found = visit.store.anywhere(secret.partition("_secret")[0])
    if found is None or found[1].get("client_secret") != secret:
        return _page(visit, said["authenticate"], _notice(said["gone"]), status=404)
    account, intent = found
    if intent["status"] != "requires_action":
        return _page(visit, said["authenticate"], _notice(said["gone"]) + _tells_the_page())
    if visit.method == "POST":
        return _decided(visit, Call(visit.store, account, visit.base, {}), intent, said)
    buttons = "".join(
        f'<button name="outcome" value="{name}" class="{name}">{escape(said[name])}</button>'
        for name in ("pass", "fail")
    )
    body = f"""<main><h1>{escape(said["authenticate"])}</h1><p class="test" role="note">{escape(said["test"])}</p>
<p>{escape(said["bank"])}</p><form method="post">{buttons}</form></main>"""
    return _page(visit, said["authenticate"], body, goes_to=_leads_to(intent))


def _leads_to(intent: Object) -> str:
    action = intent["next_action"]
    return str(action["redirect_to_url"]["return_url"]) if action["type"] == "redirect_to_url" else ""


def _decided(visit: Visit, call: Call, intent: Object, said: dict[str, str]) -> Answer:
    back, room = _leads_to(intent), payment_intents if intent["object"] == "payment_intent" else setup_intents
    try:
        with call.store.transaction():
            intent = room.authenticated(call, intent, passed=visit.sent.get("outcome") == "pass")
            _afterwards(call)
    except Refusal:
        intent = call.load(intent["object"], intent["id"])
    if not back:
        return _page(visit, said["authenticate"], _notice(said["done"]) + _tells_the_page())
    kind = intent["object"]
    status = "succeeded" if intent["status"] in {"succeeded", "requires_capture"} else "failed"
    told = {kind: intent["id"], f"{kind}_client_secret": intent["client_secret"], "redirect_status": status}
    return _see(f"{back}{'&' if '?' in back else '?'}{urlencode(told)}")


def _tells_the_page() -> str:
    return '<script type="module" src="/static/authenticated.js"></script>'

"""How the customer may pay, in words: what it costs so, what is paid now, what later."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.translation import gettext as _

from holdfast.bookings.availability import plan_cache
from holdfast.bookings.availability.kept import wish_kept
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.details import paying
from holdfast.bookings.details.terms import paid_otherwise, tip_in
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.payments.queries import takes_cards
from holdfast.pricing.models import PaymentMethod
from holdfast.web import formats

_ICONS = {PaymentMethod.ON_SITE: "banknote", PaymentMethod.CHECKOUT: "external-link"}


@dataclass(frozen=True, slots=True)
class Method:
    """`by_card`: the booking waits for the next page."""

    value: str
    icon: str
    title: str
    detail: str
    by_card: bool


@dataclass(frozen=True, slots=True)
class Due:
    """Minor units: all of it, what of it is due at once, and the fee in it."""

    total: int
    now: int
    fee: int = 0


def offered(plan: ServicePlan, *, is_series: bool, is_framed: bool = False) -> tuple[str, ...]:
    """Those a customer may choose, in the organization's order. In its transaction.

    The card company refuses to be shown inside other sites: in a frame its own page is offered where nothing else is.
    """
    found = paying.offered(plan, is_series=is_series)
    if is_framed:
        found = tuple(each for each in found if each != PaymentMethod.CHECKOUT) or found
    if any(each in paying.BY_CARD for each in found) and not takes_cards():
        found = tuple(each for each in found if each not in paying.BY_CARD) or (PaymentMethod.ON_SITE.value,)
    return found


def methods(
    organization: Organization,
    plan: ServicePlan,
    held: Booking,
    *,
    series_amount: int | None,
    is_framed: bool = False,
) -> list[Method]:
    """The same in words, for a held time, or the first of a series that costs so much."""
    found = []
    for each in offered(plan, is_series=series_amount is not None, is_framed=is_framed):
        method = PaymentMethod(each)
        due = Due(series_amount, 0) if series_amount is not None else _due(organization, held, method)
        waits = timedelta(0) if plan.service["needs_approval"] else paying.WAIT.get(method, timedelta(0))
        found.append(_method(organization, method, due, waits))
    return found


def is_on_site_only(plan: ServicePlan) -> bool:
    """Whether cards are taken for one booking, so that it must be said of a series that none is."""
    return any(each in paying.BY_CARD for each in offered(plan, is_series=False))


def chosen(found: tuple[str, ...], sent: str) -> str:
    """The one that was sent, else the first."""
    return sent if sent in found else found[0]


def _due(organization: Organization, held: Booking, method: PaymentMethod) -> Due:
    """What it costs paid like this, with the tip that it has."""
    wish = replace(wish_kept(held), payment_method=method.value, tip=tip_in(held))
    question = plan_cache.question_of(organization, wish, clock.now())
    paid = paid_otherwise(held, question, clock.to_minute(held.starts_at))
    lines, terms = paid.get("price_lines", held.price_lines), paid.get("terms", held.terms)
    fee = sum(line["amount"] for line in lines if line.get("kind") == "fee")
    return Due(paid.get("price_amount", held.price_amount), terms.get("due_now", 0), fee)


def _method(organization: Organization, method: PaymentMethod, due: Due, waits: timedelta) -> Method:
    """`waits`: how long the time is held anew for whoever has to pay on the next page."""
    in_part = 0 < due.now < due.total
    amounts = {"amount": due.now if in_part else due.total, "rest": due.total - due.now, "fee": due.fee}
    money = {name: formats.money(amount, organization.currency) for name, amount in amounts.items()}
    said = {"name": organization.name, "minutes": waits // timedelta(minutes=1), **money}
    titles = {
        PaymentMethod.CARD: _("By card, right here"),
        PaymentMethod.CHECKOUT: _("On Stripe’s page: card, wallet and other ways"),
        PaymentMethod.CARD_ON_FILE: _("By card, after the service"),
        PaymentMethod.ON_SITE: _("On the day"),
    }
    details = {
        PaymentMethod.CARD: _("You enter your card on the next page and pay %(amount)s. Then the time is yours."),
        PaymentMethod.CHECKOUT: _(
            "You leave this site to pay %(amount)s there, and come back. Then the time is yours."
        ),
        PaymentMethod.CARD_ON_FILE: _(
            "Nothing is charged now. Your card is kept, and %(amount)s is charged after the service."
        ),
        PaymentMethod.ON_SITE: _("You pay %(name)s directly, on the day. Nothing is charged now."),
    }
    sentences = [details[method]]
    if in_part:
        sentences.append(_("The rest, %(rest)s, you pay on the day."))
    if due.fee:
        sentences.append(_("A fee of %(fee)s is in it."))
    if waits and due.total:
        sentences.append(_("Once you go on, the time is held for you for %(minutes)d minutes."))
    icon, by_card = _ICONS.get(method, "credit-card"), method in paying.BY_CARD
    return Method(method.value, icon, titles[method], " ".join(sentences) % said, by_card)

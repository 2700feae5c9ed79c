"""How the customer may pay, in words: what is paid now, what later."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.details import paying
from holdfast.catalog.models import Organization
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


def methods(organization: Organization, plan: ServicePlan, amount: int, *, is_series: bool) -> list[Method]:
    """Those a customer may choose for this amount (minor units), in the organization's order. In its transaction."""
    found = paying.offered(plan, is_series=is_series)
    if any(each in paying.BY_CARD for each in found) and not takes_cards():
        found = tuple(each for each in found if each not in paying.BY_CARD) or (PaymentMethod.ON_SITE.value,)
    return [_method(organization, plan, PaymentMethod(each), amount) for each in found]


def chosen(found: list[Method], sent: str) -> Method:
    """The one that was sent, else the first."""
    return next((each for each in found if each.value == sent), found[0])


def _method(organization: Organization, plan: ServicePlan, method: PaymentMethod, amount: int) -> Method:
    said = {"name": organization.name, "amount": formats.money(amount, organization.currency)}
    titles = {
        PaymentMethod.CARD: _("By card, now"),
        PaymentMethod.CHECKOUT: _("By card, on a page of the card company"),
        PaymentMethod.CARD_ON_FILE: _("By card, after the service"),
        PaymentMethod.ON_SITE: _("On site"),
    }
    details = {
        PaymentMethod.CARD: _("You pay %(amount)s on the next page. Then the time is yours."),
        PaymentMethod.CHECKOUT: _("You pay %(amount)s there and come back here. Then the time is yours."),
        PaymentMethod.CARD_ON_FILE: _(
            "Nothing is charged now. Your card is kept, and %(amount)s is charged after the service."
        ),
        PaymentMethod.ON_SITE: _("You pay %(name)s when you are there. Nothing is charged now."),
    }
    icon, by_card = _ICONS.get(method, "credit-card"), method in paying.BY_CARD
    return Method(method.value, icon, titles[method], details[method] % said, by_card)

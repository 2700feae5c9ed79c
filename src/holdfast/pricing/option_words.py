"""What payment methods, deposits, tips and cancellation policies say, for staff."""

from decimal import Decimal

from babel.lists import format_list
from django.utils.translation import gettext as _

from holdfast.pricing.models import (
    BorneBy,
    CancellationPolicy,
    CancellationStep,
    Deposit,
    PaymentMethod,
    PaymentOption,
    TipChoices,
)
from holdfast.pricing.wording import percentage
from holdfast.web import formats


def fee_words(option: PaymentOption, currency: str) -> str:
    """ "1.5% + €0.25, borne by the business"; "" where it costs nothing."""
    parts = [percentage(str(option.fee_percent))] if option.fee_percent else []
    parts += [formats.money(option.fee_fixed, currency)] if option.fee_fixed else []
    if not parts:
        return ""
    by_customer = option.fee_borne_by == BorneBy.CUSTOMER
    form = _("%(fee)s, borne by the customer") if by_customer else _("%(fee)s, borne by the business")
    return form % {"fee": " + ".join(parts)}


def hold_words(option: PaymentOption) -> str:
    """ "The price is held 1 day before the service"; "" of what keeps no card."""
    if option.method != PaymentMethod.CARD_ON_FILE:
        return ""
    return _("The price is held %(time)s before the service") % {"time": formats.minutes(60 * option.hold_hours)}


def deposit_words(deposit: Deposit, currency: str) -> str:
    """ "30%; all at once within 2 days"."""
    share = share_words(deposit.percent, deposit.amount, currency)
    if not deposit.whole_within:
        return share
    return _("%(share)s; all at once within %(time)s") % {"share": share, "time": formats.minutes(deposit.whole_within)}


def tips_words(tips: TipChoices | None) -> str:
    """ "5%, 10% and 15%, or any amount"."""
    listed = [percentage(each) for each in tips.percents] if tips else []
    words = format_list(listed, locale=formats.current_locale()) if listed else ""
    if tips is None or not tips.is_free:
        return words or _("None")
    return _("%(percentages)s, or any amount") % {"percentages": words} if words else _("Any amount")


def policy_words(policy: CancellationPolicy, currency: str) -> list[str]:
    """A sentence for each step, and for not coming."""
    steps: list[CancellationStep] = list(policy.steps.all())
    said = [step_words(each.within, each.percent, each.amount, currency) for each in steps]
    return [*said, _("not coming: %(share)s") % {"share": share_words(policy.percent, policy.amount, currency)}]


def step_words(within: int, percent: Decimal | None, amount: int | None, currency: str) -> str:
    words = _("with less notice than %(time)s: %(share)s")
    return words % {"time": formats.minutes(within), "share": share_words(percent, amount, currency)}


def share_words(percent: Decimal | None, amount: int | None, currency: str) -> str:
    return formats.money(amount or 0, currency) if percent is None else percentage(str(percent))

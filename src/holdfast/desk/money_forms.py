"""What staff enter about a booking's money; amounts in the currency's major unit, 95.00 for 9500 cents."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from holdfast.catalog.form_fields import MoneyField
from holdfast.payments.queries import next_receipt
from holdfast.web import formats

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REQUIRED = {"required": _("Please fill this in.")}
KEPT = _("Kept with the booking’s money.")
TOLD = _("Told to the customer, and kept with the booking’s money.")
HOW = (("cash", _("In cash")), ("card", _("By card, on your own terminal")))


def _reason(told: "StrOrPromise") -> forms.CharField:
    return forms.CharField(label=_("Reason"), max_length=200, error_messages=REQUIRED, help_text=told)


class MoneyForm(forms.Form):
    """`seen`: the ledger that whoever decides has seen (payments/by_staff.py). `most` in minor units."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, most: int, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most, self.currency = most, currency


class OnlyReasonForm(MoneyForm):
    reason = _reason(KEPT)


class AmountForm(MoneyForm):
    """With an amount of at most `most`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = MoneyField(
            currency=self.currency, lowest=None, label=_("Amount (%(currency)s)") % {"currency": self.currency},
            widget=forms.NumberInput, error_messages={**REQUIRED, "invalid": _("Enter an amount, such as 95.00.")},
            help_text=_("At most %(amount)s.") % {"amount": formats.money(self.most, self.currency)},
        )  # fmt: skip
        self.order_fields(["seen", "amount"])

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if not 0 < amount <= self.most:
            words = _("Enter an amount of at most %(amount)s.")
            raise forms.ValidationError(words % {"amount": formats.money(self.most, self.currency)})
        return amount


class ReasonForm(AmountForm):
    reason = _reason(KEPT)


class RefundForm(AmountForm):
    """Why is told: it is in the mail of the refund."""

    reason = _reason(TOLD)


class OnSiteForm(AmountForm):
    """The next receipt number is proposed, so that nobody at the desk has to look for it."""

    how = forms.ChoiceField(label=_("How"), choices=HOW, widget=forms.RadioSelect, initial="cash")
    receipt = forms.CharField(
        label=_("Receipt number"), max_length=60, error_messages=REQUIRED,
        help_text=_("From your receipt book, till or terminal. Each number can be used once."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cash, card = next_receipt("cash"), next_receipt("card")
        self.initial.setdefault("receipt", cash or card or "1")
        if cash and card and cash != card:
            words = _("By card, the next is %(number)s.") % {"number": card}
            self.fields["receipt"].help_text = f"{self.fields['receipt'].help_text} {words}"

    def add_receipt_used(self, detail: str) -> None:
        """Say so, and which number is free."""
        how = self.cleaned_data["how"]
        free = next_receipt(how) or next_receipt("card" if how == "cash" else "cash")
        self.add_error("receipt", f"{detail} " + _("The next free number is %(number)s.") % {"number": free})


class GivenBackForm(OnSiteForm):
    reason = _reason("")

"""What staff enter about a booking's money; amounts in the currency's major unit, 95.00 for 9500 cents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from holdfast.catalog.form_fields import MoneyField
from holdfast.payments.queries import next_receipt
from holdfast.web import formats

REQUIRED = {"required": _("Please fill this in.")}
HOW = (("cash", _("In cash")), ("card", _("By card, on your own terminal")))


class MoneyForm(forms.Form):
    """`seen`: the ledger that whoever decides has seen (payments/by_staff.py). `most` in minor units."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, most: int, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most, self.currency = most, currency
        self._add_fields()

    def _add_fields(self) -> None:
        """Those that depend on the booking."""

    def _add_amount(self) -> None:
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


class AmountForm(MoneyForm):
    def _add_fields(self) -> None:
        self._add_amount()


class ReasonForm(MoneyForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, error_messages=REQUIRED, help_text=_("Kept with the booking’s money.")
    )

    def _add_fields(self) -> None:
        self._add_amount()


class RefundForm(ReasonForm):
    """Why is told: it is in the mail of the refund."""

    def _add_fields(self) -> None:
        super()._add_fields()
        self.fields["reason"].help_text = _("Told to the customer, and kept with the booking’s money.")


class OnlyReasonForm(MoneyForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, error_messages=REQUIRED, help_text=_("Kept with the booking’s money.")
    )


class OnSiteForm(MoneyForm):
    """The next receipt number is proposed, so that nobody at the desk has to look for it."""

    how = forms.ChoiceField(label=_("How"), choices=HOW, widget=forms.RadioSelect, initial="cash")
    receipt = forms.CharField(
        label=_("Receipt number"), max_length=60, error_messages=REQUIRED,
        help_text=_("From your receipt book, till or terminal. Each number can be used once."),
    )  # fmt: skip

    def _add_fields(self) -> None:
        self._add_amount()
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
    reason = forms.CharField(label=_("Reason"), max_length=200, error_messages=REQUIRED)

"""Reads of payments for other rooms."""

from holdfast.payments.models import StripeAccount


def takes_cards() -> bool:
    """Whether the organization has a card account. In its transaction."""
    return StripeAccount.objects.exists()

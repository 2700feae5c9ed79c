"""A share of a price: a percentage or an amount, one of the two."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Each says that its own is there: a check that comes to NULL would let nothing at all pass for a share.
IS_SHARE = Q(percent__isnull=False, percent__gte=0, percent__lte=100, amount__isnull=True) | Q(
    amount__isnull=False, amount__gte=0, percent__isnull=True
)
IS_SOMETHING = ~Q(percent=0, amount__isnull=True) & ~Q(amount=0, percent__isnull=True)


def share_field(name: "StrOrPromise") -> "models.DecimalField[Decimal | None, Decimal | None]":
    """The percentage; beside it stands `amount`, in minor units."""
    return models.DecimalField(
        name,
        max_digits=6,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )

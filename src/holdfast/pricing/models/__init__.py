"""What an organization has laid down about prices. Amounts are in minor units of its currency (domain/pricing/)."""

from holdfast.pricing.models.cancelling import CancellationPolicy, CancellationStep
from holdfast.pricing.models.options import BorneBy, Deposit, PaymentMethod, PaymentOption, TipChoices
from holdfast.pricing.models.promotions import BenefitKind, Promotion, PromotionService
from holdfast.pricing.models.tariffs import (
    Covers,
    EffectKind,
    OnHolidays,
    RoundingName,
    RuleType,
    Tariff,
    TariffRule,
    ZonePrice,
)
from holdfast.pricing.models.taxes import ExchangeRate, TaxRate
from holdfast.pricing.models.zones import KnownDistance, Zone

__all__ = [
    "BenefitKind",
    "BorneBy",
    "CancellationPolicy",
    "CancellationStep",
    "Covers",
    "Deposit",
    "EffectKind",
    "ExchangeRate",
    "KnownDistance",
    "OnHolidays",
    "PaymentMethod",
    "PaymentOption",
    "Promotion",
    "PromotionService",
    "RoundingName",
    "RuleType",
    "Tariff",
    "TariffRule",
    "TaxRate",
    "TipChoices",
    "Zone",
    "ZonePrice",
]

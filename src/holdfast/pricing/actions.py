"""Every change of a tariff that is more than a row: one verb each, in the caller's tenant transaction."""

from uuid import UUID

from django.utils.translation import gettext as _

from holdfast.core import locking
from holdfast.core.keys import uuid7
from holdfast.pricing.models import Tariff, TariffRule, ZonePrice


def put_in_force(*, tariff_id: UUID) -> None:
    """Prices are this tariff's from now on; the one before becomes a draft. What is booked keeps its price."""
    locking.change_catalog()
    Tariff.objects.filter(in_force=True).exclude(id=tariff_id).update(in_force=False)
    Tariff.objects.filter(id=tariff_id, in_force=False).update(in_force=True)


def copy_tariff(*, tariff_id: UUID) -> Tariff:
    """The same rules as a draft, to be changed and tried. Raises Tariff.DoesNotExist."""
    copied = Tariff.objects.get(id=tariff_id)
    rules = list(TariffRule.objects.filter(tariff_id=tariff_id))
    tables = list(ZonePrice.objects.filter(rule__tariff_id=tariff_id))
    copied.pk, copied.in_force = uuid7(), False
    copied.name = (_("%(name)s, copy") % {"name": copied.name})[:120]
    copied.save(force_insert=True)
    keys = {rule.pk: uuid7() for rule in rules}
    for rule in rules:
        rule.pk, rule.tariff_id = keys[rule.pk], copied.pk
    TariffRule.objects.bulk_create(rules)
    for price in tables:
        price.pk, price.rule_id = uuid7(), keys[price.rule_id]
    ZonePrice.objects.bulk_create(tables)
    return copied

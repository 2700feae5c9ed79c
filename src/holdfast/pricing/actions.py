"""Every change of what decides prices, in the caller's tenant transaction; who did it is written down with it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Max, Model
from django.utils.translation import gettext as _

from holdfast.catalog.models import Service
from holdfast.core import locking
from holdfast.core.keys import uuid7
from holdfast.pricing import history
from holdfast.pricing.errors import PricesChanged, PromotionUsed, TariffInForce
from holdfast.pricing.models import Promotion, PromotionService, Tariff, TariffRule, ZonePrice

STEP = 10


def keep(*, row: Any, by: str, seen: str | None = None, services: Collection[Service] | None = None) -> bool:
    """Save a tariff, rule, tax rate or promotion. False where nothing is new.

    `services`: those that a promotion is for, none: all; None leaves them as they are.
    `seen`: the fingerprint (pricing/history.py) of what was looked at. Raises PricesChanged when it is another by now,
    or gone.
    """
    locking.change_catalog()
    before = _before(row)
    if seen is not None and (before is None or history.fingerprint(before) != seen):
        raise PricesChanged
    then, now = history.snapshot(before) if before is not None else {}, history.snapshot(row)
    if services is not None:
        now |= {history.SERVICES: sorted(str(each.pk) for each in services)}
    changes = {name: [then.get(name), value] for name, value in now.items() if then.get(name) != value}
    if before is not None and not changes:
        return False
    row.save(force_insert=before is None)
    if services is not None:
        _mean(row, {each.pk for each in services})
    what = "created" if before is None else "changed"
    history.record(organization_id=row.organization_id, row=row, what=what, by=by, changes=changes if before else None)
    return True


def switch(*, row: Any, on: bool, by: str) -> None:
    """Have a rule or promotion apply, or not. What is booked keeps its price."""
    locking.change_catalog()
    row.refresh_from_db()
    if row.is_active != on:
        row.is_active = on
        row.save(update_fields=["is_active"])
        history.record(
            organization_id=row.organization_id, row=row, what="switched_on" if on else "switched_off", by=by
        )


def remove(*, row: Any, by: str) -> None:
    """Delete it. Raises TariffInForce, and PromotionUsed for what bookings were made with: it is switched off instead.

    Bookings under way keep the catalog until they are committed, so a use cannot slip in meanwhile.
    """
    locking.change_catalog()
    if isinstance(row, Tariff) and Tariff.objects.filter(pk=row.pk, in_force=True).exists():
        raise TariffInForce
    if isinstance(row, Promotion) and (uses := _uses(row)):
        raise PromotionUsed(uses=uses)
    history.record(organization_id=row.organization_id, row=row, what="deleted", by=by)
    row.delete()


def put_in_force(*, tariff_id: UUID, by: str) -> None:
    """Prices are this tariff's from now on; the one before becomes a draft. What is booked keeps its price."""
    locking.change_catalog()
    for before in Tariff.objects.filter(in_force=True).exclude(id=tariff_id):
        Tariff.objects.filter(id=before.pk).update(in_force=False)
        history.record(organization_id=before.organization_id, row=before, what="put_out_of_force", by=by)
    if Tariff.objects.filter(id=tariff_id, in_force=False).update(in_force=True):
        tariff = Tariff.objects.get(id=tariff_id)
        history.record(organization_id=tariff.organization_id, row=tariff, what="put_in_force", by=by)


def copy_tariff(*, tariff_id: UUID, by: str, name: str = "") -> Tariff:
    """The same rules as a draft, to be changed and tried. Raises Tariff.DoesNotExist."""
    locking.change_catalog()
    copied = Tariff.objects.get(id=tariff_id)
    rules = list(TariffRule.objects.filter(tariff_id=tariff_id))
    tables = list(ZonePrice.objects.filter(rule__tariff_id=tariff_id))
    copied.pk, copied.in_force = uuid7(), False
    copied.name = (name or _("%(name)s, copy") % {"name": copied.name})[:120]
    copied.save(force_insert=True)
    keys = {rule.pk: uuid7() for rule in rules}
    for rule in rules:
        rule.pk, rule.tariff_id = keys[rule.pk], copied.pk
    TariffRule.objects.bulk_create(rules)
    for price in tables:
        price.pk, price.rule_id = uuid7(), keys[price.rule_id]
    ZonePrice.objects.bulk_create(tables)
    history.record(organization_id=copied.organization_id, row=copied, what="copied", by=by)
    return copied


def last_position(tariff: Tariff) -> int:
    """Where a new rule stands: after all others."""
    highest = TariffRule.objects.filter(tariff=tariff).aggregate(highest=Max("position"))["highest"]
    return min((highest or 0) + STEP, 32_767)


def move_rule(*, rule: TariffRule, by: int, who: str) -> None:
    """Let a rule change places with the one `by` (−1 before, 1 after) it; at the end of the line nothing happens."""
    locking.change_catalog()
    rules = list(TariffRule.objects.filter(tariff_id=rule.tariff_id))
    at = next(number for number, each in enumerate(rules) if each.pk == rule.pk)
    if not 0 <= at + by < len(rules):
        return
    rules[at], rules[at + by] = rules[at + by], rules[at]
    for number, each in enumerate(rules, 1):
        each.position = number * STEP
    TariffRule.objects.bulk_update(rules, ["position"])
    history.record(organization_id=rule.organization_id, row=rule, what="moved", by=who)


def _mean(promotion: Promotion, wanted: set[UUID]) -> None:
    """For exactly these services; for all where there are none."""
    known = set(promotion.meant_for.values_list("service_id", flat=True))
    promotion.meant_for.exclude(service_id__in=wanted).delete()
    PromotionService.objects.bulk_create(
        PromotionService(organization_id=promotion.organization_id, promotion=promotion, service_id=service_id)
        for service_id in wanted - known
    )


def _before(row: Any) -> Model | None:
    found: Model | None = type(row)._default_manager.filter(pk=row.pk).first()
    return found


def _uses(promotion: Any) -> int:
    """By bookings, which are above this room and say so themselves."""
    return int(promotion.uses_made.count())

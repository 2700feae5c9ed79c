"""From rows to the domain: what an organization has laid down, compiled for one service."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast
from uuid import UUID

from holdfast.catalog.models import Extra as ExtraRow
from holdfast.domain.hours import day_start
from holdfast.domain.money import ROUNDINGS, payable_step
from holdfast.domain.pricing.conditions import Attribute, Condition
from holdfast.domain.pricing.effects import (
    KILOMETRES,
    Add,
    Base,
    ByZones,
    Effect,
    Maximum,
    Minimum,
    Percent,
    PerHour,
    PerUnit,
)
from holdfast.domain.pricing.extras import Extra
from holdfast.domain.pricing.promotions import AmountOff, Benefit, FreeExtra, PercentOff, Promotion
from holdfast.domain.pricing.simple import FIRST, LAST, PRICE_GROUP, Surcharge, own_rules
from holdfast.domain.pricing.tariff import Rule
from holdfast.domain.pricing.taxes import Taxes, TaxRate
from holdfast.domain.pricing.whole import RoundingName, Terms
from holdfast.pricing.geography import NOWHERE, WAY, Geography
from holdfast.pricing.models import EffectKind, Tariff, TariffRule
from holdfast.pricing.models import Promotion as PromotionRow
from holdfast.pricing.options import compile_fees

# Without a tariff: prices include their tax and are rounded to the cent, a half up.
NO_TARIFF: Mapping[str, Any] = {"tax_included": True, "rounding": "half_up", "coin": 1}
NO_NAMES: Mapping[str, Any] = {}
EMERGENCY = Condition(types=frozenset({"emergency"}))


def compile_terms(document: Mapping[str, Any]) -> Terms:
    """Of a document with `pricing.queries.TERMS` in it: the service's own price, then the tariff in force."""
    service, pricing, zone = document["service"], document["pricing"], document["organization"]["time_zone"]
    names = {row["id"]: row["name"] for row in (document["geography"] or {}).get("zones", ())}
    tariff = pricing["tariff"] or NO_TARIFF
    surcharge = Surcharge(
        "emergency_surcharge",
        percent=int(service["emergency_surcharge_percent"]),
        amount=int(service["emergency_surcharge_amount"]),
    )
    own = own_rules(service["price_amount"], service["price_unit"], surcharge, only=EMERGENCY)
    return Terms(
        currency=document["organization"]["currency"],
        rules=(*own, *meant_for(service["asks_places"], (rule_of(row, names) for row in pricing["rules"]))),
        taxes=Taxes(
            tuple(_rate(row, service["slug"]) for row in pricing["taxes"]),
            included=tariff["tax_included"],
            rounding=ROUNDINGS[tariff["rounding"]],
        ),
        extras=tuple(extra_of(row) for row in document["extras"] if row["offered"]),
        promotions=tuple(promotion_of(row, zone) for row in pricing["promotions"] if not row["code"]),
        fees=compile_fees(document),
        rounding=tariff["rounding"],
        coin=max(tariff["coin"], payable_step(document["organization"]["currency"])),
    )


def meant_for(asks: str, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Without rules that ask where of a service that does not: they would refuse all that is booked of it."""
    if asks == NOWHERE:
        return tuple(rule for rule in rules if not rule.is_of_way)
    return tuple(rule for rule in rules if asks == WAY or not rule.is_of_distance)


def tried(terms: Terms, tariff: Tariff, rules: Iterable[TariffRule], service_id: UUID, geography: Geography) -> Terms:
    """A service's terms as if another tariff were in force: its own price and surcharge stay."""
    own = [rule for rule in terms.rules if rule.position in (FIRST, LAST)]
    rows = [row_of(rule) for rule in rules if rule.is_active and rule.service_id in (None, service_id)]
    other = meant_for(geography.asks, (rule_of(row, geography.zone_names) for row in rows))
    rounding = cast("RoundingName", tariff.rounding)
    return replace(
        terms,
        rules=(*own, *other),
        taxes=replace(terms.taxes, included=tariff.tax_included, rounding=ROUNDINGS[tariff.rounding]),
        rounding=rounding,
        coin=max(tariff.coin, payable_step(terms.currency)),
    )


def compile_codes(document: Mapping[str, Any]) -> dict[str, Promotion]:
    """The promotions that a code gives, by `code_key`."""
    rows, zone = document["pricing"]["promotions"], document["organization"]["time_zone"]
    return {code_key(row["code"]): promotion_of(row, zone) for row in rows if row["code"] and not row["elsewhere"]}


def codes_elsewhere(document: Mapping[str, Any]) -> frozenset[str]:
    """Of those that are for other services alone, the `code_key`s."""
    return frozenset(code_key(row["code"]) for row in document["pricing"]["promotions"] if row["elsewhere"])


def code_key(code: str) -> str:
    """What two codes share that are the same to people."""
    return code.strip().casefold()


def promotion_of(row: Mapping[str, Any], zone: str) -> Promotion:
    """A promotion of a row as the document has it; its name goes into its lines."""
    first, last = _day(row["booked_from"]), _day(row["booked_until"])
    if row["benefit"] == "percent":
        benefit: Benefit = PercentOff(_exact(row["percent"]), row["most"])
    elif row["benefit"] == "extra":
        benefit = FreeExtra(row["extra_id"], row["extra_count"], {"extra_name": row.get("extra_name")})
    else:
        benefit = AmountOff(row["amount"])
    return Promotion(
        id=row["id"],
        benefit=benefit,
        code=row["code"],
        position=row["position"],
        booked_from=day_start(zone, first) if first else None,
        booked_until=day_start(zone, last + timedelta(days=1)) if last else None,
        served_from=_day(row["served_from"]),
        served_until=_day(row["served_until"]),
        condition=Condition(weekdays=frozenset(row["weekdays"])),
        minimum=row["minimum"],
        uses=row["uses"],
        uses_each=row["uses_each"],
        combinable=row["combinable"],
        said={"name": row["name"]},
    )


def extra_of(row: Mapping[str, Any]) -> Extra:
    """An extra of a row as the document has it; its name goes into its lines."""
    return Extra(
        id=row["id"],
        amount=row["amount"],
        per=row["per"],
        most=row["most"],
        included=row["included"],
        tax_class=_class_of(row["tax_class"]),
        said={"name": row["name"]},
    )


def row_of(rule: TariffRule | PromotionRow | ExtraRow) -> dict[str, Any]:
    """A rule, a promotion or an extra as the document has it."""
    row: dict[str, Any] = {field.attname: getattr(rule, field.attname) for field in rule._meta.concrete_fields}
    if isinstance(rule, PromotionRow):
        row["extra_name"] = rule.extra.name if rule.extra else {}
    for name, value in row.items():
        if isinstance(value, date | time):
            row[name] = value.isoformat()
        elif isinstance(value, Decimal | UUID):
            row[name] = str(value)
    if isinstance(rule, TariffRule):
        table = rule.zone_prices.all() if rule.effect == EffectKind.BY_ZONES else ()
        row["zone_prices"] = [[str(each.origin_id), str(each.destination_id), each.amount] for each in table]
    return row


def rule_of(row: Mapping[str, Any], zone_names: Mapping[str, Any] = NO_NAMES) -> Rule:
    """A rule of a row as JSON has it; its name and its zones' go into its lines, for people to read as they were."""
    zones = {key: zone_names[key] for key in (row["from_zone_id"], row["to_zone_id"]) if key in zone_names}
    return Rule(
        id=row["id"],
        effect=_effect(row, zone_names),
        condition=_condition(row),
        position=row["position"],
        group=PRICE_GROUP if row["instead"] else "",
        covers=row["covers"],
        said={"name": row["name"], **({"zones": zones} if zones else {})},
    )


def exact_attributes(attributes: Mapping[str, Any]) -> dict[str, Attribute]:
    """As prices compare them: no floats."""
    return {name: Decimal(str(each)) if isinstance(each, float) else each for name, each in attributes.items()}


def _effect(row: Mapping[str, Any], zone_names: Mapping[str, Any]) -> Effect:
    amount, kind = row["amount"], row["effect"]
    if kind == "percent":
        return Percent(_exact(row["percent"]))
    if kind == "per_hour":
        return PerHour(amount, row["minimum_minutes"])
    if kind == "per_person":
        return PerUnit(amount, "person")
    if kind == "per_km":
        return PerUnit(amount, KILOMETRES, Fraction(row["included_km"]))
    if kind == "by_zones":
        table = {(origin, destination): price for origin, destination, price in row["zone_prices"] or ()}
        names = {key: zone_names[key] for way in table for key in way if key in zone_names}
        return ByZones(table, row["both_ways"], row["zones_only"], names)
    simple: dict[str, type[Base] | type[Add] | type[Minimum] | type[Maximum]] = {
        "base": Base, "add": Add, "minimum": Minimum, "maximum": Maximum,
    }  # fmt: skip
    return simple[kind](amount)


def _condition(row: Mapping[str, Any]) -> Condition:
    between = (_day(row["from_date"]), _day(row["until_date"]))
    return Condition(
        weekdays=frozenset(row["weekdays"]),
        times=((_minute(row["from_time"]), _minute(row["until_time"])),) if row["from_time"] else (),
        dates=(between,) if between != (None, None) else (),
        holiday={"": None, "only": True, "not": False}[row["holidays"]],
        types=frozenset({row["type"]} if row["type"] else ()),
        shortest_notice=row["shortest_notice"],
        longest_notice=row["longest_notice"],
        shortest=row["shortest"],
        longest=row["longest"],
        smallest_party=row["smallest_party"],
        largest_party=row["largest_party"],
        resource_kind=row["resource_kind"],
        skills=frozenset(row["skills"]),
        attributes=exact_attributes(row["attributes"]),
        origin=frozenset(filter(None, [row["from_zone_id"]])),
        destination=frozenset(filter(None, [row["to_zone_id"]])),
    )


def _rate(row: Mapping[str, Any], service: str) -> TaxRate:
    own = service if row["own"] else _class_of(row["class"])
    valid = (_day(row["valid_from"]), _day(row["valid_until"]))
    return TaxRate(row["id"], _exact(row["percent"]), own, *valid, {"tax_name": row["name"]})


def _class_of(word: str) -> str:
    """A tax class by the word that extras and rates name it; never the slug of a service, which is one too."""
    return f"class:{word.strip().casefold()}" if word else ""


def _exact(number: str) -> Fraction:
    return Fraction(Decimal(number))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _minute(text: str) -> int:
    at = time.fromisoformat(text)
    return at.hour * 60 + at.minute

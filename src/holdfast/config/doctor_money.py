"""The doctor on prices and payments: what would cost customers or the business money, before it does."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from holdfast.bookings.promotion_usage import usage_of
from holdfast.catalog.models import Organization, Service
from holdfast.catalog.queries import organization_ids
from holdfast.config.findings import Finding
from holdfast.core import clock
from holdfast.core.sealing import CannotOpen
from holdfast.core.tenancy import transaction_for
from holdfast.domain import hours
from holdfast.domain.exchange import OLDEST_DAYS
from holdfast.payments.gateways import gateway_of
from holdfast.payments.models import InboxEvent, InboxOutcome, StripeAccount, WebhookSecret
from holdfast.pricing.forms import PRICES
from holdfast.pricing.models import ExchangeRate, PaymentMethod, PaymentOption, Promotion, Tariff, TariffRule
from holdfast.pricing.standing import standing_of, why_never

CARDS = (PaymentMethod.CARD, PaymentMethod.CHECKOUT, PaymentMethod.CARD_ON_FILE)
# A notice is applied in seconds; after minutes something is wrong, after a day money may be where nobody looks.
LATE, LOST = timedelta(minutes=10), timedelta(days=1)
FAILED_DAYS = 7


def tariffs() -> Finding:
    """Services that cost nothing because neither they nor the tariff in force have a price for them."""
    free = list(_each(_free_services))
    if free:
        return Finding(
            "tariffs", "weak", f"{len(free)} services cost nothing under the tariff in force: {free[0]}",
            "If they are not meant to be free: give the service a price, or the tariff a rule with one.",
        )  # fmt: skip
    return Finding("tariffs", "well", "every service that is on offer has a price, or no tariff says otherwise")


def promotions() -> Finding:
    """Those that are switched on and that nobody can ever get."""
    never = list(_each(_vain_promotions))
    if never:
        return Finding(
            "promotions", "weak", f"{len(never)} can never be given: {never[0]}",
            "Look at them on the desk under Prices, Promotions; mend or switch them off.",
        )  # fmt: skip
    return Finding("promotions", "well", "each that is switched on can be given, or could")


def exchange_rates() -> Finding:
    newest = ExchangeRate.objects.order_by("-day").values_list("day", flat=True).first()
    if newest is None:
        return Finding("exchange rates", "well", "none: prices are shown in each organization's own currency")
    age = (clock.now().date() - newest).days
    if age > OLDEST_DAYS:
        return Finding(
            "exchange rates", "weak", f"the newest are {age} days old, so no price is shown in another currency",
            "Fetch eurofxref-hist.xml of the European Central Bank and run: holdfast import-rates FILE",
        )  # fmt: skip
    return Finding("exchange rates", "well", f"of {newest}")


def card_accounts() -> Finding:
    """Whether every organization that offers cards can take them, and hears of what happens to them."""
    broken = list(_each(_broken_accounts))
    if broken:
        return Finding("cards", "ill", broken[0], "The owner mends it on the desk under Card payments.")
    count = sum(1 for _ in _each(lambda _organization: ["taken"] if StripeAccount.objects.exists() else []))
    return Finding("cards", "well", f"{count} organizations take cards" if count else "no organization takes cards")


def notices() -> Finding:
    """Of the card company, kept and not applied yet."""
    waiting = [(at, name) for name, at in _waiting_notices()]
    if not waiting:
        return Finding("notices", "well", "none of the card company waits")
    oldest, name = min(waiting)
    minutes = (clock.now() - oldest).total_seconds() / 60
    return Finding(
        "notices", "ill" if clock.now() - oldest > LOST else "weak",
        f"{len(waiting)} of the card company wait to be applied, one of {name} for {minutes:.0f} minutes",
        "See whether the worker runs (holdfast worker) and whether Stripe answers: they are applied once both do.",
    )  # fmt: skip


def failed_jobs() -> Finding:
    """Jobs that were given up in the last days, the most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT j.task_name, count(DISTINCT j.id) FROM procrastinate_jobs j
            JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'failed'
            WHERE j.status = 'failed' AND e.at > now() - make_interval(days => %s)
            GROUP BY 1 ORDER BY 2 DESC, 1""",
            [FAILED_DAYS],
        )
        failed = cursor.fetchall()
    if failed:
        said = ", ".join(f"{count} × {task}" for task, count in failed[:3])
        return Finding(
            "jobs", "weak", f"given up in the last {FAILED_DAYS} days: {said}",
            "The worker's log has the reason of each, by the name of its task.",
        )  # fmt: skip
    return Finding("jobs", "well", f"none was given up in the last {FAILED_DAYS} days")


CHECKS: tuple[Callable[[], Finding], ...] = (
    tariffs, promotions, exchange_rates, card_accounts, notices, failed_jobs,
)  # fmt: skip


def _each(look: Callable[[Organization], list[str]]) -> Iterator[str]:
    """What a look at each organization's rows finds, with its name before it."""
    for organization_id in organization_ids():
        with transaction_for(organization_id):
            organization = Organization.objects.get(pk=organization_id)
            yield from (f"{organization.name}: {found}" for found in look(organization))


def _free_services(_organization: Organization) -> list[str]:
    tariff = Tariff.objects.filter(in_force=True).first()
    if tariff is None:
        return []
    prices = TariffRule.objects.filter(tariff=tariff, is_active=True, effect__in=PRICES)
    free = Service.objects.filter(is_active=True, price_amount=0)
    return [str(each) for each in free if not prices.filter(Q(service=None) | Q(service=each)).exists()]


def _vain_promotions(organization: Organization) -> list[str]:
    found = list(Promotion.objects.filter(is_active=True).prefetch_related("meant_for__service"))
    used = usage_of(each.pk for each in found)
    today = hours.date_of(organization.time_zone, clock.to_minute(clock.now()))
    return [f"{each}: {why_never(each)}" for each in found if standing_of(each, used[each.pk].times, today) == "never"]


def _broken_accounts(organization: Organization) -> list[str]:
    account = StripeAccount.objects.first()
    if account is None:
        offered = PaymentOption.objects.filter(is_active=True, method__in=CARDS).exists()
        return ["offers payment by card, and no account is connected"] if offered else []
    try:
        gateway_of(organization.pk)
    except CannotOpen:
        return ["the key of its card account cannot be opened; was the installation's secret changed?"]
    if not WebhookSecret.objects.filter(ends_at__isnull=True).exists():
        return ["takes cards, and Stripe does not tell it what happens: there is no signing secret"]
    return []


def _waiting_notices() -> Iterator[tuple[str, datetime]]:
    for organization_id in organization_ids():
        with transaction_for(organization_id):
            late = InboxEvent.objects.filter(outcome=InboxOutcome.WAITING, received_at__lt=clock.now() - LATE)
            name = Organization.objects.get(pk=organization_id).name
            yield from ((name, at) for at in late.values_list("received_at", flat=True))

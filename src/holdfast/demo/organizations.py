"""Writing a demo organization's catalog and staff from its specification."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Model

from holdfast.accounts.models import Membership, User
from holdfast.catalog import actions as catalog
from holdfast.catalog import public_holidays
from holdfast.catalog.models import (
    Closure,
    Extra,
    HoursException,
    HoursKind,
    Limit,
    Organization,
    Question,
    Requirement,
    Resource,
    Service,
    Team,
    WorkedHoliday,
    WorkingHours,
)
from holdfast.core import tenancy
from holdfast.demo.chance import chance, key_at
from holdfast.demo.places import create_places, create_tariff, usual_places
from holdfast.demo.spec import OrganizationSpec, QuestionSpec, ResourceSpec, ServiceSpec
from holdfast.pricing.models import (
    CancellationPolicy,
    CancellationStep,
    Deposit,
    Promotion,
    TaxRate,
    TipChoices,
    Zone,
)

DAYS_OF_HISTORY = 365
_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def create_organization(spec: OrganizationSpec, *, key: UUID, now: datetime) -> Organization:
    """The organization with its teams, resources, hours, services and staff, opened a year before `now`.

    Runs in the caller's transaction for `key` (core/tenancy.py).
    """
    tenancy.set_organization(key)
    organization = Organization.objects.create(
        id=key,
        slug=spec.slug,
        name=spec.name,
        created_at=now - timedelta(days=DAYS_OF_HISTORY),
        **spec.settings,
    )
    today = now.astimezone(ZoneInfo(organization.time_zone)).date()
    teams = {slug: Team(organization=organization, slug=slug, name=name) for slug, name in spec.teams.items()}
    Team.objects.bulk_create(teams.values())
    _create_staff(spec, organization)
    _create_resources(spec, organization, teams, today)
    zones = create_places(spec, organization)
    for position, service in enumerate(spec.services):
        _create_service(service, organization, teams, position)
    Closure.objects.bulk_create(
        Closure(
            organization=organization,
            starts_on=today + timedelta(days=closure.first),
            ends_on=today + timedelta(days=closure.first + closure.days - 1),
            reason=closure.reason,
        )
        for closure in spec.closures
    )
    WorkedHoliday.objects.bulk_create(
        WorkedHoliday(organization=organization, date=day)
        for day in _holidays(organization, today)[: spec.works_holidays]
    )
    _create_limits(spec, organization, teams)
    _create_extras(spec, organization)
    _create_tariffs(spec, organization, zones)
    _create_options(spec, organization)
    return organization


def _create_options(spec: OrganizationSpec, organization: Organization) -> None:
    """How one pays, and what cancelling costs."""
    services = {service.slug: service for service in Service.objects.filter(organization=organization)}
    for each in spec.deposits:
        given = {**each, "service": services[each["service"]]} if "service" in each else each
        Deposit.objects.create(organization=organization, **given)
    if spec.tips is not None:
        TipChoices.objects.create(organization=organization, **spec.tips)
    for policy in spec.policies:
        kept = CancellationPolicy.objects.create(
            organization=organization, service=services.get(policy.service), percent=Decimal(100)
        )
        CancellationStep.objects.bulk_create(
            CancellationStep(organization=organization, policy=kept, within=within, percent=Decimal(percent))
            for within, percent in policy.steps.items()
        )


def _create_extras(spec: OrganizationSpec, organization: Organization) -> None:
    for position, each in enumerate(spec.extras):
        extra = Extra(
            organization=organization, slug=each.slug, name=each.name, about=each.about, position=position,
            **each.settings,
        )  # fmt: skip
        catalog.save_extra(extra=extra, language=organization.default_language)
        catalog.offer_with(extra=extra, services=list(Service.objects.filter(slug__in=each.services)))


def _create_tariffs(spec: OrganizationSpec, organization: Organization, zones: dict[str, Zone]) -> None:
    for each in spec.tariffs:
        create_tariff(each, organization, zones)
    for each_promotion in spec.promotions:
        given = Extra.objects.filter(slug=each_promotion.get("extra")).first()
        Promotion.objects.create(organization=organization, **{**each_promotion, "extra": given})
    if spec.tax is not None:
        name, percent = spec.tax
        TaxRate.objects.create(organization=organization, name=name, percent=percent)


def _create_limits(spec: OrganizationSpec, organization: Organization, teams: dict[str, Team]) -> None:
    services = {service.slug: service for service in Service.objects.filter(organization=organization)}
    Limit.objects.bulk_create(
        Limit(
            organization=organization,
            kind=each.kind,
            most=each.most,
            team=teams.get(each.team),
            service=services.get(each.service),
            counts=each.counts,
            period=each.period,
            rolling_days=each.rolling_days,
        )
        for each in spec.limits
    )


def _holidays(organization: Organization, today: date) -> list[date]:
    """The public holidays to come, next first."""
    years = (today.year, today.year + 1)
    named = public_holidays.public_holidays(organization.country, organization.holiday_region, years)
    return [day for day in named if day > today]


def parse_hours(text: str) -> Iterator[tuple[int, time, time]]:
    """(weekday, from, until) of "mon-fri 05:00-13:00, sat 08:00-12:00"; an end not after its start is the next day."""
    for entry in filter(None, map(str.strip, text.split(","))):
        days, span = entry.split(" ")
        first, _, last = days.partition("-")
        starts, ends = map(time.fromisoformat, span.split("-"))
        for weekday in range(_WEEKDAYS.index(first), _WEEKDAYS.index(last or first) + 1):
            yield weekday, starts, ends


def _create_resources(spec: OrganizationSpec, organization: Organization, teams: dict[str, Team], today: date) -> None:
    rows: list[Model] = []
    for each in spec.resources:
        resource = Resource.objects.create(
            # The engine orders equals by key, so keys that chance gave would make every demo another one.
            id=key_at(organization.created_at, chance(spec.slug, each.slug)),
            organization=organization,
            slug=each.slug,
            name=each.name,
            kind=each.kind,
            about=each.about,
            team=teams[each.team] if each.team else None,
            skills=list(each.skills),
            attributes=dict(each.attributes),
            lanes=each.lanes,
            largest_party=each.largest_party,
            rank=each.rank,
            weight=each.weight,
            is_public=each.is_public,
            buffer_after_minutes=each.buffer_after,
            user=User.objects.get(email=each.account) if each.account else None,
        )
        rows += _hours(each, resource, today)
        rows += _exceptions(each, resource, today)
    WorkingHours.objects.bulk_create(row for row in rows if isinstance(row, WorkingHours))
    HoursException.objects.bulk_create(row for row in rows if isinstance(row, HoursException))


def _hours(spec: ResourceSpec, resource: Resource, today: date) -> Iterator[WorkingHours]:
    since = None if spec.hours_since is None else today - timedelta(days=spec.hours_since)
    until = since - timedelta(days=1) if since else None
    regular, on_call = HoursKind.REGULAR, HoursKind.ON_CALL
    for kind, text, first, last in (
        (regular, spec.hours_before, None, until),
        (regular, spec.hours, since, None),
        (on_call, spec.on_call, since, None),
    ):
        for weekday, starts, ends in parse_hours(text):
            yield WorkingHours(
                organization_id=resource.organization_id,
                resource=resource,
                kind=kind,
                weekday=weekday,
                starts=starts,
                ends=ends,
                valid_from=first,
                valid_until=last,
            )


def _exceptions(spec: ResourceSpec, resource: Resource, today: date) -> Iterator[HoursException]:
    special = {today + timedelta(days=each.day): each for each in spec.special_days}
    for day, each in special.items():
        yield HoursException(
            organization_id=resource.organization_id,
            resource=resource,
            date=day,
            starts=time.fromisoformat(each.starts),
            ends=time.fromisoformat(each.ends),
            reason=each.reason,
        )
    for off in spec.time_off:
        for number in range(off.days):
            day = today + timedelta(days=off.first + number)
            if day not in special:
                for kind in (HoursKind.REGULAR, HoursKind.ON_CALL) if spec.on_call else (HoursKind.REGULAR,):
                    yield HoursException(
                        organization_id=resource.organization_id,
                        resource=resource,
                        kind=kind,
                        date=day,
                        reason=off.reason,
                    )


def _create_service(spec: ServiceSpec, organization: Organization, teams: dict[str, Team], position: int) -> None:
    service = Service.objects.create(
        organization=organization,
        slug=spec.slug,
        name=spec.name,
        summary=spec.summary,
        description=spec.description,
        place=spec.place,
        position=position,
        **usual_places(spec),
        **spec.settings,
    )
    Requirement.objects.bulk_create(
        Requirement(
            organization=organization,
            service=service,
            kind=need.kind,
            skills=list(need.skills),
            team=teams[need.team] if need.team else None,
            count=need.count,
            attributes=dict(need.attributes),
            per_person=need.per_person,
            is_choosable=need.is_choosable,
            position=number,
        )
        for number, need in enumerate(spec.requirements)
    )
    Question.objects.bulk_create(_question(each, service, number) for number, each in enumerate(spec.questions))


def _question(spec: QuestionSpec, service: Service, position: int) -> Question:
    return Question(
        organization_id=service.organization_id,
        service=service,
        key=spec.key,
        kind=spec.kind,
        label=spec.label,
        hint=spec.hint,
        choices=[{"value": value, "label": label} for value, label in spec.choices],
        is_required=spec.is_required,
        smallest=spec.smallest,
        largest=spec.largest,
        position=position,
    )


def _create_staff(spec: OrganizationSpec, organization: Organization) -> None:
    for person in spec.staff:
        user = User.objects.filter(email=person.email).first() or User.objects.create_user(
            person.email, spec.password, name=person.name, locale=person.locale
        )
        Membership.objects.create(organization=organization, user=user, role=person.role)

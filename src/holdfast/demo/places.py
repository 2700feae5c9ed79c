"""Writing a demo organization's places, zones and tariffs from its specification."""

from holdfast.catalog.models import NamedPlace, Organization, Service
from holdfast.demo.spec import OrganizationSpec, ServiceSpec, TariffSpec
from holdfast.pricing.models import KnownDistance, Tariff, TariffRule, Zone, ZonePrice


def create_places(spec: OrganizationSpec, organization: Organization) -> dict[str, Zone]:
    """The zones, by the slugs that the specification gives them."""
    for position, place in enumerate(spec.places):
        NamedPlace.objects.create(
            organization=organization,
            slug=place.slug,
            name=place.name,
            latitude=place.latitude,
            longitude=place.longitude,
            position=position,
        )
    zones = {
        zone.slug: Zone.objects.create(organization=organization, name=zone.name, area=zone.area, position=position)
        for position, zone in enumerate(spec.zones)
    }
    places = {each.slug: each for each in NamedPlace.objects.filter(organization=organization)}
    KnownDistance.objects.bulk_create(
        KnownDistance(
            organization=organization,
            origin=places[each.origin],
            destination=places[each.destination],
            metres=each.metres,
        )
        for each in spec.distances
    )
    return zones


def usual_places(spec: ServiceSpec) -> dict[str, NamedPlace]:
    """Those that are chosen when the service's page opens."""
    named = zip(("usual_pickup", "usual_dropoff"), spec.usual, strict=True)
    return {field: NamedPlace.objects.get(slug=slug) for field, slug in named if slug}


def create_tariff(spec: TariffSpec, organization: Organization, zones: dict[str, Zone]) -> None:
    """`zones`: by the slugs that the specification gives them."""
    tariff = Tariff.objects.create(organization=organization, name=spec.name, in_force=spec.in_force)
    for number, given in enumerate(spec.rules, 1):
        fields = dict(given)
        table, service = fields.pop("zone_prices", {}), fields.pop("service", None)
        rule = TariffRule.objects.create(
            organization=organization,
            tariff=tariff,
            position=10 * number,
            service=Service.objects.get(organization=organization, slug=service) if service else None,
            **fields,
        )
        ZonePrice.objects.bulk_create(
            ZonePrice(
                organization=organization,
                rule=rule,
                origin=zones[origin],
                destination=zones[destination],
                amount=amount,
            )
            for (origin, destination), amount in table.items()
        )

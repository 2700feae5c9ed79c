"""Changes of the catalog that are not plain configuration (the admin writes that)."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError

from holdfast.catalog.models import MOST_LANES, STOCK, Extra, ExtraOffer, Organization, Resource, Service
from holdfast.catalog.validators import validate_organization_slug, validate_origins
from holdfast.core import clock, locking
from holdfast.core.errors import ValidationError
from holdfast.core.fields import in_language
from holdfast.core.tenancy import transaction_for


def create_organization(
    *,
    slug: str,
    name: str,
    email: str,
    time_zone: str,
    currency: str,
    country: str,
    languages: list[str] | None = None,
    **details: Any,
) -> Organization:
    """A new organization; `details` are further fields of the model. Raises ValidationError, naming the fields."""
    languages = languages or ["en"]
    organization = Organization(
        slug=slug,
        name=name,
        email=email,
        time_zone=time_zone,
        currency=currency.upper(),
        country=country.upper(),
        languages=languages,
        created_at=clock.now(),
        **{"default_language": languages[0], **details},
    )
    with transaction_for(organization.pk):
        try:
            organization.full_clean()
            validate_organization_slug(slug)
        except DjangoValidationError as error:
            fields = error.message_dict if hasattr(error, "error_dict") else {"slug": error.messages}
            raise ValidationError(
                errors=[{"field": field, "message": text} for field, texts in fields.items() for text in texts]
            ) from None
        organization.save(force_insert=True)
    return organization


def allow_sites(*, organization: Organization, origins: list[str]) -> None:
    """Which sites may show the booking pages inside their own; raises ValidationError. In the tenant's transaction."""
    try:
        validate_origins(origins)
    except DjangoValidationError as error:
        raise ValidationError(errors=[{"field": "origins", "message": text} for text in error.messages]) from None
    locking.change_catalog()
    Organization.objects.filter(pk=organization.pk).update(embed_origins=origins)


def save_extra(*, extra: Extra, language: str) -> Extra:
    """Write an extra and, where it is counted, the resource whose places are its stock.

    What is not counted any more keeps that resource, with room for everybody: bookings that took of it stand.
    `language`: which of its names the resource gets, for messages. In the caller's tenant transaction.
    """
    locking.change_catalog()
    if extra.stock is not None or extra.held_as_id:
        held = extra.held_as or Resource(organization_id=extra.organization_id, kind=STOCK)
        held.slug, held.name = f"{STOCK}:{extra.slug}", in_language(extra.name, language)[:120]
        held.lanes = extra.stock or MOST_LANES
        held.save()
        extra.held_as = held
    extra.save()
    return extra


def delete_extra(*, extra: Extra) -> None:
    """With its stock, unless bookings took of it: they keep their places. In the caller's tenant transaction."""
    locking.change_catalog()
    held = extra.held_as
    extra.delete()
    if held is not None and not held.allocations.exists():
        held.delete()


def offer_with(*, extra: Extra, services: Collection[Service]) -> None:
    """Offer an extra with these services; with none of them, with all. In the caller's tenant transaction."""
    locking.change_catalog()
    wanted = {each.pk for each in services}
    known = set(ExtraOffer.objects.filter(extra=extra).values_list("service_id", flat=True))
    ExtraOffer.objects.filter(extra=extra).exclude(service_id__in=wanted).delete()
    for service_id in wanted - known:
        ExtraOffer.objects.create(organization_id=extra.organization_id, extra=extra, service_id=service_id)

"""Every change to people, their roles and keys."""

import secrets
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError

from holdfast.accounts.errors import AlreadyStaff, HasAnAccount, LastOwner, WorksElsewhere
from holdfast.accounts.models import ApiKey, Membership, Role, User
from holdfast.accounts.queries import digest_of, works_elsewhere
from holdfast.core import clock, locking
from holdfast.core.errors import ValidationError
from holdfast.core.tenancy import transaction_for

PREFIX_LENGTH = 11


def create_staff(
    *, organization_id: UUID, email: str, name: str = "", role: str, password: str = "", locale: str = "en"
) -> Membership:
    """Let a person work for an organization, with a new account unless the address already has one.

    Raises AlreadyStaff; HasAnAccount if a password is given for an account that exists; ValidationError if the
    address or the password cannot be used.
    """
    email = email.strip().lower()
    with transaction_for(organization_id):
        user = User.objects.filter(email=email).first()
        if user is None:
            user = _new_user(email=email, name=name, password=password, locale=locale)
        elif Membership.objects.filter(organization_id=organization_id, user=user).exists():
            raise AlreadyStaff
        elif password:
            raise HasAnAccount
        return Membership.objects.create(organization_id=organization_id, user=user, role=Role(role))


def change_staff(
    *, membership: Membership, role: str, name: str, locale: str, is_active: bool, password: str = ""
) -> None:
    """Change a person's role and, if they work nowhere else, their account.

    Raises LastOwner, WorksElsewhere (only if something of the account would change) and ValidationError.
    """
    with transaction_for(membership.organization_id):
        user = membership.user
        wanted = {"name": name, "locale": locale, "is_active": is_active}
        changed = password or any(getattr(user, field) != value for field, value in wanted.items())
        if changed and works_elsewhere(user, membership.organization_id):
            raise WorksElsewhere
        if not (is_active and role == Role.OWNER):
            check_another_owner(membership)
        if password:
            _check_password(password, user)
            user.set_password(password)
        for field, value in wanted.items():
            setattr(user, field, value)
        user.save()
        membership.role = Role(role)
        membership.save()


def remove_staff(*, membership: Membership) -> None:
    """End a person's work for the organization; their account stays. Raises LastOwner."""
    with transaction_for(membership.organization_id):
        check_another_owner(membership)
        membership.delete()


def check_another_owner(membership: Membership) -> None:
    """Raises LastOwner if nobody else could own the organization."""
    owners = locking.lock_rows(
        Membership, organization_id=membership.organization_id, role=Role.OWNER, user__is_active=True
    )
    keys = {owner.pk for owner in owners}
    if membership.pk in keys and len(keys) == 1:
        raise LastOwner


def create_api_key(*, organization_id: UUID, name: str, may_write: bool = False) -> tuple[ApiKey, str]:
    """A new key and its secret, which is shown once and not kept."""
    secret = f"hf_{secrets.token_urlsafe(32)}"
    with transaction_for(organization_id):
        key = ApiKey.objects.create(
            organization_id=organization_id,
            name=name,
            prefix=secret[:PREFIX_LENGTH],
            digest=digest_of(secret),
            may_write=may_write,
            created_at=clock.now(),
        )
    return key, secret


def revoke_api_key(*, key: ApiKey) -> None:
    """From now on the key opens nothing; it stays in the list."""
    with transaction_for(key.organization_id):
        ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=clock.now())


def _new_user(*, email: str, name: str, password: str, locale: str) -> User:
    user = User(email=email, name=name.strip(), locale=locale)
    _check_password(password, user)
    user.set_password(password)
    try:
        user.full_clean()
    except DjangoValidationError as error:
        raise _refusal(error) from None
    user.save(force_insert=True)
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except DjangoValidationError as error:
        raise ValidationError(errors=[{"field": "password", "message": text} for text in error.messages]) from None


def _refusal(error: DjangoValidationError) -> ValidationError:
    return ValidationError(
        errors=[{"field": name, "message": text} for name, texts in error.message_dict.items() for text in texts]
    )

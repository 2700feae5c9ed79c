"""Reading people, their roles and keys."""

from hashlib import sha256
from uuid import UUID

from holdfast.accounts.models import ApiKey, Membership, User
from holdfast.core.tenancy import transaction_for_user


def memberships_of(user: User) -> list[Membership]:
    """A person's memberships in every organization, those first in which they may do most; organizations included."""
    with transaction_for_user(user.pk):
        found = list(Membership.objects.filter(user=user).select_related("organization", "user"))
    return sorted(found, key=lambda membership: (not membership.may_configure, membership.organization.name))


def membership_in(user: User, organization_id: UUID) -> Membership | None:
    """A person's membership in one organization."""
    return next((each for each in memberships_of(user) if each.organization_id == organization_id), None)


def works_elsewhere(user: User, organization_id: UUID) -> bool:
    """Whether another organization knows this person too, so that this one may not change their account."""
    return any(each.organization_id != organization_id for each in memberships_of(user))


def digest_of(secret: str) -> str:
    """What is kept of a key: 256 random bits need no slow hash."""
    return sha256(secret.encode()).hexdigest()


def find_api_key(secret: str) -> ApiKey | None:
    """The transaction's organization's key with this secret, unless revoked."""
    return ApiKey.objects.filter(digest=digest_of(secret), revoked_at=None).first()

"""Every change to customers' accounts: links to sign in, passwords, what was asked to be erased."""

from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError

from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import ValidationError
from holdfast.core.tenancy import transaction_for
from holdfast.customers import tries
from holdfast.customers.errors import LinkNotGood
from holdfast.customers.links import SIGN_IN_LIFETIME, read_sign_in_token
from holdfast.customers.models import CustomerAccount, CustomerSession, Passkey, SignInLink, Way
from holdfast.customers.queries import normal
from holdfast.events import actions as events


def ask_for_link(
    *,
    organization: Organization,
    email: str,
    network: str,
    browser: str,
    locale: str,
    time_zone: str = "",
    goal: str = "",
) -> None:
    """Have a link mailed, if anything here belongs to the address: the job finds out, so that nobody else does.

    `browser`: a secret of whoever asks; `time_zone`: on whose clock they read the mail. Raises TooManyTries.
    """
    email, now = normal(email), clock.now()
    tries.count(organization, Way.LINK, email=email, network=network)
    with transaction_for(organization.id):
        link = SignInLink.objects.create(
            organization=organization,
            email=email,
            locale=locale,
            time_zone=time_zone,
            goal=goal,
            browser=tries.digest_of(browser),
            created_at=now,
            expires_at=now + SIGN_IN_LIFETIME,
        )
        # Nothing in it says who: the log is kept for ever.
        events.record(organization_id=organization.id, kind="customer.link_asked", subject=link.id, payload={})


def good_link(organization: Organization, token: str) -> SignInLink:
    """The link of a token, which may still be used. Raises LinkNotGood."""
    link_id = read_sign_in_token(token)
    if link_id is None:
        raise LinkNotGood
    with transaction_for(organization.id):
        found = SignInLink.objects.filter(id=link_id, used_at=None, expires_at__gt=clock.now()).first()
    if found is None:
        raise LinkNotGood
    return found


def use_link(*, organization: Organization, token: str) -> tuple[CustomerAccount, str]:
    """The account of whoever reads the address, new if it is their first time, and where they wanted to go.

    Once: of two who come together, one is refused. Raises LinkNotGood.
    """
    link, now = good_link(organization, token), clock.now()
    with transaction_for(organization.id):
        if not SignInLink.objects.filter(id=link.id, used_at=None).update(used_at=now):
            raise LinkNotGood
        account, _is_new = CustomerAccount.objects.update_or_create(
            organization=organization,
            email=link.email,
            defaults={"signed_in_at": now, "locale": link.locale},
            create_defaults={"signed_in_at": now, "locale": link.locale, "created_at": now},
        )
        tries.forgive(organization, Way.LINK, email=link.email)
    return account, link.goal


def check_password_of(*, organization: Organization, email: str, password: str, network: str) -> CustomerAccount | None:
    """The account that the password opens; None for every other reason there is. Raises TooManyTries."""
    email = normal(email)
    tries.count(organization, Way.PASSWORD, email=email, network=network)
    with transaction_for(organization.id):
        account = CustomerAccount.objects.filter(email=email).exclude(password="").first()
    if account is None:
        make_password(password)  # as slow as a wrong password, so that addresses cannot be found out
        return None
    if not check_password(password, account.password):
        return None
    with transaction_for(organization.id):
        tries.forgive(organization, Way.PASSWORD, email=email)
        CustomerAccount.objects.filter(id=account.id).update(signed_in_at=clock.now())
    return account


def set_password(*, session: CustomerSession, password: str) -> None:
    """Give the account a password, and sign out all its other browsers. Raises ValidationError."""
    account = session.account
    try:
        validate_password(password)
    except DjangoValidationError as error:
        raise ValidationError(errors=[{"field": "password", "message": text} for text in error.messages]) from None
    hashed = make_password(password)
    with transaction_for(account.organization_id):
        CustomerAccount.objects.filter(id=account.id).update(password=hashed)
        CustomerSession.objects.filter(account_id=account.id).exclude(id=session.id).delete()
        _tell(account, "customer.password_set")


def remove_password(*, account: CustomerAccount) -> None:
    """From now on it opens nothing."""
    with transaction_for(account.organization_id):
        CustomerAccount.objects.filter(id=account.id).update(password="")


def rename_passkey(*, account: CustomerAccount, passkey_id: UUID, name: str) -> None:
    with transaction_for(account.organization_id):
        Passkey.objects.filter(account=account, id=passkey_id).update(name=name.strip()[:60])


def remove_passkey(*, account: CustomerAccount, passkey_id: UUID) -> bool:
    """Whether there was one of theirs to remove."""
    with transaction_for(account.organization_id):
        removed, _rows = Passkey.objects.filter(account=account, id=passkey_id).delete()
    return bool(removed)


def _tell(account: CustomerAccount, kind: str) -> None:
    """A new way in is told to whoever reads the address, for it may not have been them."""
    events.record(organization_id=account.organization_id, kind=kind, subject=account.id, payload={})

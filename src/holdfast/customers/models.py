"""A customer's account at one organization, what opens it, and what they asked to be done with their data.

An account is a proof that somebody reads an address: what they booked is found by the address, never by the account.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from holdfast.core.models import TenantModel


class CustomerAccount(TenantModel):
    """Made when a link mailed to `email` (lower case) was followed. `password` is a hash, "" where there is none."""

    email = models.EmailField(_("email"))
    password = models.CharField(max_length=128, blank=True, default="")
    locale = models.CharField(max_length=8, default="en")
    created_at = models.DateTimeField()
    signed_in_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "email"], name="customer_account_once")]

    def __str__(self) -> str:
        return self.email


class SignInLink(TenantModel):
    """A link asked for by whoever typed `email`; its token is signed, not kept. Good once, and for minutes.

    `browser` is the digest of a secret that the browser which asked has; `goal` a path of this organization's pages;
    `time_zone` the IANA zone that it told, "" where it told none.
    """

    email = models.EmailField()
    locale = models.CharField(max_length=8, default="en")
    time_zone = models.CharField(max_length=64, blank=True, default="", db_default="")
    goal = models.CharField(max_length=500, blank=True)
    browser = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="sign_in_link_age")]

    def __str__(self) -> str:
        return f"{self.email} {self.created_at:%F %R}"


class Way(models.TextChoices):
    """How somebody showed who they are."""

    LINK = "link"
    PASSKEY = "passkey"
    PASSWORD = "password"  # noqa: S105 - a way, not a secret


class CustomerSession(TenantModel):
    """One browser in which somebody is signed in. Only the digest of its cookie is kept."""

    account = models.ForeignKey(CustomerAccount, on_delete=models.CASCADE, related_name="sessions")
    digest = models.CharField(max_length=64)
    way = models.CharField(max_length=8, choices=Way.choices)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest"], name="customer_session_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.created_at:%F %R}"


class Passkey(TenantModel):
    """A key pair of a device (W3C WebAuthn): the public half. `sign_count` rises with each use where it counts."""

    account = models.ForeignKey(CustomerAccount, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField()
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    transports = models.JSONField(default=list)
    name = models.CharField(_("name"), max_length=60)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["organization", "credential_id"], name="passkey_once")]

    def __str__(self) -> str:
        return self.name


class Challenge(TenantModel):
    """What a device is to sign: good once, and for minutes. With an `account`, to add a passkey; else to sign in."""

    value = models.BinaryField()
    account = models.ForeignKey(CustomerAccount, on_delete=models.CASCADE, null=True, related_name="+")
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="passkey_challenge_age")]

    def __str__(self) -> str:
        return str(self.id)


class SignInTry(TenantModel):
    """Somebody asked for a link or tried a password: counted, so that neither is done without end.

    `network` is where it came from, `person` a digest of the address that was typed: the table tells nobody who.
    """

    kind = models.CharField(max_length=8, choices=Way.choices)
    network = models.CharField(max_length=64)
    person = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "person", "at"], name="sign_in_try_of_person"),
            models.Index(fields=["organization", "network", "at"], name="sign_in_try_of_network"),
            models.Index(fields=["at"], name="sign_in_try_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%F %R}"


class ErasureRequest(TenantModel):
    """Somebody wants their data erased: asked for, confirmed by mail, carried out by staff.

    `email` stays until the last mail about it was sent and the proof is no longer needed (`tasks.forget_old_proofs`).
    """

    email = models.EmailField()
    locale = models.CharField(max_length=8, default="en")
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=160, blank=True)
    bookings_erased = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                F("organization"),
                F("email"),
                condition=Q(done_at__isnull=True, withdrawn_at__isnull=True),
                name="erasure_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(confirmed_at__isnull=False), name="erasure_done_was_confirmed"
            ),
        ]
        indexes = [models.Index(fields=["organization", "-asked_at"], name="erasure_newest")]

    def __str__(self) -> str:
        return str(self.id)

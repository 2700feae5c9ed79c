"""What every table of an organization shares, and the answers remembered for an Idempotency-Key."""

from django.db import models

from holdfast.core.keys import uuid7


class TenantModel(models.Model):
    """A row that belongs to one organization; row-level security hides it from every other."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey("catalog.Organization", on_delete=models.CASCADE, editable=False, related_name="+")

    class Meta:
        abstract = True


class IdempotentAnswer(TenantModel):
    """The answer given to the first request with a key, given again to its repetitions for a day."""

    # The parent's row already refers to the organization; a second check on every insert would only contend for it.
    organization = models.ForeignKey(
        "catalog.Organization",
        on_delete=models.CASCADE,
        editable=False,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    key = models.CharField(max_length=255)
    operation = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "operation", "key"], name="idempotent_answer_once"),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotent_answer_age")]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"

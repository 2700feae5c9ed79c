"""What happened, in the order it became true."""

from django.db import models
from django.db.models import Func

from holdfast.core.fields import TransactionIdField


class Event(models.Model):
    """One thing that happened. Rows are never changed or removed; the application's role may not.

    `xid` is the writing transaction: readers tell by it what they have seen, because ids are handed out before
    commits happen (docs/algorithms/events.md).
    """

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(
        "catalog.Organization", on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=64)
    subject = models.UUIDField()
    payload = models.JSONField(default=dict)
    xid = TransactionIdField(db_default=Func(function="pg_current_xact_id"), editable=False)
    at = models.DateTimeField()

    # Not a column: whether its booking has a ledger, once a handler has looked (payments/ledger.py).
    is_about_money: bool | None = None

    class Meta:
        indexes = [
            models.Index(fields=["organization", "id"], name="event_feed"),
            models.Index(fields=["subject", "id"], name="event_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.kind}"

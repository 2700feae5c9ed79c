"""Attempts to sign in, counted so that passwords cannot be guessed."""

from django.db import models


class SignInAttempt(models.Model):
    """One attempt: kept until it is too old to count, or until its person signed in. Belongs to no organization.

    `address` is where it came from and `person` a digest of the email that was typed: the table tells nobody who.
    """

    address = models.CharField(max_length=64)
    person = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["address", "at"], name="sign_in_attempt_address"),
            models.Index(fields=["at"], name="sign_in_attempt_age"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.at}"

"""Plumbing without business words: time, errors, tenancy, locks, idempotency, keys, signing, the embedded database."""

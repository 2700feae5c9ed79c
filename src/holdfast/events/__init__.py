"""The append-only event table: audit, feed, live streams, notifications and webhooks all read it."""

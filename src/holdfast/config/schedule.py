"""Periodic jobs, one list."""

from procrastinate import App


def register(app: App) -> None:
    """Called by procrastinate when Django is ready."""

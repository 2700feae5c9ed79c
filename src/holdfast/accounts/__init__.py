"""People, their roles, sign-in, API keys."""

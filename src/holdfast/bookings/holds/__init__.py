"""A time held for a few minutes while somebody makes up their mind."""

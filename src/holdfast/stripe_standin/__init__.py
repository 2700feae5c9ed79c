"""A stand-in for Stripe: its HTTP API, its hosted checkout and its browser script, small, stateful, and of our own.

For the demo and for tests, so that everything runs with no account and through the same gateway. No money moves here,
and every page says so. It knows nothing of the rest of the house, and only `cli/` starts it: production never does.
"""

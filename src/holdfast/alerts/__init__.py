"""Alerts: those on duty are told of an emergency, and others after them, until somebody takes care of it.

Money that needs a person stands in sight until it does not.
"""

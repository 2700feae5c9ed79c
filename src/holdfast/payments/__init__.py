"""Payments: what was taken, held and given back for a booking, and the one gateway to cards."""

"""Bookings as calendar files (RFC 5545) that every calendar program reads at the right hour."""

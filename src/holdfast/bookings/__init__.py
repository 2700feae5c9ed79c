"""Holds, bookings and the allocations that occupy resources."""

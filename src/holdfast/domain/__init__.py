"""The business, without a framework, a database, a network or a clock.

Everything here is a pure function or a frozen value. The unit of calendars is the *minute*: whole minutes since
1970-01-01T00:00Z, as an `int`. `docs/algorithms/availability.md` tells how the parts work together.
"""

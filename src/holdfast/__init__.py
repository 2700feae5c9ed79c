"""Holdfast: booking that holds."""

import zoneinfo

# Zones come from the pinned `tzdata` package and never from the system's copy, which may be years old: two machines
# then agree on every hour, and a changed law arrives with an ordinary upgrade.
zoneinfo.reset_tzpath(to=[])

"""Where a booking begins and ends: said, looked up, priced by, kept."""

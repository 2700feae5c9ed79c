"""What a change of hours breaks, seen before it is made, and what becomes of each booking then."""

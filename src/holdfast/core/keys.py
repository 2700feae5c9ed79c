"""Keys: UUIDv7 for machines, short references for people."""

import secrets
import time
from uuid import UUID

# Crockford's base 32 without the letters that are read wrongly aloud.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def uuid7() -> UUID:
    """A time-ordered UUID (RFC 9562, 5.7): 48 bits of Unix milliseconds, then randomness."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | secrets.randbits(76)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def new_reference() -> str:
    """Eight characters a person can read over the telephone, such as `K7MQ2XPD` (30^8, about 6.6e11)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))

"""The API's words for where a booking begins and ends."""

from typing import Any

from ninja import Schema
from pydantic import Field, field_validator


class StopIn(Schema):
    """`place`: a named place's slug (`GET places`), or latitude and longitude such as "48.8566, 2.3522".

    `address` is for people: nobody looks it up, and a price by zones or distance needs a place besides.
    """

    place: str = Field("", max_length=50)
    address: str = Field("", max_length=200)

    @field_validator("place", "address", mode="before")
    @classmethod
    def trimmed(cls, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value


class StopOut(Schema):
    """Where a booking begins or ends, as it was when it was booked: degrees of WGS 84 as text, "" where not known."""

    place: str
    name: str
    latitude: str
    longitude: str
    address: str

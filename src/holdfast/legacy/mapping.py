"""Understanding one row: from texts to values of ours, with everything doubtful named.

Nothing is guessed in silence. What has one sensible reading is read so, with a notice; what has none is an error.
docs/algorithms/legacy-import.md is the specification.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError as Unfit
from django.core.validators import validate_email

from holdfast.catalog.models import LONGEST_OCCUPATION_MINUTES, Organization, Resource, Service
from holdfast.core import clock
from holdfast.domain import hours
from holdfast.domain.lifecycle import State
from holdfast.domain.money import exponent
from holdfast.legacy.reading import RawRow
from holdfast.legacy.report import Finding, Level
from holdfast.pricing.models import PaymentMethod

STATES: Mapping[str, State] = {
    "pending": State.REQUESTED,
    "confirmed": State.CONFIRMED,
    "completed": State.COMPLETED,
    "cancelled": State.CANCELLED,
    "canceled": State.CANCELLED,
    "no_show": State.NO_SHOW,
}
# Prepaid was paid when it was booked: nothing is due. Flexible kept a card and is settled on the day.
METHODS: Mapping[str, str] = {
    "": PaymentMethod.ON_SITE,
    "prepaid": PaymentMethod.NONE,
    "flexible": PaymentMethod.ON_SITE,
}
LARGEST_PARTY = 32_767
LARGEST_AMOUNT = 10**15
# A year beyond them is a slip of the pen, and far beyond them no column of ours holds its minutes.
EARLIEST_YEAR, LATEST_YEAR = 1970, 2199


@dataclass(frozen=True, slots=True)
class Draft:
    """A row understood. `start` and `end` are minutes (UTC); `amount` minor units of the organization's currency."""

    raw: RawRow
    service: Service
    vehicle: Resource | None
    state: State
    start: int
    end: int
    party: int
    amount: int
    payment_method: str
    created_at: datetime
    is_past: bool


@dataclass(frozen=True, slots=True)
class Names:
    """The organization's names and what the operator said about old ones (`service_map`, `vehicle_map`: old → slug)."""

    organization: Organization
    services: Mapping[str, Service]
    resources: Mapping[str, Resource]
    service_map: Mapping[str, str] = field(default_factory=dict)
    vehicle_map: Mapping[str, str] = field(default_factory=dict)

    def service(self, old: str) -> Service | None:
        """By what the operator said, else by the slug that the old name is or spells."""
        return self.services.get(self.service_map.get(old) or _as_slug(old))

    def vehicle(self, old: str) -> Resource | None:
        return self.resources.get(self.vehicle_map.get(old) or _as_slug(old))


class RowReader:
    """One row being understood; `findings` collects what there is to say about it."""

    def __init__(self, raw: RawRow, names: Names, zone: str, now: datetime) -> None:
        self.raw, self.names, self.zone, self.now = raw, names, zone, now
        self.findings: list[Finding] = []

    def draft(self) -> Draft | None:
        """The row's meaning; None when a finding is an error, all of them having been looked for."""
        service, vehicle, state = self._service(), self._vehicle(), self._state()
        times = self._times(service)
        party, amount, method = self._party(), self._amount(), self._method()
        created_at = self._created_at()
        self._check_customer()
        if self.is_refused or not (service and state and times):
            return None
        is_past = clock.from_minute(times[0]) <= self.now
        if not is_past and state in (State.COMPLETED, State.NO_SHOW):
            self._say("error", "not_yet", f"{state} before it has begun", "status")
            return None
        if is_past and state == State.REQUESTED:
            self._say("notice", "pending_in_the_past", "its time is over: it waits for somebody to decide", "status")
        return Draft(
            self.raw, service, vehicle, state, *times, party, amount, method, created_at, is_past
        )  # fmt: skip

    @property
    def is_refused(self) -> bool:
        return any(finding.level != "notice" for finding in self.findings)

    def _say(self, level: Level, code: str, message: str, column: str) -> None:
        told = f"{column}: {message}"
        self.findings.append(Finding(self.raw.line, self.raw.legacy_id, level, code, told, column))

    def _service(self) -> Service | None:
        old = self.raw.text("service_type")
        found = self.names.service(old)
        if found is None:
            self._say("error", "unknown_service", f"“{old}” is no service; --map {old or 'OLD'}=slug", "service_type")
        return found

    def _vehicle(self) -> Resource | None:
        old = self.raw.text("vehicle_id")
        found = self.names.vehicle(old) if old else None
        if old and found is None:
            self._say("error", "unknown_vehicle", f"“{old}” is no resource; --map-vehicle {old}=slug", "vehicle_id")
        return found

    def _state(self) -> State | None:
        old = self.raw.text("status")
        found = STATES.get(old.lower().replace("-", "_"))
        if found is None:
            self._say("error", "unknown_status", f"“{old}” is none of {', '.join(STATES)}", "status")
        return found

    def _times(self, service: Service | None) -> tuple[int, int] | None:
        start = self._minute("pickup_datetime", is_required=True)
        end = self._minute("dropoff_datetime")
        if start is None or service is None or (end is None and self.raw.text("dropoff_datetime")):
            return None
        if end is None:
            end = start + service.duration_minutes
            self._say("notice", "no_dropoff", f"missing: {service.duration_minutes} minutes taken", "dropoff_datetime")
        if end <= start:
            self._say("error", "dropoff_before_pickup", "not after the pickup", "dropoff_datetime")
            return None
        if end - start + service.buffer_before_minutes + service.buffer_after_minutes > LONGEST_OCCUPATION_MINUTES:
            self._say("error", "too_long", "with its buffers longer than three days", "dropoff_datetime")
            return None
        return start, end

    def _minute(self, column: str, *, is_required: bool = False) -> int | None:
        moment = self._moment(column, is_required=is_required)
        if moment is None:
            return None
        if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            told = f"the year {moment.year} is not between {EARLIEST_YEAR} and {LATEST_YEAR}"
            self._say("error", "unlikely_year", told, column)
            return None
        if moment.second or moment.microsecond:
            self._say("notice", "seconds_dropped", f"{moment:%H:%M:%S} is taken as {moment:%H:%M}", column)
        return clock.to_minute(moment)

    def _moment(self, column: str, *, is_required: bool = False) -> datetime | None:
        """Aware, in UTC. A wall time is read in `zone`, by the rules of `domain/hours.py`."""
        text = self.raw.text(column)
        if not text:
            if is_required:
                self._say("error", "no_time", "missing", column)
            return None
        try:
            written = datetime.fromisoformat(text)
            if written.tzinfo is not None:
                return clock.from_minute(clock.to_minute(written)) + _below_a_minute(written)
            minute = hours.to_minute(self.zone, written)
            read = hours.from_minute(self.zone, minute)
        except (ValueError, OverflowError, OSError):
            self._say("error", "unreadable_time", f"“{text}” is no date and time (2026-03-29 14:30)", column)
            return None
        if not hours.exists(self.zone, written):
            self._say("notice", "nonexistent_time", f"{text} was skipped by the clock: {read:%H:%M%z} taken", column)
        elif hours.is_ambiguous(self.zone, written):
            self._say("notice", "ambiguous_time", f"{text} came twice that night: the first, {read:%H:%M%z}", column)
        return clock.from_minute(minute) + _below_a_minute(written)

    def _created_at(self) -> datetime:
        created_at = self._moment("created_at")
        if created_at is None or created_at > self.now:
            if self.raw.text("created_at") and created_at is not None:
                self._say("notice", "created_in_the_future", "now taken", "created_at")
            return self.now
        return created_at

    def _party(self) -> int:
        text = self.raw.text("passengers")
        if not text:
            return 1
        if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= LARGEST_PARTY:
            self._say("error", "unreadable_party", f"“{text}” is no number of people", "passengers")
            return 1
        return int(text)

    def _amount(self) -> int:
        currency, own = self.raw.text("currency").upper(), self.names.organization.currency
        if currency and currency != own:
            self._say("error", "other_currency", f"{currency}, but the organization sells in {own}", "currency")
        digits, text = exponent(own), self.raw.text("total_amount")
        try:
            # "Infinity", "NaN" and the like are numbers to Decimal and not to us.
            amount = Decimal(text) if re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,15})?", text) else None
        except InvalidOperation:
            amount = None
        if amount is None or amount.scaleb(digits) > LARGEST_AMOUNT:
            self._say("error", "unreadable_amount", f"“{text}” is no amount such as 95.00", "total_amount")
            return 0
        minor = amount.scaleb(digits)
        if minor != minor.to_integral_value():
            self._say("error", "too_many_decimals", f"{text} has more than {digits} decimals", "total_amount")
            return 0
        return int(minor)

    def _method(self) -> str:
        old = self.raw.text("payment_type").lower()
        if old not in METHODS:
            self._say("error", "unknown_payment", f"“{old}” is neither prepaid nor flexible", "payment_type")
        return METHODS.get(old, PaymentMethod.ON_SITE)

    def _check_customer(self) -> None:
        email = self.raw.text("customer_email")
        if not email:
            self._say("error", "no_email", "missing", "customer_email")
            return
        try:
            validate_email(email)
        except Unfit:
            self._say("error", "bad_email", f"“{email}” is no address", "customer_email")
        for column, most in (("customer_email", 254), ("customer_name", 120), ("customer_phone", 32)):
            if len(self.raw.text(column)) > most:
                self._say("error", "too_long_text", f"longer than {most} characters", column)


def _below_a_minute(moment: datetime) -> timedelta:
    return timedelta(seconds=moment.second, microseconds=moment.microsecond)


def _as_slug(old: str) -> str:
    """`Airport_Transfer` is written airport-transfer in our addresses."""
    return old.lower().replace("_", "-")

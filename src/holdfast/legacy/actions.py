"""Taking over the bookings of an export: the whole file in one transaction, or nothing of it.

What a row means is decided in `mapping.py`, where it goes in `occupying.py`; docs/algorithms/legacy-import.md says why.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from holdfast.bookings.holds.expiring import release_expired_in_the_way
from holdfast.bookings.places.contention import SlotContended, settle
from holdfast.catalog.models import Organization, Resource, Service
from holdfast.core import clock, locking
from holdfast.core.errors import ValidationError
from holdfast.core.tenancy import transaction_for
from holdfast.domain.lifecycle import State
from holdfast.legacy import queries, writing
from holdfast.legacy.errors import ImportRunning
from holdfast.legacy.mapping import Draft, Names, RowReader
from holdfast.legacy.occupying import Refusal, blockers, places_for
from holdfast.legacy.reading import RawRow
from holdfast.legacy.report import Finding, Level, Report, RowResult, changed_columns

LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator said. `time_zone`: of times without one; maps: old name → our slug."""

    dry_run: bool = False
    time_zone: str = "Europe/Paris"
    service_map: Mapping[str, str] = field(default_factory=dict)
    vehicle_map: Mapping[str, str] = field(default_factory=dict)
    # Bookings to come may lie outside their resources' working hours.
    outside_hours: bool = False


def import_bookings(*, organization: Organization, rows: Sequence[RawRow], options: Options, file: str = "") -> Report:
    """Write every row that is not there yet, or nothing if one of them cannot be written; the report says which.

    Raises ValidationError (options), ImportRunning, Busy.
    """
    _check_zone(options.time_zone)

    def attempt() -> Report:
        report = Report(file, organization.slug, options.time_zone, options.dry_run)
        with transaction_for(organization.id):
            if not locking.try_lock_key("import-v312", organization.id):
                raise ImportRunning
            _Import(organization, options, report).run(rows)
            # Also what is otherwise only looked at by the commit, so that a dry run promises nothing it cannot keep.
            connection.check_constraints()
            if report.stopped or options.dry_run:
                transaction.set_rollback(True)
        report.written = not (report.stopped or options.dry_run) and report.counts()["imported"] > 0
        return report

    # Customers who book meanwhile may meet it in a circle; PostgreSQL breaks that, and the file begins anew.
    return settle(attempt)


class _Import:
    """One run over a file, inside its transaction."""

    def __init__(self, organization: Organization, options: Options, report: Report) -> None:
        self.organization, self.options, self.report = organization, options, report
        self.now = clock.now()
        self.names = _names(organization, options)
        # Bookings of this file by their id, to name them when another row meets them.
        self.rows_of: dict[UUID, RawRow] = {}

    def run(self, rows: Sequence[RawRow]) -> None:
        drafts = list(self._drafts(rows))
        # Who names a vehicle goes first: those that take any may then choose among the rest.
        for draft in sorted(drafts, key=lambda draft: (draft.vehicle is None, draft.raw.line)):
            self._take_over(draft)
        self.report.rows.sort(key=lambda row: row.line)

    def _drafts(self, rows: Sequence[RawRow]) -> Iterable[Draft]:
        there = queries.imported({row.legacy_id for row in rows})
        first_line: dict[str, int] = {}
        for raw in rows:
            if problem := _identity_problem(raw, first_line):
                self._refuse(raw, problem)
            elif raw.legacy_id in there:
                self._already_there(raw, there[raw.legacy_id])
            else:
                reader = RowReader(raw, self.names, self.options.time_zone, self.now)
                draft = reader.draft()
                self.report.findings += reader.findings
                if draft is None:
                    self.report.rows.append(RowResult(raw.line, raw.legacy_id, "refused"))
                else:
                    self._note_mapping(draft)
                    yield draft

    def _already_there(self, raw: RawRow, known: queries.Imported) -> None:
        changed = changed_columns(known.row, raw.columns)
        self.report.rows.append(
            RowResult(
                raw.line,
                raw.legacy_id,
                "changed" if changed else "already_there",
                known.reference,
                known.state,
                known.starts_at.isoformat(),
                known.service,
            )
        )
        if changed:
            told = f"imported before as {known.reference} and changed since, not written: {', '.join(changed)}"
            self._find(raw, "notice", "changed_since", told)

    def _take_over(self, draft: Draft) -> None:
        booking = writing.new_booking(self.organization, draft, self.now)
        if draft.state != State.CANCELLED:  # a cancelled one occupied nothing in the end
            places = places_for(self.organization, draft, outside_hours=self.options.outside_hours)
            if isinstance(places, Refusal):
                self._refuse_place(draft, places)
                return
            if places.places and not self._claimed(booking.id, places):
                resources = tuple(place.resource_id for place in places.places)
                lost = Refusal("slot_taken", "taken a moment ago", resources, places.start, places.end)
                self._refuse_place(draft, lost)
                return
            if not places.places:
                self._find(draft.raw, "notice", "occupies_nothing", "it is past and names no vehicle", "vehicle_id")
        writing.write(booking, draft)
        self.rows_of[booking.id] = draft.raw
        self.report.rows.append(
            RowResult(
                draft.raw.line,
                draft.raw.legacy_id,
                "imported",
                booking.reference,
                booking.state,
                booking.starts_at.isoformat(),
                draft.service.slug,
                queries.resource_slugs(booking.id),
            )
        )

    def _claimed(self, booking_id: UUID, places: writing.Occupation) -> bool:
        """Claim; if that fails, release expired holds that stand there and claim once more (Law 2)."""
        if writing.claim(self.organization.id, booking_id, places):
            return True
        release_expired_in_the_way(
            SlotContended(
                organization_id=self.organization.id,
                resource_ids=[place.resource_id for place in places.places],
                start=places.start,
                end=places.end,
            )
        )
        return writing.claim(self.organization.id, booking_id, places)

    def _refuse_place(self, draft: Draft, refusal: Refusal) -> None:
        """Name both: this row, and whoever is there already."""
        met = blockers(refusal.blocked, refusal.start, refusal.end, self.now) if refusal.blocked else []
        others = {
            each.booking_id: f"{self._called(each.booking_id, each.booking.reference)} on “{each.resource.slug}”"
            for each in met
        }
        told = refusal.message + (f": {'; '.join(others.values())}" if others else "")
        self._refuse(draft.raw, ("clash" if refusal.blocked else "error", refusal.code, told, "pickup_datetime"))

    def _called(self, booking_id: UUID, reference: str) -> str:
        row = self.rows_of.get(booking_id)
        return f"line {row.line} (id {row.legacy_id})" if row else f"booking {reference}"

    def _refuse(self, raw: RawRow, problem: tuple[Level, str, str, str]) -> None:
        self._find(raw, *problem)
        self.report.rows.append(RowResult(raw.line, raw.legacy_id, "refused"))

    def _find(self, raw: RawRow, level: Level, code: str, message: str, column: str = "") -> None:
        self.report.findings.append(Finding(raw.line, raw.legacy_id, level, code, message, column))

    def _note_mapping(self, draft: Draft) -> None:
        mapped = {"service_type": draft.service.slug, "status": str(draft.state)}
        if draft.vehicle:
            mapped["vehicle_id"] = draft.vehicle.slug
        for column, ours in mapped.items():
            self.report.mapping.setdefault(column, {})[draft.raw.text(column)] = ours


def _identity_problem(raw: RawRow, first_line: dict[str, int]) -> tuple[Level, str, str, str] | None:
    """What keeps a row from being told from others; remembers those seen."""
    if not raw.legacy_id or len(raw.legacy_id) > LONGEST_ID:
        return ("error", "no_id", "missing" if not raw.legacy_id else f"longer than {LONGEST_ID} characters", "id")
    if not raw.is_storable():
        return ("error", "unreadable_text", "holds a character that is none (NUL or half a surrogate pair)", "")
    before = first_line.setdefault(raw.legacy_id, raw.line)
    if before != raw.line:
        return ("error", "duplicate_id", f"the id {raw.legacy_id} is on line {before} already", "id")
    return None


def _names(organization: Organization, options: Options) -> Names:
    """Raises ValidationError for a map that leads to nothing."""
    services = {service.slug: service for service in Service.objects.filter(organization=organization)}
    resources = {resource.slug: resource for resource in Resource.objects.filter(organization=organization)}
    wrong = [("map", slug) for slug in options.service_map.values() if slug not in services]
    wrong += [("map-vehicle", slug) for slug in options.vehicle_map.values() if slug not in resources]
    if wrong:
        raise ValidationError(
            errors=[{"field": name, "message": f"“{slug}” is not in the catalog"} for name, slug in wrong]
        )
    return Names(organization, services, resources, options.service_map, options.vehicle_map)


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValidationError(
            errors=[{"field": "time-zone", "message": f"“{name}” is no IANA time zone such as Europe/Paris"}]
        ) from None

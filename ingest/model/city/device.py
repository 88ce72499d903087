"""A device as a city file declares it: where it stands and since when, what flows through it, and its series."""

import operator
from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from ingest.model.alarm_limits import AlarmLimits
from ingest.model.city.binding import DeviceBinding
from ingest.model.city.links import MetersAbove
from ingest.model.city.missing import Missing
from ingest.model.city.series_declaration import SeriesDeclaration
from ingest.model.city.validity import Validity
from ingest.model.declarations.declaration import Name, NativeId
from ingest.model.declarations.zone import Zone
from ingest.model.expected_interval import Expected
from ingest.model.quantities.carrier import CarrierName
from ingest.model.quantities.plausible_change import ChangeLimits, CheckedSeries
from ingest.model.reading import ReadingKind
from ingest.model.registers import Replacement, Swap, rescoped, swaps


class Direction(StrEnum):
    """Which way energy flows through a meter, seen from the site it stands in."""

    CONSUMPTION = "consumption"
    PRODUCTION = "production"


class Device(Validity):
    """A physical meter, plant or sensor (OGC Sensor, FIWARE Device) and the series it reports.

    ``former_native_id``: the one under which its readings are stored, where it changed. ``binding``: through which it
    speaks, where not on the native topic. ``timezone``: of its clock, where its binding's payloads give times without
    offset. ``household``: the one of its site that its readings are of, where they are of one alone.
    """

    name: Name
    title: str | None = None
    site: Name
    type: str
    native_id: NativeId | None = None
    former_native_id: NativeId | None = None
    binding: DeviceBinding = Field(default=None, exclude_if=operator.not_)
    timezone: Zone | None = Field(default=None, exclude_if=operator.not_)
    serial_number: str | None = None
    carrier: CarrierName | None = None
    direction: Direction | None = None
    submeter_of: MetersAbove = ()
    expected_interval: Expected
    replacements: tuple[Replacement, ...] = ()
    missing: Missing | None = None
    household: Name | None = Field(default=None, exclude_if=lambda name: name is None)
    alarms: dict[str, AlarmLimits] = Field(default_factory=dict)
    series: tuple[SeriesDeclaration, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _tolerated_stamps_of_one_interval(self) -> Self:
        for declared in self.series:
            if declared.stamp_tolerance and 2 * declared.stamp_tolerance >= self.expected_interval.duration:
                raise ValueError(
                    f"expected a stamp_tolerance of {declared.quantity} below half of the expected_interval: beyond, "
                    "nobody could tell which interval an amount is meant for"
                )
        return self

    @property
    def address(self) -> str:
        """The id the device uses for itself on its transport; within its city it is the device's identity."""
        return self.native_id or self.name

    @property
    def called(self) -> str:
        """What it is called by its binding."""
        return (self.binding and self.binding.device) or self.address

    @property
    def meter_above(self) -> str | None:
        """The meter that it is a submeter of until further notice."""
        return next((above.meter for above in self.submeter_of if above.valid_to is None), None)

    def swaps(self, declared: SeriesDeclaration, zone: str) -> tuple[Swap, ...]:
        """Return where one of the device's registers began anew: replacements, and days on which its scope changed."""
        if declared.reading_kind is not ReadingKind.REGISTER:
            return ()
        declared_swaps = swaps(self.replacements, declared.quantity, declared.conversions(zone))
        instants = {one.at for one in declared_swaps}
        rescopings = (one for one in rescoped(declared.contracts(zone)) if one.at not in instants)
        return tuple(sorted((*declared_swaps, *rescopings), key=lambda one: one.at))

    def change(self, declared: SeriesDeclaration, of_site: Mapping[str, AlarmLimits]) -> ChangeLimits:
        """Return what readings of a series are judged by; ``of_site``: the alarm limits of the device's site."""
        interval = self.expected_interval.length
        scale = declared.conversion.scale
        limits = (of_site, self.alarms)
        checked = CheckedSeries(declared.quantity, declared.reading_kind, scale, interval, limits)
        return checked.by(declared.plausible_change)

"""Lamps against the sun: in how many hours of night and of day each was lit or dark, and in which spells it was dark.

A lamp is known by what it tells best: its power, where it reports it; else its dimming level; else its burning hours.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import numpy as np
from pydantic import Field

from ingest.model.observation import FloatColumn, Mask
from ingest.model.time import HOUR, SECOND
from kpi_engine.evidence.amounts import LONGEST
from kpi_engine.formulas.dark_spells import DarkSpell, Nights, dark_spells, longest_not_lit
from kpi_engine.formulas.lamp_policies import NightAndDay
from kpi_engine.formulas.lamp_states import DARK, LIT, LampStates
from kpi_engine.formulas.sun_hours import hours_below
from kpi_engine.indicator import Entry, Selection
from kpi_engine.ports.hours import day_spans, hour_edges
from kpi_engine.ports.port import Found, Port, Reads
from kpi_engine.ports.standing import standing
from kpi_engine.ports.stored_keys import LampDayKey, LampGroup, LampMember
from kpi_engine.ports.sun import PLACE, Coordinates, place_of

if TYPE_CHECKING:
    from ingest.model.calendar import Instants
    from kpi_engine.ports.port import PortScope

RULES: Final = "1"  # changes whenever the same rollups may give other states
STANDBY: Final = 0.002  # kW; as of the alarms of lamps: a controller takes less, the smallest street lamp more
DARK_AT_NIGHT, ON_BY_DAY = "lamp_dark_at_night", "lamp_on_by_day"  # alarms: who switches one off says so by plan
TOLD_BY: Final = (("electricity_power", STANDBY), ("dimming_level", 0.0), ("burning_hours", None))


class Repair(Entry):
    """A spell in which a lamp had failed, from its first dark night hour until it was lit again [h]."""

    hours: float = Field(ge=0, le=LONGEST)
    lower: float = Field(ge=0, le=LONGEST)
    upper: float = Field(ge=0, le=LONGEST)


class LampTime(Entry):
    """What a lamp did while it stood in a window: how long it stood [s], and hours of night and of day.

    What is neither lit nor dark is not known. ``has_failed``: it was dark in so many night hours in a row that it had
    failed by the policy; ``may_have_failed``: nobody knows, since too many are not known. ``repairs``: spells with an
    end and a begin in the window; ``cut``: how many have failed that lack one of them.
    """

    device: str
    seconds: float = Field(ge=1e-6, le=LONGEST)
    night_h: float = Field(default=0.0, ge=0, le=LONGEST)
    lit_night_h: float = Field(default=0.0, ge=0, le=LONGEST)
    dark_night_h: float = Field(default=0.0, ge=0, le=LONGEST)
    day_h: float = Field(default=0.0, ge=0, le=LONGEST)
    lit_day_h: float = Field(default=0.0, ge=0, le=LONGEST)
    dark_day_h: float = Field(default=0.0, ge=0, le=LONGEST)
    has_failed: bool = False
    may_have_failed: bool = False
    repairs: tuple[Repair, ...] = ()
    cut: int = Field(default=0, ge=0)


@dataclass(frozen=True)
class Lamps(Port[tuple[LampTime, ...]]):
    """Every device of ``device_types`` that tells whether it is lit, against the sun by a policy."""

    policy: NightAndDay
    device_types: tuple[str, ...]

    @property
    def reads(self) -> tuple[Selection, ...]:
        """Return the lamps, by each quantity that tells whether they are lit."""
        types = self.device_types
        return tuple(Selection((one,), device_types=types, only_reporting=True) for one, _ in TOLD_BY)

    @property
    def needed_facts(self) -> tuple[str, ...]:
        """Where the city is."""
        return PLACE

    def bind(self, scope: "PortScope") -> "BoundLamps":
        """Return the lamps of a subject."""
        told: dict[str, list[LampMember]] = {}
        for reads, (_, lit_above) in zip(self.reads, TOLD_BY, strict=True):
            by_this: dict[str, list[LampMember]] = {}
            for one in standing(scope, reads):
                member = LampMember(one.device, one.series_id, one.valid_from, one.valid_to, lit_above)
                by_this.setdefault(one.device, []).append(member)
            told = by_this | told
        members = tuple(member for name in sorted(told) for member in told[name])
        digest = sha256(repr((RULES, scope.zone, members)).encode()).hexdigest()[:24]
        return BoundLamps(
            LampGroup(digest, members, scope.zone),
            place_of(scope.city),
            self.policy,
            _unwatched(scope, DARK_AT_NIGHT),
            _unwatched(scope, ON_BY_DAY),
        )


@dataclass(frozen=True)
class BoundLamps(Reads[tuple[LampTime, ...]]):
    """The lamps of a subject; those ``dark_by_plan`` have no night, and those ``lit_by_plan`` no day."""

    group: LampGroup
    place: Coordinates | None
    policy: NightAndDay
    dark_by_plan: frozenset[str] = frozenset()
    lit_by_plan: frozenset[str] = frozenset()

    @property
    def series(self) -> frozenset[int]:
        """The series that tell of the lamps."""
        return frozenset(one.series_id for one in self.group.members)

    @property
    def day_groups(self) -> tuple[LampGroup, ...]:
        """The lamps, whose days may be kept."""
        return (self.group,)

    @property
    def lacks(self) -> bool:
        """Whether there is no such lamp, or nobody says where the city is."""
        return not self.group.members or self.place is None

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield the policy, the place, and each lamp with its series and the time in which it stands."""
        yield f"policy {self.policy.name}", self.policy
        yield "city file: latitude and longitude", self.place
        yield "rules of lamps", RULES
        yield f"city file: alarms {DARK_AT_NIGHT}", sorted(self.dark_by_plan)
        yield f"city file: alarms {ON_BY_DAY}", sorted(self.lit_by_plan)
        yield from ((f"city file: device {one.device}", one) for one in self.group.members)

    def keys(self, start: int, end: int) -> Iterable[Hashable]:
        """Return the days of the window, the first and the last one clipped to it."""
        return [LampDayKey(self.group, *day) for day in day_spans(start, end, self.group.zone)]

    def given(self, start: int, end: int, found: Found) -> tuple[LampTime, ...]:
        """Return what every lamp did that stood in the window, in the order of their names."""
        days = day_spans(start, end, self.group.zone)
        states: LampStates = np.concatenate([found[LampDayKey(self.group, *day)] for day in days], axis=1)
        edges = hour_edges(start, end, self.group.zone)
        is_night, is_day = self._night_and_day(days, np.diff(edges) / HOUR)
        return tuple(
            self._of(one, edges, row, is_night, is_day, (max(start, one.start), min(end, one.end)))
            for one, row in zip(self.group.members, states, strict=True)
            if max(start, one.start) < min(end, one.end)
        )

    def _night_and_day(self, days: Sequence[tuple[int, int]], hours: FloatColumn) -> tuple[Mask, Mask]:
        """Return which hours are night, and which are day."""
        if self.place is None:
            return np.zeros(len(hours), np.bool_), np.zeros(len(hours), np.bool_)
        edges = [tuple(hour_edges(*day, self.group.zone).tolist()) for day in days]
        night, day = (
            np.concatenate([hours_below(*self.place, every, height) for every in edges])
            for height in (self.policy.night, self.policy.day)
        )
        return night >= hours - 1e-9, day <= 1e-9

    def _of(  # noqa: PLR0913, PLR0917 - a lamp and its hours, column by column
        self, one: LampMember, edges: "Instants", state: LampStates, is_night: Mask, is_day: Mask, span: tuple[int, int]
    ) -> LampTime:
        stands = (edges[:-1] >= one.start) & (edges[:-1] < one.end)
        asked = (is_night, one.device not in self.dark_by_plan), (is_day, one.device not in self.lit_by_plan)
        judged = (stands & rows & is_judged for rows, is_judged in asked)
        night, day = (Nights(edges[:-1][rows], edges[1:][rows], state[rows]) for rows in judged)
        spells = [spell for spell in dark_spells(night) if spell.dark >= self.policy.failed_from]
        return LampTime(
            device=one.device,
            seconds=(span[1] - span[0]) / SECOND,
            night_h=float((night.end - night.start).sum()) / HOUR,
            lit_night_h=night.hours(LIT),
            dark_night_h=night.hours(DARK),
            day_h=float((day.end - day.start).sum()) / HOUR,
            lit_day_h=day.hours(LIT),
            dark_day_h=day.hours(DARK),
            has_failed=bool(spells),
            may_have_failed=not spells and longest_not_lit(night) >= self.policy.failed_from,
            repairs=_repairs(spells),
            cut=sum(spell.lasted is None for spell in spells),
        )


def _unwatched(scope: "PortScope", rule: str) -> frozenset[str]:
    """Return the devices for which the city file switches an alarm off, themselves or with their site."""
    sites = scope.topology.sites
    return frozenset(
        device.name
        for device in scope.devices
        for declared in (sites[device.site].alarms, device.alarms)
        if rule in declared and not declared[rule].enabled
    )


def _repairs(spells: Iterable[DarkSpell]) -> tuple[Repair, ...]:
    lasted = [spell.lasted for spell in spells if spell.lasted is not None]
    return tuple(Repair(hours=one.value or 0.0, lower=one.lower, upper=one.upper) for one in lasted)

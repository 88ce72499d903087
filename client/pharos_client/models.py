"""What Pharos answers, by the names of its interface; times are aware and in UTC.

Fields that a newer Pharos adds are left out; those of an older one that are missing have their defaults.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class City:
    """A municipality."""

    name: str
    title: str
    country: str
    timezone: str
    role: str
    sites: int
    devices: int
    live: int | None = None


@dataclass(frozen=True)
class Site:
    """A plant, network, building or substation; ``facts`` are dated, sourced numbers such as its floor area."""

    name: str
    title: str
    vertical: str
    facts: list[dict[str, Any]]
    valid_from: str | None = None
    valid_to: str | None = None


@dataclass(frozen=True)
class LatestValue:
    """The newest reading of one series; None where there is none yet."""

    series_id: int
    quantity: str
    title: str
    unit: str
    kind: str
    value: float | None
    state: str | None
    time: datetime | None
    quality: str | None


@dataclass(frozen=True)
class Device:
    """One device, its state (live, late, stale, silent or clock_wrong) and its newest values."""

    city: str
    site: str
    name: str
    title: str
    type: str
    vertical: str
    expected_interval_s: float
    state: str
    age_s: float | None
    last_observed_at: datetime | None
    last_received_at: datetime | None
    online: bool | None
    values: list[LatestValue]


@dataclass(frozen=True)
class Series:
    """One quantity of one device."""

    series_id: int
    city: str
    site: str
    vertical: str
    device: str
    quantity: str
    title: str
    unit: str
    kind: str
    states: list[str]
    expected_interval_s: float
    max_gap_s: float
    filling_s: float
    derived_from: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Observation:
    """One reading, in the unit of its series; ``begin`` where its source said when its interval began."""

    time: datetime
    begin: datetime | None
    value: float
    state: str | None
    quality: str
    received_at: datetime
    flags: list[str]
    rejected: bool


@dataclass(frozen=True)
class Bucket:
    """A civil hour, day, month or year of a series; what it does not know is None, and its shares of time say how much.

    ``sum`` is never partial; the whole amount lies between ``lower`` and ``upper``.
    """

    start: datetime
    end: datetime
    sum: float | None
    lower: float | None
    upper: float | None
    mean: float | None
    minimum: float | None
    maximum: float | None
    count: int
    coverage: float
    measured_share: float
    interpolated_share: float | None
    estimated_share: float | None
    unknown_share: float | None
    longest_gap_s: float | None
    provisional: bool
    rejected: int = 0
    states: dict[str, float] | None = None


@dataclass(frozen=True)
class Kpi:
    """The definition of one indicator; ``missing`` says why a city that was asked for has none of it."""

    name: str
    title: str
    unit: str
    definition: str
    formula: str
    citation: str
    inputs: list[str]
    frameworks: list[str]
    rule_version: str
    periods: list[str]
    vertical: str | None
    has_hours: bool
    missing: str | None


@dataclass(frozen=True)
class KpiValue:
    """One revision of a figure: ``value`` lies between ``lower`` and ``upper``, or is None and ``reason`` says why."""

    kpi: str
    city: str
    site: str | None
    group: str | None
    period: str
    period_start: datetime
    period_end: datetime
    label: str | None
    zone: str | None
    value: float | None
    lower: float | None
    upper: float | None
    unit: str
    coverage: float
    estimated_share: float | None
    status: str
    reason: str | None
    due: bool
    through: datetime
    factors: list[dict[str, Any]]
    inputs_hash: str
    rule_version: str
    code_version: str
    revision: int | None
    computed_at: datetime | None
    superseded_at: datetime | None
    cause: str | None
    cause_detail: str | None
    value_id: int | None


@dataclass(frozen=True)
class Difference:
    """One period of which two answers do not say the same; ``why`` names each cause in a sentence."""

    city: str
    site: str | None
    group: str | None
    period_start: datetime
    period_end: datetime
    before: KpiValue | None
    after: KpiValue | None
    change: float | None
    why: list[str]


@dataclass(frozen=True)
class Recomputation:
    """One period that was computed again, and why; ``changed``: a new revision came of it."""

    recomputation_id: int
    kpi: str
    city: str
    site: str | None
    group: str | None
    period: str
    period_start: datetime
    cause: str
    cause_detail: str | None
    changed: bool
    computed_at: datetime

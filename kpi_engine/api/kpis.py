"""Indicators and their values as the interface shows them; the engine computes, this only reads."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from pydantic import Field

from ingest.model.sentences import Sentence
from kpi_engine import moments
from kpi_engine.api import applicability
from kpi_engine.api.errors import NotFoundError
from kpi_engine.api.fetching import fetch
from kpi_engine.api.representation import Answer
from kpi_engine.export.period_labels import period_label
from kpi_engine.indicator import Indicator
from kpi_engine.indicators import INDICATORS, quantities_of
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)
UNKNOWN_KPI: Final = Sentence("no indicator is called {name}; known are {known}")


class Kpi(Answer):
    """The definition of one indicator."""

    name: str
    title: str
    unit: str
    definition: str = Field(description="What it says, in words.")
    formula: str
    citation: str = Field(description="Where the definition comes from; recalled where the source was not read.")
    inputs: list[str] = Field(description="Quantities, facts and statistics that it is computed from.")
    frameworks: list[str]
    rule_version: str
    periods: list[str]
    vertical: str | None = Field(description="The vertical it is about; null where it is about the city.")
    of_sites: bool = Field(description="Whether it is computed for each site as well as for the city.")
    has_hours: bool = Field(description="Whether `/kpis/{kpi}/hours` says how an amount is spread over a day.")
    missing: str | None = Field(description="With `city`: why that city has no figure of it at all, else null.")


class FigureAnswer(Answer):
    """What a figure says of some time, and what it was computed from."""

    kpi: str
    city: str
    site: str | None = Field(description="Null for the city as a whole, and for a group.")
    group: str | None = Field(default=None, description="The group of the city that it is of; null for others.")
    value: float | None = Field(description="Null where it can be wrong by too much; `reason` says why.")
    lower: float | None = Field(description="The value is at least this, by what is known. Null: nothing bounds it.")
    upper: float | None = Field(description="The value is at most this, by what is known. Null: nothing bounds it.")
    unit: str
    coverage: float = Field(description="Share of the period that measurements cover.")
    estimated_share: float | None = Field(description="Part of the amount whose place in time is interpolated.")
    status: str = Field(description="final, provisional or insufficient.")
    reason: str | None
    through: datetime = Field(description="Instant up to which the period was computed.")
    factors: list[dict[str, Any]] = Field(description="Factors used, with version and source.")
    inputs_hash: str = Field(description="Digest of everything it was computed from.")
    rule_version: str


class KpiValue(FigureAnswer):
    """One revision of one figure."""

    value_id: int | None = Field(description="Null of a day of a site or group, computed when it is asked for.")
    period: str
    period_start: datetime
    period_end: datetime
    label: str | None = Field(default=None, description="The period on the calendar of the city: `2026-10`.")
    zone: str | None = Field(default=None, description="IANA zone whose calendar cuts the periods of the city.")
    code_version: str
    revision: int | None = Field(description="From 1 on; null of what is computed when it is asked for.")
    computed_at: datetime | None = Field(description="Null of what is computed when it is asked for.")
    superseded_at: datetime | None = Field(description="When a later revision replaced it; null for the current one.")
    cause: str | None = Field(description="Why it was computed; null where it was before causes were kept.")
    cause_detail: str | None = Field(description="What exactly moved; null where time alone brought it.")
    due: bool = Field(description="What it was computed from has changed, or may have: it is computed again soon.")


class RankedSite(Answer):
    """Where one site stands among those of its city."""

    rank: int | None = Field(description="From 1 on, equal figures alike; null where the figure has no value.")
    best_rank: int = Field(description="By the bounds of all figures, it stands here at best.")
    worst_rank: int = Field(description="By the bounds of all figures, it stands here at worst.")
    figure: KpiValue


class LeftOut(Answer):
    """Readings of one series in the period of a figure that are left out: outliers, spikes, glitches of registers."""

    device: str
    quantity: str
    rejected: int


class BoundaryReading(Answer):
    """One reading of a register."""

    time: datetime
    value: float


class Edge(Answer):
    """The readings around one edge of the time in which a register counts; the same one twice where it is on the edge.

    What is counted between the two lies on both sides of the edge, by interpolation.
    """

    time: datetime
    before: BoundaryReading | None = Field(description="The last one at or before the edge; null: there is none.")
    after: BoundaryReading | None = Field(description="The first one at or after the edge; null: there is none.")


class Boundary(Answer):
    """Where the amount of one register comes from: the readings around its start and its end."""

    device: str
    quantity: str
    series_id: int
    start: Edge
    end: Edge


class KpiLineage(Answer):
    """Everything behind one figure."""

    value: KpiValue
    inputs: dict[str, Any] = Field(description="What it was computed from; with complete, for `pharos kpi compute`.")
    inputs_withheld: str | None = Field(
        default=None, description="Why no inputs are shown, but their digest; null where they are."
    )
    reproduces: bool | None = Field(
        description="With complete: whether these are the inputs of the figure, or they have changed since."
    )
    revisions: list[KpiValue] = Field(description="Every revision of the figure, oldest first.")
    left_out: list[LeftOut] = Field(
        default=[], description="Readings that its series leave out now as wrong, by device and quantity; none: empty."
    )
    boundaries: list[Boundary] | None = Field(
        default=None,
        description="With boundaries: for each register that counts today, the readings known now around both edges.",
    )


class Recomputation(Answer):
    """One recomputed period."""

    recomputation_id: int
    kpi: str
    city: str
    site: str | None
    group: str | None = None
    period: str
    period_start: datetime
    cause: str = Field(
        description="late data, first data, new hour, period closed, definition changed, rule changed or requested."
    )
    cause_detail: str | None = Field(description="What exactly moved; null where time alone did.")
    changed: bool = Field(description="Whether the figure changed.")
    computed_at: datetime


def find(name: str) -> Indicator[Any]:
    """Return the indicator called ``name``; raises NotFoundError naming those that exist."""
    if name not in INDICATORS:
        raise NotFoundError(UNKNOWN_KPI.of(name=repr(name), known=", ".join(sorted(INDICATORS))))
    return INDICATORS[name]


def kpi(indicator: Indicator[Any], missing: str | None = None) -> Kpi:
    """Return the definition of ``indicator``, and what is ``missing`` where it is asked for a city."""
    return Kpi(
        name=indicator.name,
        title=indicator.title,
        unit=indicator.unit,
        definition=indicator.definition,
        formula=indicator.formula,
        citation=indicator.citation,
        inputs=applicability.inputs(indicator),
        frameworks=list(indicator.frameworks),
        rule_version=indicator.rule_version,
        periods=[str(period) for period in indicator.periods],
        vertical=applicability.vertical(indicator),
        of_sites=indicator.of_sites,
        has_hours=indicator.is_sum,
        missing=missing,
    )


def newest(connection: Connection, cities: list[str] | None) -> list[KpiValue]:
    """Return the newest two values of each indicator and period for the cities in scope as wholes, of one moment."""
    asked = {"kpis": sorted(INDICATORS), "cities": cities}
    found = moments.read(connection, KpiValue, SQL["api_kpi_newest"], asked)
    for one in found:
        one.label = None if one.zone is None else period_label(one.period_start, one.period, one.zone)
    return found


def left_out(connection: Connection, lineage: KpiLineage) -> list[LeftOut]:
    """Return how many readings are left out of the series that a figure was computed from, in its period."""
    return fetch(
        connection,
        LeftOut,
        SQL["api_left_out"],
        city=lineage.value.city,
        devices=sorted(set(_devices(lineage.inputs))),
        quantities=list(quantities_of(find(lineage.value.kpi))),
        series=[factor["series"] for factor in lineage.value.factors if "series" in factor],
        start=lineage.value.period_start,
        end=lineage.value.period_end,
    )


def _devices(inputs: object) -> Iterator[str]:
    """Yield the devices that inputs name."""
    if isinstance(inputs, dict):
        yield from (inputs[key] for key in ("meter", "device") if isinstance(inputs.get(key), str))
        if isinstance(named := inputs.get("meters"), list):  # those of a group, whose hours are added up
            yield from filter(lambda one: isinstance(one, str), named)
        inputs = list(inputs.values())
    if isinstance(inputs, list):
        for part in inputs:
            yield from _devices(part)

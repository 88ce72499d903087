"""Where a city's energy comes from and goes to in a period, as the interface shows it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from pydantic import Field

from ingest.model.calendar import Period, floor, following
from ingest.model.sentences import Sentence
from ingest.model.spans import Span
from ingest.model.time import from_micros, to_micros
from ingest.model.verticals import VERTICALS
from kpi_engine.api.access import Access
from kpi_engine.api.errors import NotFoundError
from kpi_engine.api.representation import Answer
from kpi_engine.export.period_labels import period_label
from kpi_engine.figures import store
from kpi_engine.figures.store import StoredFigure
from kpi_engine.flows.loading import BEHIND, FIGURES
from kpi_engine.flows.metered import MeteredCarrier
from kpi_engine.flows.picture import CarrierPicture, picture, resolution_of
from kpi_engine.flows.ribbon import FlowNode, Ribbon
from kpi_engine.subjects.subject import Subject

SEEN_WITH: Final = (*FIGURES, "network_heat_loss", "pv_specific_yield", "pv_self_consumption")
"""Figures that are computed from the meters of flows: those of which they are made, and what is said of them."""
HOUSEHOLDS: Final = Sentence(
    "households are behind it, and what is left over would tell of single ones; ask an operator"
)
UNCOMPUTED: Final = Sentence(
    "there is no figure of {period}, so there are no flows: expected one of {figures} of the city"
)


class NodeOfFlows(Answer):
    """Where flows begin or end; what goes into a network is what comes out of it, to the last digit of `total`."""

    key: str
    title: str
    stage: str = Field(description="source, network or use.")
    total: float = Field(description="What goes through it [kWh]: the sum of `shown` of its flows on either side.")


class FigureOfFlow(Answer):
    """A figure that is computed from the meters of a flow; its lineage names each of them."""

    kpi: str
    title: str
    value_id: int
    value: float | None
    unit: str


class FlowAnswer(Answer):
    """An amount of energy that goes from one node to another."""

    carrier: str
    source: str = Field(description="The key of a node.")
    target: str = Field(description="The key of a node.")
    value: float | None = Field(description="In kWh, as counted; null where nothing is known of any meter.")
    lower: float | None = Field(description="The value is at least this, by what is known. Null: nothing bounds it.")
    upper: float | None = Field(description="The value is at most this, by what is known. Null: nothing bounds it.")
    shown: float = Field(description="The value in steps of `resolution` [kWh]: these add up at every network.")
    is_residual: bool = Field(description="What other flows leave over: nobody metered it.")
    coverage: float = Field(
        description="Share of the period that measurements cover; of a residual, of the worst flow."
    )
    estimated_share: float | None = Field(description="Part of the amount whose place in time is interpolated.")
    meters: int = Field(description="Meters that it is of.")
    known: int = Field(description="Meters of them with an amount: the others are a part of what is not metered.")
    reason: str | None = Field(description="Which meters lack what.")
    figures: list[FigureOfFlow] = Field(description="Figures of the city that are computed from the same meters.")


class CarrierOfFlows(Answer):
    """What is to be said of the flows of a carrier."""

    carrier: str
    notes: list[str] = Field(description="What is not metered, not known, or cannot be.")
    refused: str | None = Field(description="Why there are no flows of it; null where there are.")


class CityFlows(Answer):
    """Heat and electricity of a city in one civil period, from sources over networks to uses."""

    city: str
    period: str
    period_start: datetime
    period_end: datetime
    label: str = Field(description="The period on the calendar of the city: `2026-10`.")
    zone: str = Field(description="IANA zone whose calendar cuts the periods of the city.")
    through: datetime = Field(description="Instant up to which it is computed, as the figures are.")
    unit: str
    resolution: float = Field(description="To what `shown` is rounded [kWh].")
    nodes: list[NodeOfFlows]
    flows: list[FlowAnswer]
    carriers: list[CarrierOfFlows]


def kept_figures(access: Access, city: str, period: Period, span: Span) -> dict[str, StoredFigure]:
    """Return the figures of the city in a period that flows are seen with, by indicator."""
    start, end = map(from_micros, span)
    found = {name: store.values(access.connection, name, city, None, period, start, end) for name in SEEN_WITH}
    return {name: values[0] for name, values in found.items() if values}


def span_of_period(at: int, period: Period, zone: str) -> Span:
    """Return the civil period that an instant lies in."""
    start = floor(at, period, zone)
    return start, following(start, period, zone)


def through_of(figures: Mapping[str, StoredFigure], span: Span, label: str) -> int:
    """Return up to when a period is computed; raises NotFoundError where it is not yet, or was never."""
    every = [to_micros(one.through) for name, one in figures.items() if name in FIGURES]
    every = [one for one in every if one > span[0]]
    if not every:
        raise NotFoundError(UNCOMPUTED.of(period=label, figures=", ".join(FIGURES)))
    return min(*every, span[1])


def closed_off(access: Access, subject: Subject, carrier: str) -> str | None:
    """Return why the caller sees nothing of a carrier; None where all of it is seen.

    Flows tell sites of one kind from others, and what is left over of all of them, so they are shown whole or not.
    """
    if access.viewing.of(subject.city.name) is None:
        return None
    sites = {device.site for device in subject.city.devices if device.carrier == carrier}
    hidden = any(access.viewing.hides_site(subject.city.name, site) for site in sites)
    behind = any(
        access.viewing.has_households(subject.name, name) for name in BEHIND[carrier] if name in subject.meter_sets
    )
    return HOUSEHOLDS.of() if hidden or behind else None


def answer(  # noqa: PLR0913, PLR0917 - all that it says
    subject: Subject,
    period: Period,
    span: Span,
    through: int,
    seen: Sequence[MeteredCarrier],
    hidden: Mapping[str, str],
    figures: Mapping[str, StoredFigure],
    titles: Mapping[str, str],
) -> CityFlows:
    """Return the flows of the carriers that are ``seen``; ``hidden``: of the others, why not."""
    resolution = resolution_of(seen)
    verticals = {name: one.title for name, one in VERTICALS.items()}
    every = [picture(one, verticals, resolution) for one in seen]
    every += [CarrierPicture(carrier, refused=why) for carrier, why in hidden.items()]
    ribbons = [ribbon for one in every for ribbon in one.ribbons]
    start, end = map(from_micros, span)
    return CityFlows(
        city=subject.city.name,
        period=period,
        period_start=start,
        period_end=end,
        label=period_label(start, period, subject.zone),
        zone=subject.zone,
        through=from_micros(through),
        unit="kWh",
        resolution=resolution,
        nodes=_nodes(ribbons, resolution),
        flows=[_flow(one, resolution, figures, titles) for one in ribbons],
        carriers=[
            CarrierOfFlows(carrier=one.carrier, notes=list(one.notes), refused=one.refused)
            for one in every
            if one.ribbons or one.refused
        ],
    )


def _flow(one: Ribbon, resolution: float, figures: Mapping[str, StoredFigure], titles: Mapping[str, str]) -> FlowAnswer:
    lower, upper = one.amount.published
    return FlowAnswer(
        carrier=one.carrier,
        source=one.source.key,
        target=one.target.key,
        value=one.amount.value,
        lower=lower,
        upper=upper,
        shown=_stepped(one.shown, resolution),
        is_residual=one.is_residual,
        coverage=one.coverage,
        estimated_share=one.estimated_share,
        meters=one.meters,
        known=one.known,
        reason=one.reason,
        figures=[
            FigureOfFlow(kpi=name, title=titles[name], value_id=kept.value_id, value=kept.value, unit=kept.unit)
            for name in one.kpis
            if (kept := figures.get(name)) is not None
        ],
    )


def _nodes(ribbons: Sequence[Ribbon], resolution: float) -> list[NodeOfFlows]:
    """Return the nodes of ribbons in their order, each with what goes through it."""
    into: dict[FlowNode, int] = {}
    out: dict[FlowNode, int] = {}
    for one in ribbons:
        out[one.source] = out.get(one.source, 0) + one.shown
        into[one.target] = into.get(one.target, 0) + one.shown
    return [
        NodeOfFlows(
            key=node.key,
            title=node.title,
            stage=node.stage,
            total=_stepped(max(into.get(node, 0), out.get(node, 0)), resolution),
        )
        for node in dict.fromkeys(node for one in ribbons for node in (one.source, one.target))
    ]


def _stepped(steps: int, resolution: float) -> float:
    """Return a number of steps in kWh, as near as a number can be."""
    return steps * resolution if resolution >= 1.0 else steps / round(1.0 / resolution)

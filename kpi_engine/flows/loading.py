"""Reads what the meters of a city counted in a period, for a picture of its flows.

Consumers, plants and charging points are those of the figures heat_delivered, heat_produced, electricity_delivered and
ev_charging_energy, read as these are, so that the picture is made of the amounts that the figures are made of.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from ingest.model.catalogue import Catalogue
from ingest.model.city.assets import City, Device, Direction
from ingest.model.spans import Span, intersection
from kpi_engine.boundary.balancing import is_feed_in
from kpi_engine.boundary.city_topology import Topology
from kpi_engine.boundary.final_energy import CHARGERS
from kpi_engine.boundary.metering import MeterSet, counted_meters
from kpi_engine.evidence.amounts import MeterAmounts
from kpi_engine.families.self_supply import ENERGY
from kpi_engine.families.sum_of_meters import counted_energy, energy_indicator
from kpi_engine.flows.metered import MeteredCarrier, MeterPlace
from kpi_engine.flows.picture import ELECTRICITY, HEAT
from kpi_engine.indicator import Indicator, Needs, Selection
from kpi_engine.indicators import INDICATORS
from kpi_engine.subjects.subject import Subject
from kpi_engine.windows.loading import load
from kpi_engine.windows.plan import Request
from processors.storage.database import Connection

PRODUCED: Final = energy_indicator(
    name="electricity_produced",
    title="Electricity produced, and fed into the grid",
    definition="What inverters and other producers counted, and meters of what is fed into the grid [kWh].",
    formula="E = sum over meters of (register at the end - register at the start)",
    citation="Of pictures of flows alone",
    frameworks=(),
    needs=Needs((Selection(ENERGY, ELECTRICITY, direction=Direction.PRODUCTION),), nested=False),
    inputs=counted_energy(ELECTRICITY),
)
"""Read as indicators are, and none of them: each of its meters is told apart."""
FIGURES: Final = ("heat_produced", "heat_delivered", "electricity_delivered", "ev_charging_energy")
"""The figures whose meters the picture is made of."""
BEHIND: Final = {
    HEAT: ("heat_produced", "heat_delivered"),
    ELECTRICITY: ("electricity_delivered", "ev_charging_energy"),
}


def metered(connection: Connection, catalogue: Catalogue, subject: Subject, within: Span) -> list[MeteredCarrier]:
    """Return what was counted of heat and electricity in [start, end), whose edges are those of civil hours."""
    city = subject.city
    topology = Topology(city)
    sets = {name: subject.meter_sets[name] for name in FIGURES if name in subject.meter_sets}
    sets[PRODUCED.name] = _producers(catalogue, city, topology)
    reading = replace(subject, meter_sets=sets)
    rules: list[Indicator[Any]] = [PRODUCED, *(INDICATORS[name] for name in FIGURES if name in sets)]
    windows = load(connection, [Request(reading, *within, rule) for rule in rules])
    inputs = {rule.name: rule.select(window) for rule, window in zip(rules, windows, strict=True)}

    def of(name: str) -> MeterAmounts:
        return inputs[name].energy_kwh if name in inputs else ()

    def refused(carrier: str) -> str | None:
        every = (inputs[name].refused for name in BEHIND[carrier] if name in inputs)
        return next((why for why in every if why), None)

    places = _places(city, topology, within, sets)
    return [
        MeteredCarrier(HEAT, of("heat_produced"), of("heat_delivered"), (), places, refused(HEAT)),
        MeteredCarrier(
            ELECTRICITY,
            of(PRODUCED.name),
            of("electricity_delivered"),
            of("ev_charging_energy"),
            places,
            refused(ELECTRICITY),
        ),
    ]


def _producers(catalogue: Catalogue, city: City, topology: Topology) -> MeterSet:
    series = {device.name: catalogue.devices[city.name, device.address].series for device in city.devices}
    return counted_meters(topology, city.devices, series, PRODUCED.needs)


def _places(city: City, topology: Topology, within: Span, sets: Mapping[str, MeterSet]) -> dict[str, MeterPlace]:
    """Return where every meter stands that counts."""
    devices = {device.name: device for device in city.devices}
    topmost = (
        {entry.name for entry in sets["electricity_delivered"].entries} if "electricity_delivered" in sets else set()
    )
    counting = {entry.name for one in sets.values() for entry in one.entries}
    return {name: _place(devices[name], topology, within, topmost) for name in counting}


def _place(device: Device, topology: Topology, within: Span, topmost: set[str]) -> MeterPlace:
    site = topology.sites[device.site]
    return MeterPlace(
        site.name,
        site.title or site.name,
        site.vertical,
        is_charger=device.type in CHARGERS,
        is_feed_in=is_feed_in(device),
        is_sun=device.type == "photovoltaic_inverter",
        above=next(_above(device, topology, within, topmost), None),
    )


def _above(device: Device, topology: Topology, within: Span, topmost: set[str]) -> Iterator[str]:
    """Yield the topmost meter that a charging point stands below through the whole of a period."""
    if device.type in CHARGERS:
        for name, spans in topology.above(device).items():
            if name in topmost and name != device.name and list(intersection(spans, [within])) == [within]:
                yield name

"""Which devices stand on which side of a balance, and from when to when: main against submeters, plant against network.

What the city file leaves open is refused, never guessed: whether a producer stands behind a main meter, and which of
two plants supplied what both can reach. Pure; times are microseconds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from ingest.model.assets import Device, Direction
from ingest.model.catalogue import Series
from kpi_engine.indicator import Balance, Needs
from kpi_engine.metering import MeterEntry, Metering, Span, Topology, served, union, without

MAIN, SUBMETER, PRODUCTION = "main", "submeter", "production"
SUPPLIED, DELIVERED = "supplied", "delivered"
SIDES: Final = {Balance.SUBMETERS: (MAIN, SUBMETER), Balance.NETWORK: (SUPPLIED, DELIVERED)}  # without any, no balance
NOTHING: Final = Metering()

AllSeries = Mapping[str, Mapping[str, Series]]


def balanced(topology: Topology, devices: Sequence[Device], series: AllSeries, needs: Needs) -> Metering:
    """Return what a balance counts of a subject's ``devices`` and of those that hang on them anywhere in the city."""
    carrier, quantities = needs.carriers[0], needs.quantities
    own = [device for device in devices if device.carrier == carrier]
    every = [device for device in topology.devices if device.carrier == carrier]
    is_network = needs.balance is Balance.NETWORK
    balance = _Network(topology, own, every) if is_network else _Submeters(topology, own, every)
    entries = [
        MeterEntry(
            device.name,
            {q: series[device.name][q] for q in quantities if q in series[device.name]},
            *span,
            carrier,
            role,
        )
        for device, span, role in balance.sides()
    ]
    return Metering(tuple(entries), (), next(balance.open_questions(), None)) if entries else NOTHING


class _Submeters:
    """Main meters of a subject against their direct submeters, and producers declared behind them."""

    def __init__(self, topology: Topology, own: Sequence[Device], every: Sequence[Device]) -> None:
        self._topology, self._own, self._every = topology, own, every

    def sides(self) -> Iterator[tuple[Device, Span, str]]:
        """Yield device, span and role: a main meter counts while one of its submeters is valid."""
        for main, spans in self._mains():
            yield from ((main, span, MAIN) for span in spans)
            for device in self._below(main):
                role = SUBMETER if device.direction is Direction.CONSUMPTION else PRODUCTION
                yield from ((device, span, role) for span in meeting(self._topology.validity(device), spans))

    def open_questions(self) -> Iterator[str]:
        """Yield a sentence for every balance that cannot be drawn up."""
        for main, spans in self._mains():
            if main in self._topology.above(main):
                yield f"{main.name} is below itself, so it is no main meter (submeter_of)"
            for device in self._every:
                is_loose = device.direction is Direction.PRODUCTION and device.submeter_of is None
                if is_loose and device.site == main.site and meeting(self._topology.validity(device), spans):
                    yield (
                        f"{device.name} stands at the site of {main.name} and is no submeter of any meter: whether "
                        f"what it produces is used behind {main.name} is not known (submeter_of)"
                    )

    def _mains(self) -> Iterator[tuple[Device, list[Span]]]:
        """Yield meters with submeters that consume, and when they have some."""
        for main in (device for device in self._own if device.direction is Direction.CONSUMPTION):
            validity = self._topology.validity(main)
            consuming = (one for one in self._below(main) if one.direction is Direction.CONSUMPTION)
            spans = meeting(validity, union(self._topology.validity(one) for one in consuming))
            if spans:
                yield main, spans

    def _below(self, main: Device) -> list[Device]:
        return [device for device in self._every if device.submeter_of == main.name]


class _Network:
    """Plants of a subject against the topmost meters of the sites that they serve, however far away."""

    def __init__(self, topology: Topology, own: Sequence[Device], every: Sequence[Device]) -> None:
        self._topology = topology
        plants = [device for device in own if device.direction is Direction.PRODUCTION]
        reached = topology.reached({plant.site for plant in plants})
        self._plants = [one for one in every if one.direction is Direction.PRODUCTION and one.site in reached]
        self._others = [one for one in every if one.direction is Direction.PRODUCTION and one.site not in reached]
        self._meters = [one for one in every if one.direction is Direction.CONSUMPTION and one.site in reached]

    def sides(self) -> Iterator[tuple[Device, Span, str]]:
        """Yield device, span and role; a meter below another one counts while that one does not."""
        if not self._plants or not self._meters:
            return
        yield from ((plant, self._topology.validity(plant), SUPPLIED) for plant in self._plants)
        for meter in self._meters:
            above = [self._topology.validity(one) for one in self._topology.above(meter) if one in self._meters]
            yield from ((meter, span, DELIVERED) for span in without(self._topology.validity(meter), above))

    def open_questions(self) -> Iterator[str]:
        """Yield a sentence for every balance that cannot be drawn up."""
        above = {meter.name: set(map(id, self._topology.above(meter))) for meter in self._meters}
        every = set(map(id, self._meters))
        yield from served(self._topology, [meter for meter in self._meters if not above[meter.name] & every])
        for other in self._others:
            shared = [one.name for one in self._meters if one.site in self._topology.reached({other.site})]
            if shared:
                plants = ", ".join(plant.name for plant in self._plants)
                yield (
                    f"{', '.join(shared[:3])} can be supplied by {plants} and by {other.name}: how much by which is "
                    "not known, and only the city as a whole can be balanced (serves)"
                )


def meeting(span: Span, others: Iterable[Span]) -> list[Span]:
    """Return the parts of ``span`` that lie in one of ``others``."""
    parts = ((max(span[0], start), min(span[1], end)) for start, end in others)
    return [part for part in parts if part[0] < part[1]]

"""Which devices stand on which side of a balance, and from when to when: main against submeters, plant against network.

What the city file leaves open is refused, never guessed: whether a producer stands behind a main meter, and which of
two plants supplied what both can reach. Pure; times are microseconds.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from ingest.model.catalogue import Series
from ingest.model.city.assets import Device, Direction
from ingest.model.quantities.carrier import CARRIERS
from ingest.model.sentences import Sentence
from ingest.model.spans import Span, clip, difference, intersection
from kpi_engine.boundary.city_topology import Topology
from kpi_engine.boundary.meter_entry import MeterEntry
from kpi_engine.boundary.metering import MeterSet, NoFigure, outermost, served
from kpi_engine.indicator import Balance, Selection

MAIN, SUBMETER, PRODUCTION = "main", "submeter", "production"
SUPPLIED, DELIVERED = "supplied", "delivered"
SIDES: Final = {Balance.SUBMETERS: (MAIN, SUBMETER), Balance.NETWORK: (SUPPLIED, DELIVERED)}  # without any, no balance
NO_METERS: Final = MeterSet()

AllSeries = Mapping[str, Mapping[str, Series]]

BELOW_ITSELF: Final = Sentence("{meter} is below itself, so it is no main meter (submeter_of)")
LOOSE: Final = Sentence(
    "{device} stands at the site of {main} and is no submeter of any meter: whether what it produces is used behind "
    "{main} is not known (submeter_of)"
)
TWO_PLANTS: Final = Sentence(
    "{names} can be supplied by {plants} and by {other}: how much by which is not known, and only the city as a whole "
    "can be balanced (serves)"
)


def balanced_meters(  # noqa: PLR0913, PLR0917 - whose meters, and which of them
    topology: Topology,
    devices: Sequence[Device],
    series: AllSeries,
    kind: Balance,
    selection: Selection,
    sides: tuple[str, ...] = (),
) -> MeterSet:
    """Return what a balance counts of a subject's ``devices`` and of those that hang on them anywhere in the city.

    ``selection`` says of which carrier, and what is read of it. ``sides``: which of them are read; empty: both.
    """
    carrier, quantities = str(selection.carrier), selection.quantities
    own = [device for device in devices if device.carrier == carrier]
    every = topology.of_carrier(carrier)
    is_network = kind is Balance.NETWORK
    balance = _Network(topology, own, every) if is_network else _Submeters(topology, own, carrier)
    entries = [
        MeterEntry(
            device.name,
            {q: series[device.name][q] for q in quantities if q in series[device.name]},
            *span,
            carrier,
            role,
            topology.missing(device),
        )
        for device, span, role in balance.sides()
        if not sides or role in sides
    ]
    return MeterSet(tuple(entries), (), tuple(balance.open_questions())) if entries else NO_METERS


def is_feed_in(device: Device) -> bool:
    """Whether a device counts what leaves its site, at the connection: then it produces nothing and is on no side."""
    metering = CARRIERS[device.carrier].main_meters if device.carrier else ()
    return device.direction is Direction.PRODUCTION and device.type in metering and not device.submeter_of


class _Submeters:
    """Main meters of a subject against their direct submeters, and producers declared behind them."""

    def __init__(self, topology: Topology, own: Sequence[Device], carrier: str) -> None:
        self._topology, self._own, self._carrier = topology, own, carrier

    def sides(self) -> Iterator[tuple[Device, Span, str]]:
        """Yield device, span and role: a main meter counts while a submeter of it is valid and behind it."""
        for main, spans in self._mains():
            yield from ((main, span, MAIN) for span in spans)
            for device, behind in self._below(main):
                role = SUBMETER if device.direction is Direction.CONSUMPTION else PRODUCTION
                yield from ((device, span, role) for span in intersection(behind, spans))

    def open_questions(self) -> Iterator[NoFigure]:
        """Yield every balance that cannot be drawn up."""
        for main, spans in self._mains():
            circle = BELOW_ITSELF.of(meter=main.name)
            yield from (NoFigure(*span, circle) for span in self._topology.above(main).get(main.name, ()))
            for device in self._of_carrier(self._topology.at(main.site)):
                if device.direction is Direction.PRODUCTION and not is_feed_in(device):
                    loose = difference(self._topology.validity(device), self._topology.linked(device))
                    reason = LOOSE.of(device=device.name, main=main.name)
                    yield from (NoFigure(*span, reason) for span in intersection(loose, spans))

    def _mains(self) -> Iterator[tuple[Device, list[Span]]]:
        """Yield meters with submeters that consume, and when they have some."""
        for main in (device for device in self._own if device.direction is Direction.CONSUMPTION):
            below = (spans for one, spans in self._below(main) if one.direction is Direction.CONSUMPTION)
            spans = intersection([self._topology.validity(main)], chain.from_iterable(below))
            if spans:
                yield main, spans

    def _below(self, main: Device) -> list[tuple[Device, list[Span]]]:
        """Return the devices declared right below ``main``, and when they are valid and stand there."""
        every = self._of_carrier(self._topology.below(main.name))
        linked = ((device, self._topology.linked(device, main.name)) for device in every)
        return [(device, clip(self._topology.validity(device), spans)) for device, spans in linked]

    def _of_carrier(self, devices: Sequence[Device]) -> list[Device]:
        return [device for device in devices if device.carrier == self._carrier]


class _Network:
    """Plants of a subject against the topmost meters of the sites that they serve, however far away."""

    def __init__(self, topology: Topology, own: Sequence[Device], every: Sequence[Device]) -> None:
        self._topology = topology
        plants = [device for device in own if device.direction is Direction.PRODUCTION]
        self._reached = topology.reached({plant.site for plant in plants})
        if not plants:  # it serves nobody, and most sites are none
            every = ()
        producing = [one for one in every if one.direction is Direction.PRODUCTION]
        self._plants = [one for one in producing if one.site in self._reached]
        self._others = [one for one in producing if one.site not in self._reached]
        self._meters = [one for one in every if one.direction is Direction.CONSUMPTION and self._present(one)]
        self._counted = {meter.name: self._present(meter) for meter in self._meters}

    def sides(self) -> Iterator[tuple[Device, Span, str]]:
        """Yield device, span and role; a meter below another one counts while that one does not."""
        if not self._plants or not self._meters:
            return
        yield from ((plant, span, SUPPLIED) for plant in self._plants for span in self._present(plant))
        for meter in self._meters:
            taken = [
                span for name, above in self._above(meter).items() for span in intersection(above, self._counted[name])
            ]
            parts = self._counted[meter.name]
            yield from ((meter, span, DELIVERED) for part in parts for span in difference(part, taken))

    def open_questions(self) -> Iterator[NoFigure]:
        """Yield every balance that cannot be drawn up."""
        topmost = [(meter, outermost(self._topology, meter, self._above(meter))) for meter in self._meters]
        yield from served(
            self._topology, [(one, intersection(spans, self._counted[one.name])) for one, spans in topmost]
        )
        for other in self._others:
            reached = self._topology.reached({other.site})
            shared = {
                one.name: intersection(self._counted[one.name], reached.get(one.site, ())) for one in self._meters
            }
            names = [name for name, spans in shared.items() if spans]
            plants = ", ".join(plant.name for plant in self._plants)
            reason = TWO_PLANTS.of(names=", ".join(names[:3]), plants=plants, other=other.name)
            spans = intersection(chain.from_iterable(shared.values()), [self._topology.validity(other)])
            yield from (NoFigure(*span, reason) for span in spans)

    def _present(self, device: Device) -> list[Span]:
        """Return when a device is valid and its site is a part of the network."""
        return intersection([self._topology.validity(device)], self._reached.get(device.site, ()))

    def _above(self, meter: Device) -> dict[str, list[Span]]:
        return {name: spans for name, spans in self._topology.above(meter).items() if name in self._counted}

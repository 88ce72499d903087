"""What the bindings of cities ask services for: of each device the datasets that its series take."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from ingest.bound_decoder import decoder_of
from ingest.model.bindings import Bindings, BoundTopics
from ingest.model.calendar import day_start
from ingest.model.city.assets import City
from ingest.model.city.pull import Pull
from ingest.model.declarations.expected import one_of
from ingest.model.topic_template import DEVICE
from ingest.payload_fields import meanings
from ingest.sources.pull.hub import Dataset, Hub
from ingest.sources.pull.hubs import HUBS


class Asked(NamedTuple):
    """One dataset of one device, as it is called by its binding; what is known of it is kept by this key."""

    city: str
    binding: str
    called: str
    dataset: str


@dataclass(frozen=True)
class PulledBinding:
    """A binding whose service is asked; days are those of the city's ``zone``."""

    city: str
    zone: str
    bound: BoundTopics
    pull: Pull
    hub: Hub

    @property
    def name(self) -> str:
        """What the binding is called."""
        return self.bound.name

    @property
    def source(self) -> str:
        """The source in the ledger of what comes."""
        return f"pull:{self.bound.name}"

    @property
    def every(self) -> timedelta:
        """The time between two rounds."""
        return self.pull.every or self.hub.every

    @property
    def again(self) -> timedelta:
        """How much of what came is asked for again."""
        return self.pull.again or self.hub.again

    @property
    def since(self) -> int:
        """The first instant that is asked for, in microseconds."""
        return day_start(self.pull.since, self.zone)

    def topic(self, called: str) -> str:
        """Return the topic of what is answered of a device."""
        return self.bound.template.filled({DEVICE: called}, "")

    def asked(self) -> Iterator[tuple[Asked, Dataset]]:
        """Yield what is asked for: of each device the datasets with a field that one of its series takes."""
        decoder = decoder_of(self.bound)
        for called, sharing in self.bound.devices.items():
            taken = {field for fields in meanings(sharing, decoder) for field in fields} if decoder else set()
            for dataset in self.hub.datasets:
                if dataset.fields & taken:
                    yield Asked(self.city, self.name, called, dataset.name), dataset


def pulled_bindings(cities: Iterable[City]) -> list[PulledBinding]:
    """Return the bindings of ``cities`` whose services are asked; those of services that do not exist are left out."""
    found: list[PulledBinding] = []
    for city in cities:
        pulls = {binding.name: binding.pull for binding in city.bindings if binding.pull}
        found += [
            PulledBinding(city.name, city.timezone, bound, pull, hub)
            for bound in (Bindings([city]) if pulls else ())
            if (pull := pulls.get(bound.name)) and (hub := HUBS.get(bound.decoder))
        ]
    return found


def faults(city: City) -> Iterator[tuple[str, str]]:
    """Yield bindings that ask a service that does not exist, or without the account that it needs."""
    for index, binding in enumerate(city.bindings):
        if binding.pull is None:
            continue
        hub = HUBS.get(binding.decoder)
        if hub is None:
            yield f"bindings[{index}].decoder", f"expected a service that can be asked: {one_of(HUBS, binding.decoder)}"
        elif hub.secrets and binding.pull.account is None:
            held = ", ".join(hub.secrets)
            yield f"bindings[{index}].pull", f"expected account: the name of the file that holds {held}"

"""On which topic a message is tried, and by which decoder: as whoever tries it says, else as the city file does."""

from collections.abc import Sequence
from typing import Final

from ingest.decoders import DECODERS
from ingest.model.city.assets import City
from ingest.model.city.binding import Binding
from ingest.model.declarations.expected import one_of
from ingest.model.topic_template import DEVICE
from ingest.topics import Channel, topic
from processors.errors import TrialError

NATIVE: Final = "pharos"


def first_topic(cities: Sequence[City], binding: str | None) -> str:
    """Return the topic or path on which the first device speaks, or the first one of a binding; raises TrialError."""
    for city in cities:
        bindings = {one.name: one for one in city.bindings}
        for device in city.devices:
            bound = device.binding.name if device.binding else None
            if binding in {None, bound}:
                native = topic(city.name, device.address, Channel.TELEMETRY)
                return _tried(city, bindings[bound], device.called) if bound else native
    if binding is None:
        raise TrialError("city", "expected a city with a device")
    names = [one.name for city in cities for one in city.bindings]
    raise TrialError("binding", f"no device speaks through {binding}" if binding in names else one_of(names, binding))


def _tried(city: City, binding: Binding, called: str) -> str:
    """Return a topic on which a device speaks by its binding."""
    decoder = DECODERS.get(binding.decoder)
    return binding.template(city.name).filled({**(decoder.tried if decoder else {}), DEVICE: called}, "any")


def read_by(decoder: str, on: str, city: City) -> City:
    """Return ``city`` with this decoder in the binding of the topic ``on``, if it has one; raises TrialError."""
    if decoder not in DECODERS:
        raise TrialError("decoder", one_of(sorted(DECODERS), decoder))
    levels = on.split("/")
    bindings = [
        one if one.template(city.name).read(levels) is None else one.model_copy(update={"decoder": decoder})
        for one in city.bindings
    ]
    return city.model_copy(update={"bindings": tuple(bindings)})

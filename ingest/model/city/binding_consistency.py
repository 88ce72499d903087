"""What no single field knows of bindings: topics of one binding each, and fields that one series takes."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from ingest.model.city.assets import City
from ingest.model.city.binding import Binding
from ingest.model.city.device import Device
from ingest.model.declarations.expected import found, one_of
from ingest.model.topic_template import DEVICE, TopicTemplate, is_level

# What no binding may take: the topics of our own.
NATIVE: Final = tuple(
    TopicTemplate.parse(text)
    for text in (
        "pharos/v1/{city}/{device}/telemetry",
        "pharos/v1/{city}/{device}/status",
        "pharos/v1/{city}/{device}/feedback",
    )
)
OWN: Final = ("pharos",)  # what all topics of ours begin with

Faults = Iterator[tuple[str, str]]


def faults(city: City) -> Faults:
    """Yield what is wrong with the bindings of a city and with the devices that speak through them."""
    for index, binding in enumerate(city.bindings):
        if binding.pull is None and binding.kafka is None:
            yield from _source(f"bindings[{index}]", binding, binding.template(city.name))
    for (_, one), (second, other) in combinations(enumerate(city.bindings), 2):
        if one.name == other.name:
            yield f"bindings[{second}].name", f"expected a name of its own, {one.name!r} is another binding's too"
        elif one.overlaps(other):
            key, what = ("kafka", "topic") if other.kafka else ("path", "path") if other.path else ("topic", "topic")
            written = one.topic or one.path or one.kafka
            expected = f"expected {what}s of one binding each; some are also those of {one.name} ({written})"
            yield f"bindings[{second}].{key}", expected
    bindings = {binding.name: binding for binding in city.bindings}
    for index, device in enumerate(city.devices):
        yield from _device(f"devices[{index}]", device, bindings)
    yield from _shared_fields(city)


def _source(key: str, binding: Binding, template: TopicTemplate) -> Faults:
    if template.levels[0] in OWN or any(template.overlaps(native) for native in NATIVE):
        yield f"{key}.topic", "expected topics that are none of the native ones, pharos/v1/{city}/{device}/telemetry"
    if binding.gateway is None and not template.names_device:
        what, sends = ("topic", "publishes") if binding.posted is None else ("path", "posts")
        yield f"{key}.{what}", f"expected {{{DEVICE}}} in the {what}, or a gateway that {sends} there for its devices"


def _device(key: str, device: Device, bindings: dict[str, Binding]) -> Faults:
    if device.binding is None:
        for position, series in enumerate(device.series):
            if series.field is not None:
                yield f"{key}.series[{position}].field", "expected of devices with a binding only"
        return
    if device.binding.name not in bindings:
        yield f"{key}.binding", one_of(bindings, device.binding.name)
    elif not (bindings[device.binding.name].gateway or bindings[device.binding.name].kafka or is_level(device.called)):
        expected = f"expected letters, digits and signs that can stand in a topic, not {found(device.called)}"
        yield f"{key}.binding", expected


def _shared_fields(city: City) -> Faults:
    """Yield fields that two series take, of one device or of two that are one in their payloads."""
    takers: dict[tuple[str, str, str], str] = {}
    for index, device in enumerate(city.devices):
        for position, series in enumerate(device.series if device.binding else ()):
            if device.binding is None or series.field is None:
                continue
            taker = takers.setdefault(
                (device.binding.name, device.called, series.field), f"{series.quantity} of {device.name}"
            )
            if taker != f"{series.quantity} of {device.name}":
                expected = f"expected a field of its own; {found(series.field)} is {taker} already"
                yield f"devices[{index}].series[{position}].field", expected

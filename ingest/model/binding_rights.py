"""Who may speak through bindings, on topics and paths: the gateway of each, or without one its devices themselves."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ingest.model.city.assets import City
from ingest.model.http_path import address
from ingest.model.sparkplug import HOSTS, command_topics, edge_node
from ingest.model.topic_template import DEVICE, TopicTemplate


class BoundRight(NamedTuple):
    """A filter of topics that may be published on, and the one of its binding, on which ingest listens."""

    published: str
    listened: str


@dataclass(frozen=True)
class Rights:
    """What one credential may publish on beside its native topics, which a gateway that is no device has none of."""

    bound: tuple[BoundRight, ...]
    is_device: bool

    @property
    def commanded(self) -> tuple[str, ...]:
        """The topics on which edge nodes among its bindings are told what to do, and who is there to hear them."""
        nodes = [node for right in self.bound if (node := edge_node(right.published))]
        return tuple(dict.fromkeys(topic for node in nodes for topic in (*command_topics(node), HOSTS)))

    def subscribed(self, listened: Iterable[str]) -> "Rights":
        """Return those of the rights that ingest listens to, by the filters that it has subscribed to."""
        return Rights(tuple(right for right in self.bound if right.listened in frozenset(listened)), self.is_device)


def rights(cities: Iterable[City]) -> Mapping[tuple[str, str], Rights]:
    """Return the rights by city and native id, of those that have any beside the native ones."""
    granted: dict[tuple[str, str], list[BoundRight]] = defaultdict(list)
    devices = set()
    for city in cities:
        devices |= {(city.name, device.address) for device in city.devices}
        published = [(binding, binding.template(city.name)) for binding in city.bindings if binding.topic is not None]
        templates = {binding.name: template for binding, template in published if binding.gateway is None}
        for binding, template in published:
            if binding.gateway is not None:
                granted[city.name, binding.gateway] += _rights(template, {})
        for binding in city.bindings:
            if binding.posted is not None and binding.gateway is not None:
                granted[city.name, binding.gateway] += []  # who only posts publishes nothing
        for device in city.devices:
            if device.binding and (own := templates.get(device.binding.name)):
                granted[city.name, device.address] += _rights(own, {DEVICE: device.called})
    return {key: Rights(tuple(bound), key in devices) for key, bound in granted.items()}


def _rights(template: TopicTemplate, given: Mapping[str, str]) -> list[BoundRight]:
    return [BoundRight(published, template.filter) for published in template.all_filled(given, "+")]


def addresses(city: City, native_id: str) -> list[str]:
    """Return the addresses of the HTTP interface to which the one with a native id may post, without its host."""
    found = []
    for binding in city.bindings:
        if binding.path is None:
            continue
        if binding.gateway == native_id:
            found.append(address(city.name, binding.path))
        elif binding.gateway is None:
            speaking = [one for one in city.devices if one.binding and one.binding.name == binding.name]
            called = [one.called for one in speaking if one.address == native_id]
            found += [address(city.name, binding.path.replace(f"{{{DEVICE}}}", one)) for one in called]
    return found

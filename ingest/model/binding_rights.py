"""Who may publish on the topics of bindings: the gateway of each, or without one each of its devices on its own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ingest.model.city.assets import City
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

    def heard(self, listened: Iterable[str]) -> "Rights":
        """Return those of the rights that ingest listens to, by the filters that it has subscribed to."""
        return Rights(tuple(right for right in self.bound if right.listened in frozenset(listened)), self.is_device)


def rights(cities: Iterable[City]) -> Mapping[tuple[str, str], Rights]:
    """Return the rights by city and native id, of those that have any beside the native ones."""
    granted: dict[tuple[str, str], list[BoundRight]] = defaultdict(list)
    devices = set()
    for city in cities:
        devices |= {(city.name, device.address) for device in city.devices}
        templates = {binding.name: binding.template for binding in city.bindings if binding.gateway is None}
        for binding in city.bindings:
            if binding.gateway is not None:
                granted[city.name, binding.gateway] += _rights(binding.template, {})
        for device in city.devices:
            if device.binding and (template := templates.get(device.binding.name)):
                granted[city.name, device.address] += _rights(template, {DEVICE: device.called})
    return {key: Rights(tuple(bound), key in devices) for key, bound in granted.items()}


def _rights(template: TopicTemplate, given: Mapping[str, str]) -> list[BoundRight]:
    return [BoundRight(published, template.filter) for published in template.all_filled(given, "+")]

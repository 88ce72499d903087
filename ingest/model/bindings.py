"""Which binding a topic or path belongs to, and which devices speak through it; of all cities that share a broker."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ingest.model.city.assets import City
from ingest.model.city.device import Device
from ingest.model.frames.profile import Profile
from ingest.model.http_path import is_path
from ingest.model.kafka_topic import KafkaTopic
from ingest.model.payload_mapping import PayloadMapping
from ingest.model.reading import ReadingKind
from ingest.model.topic_template import TopicTemplate


@dataclass(frozen=True)
class BoundDevice:
    """A device as its binding knows it: ``address`` within its city, and what its payloads call its quantities.

    ``fields``: the quantity of each field that the city file names; ``unnamed``: quantities for which it names none.
    ``profile``: the name of what its frames mean, ``own_profile`` where the city file itself says that.
    ``timezone``: of its clock, where its payloads give times without offset.
    """

    address: str
    fields: Mapping[str, str]
    unnamed: frozenset[str]
    profile: str | None = None
    own_profile: Profile | None = None
    timezone: str | None = None

    @classmethod
    def of(cls, device: Device, profiles: Iterable[Profile] = ()) -> "BoundDevice":
        """Return what the city file, which has ``profiles`` of its own, says of ``device``."""
        profile = device.binding.profile if device.binding else None
        sent = [series for series in device.series if series.reading_kind is not ReadingKind.SESSION]
        return cls(
            device.address,
            {series.field: series.quantity for series in sent if series.field},
            frozenset(series.quantity for series in sent if not series.field),
            profile,
            next((own for own in profiles if own.name == profile), None),
            device.timezone,
        )


@dataclass(frozen=True)
class BoundTopics:
    """A binding of a city; ``devices`` by what they are called by it: several may share a name, and part its fields.

    ``is_asked_for``: its payloads are the answers of a service, and nobody publishes them. ``query``: what a request
    must say to be taken, of a binding of a path. ``keys``: the name of the file with the keys of its devices.
    ``records``: the topic of Kafka that it takes.
    """

    city: str
    name: str
    template: TopicTemplate
    decoder: str
    devices: Mapping[str, tuple[BoundDevice, ...]]
    gateway: str | None = None
    mapping: PayloadMapping | None = None
    is_asked_for: bool = False
    query: Mapping[str, str] = field(default_factory=dict)
    keys: str | None = None
    records: KafkaTopic | None = None

    @property
    def is_posted(self) -> bool:
        """Whether messages of it are posted to a path, and published at no broker."""
        return is_path(self.template.text)

    @property
    def is_published(self) -> bool:
        """Whether messages of it are published at the broker of devices."""
        return not self.is_asked_for and not _root(self.template.levels)


class Bindings:
    """The bindings of ``cities``; where those of two cities overlap, the city whose name comes first has the topic."""

    def __init__(self, cities: Iterable[City] = ()) -> None:
        self._all = [bound for city in sorted(cities, key=lambda one: one.name) for bound in _of(city)]
        self._by_length: dict[tuple[str, int], list[BoundTopics]] = defaultdict(list)
        for bound in self._all:
            for levels in bound.template.forms:
                self._by_length[_root(levels), len(levels)].append(bound)

    def __iter__(self) -> Iterator[BoundTopics]:
        """Yield every binding."""
        yield from self._all

    @cached_property
    def filters(self) -> tuple[str, ...]:
        """The MQTT filters of all topics that are bound and published on; the same object each time."""
        return tuple(dict.fromkeys(bound.template.filter for bound in self if bound.is_published))

    @cached_property
    def records(self) -> Mapping[str, KafkaTopic]:
        """The topics of Kafka whose records are messages, by their names; the same object each time."""
        found = [bound.records for bound in reversed(self._all) if bound.records]
        return {topic.name: topic for topic in found}

    def of(self, topic: str) -> tuple[BoundTopics, Mapping[str, str]] | None:
        """Return the binding of a topic, and what the topic says for its placeholders; None where it has none."""
        levels = topic.split("/")
        for bound in self._by_length.get((_root(levels), len(levels)), ()):
            if (given := bound.template.read(levels)) is not None:
                return bound, given
        return None


def _root(levels: Sequence[str]) -> str:
    """Return what names begin with that are no topics of MQTT, nothing of others."""
    return levels[0] if levels[0].startswith("#") else ""


def _of(city: City) -> Iterator[BoundTopics]:
    devices: dict[str, dict[str, list[BoundDevice]]] = defaultdict(lambda: defaultdict(list))
    for device in city.devices:
        if device.binding:
            devices[device.binding.name][device.called].append(BoundDevice.of(device, city.profiles))
    for binding in city.bindings:
        speaking = {called: tuple(sharing) for called, sharing in devices[binding.name].items()}
        yield BoundTopics(
            city.name,
            binding.name,
            binding.template(city.name),
            binding.decoder,
            speaking,
            binding.gateway,
            binding.mapping,
            binding.pull is not None,
            binding.posted.query if binding.posted else {},
            binding.keys,
            binding.recorded,
        )

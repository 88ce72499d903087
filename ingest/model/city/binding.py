"""Bindings of a city file: how devices speak that were not made for Pharos, and in which format."""

import operator
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, PlainSerializer, StringConstraints, field_validator, model_validator

from ingest.model.city.pull import Pull
from ingest.model.declarations.declaration import Declaration, Name, NativeId
from ingest.model.http_path import HttpPath
from ingest.model.kafka_topic import KafkaTopic
from ingest.model.payload_mapping import PayloadMapping
from ingest.model.topic_template import DEVICE, TopicTemplate
from ingest.topics import PULLED

MAPPED: Final = "mapping"  # the decoder that is told how to read
_LONGEST_ID = 255

ForeignId = Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_ID)]


class Binding(Declaration):
    """Where payloads come from, and their decoder: topics or a path, by a template, Kafka, or a service that is asked.

    ``gateway``: the native id of the one that sends there for all its devices; without one each of them sends itself,
    and stands in the topic or path. ``pull``: how the service is asked whose answers the decoder reads. ``mapping``:
    how payloads are read, of the decoder ``mapping`` and of no other. ``keys``: the name of the file with the keys of
    the devices, of payloads that are encrypted.
    """

    name: Name
    topic: str | None = Field(default=None, exclude_if=operator.not_)
    pull: Pull | None = Field(default=None, exclude_if=operator.not_)
    path: str | None = Field(default=None, exclude_if=operator.not_)
    kafka: str | None = Field(default=None, exclude_if=operator.not_)
    decoder: str
    gateway: NativeId | None = None
    mapping: PayloadMapping | None = Field(default=None, exclude_if=operator.not_)
    keys: Name | None = Field(default=None, exclude_if=operator.not_)

    @field_validator("topic")
    @classmethod
    def _a_template(cls, topic: str | None) -> str | None:
        return None if topic is None else TopicTemplate.parse(topic).text

    @field_validator("path")
    @classmethod
    def _a_path(cls, path: str | None) -> str | None:
        if path is not None:
            HttpPath.parse(path)
        return path

    @field_validator("kafka")
    @classmethod
    def _a_topic_of_kafka(cls, kafka: str | None) -> str | None:
        if kafka is not None:
            KafkaTopic.parse(kafka)
        return kafka

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if [self.topic, self.path, self.kafka, self.pull].count(None) != 3:
            raise ValueError(
                "expected one of topic, on which devices publish, path, to which they post, kafka, a topic whose "
                "records are messages, and pull, how a service is asked"
            )
        if self.pull and self.gateway:
            raise ValueError("expected a gateway of topics or paths only: what is asked for, nobody sends")
        if self.kafka and self.gateway:
            raise ValueError("expected a gateway of topics or paths only: who may write to Kafka, Kafka knows")
        return self

    @model_validator(mode="after")
    def _mapped_or_not(self) -> Self:
        if (self.decoder == MAPPED) != (self.mapping is not None):
            raise ValueError(f"expected a mapping of the decoder {MAPPED}, and of no other")
        return self

    @property
    def posted(self) -> HttpPath | None:
        """The path of what is posted; None where it comes otherwise."""
        return None if self.path is None else HttpPath.parse(self.path)

    @property
    def recorded(self) -> KafkaTopic | None:
        """The topic of Kafka whose records are messages; None where they come otherwise."""
        return None if self.kafka is None else KafkaTopic.parse(self.kafka)

    def template(self, city: str) -> TopicTemplate:
        """Return the template of what messages are named by: topics, a path of ``city``, or records.

        Of what is asked for, the topics of its answers, on which nobody may publish.
        """
        if self.posted is not None:
            return self.posted.template(city)
        if self.recorded is not None:
            return self.recorded.template
        return TopicTemplate.parse(self.topic or f"{PULLED}/{city}/{self.name}/{{{DEVICE}}}")

    def overlaps(self, other: "Binding") -> bool:
        """Whether there are topics, records, or paths of one city, of both."""
        if self.recorded and other.recorded:
            return self.recorded.name == other.recorded.name
        same = (self.path is None, self.kafka is None) == (other.path is None, other.kafka is None)
        return same and self.template("city").overlaps(other.template("city"))


class BoundAs(Declaration):
    """Through which binding a device speaks, and what it is called there, if not by its native id.

    ``profile``: what the frames mean that it sends by radio, where its network server does not decode them.
    """

    name: Name
    device: ForeignId | None = None
    profile: Name | None = None


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def _written(bound: BoundAs | None) -> object:
    if bound is None or (bound.device is None and bound.profile is None):
        return bound and bound.name
    return bound.model_dump(mode="json", exclude_none=True)


DeviceBinding = Annotated[BoundAs | None, BeforeValidator(_named, BoundAs | Name | None), PlainSerializer(_written)]

"""Bindings of a city file: how devices speak that were not made for Pharos, and in which format."""

import operator
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, PlainSerializer, StringConstraints, field_validator, model_validator

from ingest.model.city.pull import Pull
from ingest.model.declarations.declaration import Declaration, Name, NativeId
from ingest.model.payload_mapping import PayloadMapping
from ingest.model.topic_template import DEVICE, TopicTemplate
from ingest.topics import PULLED

MAPPED: Final = "mapping"  # the decoder that is told how to read
_LONGEST_ID = 255

ForeignId = Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_ID)]


class Binding(Declaration):
    """Where payloads come from, and their decoder: topics, by a template, or a service that is asked for them.

    ``gateway``: the native id of the one that publishes there for all its devices; without one each of them publishes
    itself, and stands in the topic. ``pull``: how the service is asked whose answers the decoder reads. ``mapping``:
    how payloads are read, of the decoder ``mapping`` and of no other.
    """

    name: Name
    topic: str | None = Field(default=None, exclude_if=operator.not_)
    pull: Pull | None = Field(default=None, exclude_if=operator.not_)
    decoder: str
    gateway: NativeId | None = None
    mapping: PayloadMapping | None = Field(default=None, exclude_if=operator.not_)

    @field_validator("topic")
    @classmethod
    def _a_template(cls, topic: str | None) -> str | None:
        return None if topic is None else TopicTemplate.parse(topic).text

    @model_validator(mode="after")
    def _published_or_asked_for(self) -> Self:
        if (self.topic is None) == (self.pull is None):
            raise ValueError("expected either topic, on which devices publish, or pull, how a service is asked")
        if self.pull and self.gateway:
            raise ValueError("expected a gateway of topics only: what is asked for, nobody publishes")
        return self

    @model_validator(mode="after")
    def _mapped_or_not(self) -> Self:
        if (self.decoder == MAPPED) != (self.mapping is not None):
            raise ValueError(f"expected a mapping of the decoder {MAPPED}, and of no other")
        return self

    def template(self, city: str) -> TopicTemplate:
        """Return the topics in ``city``; of what is asked for, those of its answers, on which nobody may publish."""
        if self.topic is not None:
            return TopicTemplate.parse(self.topic)
        return TopicTemplate.parse(f"{PULLED}/{city}/{self.name}/{{{DEVICE}}}")


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


DeviceBinding = Annotated[BoundAs | None, BeforeValidator(_named), PlainSerializer(_written)]

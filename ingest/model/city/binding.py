"""Bindings of a city file: topics on which devices speak that were not made for Pharos, and in which format."""

import operator
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, PlainSerializer, StringConstraints, field_validator, model_validator

from ingest.model.declarations.declaration import Declaration, Name, NativeId
from ingest.model.payload_mapping import PayloadMapping
from ingest.model.topic_template import TopicTemplate

MAPPED: Final = "mapping"  # the decoder that is told how to read
_LONGEST_ID = 255

ForeignId = Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_ID)]


class Binding(Declaration):
    """Topics, by a template, and the decoder of what is published there.

    ``gateway``: the native id of the one that publishes there for all its devices; without one each of them publishes
    itself, and stands in the topic. ``mapping``: how payloads are read, of the decoder ``mapping`` and of no other.
    """

    name: Name
    topic: str
    decoder: str
    gateway: NativeId | None = None
    mapping: PayloadMapping | None = Field(default=None, exclude_if=operator.not_)

    @field_validator("topic")
    @classmethod
    def _a_template(cls, topic: str) -> str:
        return TopicTemplate.parse(topic).text

    @model_validator(mode="after")
    def _mapped_or_not(self) -> Self:
        if (self.decoder == MAPPED) != (self.mapping is not None):
            raise ValueError(f"expected a mapping of the decoder {MAPPED}, and of no other")
        return self

    @property
    def template(self) -> TopicTemplate:
        """The topics."""
        return TopicTemplate.parse(self.topic)


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

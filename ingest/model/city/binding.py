"""Bindings of a city file: topics on which devices speak that were not made for Pharos, and in which format."""

from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, StringConstraints, field_validator

from ingest.model.declarations.declaration import Declaration, Name, NativeId
from ingest.model.topic_template import TopicTemplate

_LONGEST_ID = 255

ForeignId = Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_ID)]


class Binding(Declaration):
    """Topics, by a template, and the decoder of what is published there.

    ``gateway``: the native id of the one that publishes there for all its devices; without one each of them publishes
    itself, and stands in the topic.
    """

    name: Name
    topic: str
    decoder: str
    gateway: NativeId | None = None

    @field_validator("topic")
    @classmethod
    def _a_template(cls, topic: str) -> str:
        return TopicTemplate.parse(topic).text

    @property
    def template(self) -> TopicTemplate:
        """The topics."""
        return TopicTemplate.parse(self.topic)


class Bound(Declaration):
    """Through which binding a device speaks, and what it is called there, if not by its native id.

    ``profile``: what the frames mean that it sends by radio, where its network server does not decode them.
    """

    name: Name
    device: ForeignId | None = None
    profile: Name | None = None


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def _written(bound: Bound | None) -> object:
    if bound is None or (bound.device is None and bound.profile is None):
        return bound and bound.name
    return bound.model_dump(mode="json", exclude_none=True)


DeviceBinding = Annotated[Bound | None, BeforeValidator(_named), PlainSerializer(_written)]

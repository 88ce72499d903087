"""Bindings of a city file: topics on which devices speak that were not made for Pharos, and in which format."""

from collections.abc import Mapping
from typing import Annotated, Any

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
    """Through which binding a device speaks, and what it is called there, if not by its native id."""

    name: Name
    device: ForeignId | None = None


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def _written(bound: Bound | None) -> object:
    written: Mapping[str, Any] | None = bound and bound.model_dump(mode="json", exclude_none=True)
    return written["name"] if written and len(written) == 1 else written


DeviceBinding = Annotated[Bound | None, BeforeValidator(_named), PlainSerializer(_written)]

"""A profile: the frames of a kind of device, each as what stands in it, in order, by flags or by tags."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from ingest.model.declarations.declaration import Declaration, Name
from ingest.model.declarations.expected import found
from ingest.model.frames.steps import Step, Steps
from ingest.model.frames.tags import Tags


def _bytes(text: str) -> str:
    if not re.fullmatch(r"([0-9a-f]{2})*", text, re.ASCII):
        raise ValueError(f"expected bytes in hexadecimal, in lower case, not {found(text)}")
    return text


def _tags(tagged: dict[str, Steps]) -> dict[str, Steps]:
    for tag in tagged:
        if not re.fullmatch(r"([0-9a-f]{2}|xx)+", tag, re.ASCII):
            raise ValueError(f"expected tags of bytes in hexadecimal, in lower case, xx for any, not {found(tag)}")
    return tagged


class Flags(Declaration):
    """Bits that say which blocks follow; ``blocks`` in the order of the bits, the lowest first."""

    type: Literal["u8", "u16", "u32"]
    blocks: tuple[Steps, ...]


class FrameKind(Declaration):
    """A kind of frame: what it begins with, in hexadecimal, which is passed over, and what follows.

    ``ports``: on which ports of LoRaWAN it comes, all where none is named. First ``fields``, then the blocks of
    ``flags``, then, until the frame ends, pieces that each begin with one of the tags.
    """

    ports: tuple[Annotated[int, Field(ge=1, le=255)], ...] = ()
    begins: tuple[Annotated[str, AfterValidator(_bytes)], ...] = ("",)
    fields: Steps = ()
    flags: Flags | None = None
    tagged: Annotated[dict[str, Steps], AfterValidator(_tags)] = Field(default_factory=dict)

    @cached_property
    def tags(self) -> Tags:
        """What its tags say."""
        return Tags(self.tagged)

    @property
    def steps(self) -> Iterator[Step]:
        """Every step that may be taken."""
        yield from self.fields
        for block in (*(self.flags.blocks if self.flags else ()), *self.tagged.values()):
            yield from block


class Profile(Declaration):
    """What the frames of a kind of device mean; ``source`` says by which document of its maker."""

    name: Name
    title: str = ""
    source: str = ""
    byte_order: Literal["big", "little"] = "big"
    messages: tuple[FrameKind, ...] = Field(min_length=1)

    @cached_property
    def meanings(self) -> dict[str, str]:
        """The quantity of each field that has one."""
        steps = (step for message in self.messages for step in message.steps)
        return {step.value: step.quantity for step in steps if step.value and step.quantity}

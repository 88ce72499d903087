"""A profile: the frames of a kind of device, each as what stands in it, in order, by flags or by tags."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from ingest.model.declarations.declaration import Declaration, Name
from ingest.model.frames.steps import Step, Steps, Value
from ingest.model.frames.tags import Tags

_HEX: Final = r"^([0-9a-f]{2})*$"
Hex = Annotated[str, StringConstraints(pattern=_HEX)]
# Of a tag a byte may be any: xx.
TagBytes = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2}|xx)+$")]


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
    begins: tuple[Hex, ...] = ("",)
    fields: Steps = ()
    flags: Flags | None = None
    tagged: dict[TagBytes, Steps] = Field(default_factory=dict)

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
        return {value.value: value.quantity for value in self._values if value.quantity}

    @cached_property
    def units(self) -> dict[str, str]:
        """The unit of each field that has one."""
        return {value.value: value.unit for value in self._values if value.unit}

    @property
    def _values(self) -> Iterator[Value]:
        for message in self.messages:
            yield from (step for step in message.steps if isinstance(step, Value))

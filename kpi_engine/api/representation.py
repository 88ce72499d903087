"""What every resource's answer shares: lists, and the models of one observed value."""

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Item = TypeVar("Item")


class Answer(BaseModel):
    """Base of what is answered; may be filled from the objects of the engine."""

    model_config = ConfigDict(from_attributes=True)


def _is_none(withheld: int | None) -> bool:
    return not withheld


WITHHELD = Field(
    default=None,
    exclude_if=_is_none,
    description="Left out where nothing is withheld: how many items are not for evaluators, since they would tell of "
    "single households.",
)


class Items(BaseModel, Generic[Item]):
    """A whole list."""

    items: list[Item]
    withheld: int | None = WITHHELD


class Page(BaseModel, Generic[Item]):
    """A part of a list."""

    items: list[Item]
    next_cursor: str | None = Field(description="Give it as `cursor` for the next part; null at the end.")
    withheld: int | None = WITHHELD


StorableText = Annotated[str, Field(pattern=r"^[^\x00]*$")]
"""Text in a body that is looked for or kept: PostgreSQL's has no NUL characters, so nothing is called so."""

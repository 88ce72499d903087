"""How much the sources of a city's readings count where several give different values of one reading.

A source is a way of arrival: ``mqtt``, ``kafka``, ``replay:`` and the name of a mapping, or ``pull:`` and the name of
a binding. The higher rank wins, whatever the values and whenever they were issued; what is not declared has rank 0.
"""

from typing import Annotated, Final

from pydantic import AfterValidator, Field

HIGHEST: Final = 100  # above it stands only what people correct by hand


def _declarable(name: str) -> str:
    kind, _, mapping = name.partition(":")
    if name not in {"mqtt", "kafka"} and not (kind in {"replay", "pull"} and mapping):
        raise ValueError(
            "expected mqtt, kafka, replay: and the name of a mapping, such as replay:settlement, or pull: and the name "
            "of a binding"
        )
    return name


SourceRanks = dict[Annotated[str, AfterValidator(_declarable)], Annotated[int, Field(ge=-HIGHEST, le=HIGHEST)]]

"""What a city gives to everybody: the deliberate switch of its open data, with the licence and who publishes."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Final, Protocol

from pydantic import Field, field_validator

from ingest.model.declarations.declaration import Declaration, Name
from ingest.model.declarations.expected import one_of

EVERY_INDICATOR: Final = "*"
LICENCES: Final = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "ODC-BY-1.0": "https://opendatacommons.org/licenses/by/1-0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
    "PDDL-1.0": "https://opendatacommons.org/licenses/pddl/1-0/",
    "DL-DE-BY-2.0": "https://www.govdata.de/dl-de/by-2-0",
    "DL-DE-ZERO-2.0": "https://www.govdata.de/dl-de/zero-2-0",
    "etalab-2.0": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
}
"""Licences of open data by their names in SPDX, with the address that says what each allows."""

Text = Annotated[str, Field(min_length=1, max_length=200)]
OpenIndicator = Annotated[str, Field(pattern=r"^(\*|[a-z0-9][a-z0-9_-]{0,62})$")]
Faults = Iterator[tuple[str, str]]


class OpenData(Declaration):
    """Figures of the city as a whole, and of the ``groups`` named, that anybody may read without a token.

    ``indicators`` by name, or ``*`` for every one. ``contact``: a mail address for questions.
    """

    licence: Text
    publisher: Text
    indicators: Annotated[tuple[OpenIndicator, ...], Field(min_length=1)]
    groups: tuple[Name, ...] = ()
    contact: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=200)] | None = None

    @field_validator("licence")
    @classmethod
    def _open(cls, name: str) -> str:
        if name not in LICENCES:
            raise ValueError(one_of(LICENCES, name))
        return name

    @property
    def licence_url(self) -> str:
        """The address that says what the licence allows."""
        return LICENCES[self.licence]

    def gives(self, indicator: str) -> bool:
        """Whether figures of an indicator are open."""
        return EVERY_INDICATOR in self.indicators or indicator in self.indicators


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def group_faults(key: str, named: Sequence[str], groups: Sequence[_Named]) -> Faults:
    """Yield the groups that something names and the city does not have."""
    known = [group.name for group in groups]
    for index, name in enumerate(named):
        if name not in known:
            yield f"{key}.groups[{index}]", one_of(known, name) if known else f"there is no group {name!r}"

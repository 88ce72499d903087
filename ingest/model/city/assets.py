"""City and site: the master data, as a city file declares them and as the database keeps them.

Master data are effective-dated: they are valid in [valid_from, valid_to). What a site's parts are is declared beside it
and can be imported from here.
"""

import operator
from collections.abc import Iterator
from enum import StrEnum

from pydantic import Field, field_validator

from ingest.model.alarm_limits import AlarmLimits
from ingest.model.city.baseline import BaselineDeclaration
from ingest.model.city.binding import Binding
from ingest.model.city.device import Device, Direction
from ingest.model.city.factor_choice import FactorBoundary, FactorChoices
from ingest.model.city.facts import Fact
from ingest.model.city.figure_limit import FigureLimit
from ingest.model.city.groups import Group
from ingest.model.city.links import ServedSites
from ingest.model.city.location import Outline, Position
from ingest.model.city.missing import Missing
from ingest.model.city.open_data import OpenData
from ingest.model.city.outbound import Outbound
from ingest.model.city.primary_energy import PrimaryEnergyChoice
from ingest.model.city.privacy import Privacy
from ingest.model.city.series_declaration import SeriesDeclaration
from ingest.model.city.series_reference import SeriesReference
from ingest.model.city.source_rank import SourceRanks
from ingest.model.city.targets import Target
from ingest.model.city.validity import Validity
from ingest.model.declarations.declaration import Country, Declaration, Duration, Name, NativeId
from ingest.model.declarations.expected import one_of
from ingest.model.declarations.zone import Zone
from ingest.model.frames.profile import Profile
from ingest.model.policies import POLICIES
from ingest.model.verticals import VERTICALS

__all__ = [
    "AlarmLimits",
    "City",
    "Device",
    "Direction",
    "Duration",
    "Fact",
    "Name",
    "NativeId",
    "Role",
    "SeriesDeclaration",
    "SeriesReference",
    "Site",
    "Validity",
]


class Role(StrEnum):
    """The role of a city in a lighthouse project."""

    LIGHTHOUSE = "lighthouse"
    FOLLOWER = "follower"
    NETWORK = "network"


class Site(Validity):
    """A plant, network, building or substation (Brick/Haystack Site), and the sites it serves (Brick feeds).

    ``households``: of how many of them its readings are, where people live there. ``location``, ``outline``: on maps.
    """

    name: Name
    title: str | None = None
    vertical: str
    serves: ServedSites = ()
    households: int | None = Field(default=None, ge=1, le=100_000, exclude_if=lambda count: count is None)
    location: Position | None = Field(default=None, exclude_if=lambda position: position is None)
    outline: Outline | None = Field(default=None, exclude_if=lambda outline: outline is None)
    facts: tuple[Fact, ...] = ()
    alarms: dict[str, AlarmLimits] = Field(default_factory=dict)
    targets: tuple[Target, ...] = Field(default=(), exclude_if=operator.not_)
    figure_limits: tuple[FigureLimit, ...] = Field(default=(), exclude_if=operator.not_)
    baselines: tuple[BaselineDeclaration, ...] = Field(default=(), exclude_if=operator.not_)  # kept as before them

    @property
    def served(self) -> tuple[str, ...]:
        """The names of the sites that it serves until further notice."""
        return tuple(one.site for one in self.serves if one.valid_to is None)

    @field_validator("vertical")
    @classmethod
    def _known_vertical(cls, name: str) -> str:
        if name not in VERTICALS:
            raise ValueError(one_of(sorted(VERTICALS), name))
        return name


class City(Declaration):
    """A municipality: its zone, its sites and devices, and the factors its figures use."""

    name: Name
    title: str
    country: Country
    timezone: Zone
    grid_zone: str | None = None
    role: Role
    outline: Outline | None = Field(default=None, exclude_if=lambda outline: outline is None)
    facts: tuple[Fact, ...] = ()
    sources: SourceRanks = Field(default_factory=dict)
    factors: dict[str, FactorChoices] = Field(default_factory=dict)
    factor_boundary: FactorBoundary = FactorBoundary.ONE
    factor_series: dict[str, SeriesReference] = Field(default_factory=dict)
    primary_energy: PrimaryEnergyChoice | None = Field(default=None, exclude_if=lambda choice: choice is None)
    missing: Missing = Missing.SHARE
    privacy: Privacy | None = Field(default=None, exclude_if=lambda decided: decided is None)
    policies: dict[str, str] = Field(default_factory=dict)
    open_data: OpenData | None = Field(default=None, exclude_if=operator.not_)
    outbound: Outbound | None = Field(default=None, exclude_if=operator.not_)
    targets: tuple[Target, ...] = Field(default=(), exclude_if=operator.not_)
    figure_limits: tuple[FigureLimit, ...] = Field(default=(), exclude_if=operator.not_)
    bindings: tuple[Binding, ...] = Field(default=(), exclude_if=operator.not_)
    profiles: tuple[Profile, ...] = Field(default=(), exclude_if=operator.not_)
    sites: tuple[Site, ...] = Field(min_length=1)
    groups: tuple[Group, ...] = Field(default=(), exclude_if=operator.not_)
    devices: tuple[Device, ...] = ()

    def declaring_baselines(self) -> Iterator[tuple[str, Site | Group]]:
        """Yield its sites and its groups, each with its key in the city file."""
        yield from ((f"sites[{index}]", site) for index, site in enumerate(self.sites))
        yield from ((f"groups[{index}]", group) for index, group in enumerate(self.groups))

    @field_validator("policies")
    @classmethod
    def _known_policies(cls, chosen: dict[str, str]) -> dict[str, str]:
        for kind, name in chosen.items():
            if kind not in POLICIES:
                raise ValueError(one_of(POLICIES, kind))
            if name not in POLICIES[kind]:
                raise ValueError(f"{kind}: {one_of(POLICIES[kind], name)}")
        return chosen

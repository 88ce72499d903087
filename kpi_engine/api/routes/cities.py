"""Cities and their sites."""

from collections import Counter
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from pydantic import Field

from ingest.model.city.assets import Fact
from ingest.model.city.groups import Group as Declared
from ingest.model.freshness import State
from kpi_engine.api import known_devices
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.cursors import AskedPart, Paging, by_name
from kpi_engine.api.fetching import fetch
from kpi_engine.api.representation import WITHHELD, Answer, Page
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

router = APIRouter(prefix="/cities", tags=["cities"])

Allowed = Annotated[Access, Depends(seeing(Resource.CITIES))]


class City(Answer):
    """A municipality."""

    name: str
    title: str
    country: str = Field(description="ISO 3166-1 alpha-2.")
    timezone: str = Field(description="IANA zone; calendar buckets follow it.")
    role: str = Field(description="lighthouse, follower or network.")
    sites: int = Field(description="Number of sites.")
    devices: int = Field(description="Number of devices.")
    live: int | None = Field(default=None, description="Number of devices that are live, in lists of cities.")
    outline: list[list[float]] | None = Field(
        default=None, description="The corners of its area, each longitude and latitude, as in GeoJSON."
    )


class Site(Answer):
    """A plant, network, building or substation."""

    name: str
    title: str
    vertical: str
    facts: list[Fact] = Field(description="Dated, sourced numbers such as the floor area.")
    valid_from: date | None = Field(description="First day, in the city's civil time.")
    valid_to: date | None = Field(description="Day after the last.")
    location: list[float] | None = Field(default=None, description="Longitude and latitude, as in GeoJSON.")
    outline: list[list[float]] | None = Field(default=None, description="The corners of its area, each as `location`.")


class GroupMember(Answer):
    """A site with all that stands there, or one device, and the days on which it belongs to a group."""

    site: str | None = None
    device: str | None = None
    valid_from: date | None = Field(default=None, description="First day, in the city's civil time.")
    valid_to: date | None = Field(default=None, description="Day after the last.")


class Group(Answer):
    """Sites and devices of a city that have figures together, such as an intervention or a neighbourhood."""

    name: str
    title: str
    description: str | None
    members: list[GroupMember]
    withheld: int | None = WITHHELD


@router.get("", summary="Cities of the token")
def list_cities(access: Allowed, asked: AskedPart) -> Page[City]:
    """List the cities the token is good for."""
    found = fetch(access.connection, City, SQL["api_cities"], cities=access.cities(None))
    known = known_devices.read(access.connection, access.cities(None), access.now)
    live = Counter(device.city for device in known if device.state is State.LIVE)
    shown = [city.model_copy(update={"live": live[city.name]}) for city in found]
    return Paging(("cities",)).page(shown, by_name, asked)


@router.get("/{city}/sites", summary="Sites of a city")
def list_sites(city: str, access: Allowed, asked: AskedPart, vertical: str | None = None) -> Page[Site]:
    """List the sites of one city."""
    access.cities(city)
    found = fetch(access.connection, Site, SQL["api_sites"], city=city, vertical=vertical)
    view = access.viewing.of(city)
    seen = [site for site in found if view is None or view.lists(site.name)]
    return Paging(("sites", city, vertical)).page(seen, by_name, asked, len(found) - len(seen))


@router.get("/{city}/groups", summary="Groups of a city")
def list_groups(city: str, access: Allowed, asked: AskedPart) -> Page[Group]:
    """List the groups that the city file declares, with who belongs to each of them and when."""
    access.cities(city)
    groups = groups_of(access.connection, city)
    if access.viewing.of(city) is not None:
        for group in groups:
            seen = [one for one in group.members if one.device is None and _is_named(access, city, one.site)]
            group.withheld, group.members = len(group.members) - len(seen), seen
    return Paging(("groups", city)).page(groups, by_name, asked)


def _is_named(access: Access, city: str, site: str | None) -> bool:
    view = access.viewing.of(city)
    return view is None or (site is not None and view.lists(site))


def groups_of(connection: Connection, city: str) -> list[Group]:
    """Return the groups of a city in the order of their names."""
    rows = connection.execute(SQL["api_groups"], {"city": city}).fetchall()
    declared = [Declared.model_validate(document) for (document,) in rows]
    return [
        Group(
            name=one.name,
            title=one.title or one.name,
            description=one.description,
            members=[GroupMember.model_validate(member, from_attributes=True) for member in one.members],
        )
        for one in declared
    ]

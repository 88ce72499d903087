"""What hangs on what, and since when: the meter above a meter (Brick isSubMeterOf), the sites a site serves (feeds)."""

from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

from ingest.model.city.dated import short_form, written_short
from ingest.model.city.validity import Validity
from ingest.model.declarations.declaration import Name


class MeterAbove(Validity):
    """On its days, the figures of ``meter`` contain those of the device that declares it."""

    meter: Name


class ServedSite(Validity):
    """On its days, ``site`` gets heat or electricity from the site that declares it."""

    site: Name


def _named(entries: object) -> object:
    """Return the sites of a list that may name some of them alone."""
    if not isinstance(entries, list | tuple):
        return entries
    return [{"site": entry} if isinstance(entry, str) else entry for entry in entries]


def _names(entries: tuple[ServedSite, ...]) -> list[object]:
    return [entry.model_dump(mode="json") if entry.is_dated else entry.site for entry in entries]


MetersAbove = Annotated[tuple[MeterAbove, ...], short_form("meter"), written_short("meter")]
ServedSites = Annotated[
    tuple[ServedSite, ...], BeforeValidator(_named, tuple[ServedSite | Name, ...]), PlainSerializer(_names)
]

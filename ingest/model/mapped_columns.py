"""What every kind of mapping says of columns: separators, decimal signs, wall clocks, zones, quantities, devices.

What polars would only refuse in the middle of a file is refused where it is declared.
"""

from enum import StrEnum
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, model_validator

from ingest.model.declarations.alternatives import exactly_one
from ingest.model.declarations.declaration import Declaration
from ingest.model.declarations.expected import found, one_of
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.time import SECOND

CITY_ZONE: Final = "city"  # the zone of the city that rows are loaded into
_TAKEN: Final = frozenset('"\r\n')


def _one_character(text: str) -> str:
    if len(text) != 1 or not text.isascii() or text in _TAKEN:
        raise ValueError(f"expected one ASCII character that is no quotation mark, not {found(text)}")
    return text


def _decimal_sign(text: str) -> str:
    if text not in (".", ","):
        raise ValueError(f"expected . or , not {found(text)}")
    return text


def _iana_zone(zone: str) -> str:
    import polars as pl  # noqa: PLC0415 - a quarter of a second, and few cities say what they map

    try:
        ZoneInfo(zone)
        pl.Series([None], dtype=pl.Datetime("us")).dt.replace_time_zone(zone)
    except (KeyError, ValueError, OSError, pl.exceptions.PolarsError) as error:
        raise ValueError(f"expected an IANA zone such as Europe/Copenhagen, not {found(zone)}") from error
    return zone


def _iana_zone_or_city(zone: str) -> str:
    return zone if zone == CITY_ZONE else _iana_zone(zone)


def _time_format(text: str) -> str:
    import polars as pl  # noqa: PLC0415 - as above

    expected = "expected how wall-clock times are written, such as %d.%m.%Y %H:%M"
    try:
        read = pl.Series(["2026-03-01 10:00"]).str.to_datetime(text, time_unit="us", strict=False)
    except pl.exceptions.PolarsError as error:
        raise ValueError(f"{expected}, not {found(text)}") from error
    if read.dtype != pl.Datetime("us"):  # times with an offset would be taken for times of the zone
        raise ValueError(f"{expected}, without an offset; not {found(text)}")
    return text


def _known_quantity(name: str) -> str:
    if name not in QUANTITIES:
        raise ValueError(one_of(sorted(QUANTITIES), name))
    return name


Separator = Annotated[str, AfterValidator(_one_character)]
DecimalSign = Annotated[str, AfterValidator(_decimal_sign)]
Zone = Annotated[str, AfterValidator(_iana_zone)]
ZoneOrCity = Annotated[str, AfterValidator(_iana_zone_or_city)]
TimeFormat = Annotated[str, AfterValidator(_time_format)]
KnownQuantity = Annotated[str, AfterValidator(_known_quantity)]


class Epoch(StrEnum):
    """Times as numbers since 1970-01-01T00:00Z."""

    SECONDS = "s"
    MILLISECONDS = "ms"
    MICROSECONDS = "us"
    NANOSECONDS = "ns"

    @property
    def micros(self) -> float:
        """Microseconds of one."""
        return _MICROS[self]


_MICROS: Final = {
    Epoch.SECONDS: SECOND,
    Epoch.MILLISECONDS: SECOND // 1000,
    Epoch.MICROSECONDS: 1,
    Epoch.NANOSECONDS: 0.001,
}


class DeviceOf(Declaration):
    """Which device a row speaks of: the native id in ``column``, or the same ``native_id`` in every row."""

    column: str | None = None
    native_id: str | None = None

    _one_of_both = model_validator(mode="after")(exactly_one("column", "native_id", "either column or native_id"))


class ValueColumn(Declaration):
    """A column of values of one quantity; ``unit`` overrides the unit the series was declared in."""

    column: str
    quantity: KnownQuantity
    unit: str | None = None

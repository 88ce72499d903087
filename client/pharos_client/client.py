"""One Pharos, asked in Python."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import httpx

from pharos_client import models
from pharos_client.progress import bar
from pharos_client.reading import read
from pharos_client.rows import Rows
from pharos_client.transport import Transport

Model = TypeVar("Model")
When = str | date | datetime
"""A day of the city (2026-01-01), or an instant: RFC 3339, or an aware datetime."""
Names = str | Sequence[str]
"""One name, several, or * for all."""
Period = Literal["day", "month", "year"]
Interval = Literal["15min", "hour", "day", "month", "year"]
Table = Literal["kpis", "aggregates", "observations"]
Format = Literal["csv", "parquet", "xlsx", "package"]

PAGE = 10_000


class Pharos:
    """Asks the Pharos at ``url`` with a ``token``; long pulls show how far they are, unless ``progress`` is false.

    Everything raises PharosError where it is refused, and httpx.HTTPError where nobody answers.
    """

    def __init__(self, url: str, token: str, *, progress: bool = True, client: httpx.Client | None = None) -> None:
        self._client = client or httpx.Client(timeout=60.0)
        self._client.base_url = httpx.URL(f"{url.rstrip('/')}/api/v1/")
        self._client.headers["Authorization"] = f"Bearer {token}"
        self._transport = Transport(self._client)
        self._shows = progress

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def cities(self) -> Rows[models.City]:
        """Return the cities that the token is good for."""
        return self._all(models.City, "cities", {})

    def sites(self, city: str, *, vertical: str | None = None) -> Rows[models.Site]:
        """Return the sites of a city."""
        return self._all(models.Site, f"cities/{city}/sites", {"vertical": vertical})

    def devices(
        self, city: str | None = None, *, site: str | None = None, quantity: str | None = None
    ) -> Rows[models.Device]:
        """Return devices with their state and newest values."""
        return self._all(models.Device, "devices", {"city": city, "site": site, "quantity": quantity})

    def series(
        self,
        city: str | None = None,
        *,
        site: str | None = None,
        device: str | None = None,
        quantity: str | None = None,
    ) -> Rows[models.Series]:
        """Return the series that match every filter given."""
        return self._all(models.Series, "series", {"city": city, "site": site, "device": device, "quantity": quantity})

    def observations(self, series: int, *, start: When, end: When) -> Rows[models.Observation]:
        """Return the readings of a series in [start, end)."""
        query = {"from": _when(start), "to": _when(end)}
        return self._all(models.Observation, f"series/{series}/observations", query)

    def aggregates(self, series: int, *, start: When, end: When, interval: Interval = "hour") -> Rows[models.Bucket]:
        """Return the civil hours, days, months or years of a series that overlap [start, end)."""
        query = {"interval": interval, "from": _when(start), "to": _when(end)}
        document = self._transport.get(f"series/{series}/aggregates", query)
        return Rows(models.Bucket, [read(models.Bucket, one) for one in document["items"]])

    def kpis(self, city: str | None = None) -> Rows[models.Kpi]:
        """Return the definition of every indicator; of a ``city`` also what it lacks for one."""
        return self._all(models.Kpi, "kpis", {"city": city})

    def values(  # noqa: PLR0913 - a figure is found by all of these
        self,
        kpi: Names,
        *,
        city: Names,
        start: When,
        end: When,
        site: Names = (),
        group: Names = (),
        period: Period = "month",
        as_of: When | None = None,
    ) -> Rows[models.KpiValue]:
        """Return the figures of the periods that overlap [start, end), as known now or at ``as_of``."""
        query = {"city": city, "site": site, "group": group, "period": period, "as_of": _when(as_of)}
        named = kpi if isinstance(kpi, str) else ",".join(kpi)
        return self._all(models.KpiValue, f"kpis/{named}/values", {**query, "from": _when(start), "to": _when(end)})

    def differences(  # noqa: PLR0913 - figures are found by all of these
        self,
        kpi: str,
        *,
        city: str,
        start: When,
        end: When,
        before: When | None = None,
        after: When | None = None,
        method: str | None = None,
        site: Names = (),
        period: Period = "month",
    ) -> Rows[models.Difference]:
        """Return what was known otherwise ``before``, or what another indicator says (``method``), with its causes."""
        query = {"city": city, "site": site, "period": period, "from": _when(start), "to": _when(end)}
        beside = {"before": _when(before), "after": _when(after), "method": method}
        return self._all(models.Difference, f"kpis/{kpi}/differences", query | beside)

    def recomputations(
        self, *, city: str, start: When, end: When, kpi: str | None = None
    ) -> Rows[models.Recomputation]:
        """Return which figures were computed again in [start, end), and why."""
        query = {"city": city, "kpi": kpi, "from": _when(start), "to": _when(end)}
        return self._all(models.Recomputation, "kpis/recomputations", query, 1_000)

    def lineage(self, value: models.KpiValue, *, complete: bool = False) -> dict[str, Any]:
        """Return what stands behind a figure that is kept: inputs, factors and revisions."""
        if value.value_id is None:
            raise ValueError(f"the {value.period} of {value.kpi} is computed when it is asked for: it has no number")
        return self.lineage_of(value.kpi, value.value_id, complete=complete)

    def lineage_of(self, kpi: str, value_id: int, *, complete: bool = False) -> dict[str, Any]:
        """Return what stands behind a figure by its number; otherwise as ``lineage``."""
        path = f"kpis/{kpi}/values/{value_id}/lineage"
        found: dict[str, Any] = self._transport.get(path, {"complete": complete or None})
        return found

    def save(
        self,
        table: Table,
        path: Path | str,
        *,
        start: When,
        end: When,
        format: Format = "parquet",  # noqa: A002 - as the interface names it
        **filters: Any,  # noqa: ANN401 - as the interface names them
    ) -> int:
        """Write a table of many series or figures to a file, and return its bytes; ``filters`` as of /export.

        The file has its name only when all of it is there.
        """
        target = Path(path)
        part = target.with_name(f"{target.name}.part")
        query = {"from": _when(start), "to": _when(end), "format": format, **filters}
        size = 0
        try:
            with (
                bar(target.name, "bytes", wanted=self._shows) as advance,
                self._transport.stream(f"export/{table}", query) as parts,
                part.open("wb") as file,
            ):
                for block in parts:
                    size += file.write(block)
                    advance(len(block))
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return size

    def _all(self, model: type[Model], path: str, query: Mapping[str, Any], page: int = PAGE) -> Rows[Model]:
        found: list[Model] = []
        with bar(path, "rows", wanted=self._shows) as advance:
            for items in self._pages(path, query, page):
                found += [read(model, one) for one in items]
                advance(len(items))
        return Rows(model, found)

    def _pages(self, path: str, query: Mapping[str, Any], page: int) -> Iterator[list[dict[str, Any]]]:
        cursor = None
        while True:
            document = self._transport.get(path, {**query, "limit": page, "cursor": cursor})
            yield document["items"]
            cursor = document["next_cursor"]
            if cursor is None:
                return


def _when(given: When | None) -> str | None:
    """Return a day or an instant as the interface reads it; raises ValueError for a time without a zone."""
    if isinstance(given, datetime) and given.tzinfo is None:
        raise ValueError(f"{given}: expected a time with its zone, such as datetime(2026, 1, 1, tzinfo=UTC)")
    return given.isoformat() if isinstance(given, date) else given

"""Figures that a test writes, revision by revision, into the store of a harbour that hands them on."""

from dataclasses import dataclass
from typing import Any, Final

from processors.storage.database import Connection
from tests.towns import city, heat_meter

GROUPS: Final = [
    {"name": "quarter", "members": [f"house-{number}" for number in range(5)]},
    {"name": "pair", "members": ["house-0", "house-1"]},
]
HOUSES: Final = [heat_meter(name=f"meter-{number}", site=f"house-{number}") for number in range(5)]
HARBOUR: Final = city(*HOUSES, groups=GROUPS, outbound={"indicators": ["heat_delivered"]})


@dataclass
class WrittenFigures:
    """A store of figures whose revisions a test writes."""

    connection: Connection

    def write(
        self,
        month: int,
        *,
        whose: str | None = None,
        kpi: str = "heat_delivered",
        city_name: str = "harbour",
        period: str = "month",
    ) -> None:
        """Write a new revision of the figure of a month of 2026, which ends the one before."""
        asked: dict[str, Any] = {"month": month, "whose": whose, "kpi": kpi, "city": city_name, "period": period}
        self.connection.execute(WRITE, asked)
        self.connection.commit()


WRITE: Final = """
with kind as (
    insert into figure_kind (kpi, period) values (%(kpi)s, %(period)s)
    on conflict (kpi, period) do update set kpi = excluded.kpi returning kind_id
), edition as (
    insert into figure_edition (unit, rule_version, code_version) values ('kWh', '1', 'test')
    on conflict (unit, rule_version, code_version) do update set unit = 'kWh' returning edition_id
), subject as (
    select city_id, (
        select s.site_id from figure_subject s where s.city_id = city.city_id and %(whose)s in (s.site, s."group")
    ) as site_id
    from city where name = %(city)s
), ended as (
    update figure f set superseded_at = now() from subject, kind
    where f.superseded_at is null and f.kind_id = kind.kind_id and f.city_id = subject.city_id
        and f.site_id is not distinct from subject.site_id
        and f.period_start = make_timestamptz(2026, %(month)s, 1, 0, 0, 0, 'Europe/Copenhagen')
    returning f.revision
)
insert into figure (
    period_start, computed_at, value, lower, upper, coverage, length, site_id, revision, edition_id, batch_id,
    kind_id, city_id, place, status, inputs_hash
)
select
    make_timestamptz(2026, %(month)s, 1, 0, 0, 0, 'Europe/Copenhagen'), now(), 1, 0, 2, 1, 28 * 86400, site_id,
    coalesce((select revision from ended), 0) + 1, edition_id, 1, kind_id, city_id, 0, 'f', '\\x00'
from kind, edition, subject
"""

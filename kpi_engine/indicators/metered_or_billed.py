"""Energy used by meters and bills together [kWh]: on each day one of them counts, by the rule of the city."""

from typing import Final

from kpi_engine.families.metered_or_billed import metered_or_billed

INDICATORS: Final = (
    metered_or_billed(
        "electricity_metered_or_billed",
        title="Electricity used, by meters and bills",
        carrier="Electricity",
        kpi="electricity_delivered",
        bill="electricity_bill",
        frameworks=("SCIS 2.1.1",),
    ),
    metered_or_billed(
        "heat_metered_or_billed",
        title="Heat used, by meters and bills",
        carrier="Heat",
        kpi="heat_delivered",
        bill="heat_bill",
        frameworks=("SCIS 2.1.1",),
    ),
)

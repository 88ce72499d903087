"""Comfort hours: the share of occupied hours that lie in a category of EN 16798-1."""

from kpi_engine.families.room_hours import AIR, OCCUPIED, RoomsInputs, rooms_within, share_within
from kpi_engine.formulas.indoor_climate import TEMPERATURES
from kpi_engine.indicator import Better, Indicator, Months


def comfort_hours(name: str, category: str) -> Indicator[RoomsInputs]:
    """Return the indicator of the hours in one category."""
    band = TEMPERATURES[category]
    return Indicator(
        name=name,
        title=f"Comfort hours, category {category}",
        unit="%",
        definition=f"Share of occupied hours with a known temperature in which it lies from {band.least:g} to "
        f"{band.most:g} degC, category {category} of EN 16798-1 or better [%]. The band reaches from the lower end of "
        "heating to the upper end of cooling, since in which season an hour lies is not known. " + OCCUPIED,
        formula=f"C = known occupied hours with {band.least:g} <= T <= {band.most:g} degC / known occupied hours",
        citation="EN 16798-1:2019, design values of operative temperature in offices, read in code that cites them",
        frameworks=(f"EN 16798-1 category {category}",),
        better=Better.HIGHER,
        boundary="Rooms with an indoor climate sensor; the air at the sensor stands for operative temperature",
        interval="hour",
        inputs_model=RoomsInputs,
        inputs=rooms_within(AIR, band),
        compute=share_within,
        ports=(AIR,),
        months=Months.SIDE_BY_SIDE,
    )

"""Hours with good air: the share of occupied hours whose CO2 lies in a category of EN 16798-1."""

from kpi_engine.families.room_hours import CARBON_DIOXIDE, OCCUPIED, RoomsInputs, rooms_within, share_within
from kpi_engine.formulas.indoor_climate import CO2_ABOVE_OUTDOORS, CO2_OUTDOORS, Band
from kpi_engine.indicator import Better, Indicator, Months


def good_air(name: str, category: str) -> Indicator[RoomsInputs]:
    """Return the indicator of the hours in one category."""
    above = CO2_ABOVE_OUTDOORS[category]
    most = CO2_OUTDOORS + above
    return Indicator(
        name=name,
        title=f"Hours with good air (CO2), category {category}",
        unit="%",
        definition=f"Share of occupied hours with a known concentration of CO2 in which it is at most {most:g} ppm "
        f"[%]: {above:g} ppm above outdoor air, category {category} of EN 16798-1. Outdoor air is assumed to have "
        f"{CO2_OUTDOORS:g} ppm; it is not measured. " + OCCUPIED,
        formula=f"A = known occupied hours with CO2 <= {CO2_OUTDOORS:g} + {above:g} ppm / known occupied hours",
        citation="EN 16798-1:2019, CO2 above outdoor air by category, read in code that cites p. 55 of the German "
        "edition",
        frameworks=(f"EN 16798-1 category {category}",),
        better=Better.HIGHER,
        boundary="Rooms with an indoor climate sensor that reports CO2",
        interval="hour",
        inputs_model=RoomsInputs,
        inputs=rooms_within(CARBON_DIOXIDE, Band(0.0, most)),
        compute=share_within,
        ports=(CARBON_DIOXIDE,),
        months=Months.SIDE_BY_SIDE,
    )

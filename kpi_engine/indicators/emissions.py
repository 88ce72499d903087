"""Emissions of energy [kg]: with dated factors (annual method), and hour by hour with factor series."""

from typing import Final

from kpi_engine.boundary.final_energy import consumers
from kpi_engine.families.emissions import emission_indicator, of_all_carriers, of_one_carrier
from kpi_engine.families.hourly_emissions import hourly_emission_indicator, inputs_of
from kpi_engine.indicator import Needs

INDICATORS: Final = (
    emission_indicator(
        name="electricity_emissions",
        title="Emissions of electricity, published factor",
        definition="Emissions of electricity consumed [kg], with the published, dated and sourced factor that the city "
        "file names (annual method): what the electricity meters of consumers counted, without submeters of a "
        "meter that counts. Photovoltaic production is neither added nor credited: self-used electricity "
        "does not pass these meters. Not comparable with electricity_emissions_hourly, whose series has "
        "another source and boundary.",
        formula="m = sum over stretches of (electricity consumed in the stretch x factor valid in the stretch)",
        frameworks=("SCIS 2.3.1", "GHG Protocol Scope 2, location-based"),
        needs=Needs((consumers("electricity"),)),
        boundary="Electricity delivered at the topmost meters; what the factor counts upstream stands with it",
        inputs=of_one_carrier,
    ),
    emission_indicator(
        name="heat_emissions",
        title="Emissions of heat delivered, published factor",
        definition="Emissions of heat delivered [kg], with the published, dated and sourced factor that the city file "
        "names (annual method). Not comparable with heat_emissions_hourly: that one takes what the plant itself "
        "reports, another source with a boundary of its own, so their difference says nothing about when heat was "
        "used.",
        formula="m = sum over stretches of (heat delivered in the stretch x factor valid in the stretch)",
        frameworks=("SCIS 2.3.1", "GHG Protocol Scope 2"),
        needs=Needs((consumers("heat"),)),
        inputs=of_one_carrier,
        boundary="Heat at consumers' topmost meters; what the factor counts (losses of the network, direct "
        "or upstream emissions) its boundary says",
    ),
    emission_indicator(
        name="city_emissions",
        title="Emissions of the monitored boundary, published factors",
        definition="Emissions of the city's monitored boundary [kg]: the meters of city_final_energy, each carrier "
        "with its published, dated and sourced factor (annual method). A carrier that is metered and has no factor "
        "leaves no figure.",
        formula="m = sum over carriers and stretches of (final energy in the stretch x factor valid in the stretch)",
        frameworks=("SCIS 2.3.1", "U4SSC EN: EN: AQ: 2C (numerator, energy only)", "GHG Protocol Scope 2"),
        needs=Needs((consumers("heat"), consumers("electricity"))),
        boundary="Energy delivered at the meters of the city file; what the factors count upstream stands with them",
        inputs=of_all_carriers,
        of_sites=False,
    ),
    hourly_emission_indicator(
        name="electricity_emissions_hourly",
        title="Emissions of electricity, the grid's hourly factor",
        definition="Emissions of electricity consumed [kg], with the factor series of the city's grid: sum over hours "
        "of energy times factor, of the same meters as electricity_emissions. Not comparable with that one: its "
        "published factor has another source and boundary; never add the two, nor take a mean of them.",
        formula="m = sum over hours of (electricity consumed in the hour x time-weighted mean factor of the hour)",
        frameworks=("SCIS 2.3.1", "GHG Protocol Scope 2, location-based"),
        needs=Needs((consumers("electricity"),)),
        boundary="Electricity delivered at the topmost meters; what the series counts upstream, its feed says",
        inputs=inputs_of("electricity"),
    ),
    hourly_emission_indicator(
        name="heat_emissions_hourly",
        title="Emissions of heat delivered, the plant's own hourly factor",
        definition="Emissions of heat delivered [kg], with the factor series that the city file names (factor_series), "
        "as a plant reports it: sum over hours of energy times factor. Not comparable with heat_emissions, whose "
        "published factor has another source and boundary; never add the two, nor take a mean of them.",
        formula="m = sum over hours of (heat delivered in the hour x time-weighted mean factor of the hour)",
        frameworks=("SCIS 2.3.1", "GHG Protocol Scope 2"),
        needs=Needs((consumers("heat"),)),
        inputs=inputs_of("heat"),
        boundary="Heat at consumers' topmost meters; what the factor counts, the plant that reports it has to say",
        interval="hour",
    ),
)

"""Electricity of street lighting over what it lights: area, kilometres of street, light points."""

from typing import Final

from kpi_engine.families.intensity import EnergyOverPeriod, SiteFacts, energy_over, site_facts
from kpi_engine.families.lighting_energy import DEFINITION, lighting_energy_indicator
from kpi_engine.ports.facts_of_sites import FactsOfSites

LIT_AREA: Final = FactsOfSites("lit_area", "m2")


class LitAreaInputs(EnergyOverPeriod):
    """Electricity of cabinets and of luminaires without one in kWh, lit areas in m2, the period in seconds."""

    lit_area_m2: SiteFacts


STREETS: Final = FactsOfSites("street_length", "km")


class StreetInputs(EnergyOverPeriod):
    """Electricity of cabinets and of luminaires without one in kWh, lit streets in km, the period in seconds."""

    street_length_km: SiteFacts


LIGHT_POINTS: Final = FactsOfSites("light_points", "1")


class LightPointInputs(EnergyOverPeriod):
    """Electricity of cabinets and of luminaires without one in kWh, light points, the period in seconds."""

    light_points: SiteFacts


INDICATORS: Final = (
    lighting_energy_indicator(
        name="lighting_annual_energy_indicator",
        title="Energy of street lighting per lit area (AECI)",
        unit="kWh/m2",
        definition="Electricity of street lighting per area that is to be lit, in the period [kWh/m2]; that of a year "
        "is the annual energy consumption indicator D_E. It is metered: every level and every hour as they were, so no "
        "operational profile is assumed. Read it beside lighting_power_density, as the standard asks. Area is the fact "
        "lit_area of every site with such a device, weighted by time where it changes; a site that states none leaves "
        "no figure. " + DEFINITION,
        formula="D_E = sum over sites of metered energy / sum over sites of lit area; metered energy stands for "
        "sum of P_j x t_j",
        citation="EN 13201-5:2015, annual energy consumption indicator D_E = sum(P_j t_j) / A (formula read in code "
        "that implements it; the standard recalled)",
        frameworks=("EN 13201-5 (D_E)",),
        ports=(LIT_AREA,),
        boundary="metered street lighting, controls and losses behind the cabinet included; the area that is to be "
        "lit, not all that light falls on",
        inputs_model=LitAreaInputs,
        inputs=lambda window: LitAreaInputs(
            **dict(energy_over(window, "electricity")), lit_area_m2=site_facts(window.given(LIT_AREA))
        ),
        compute=lambda inputs: inputs.per(inputs.lit_area_m2, "lit_area"),
    ),
    lighting_energy_indicator(
        name="lighting_energy_per_km",
        title="Energy of street lighting per lit kilometre",
        unit="kWh/km",
        definition="Electricity of street lighting per kilometre of lit street in the period [kWh/km]; that of a year "
        "is the indicator of ISO 37120. Length is the fact street_length of every site with such a device, weighted by "
        "time where it changes; a site that states none leaves no figure. " + DEFINITION,
        formula="e = sum over cabinets, and luminaires without one, of energy / sum over sites of the length of lit "
        "street",
        citation="ISO 37120:2018, 7.6: electricity consumption of public street lighting per kilometre of lighted "
        "street, kWh/(km a) (definition read where a city publishes it, the standard recalled)",
        frameworks=("ISO 37120 7.6",),
        ports=(STREETS,),
        boundary="metered street lighting of the city file; streets whose lighting is not metered are in neither sum",
        inputs_model=StreetInputs,
        inputs=lambda window: StreetInputs(
            **dict(energy_over(window, "electricity")), street_length_km=site_facts(window.given(STREETS))
        ),
        compute=lambda inputs: inputs.per(inputs.street_length_km, "street_length"),
    ),
    lighting_energy_indicator(
        name="lighting_energy_per_light_point",
        title="Energy of street lighting per light point",
        unit="kWh",
        definition="Electricity of street lighting per light point [kWh]: energy of cabinets, controls and losses "
        "behind them included, and of luminaires that hang below no cabinet, over the light points that the city file "
        "states of every site with such a device. Light points that change within the period are weighted by time; a "
        "site that states none leaves no figure, and one that holds a cabinet only states 0. A luminaire beside a "
        "cabinet that is not declared a submeter leaves no figure.",
        formula="e = sum over cabinets, and luminaires without one, of energy / sum over sites of light points",
        citation="Energy per light point and year, the customary form of AECI of EN 13201-5:2015 without area "
        "(recalled); ISO 37120:2018, 7.6 divides by the length of lit streets instead",
        frameworks=("EN 13201-5", "ISO 37120 7.6 (numerator)"),
        ports=(LIGHT_POINTS,),
        boundary="lighting cabinets with all behind them, and luminaires without one; sites that state their light "
        "points",
        inputs_model=LightPointInputs,
        inputs=lambda window: LightPointInputs(
            **dict(energy_over(window, "electricity")), light_points=site_facts(window.given(LIGHT_POINTS))
        ),
        compute=lambda inputs: inputs.per(inputs.light_points, "light_points"),
    ),
)

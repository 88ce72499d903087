"""The city at a glance: what it used and emitted, the figures of its verticals, the states of its devices."""

from typing import Final

from deploy.grafana import panels, style, variables
from deploy.grafana.page import COVERAGE, Page, Section
from deploy.grafana.sources import POSTGRESQL, curves, rows

PAGE: Final = Page(
    name="city",
    title="City overview",
    description="Energy, emissions and devices of one city, its verticals, and the weather and grid they answer to.",
    variables=[variables.data_source(POSTGRESQL), variables.city(), variables.period(), variables.resolution()],
    sections=[
        Section(
            "Newest period that is over",
            [
                panels.figure(
                    "Final energy",
                    "Heat and electricity delivered to consumers within the monitored boundary, nothing counted twice.",
                    "kwatth",
                    style.CITY,
                    "city_final_energy",
                ),
                panels.figure(
                    "Emissions",
                    "Emissions of final energy, each carrier with its published factor. Which one that is, and whether "
                    "it was verified, stands on the dashboard of indicators.",
                    "masskg",
                    style.CITY,
                    "city_emissions",
                ),
                panels.figure(
                    "Heat delivered",
                    "Heat delivered to the buildings of the district heating network.",
                    "kwatth",
                    style.HEAT,
                    "heat_delivered",
                ),
                panels.figure(
                    "Charged to vehicles",
                    "Energy that charging points delivered to electric vehicles.",
                    "kwatth",
                    style.CHARGING,
                    "ev_charging_energy",
                ),
            ],
        ),
        Section(
            "Now",
            [
                panels.states("Devices", rows("states")).span(12),
                panels.now(
                    "Outdoors",
                    "Air temperature at the weather stations.",
                    "celsius",
                    rows("surroundings_live", quantity="outdoor_temperature"),
                ),
                panels.now(
                    "Sun",
                    "Global horizontal irradiance at the weather stations.",
                    "Wm2",
                    rows("surroundings_live", quantity="global_irradiance"),
                ),
                panels.now(
                    "Grid",
                    "What the grid emits for each kWh it delivers, in kg.",
                    "suffix: kg/kWh",
                    rows("surroundings_live", quantity="grid_emission_factor"),
                ),
            ],
        ),
        Section(
            "History",
            [
                panels.history("Final energy", "kwatth", style.CITY, "city_final_energy").description(
                    f"{panels.BARS} Where a bar is missing there is no figure."
                ),
                panels.history("Emissions", "masskg", style.CITY, "city_emissions"),
                panels.curve(
                    "Outdoor temperature",
                    "Mean of the chosen buckets, weighted by time.",
                    "celsius",
                    curves("surroundings", quantity="outdoor_temperature"),
                ),
                panels.curve(
                    "Emission factor of the grid",
                    "Mean of the chosen buckets, weighted by time, in kg for each kWh.",
                    "suffix: kg/kWh",
                    curves("surroundings", quantity="grid_emission_factor"),
                ),
            ],
        ),
        Section(
            "Every indicator, every vertical",
            [
                panels.listing(
                    "Indicators of the city",
                    "Each indicator for its newest period that is over. The unit stands beside the value.",
                    rows("verticals_newest"),
                    {
                        "kpi": style.named("Indicator"),
                        "label": style.named("Period", 110),
                        "value": style.shown_as("none", "Value", 2),
                        "unit": style.named("Unit", 90),
                        "coverage": style.share("Coverage"),
                        "status": style.text_in(style.STATUSES, "Status"),
                    },
                    "No period is over yet",
                ).span(14),
                panels.listing(
                    "Devices by vertical",
                    "How many devices each vertical has, and in which state they are.",
                    rows("states_by_vertical"),
                    {
                        "vertical": style.named("Vertical"),
                        "devices": style.shown_as("none", "Devices", 0),
                        **{state: style.shown_as("none", state, 0) for state in style.STATES},
                    },
                    "No devices",
                ).span(10),
                panels.note("What coverage means", COVERAGE),
            ],
        ),
    ],
)

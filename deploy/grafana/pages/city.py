"""The city at a glance: what is now, what is wrong, this month and year against last, its verticals, its devices."""

from typing import Final

from deploy.grafana import blocks, links, panels, style, variables, words
from deploy.grafana.page import Page, Section
from deploy.grafana.sources import POSTGRESQL, curves, rows
from deploy.grafana.vertical import Total

count, listed = blocks.alarms()
HEADLINES: Final = ("city_final_energy", "city_emissions", "heat_delivered", "ev_charging_energy")

PAGE: Final = Page(
    name="city",
    title="City overview",
    description="Energy, emissions and devices of one city, its verticals, and the weather and grid they answer to.",
    variables=[
        variables.data_source(POSTGRESQL),
        variables.city(),
        *variables.of_figures(),
    ],
    has_alarms=True,
    sections=[
        Section(
            "Now, and what is wrong",
            [
                panels.states("Devices", rows("states")).span(12),
                count.span(12),
                Total("Heat produced", "Heat that all live plants produce now.", "heat_plant", "heat_power").panel(5),
                Total("Charging", "Power of all live charging points.", "charging_point").panel(5),
                panels.now(
                    "Outdoors",
                    "Air temperature at the weather stations.",
                    "celsius",
                    rows("surroundings_live", quantity="outdoor_temperature", factor="1"),
                ).span(5),
                panels.now(
                    "Sun",
                    "Global horizontal irradiance at the weather stations.",
                    "Wm2",
                    rows("surroundings_live", quantity="global_irradiance", factor="1"),
                ).span(5),
                panels.now(
                    "Grid",
                    "What the grid emits for each kWh it delivers.",
                    "suffix: g/kWh",
                    rows("surroundings_live", quantity="grid_emission_factor", factor="1000"),
                ).span(4),
                listed,
            ],
        ),
        Section("This month and this year against last", [blocks.against_before(HEADLINES, "months and years")]),
        Section(
            "Newest period that is over",
            [
                panels.figure(
                    "Final energy",
                    "Heat and electricity delivered to consumers within the monitored boundary, nothing counted twice.",
                    style.CITY,
                    "city_final_energy",
                ),
                panels.figure(
                    "Emissions",
                    "Emissions of final energy, each carrier with its published factor. Which one that is, and whether "
                    "it was verified, stands on the dashboard of indicators.",
                    style.CITY,
                    "city_emissions",
                ),
                panels.figure(
                    "Heat delivered",
                    "Heat delivered to the buildings of the district heating network.",
                    style.HEAT,
                    "heat_delivered",
                ),
                panels.figure(
                    "Charged to vehicles",
                    "Energy that charging points delivered to electric vehicles.",
                    style.CHARGING,
                    "ev_charging_energy",
                ),
            ],
        ),
        Section(
            "History",
            [
                panels.history(
                    "Final energy",
                    style.CITY,
                    "city_final_energy",
                    description="Where a bar is missing there is no figure.",
                ),
                panels.history("Emissions", style.CITY, "city_emissions"),
                panels.against_last_year("Final energy, this year against last", style.CITY, "city_final_energy"),
                panels.against_last_year("Emissions, this year against last", style.CITY, "city_emissions"),
                panels.curve(
                    "Outdoor temperature",
                    "Mean of the chosen buckets, weighted by time.",
                    "celsius",
                    curves("surroundings", quantity="outdoor_temperature", factor="1"),
                ),
                panels.curve(
                    "Emission factor of the grid",
                    "Mean of the chosen buckets, weighted by time.",
                    "suffix: g/kWh",
                    curves("surroundings", quantity="grid_emission_factor", factor="1000"),
                ),
            ],
        ),
        Section(
            "Every indicator, every vertical",
            [
                panels.listing(
                    "Indicators of the city",
                    "Each indicator for its newest period that is over, and what it lies between by what is known.",
                    rows("verticals_newest"),
                    {
                        "kpi": [*style.worded("Indicator", words.KPIS, 260), links.to_figures()],
                        "label": style.named("Period", 100),
                        "figure": style.named("Figure", 110),
                        "bounds": style.named("Between", 170),
                        "coverage": style.share("Coverage"),
                        "status": style.text_in(style.STATUSES, "Status", 110),
                        "reason": style.wrapped("Why not, or how", 200),
                    },
                    "No period is over yet",
                ).span(15),
                panels.listing(
                    "Devices by vertical",
                    "How many devices each vertical has, and in which state they are.",
                    rows("states_by_vertical"),
                    {
                        "vertical": [*style.worded("Vertical", words.VERTICAL), links.to_devices()],
                        "devices": style.shown_as("locale", "Devices", 0, 75),
                        **{state: style.counted_cell(state, colour, 66) for state, colour in style.STATES.items()},
                    },
                    "No devices",
                ).span(9),
            ],
        ),
        blocks.meaning(),
    ],
)

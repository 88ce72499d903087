"""The verticals: what each type of device may report, and which readings are physically possible."""

import pytest

from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.reading import Interpolation, ReadingKind
from ingest.model.verticals import VERTICALS


@pytest.mark.parametrize(
    ("vertical", "device_type", "quantities"),
    [
        (
            "ev_charging",
            "charging_point",
            {"electricity_energy", "charging_sessions", "electricity_power", "plugged_in", "connector_status"},
        ),
        (
            "smart_lighting",
            "luminaire",
            {"electricity_energy", "burning_hours", "dimming_level", "electricity_power"},
        ),
        ("district_heating", "circulation_pump", {"electricity_energy", "electricity_power"}),
        ("smart_lighting", "lighting_cabinet", {"electricity_energy", "electricity_power"}),
        ("buildings", "electricity_meter", {"electricity_energy", "electricity_power"}),
        ("buildings", "photovoltaic_inverter", {"electricity_energy", "electricity_power"}),
        (
            "buildings",
            "indoor_climate_sensor",
            {"indoor_temperature", "relative_humidity", "co2_concentration"},
        ),
        ("environment", "grid_signal", {"grid_emission_factor", "grid_renewable_share", "electricity_price"}),
        (
            "environment",
            "weather_station",
            {"outdoor_temperature", "global_irradiance", "wind_speed", "relative_humidity"},
        ),
    ],
)
def test_a_type_of_device_reports_its_quantities(vertical: str, device_type: str, quantities: set[str]) -> None:
    declared = VERTICALS[vertical].device_type(device_type)
    assert declared is not None
    assert set(declared.quantities) == quantities


@pytest.mark.parametrize("name", ["electricity_energy", "charging_sessions", "burning_hours"])
def test_what_a_device_counts_since_installation_is_a_register_that_starts_at_zero(name: str) -> None:
    assert QUANTITIES[name].kind is ReadingKind.REGISTER
    assert QUANTITIES[name].plausible[0] == 0.0


@pytest.mark.parametrize("name", ["plugged_in", "dimming_level", "grid_emission_factor"])
def test_what_changes_in_steps_keeps_its_value_until_the_next_reading(name: str) -> None:
    assert QUANTITIES[name].interpolation is Interpolation.PREVIOUS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("electricity_power", -4500.0),  # a feed-in at noon
        ("plugged_in", 1.0),
        ("burning_hours", 4100.0 * 40),  # forty years of nights
        ("dimming_level", 100.0),
        ("indoor_temperature", -25.0),  # an unheated shed in Tartu
        ("relative_humidity", 101.0),  # fog
        ("co2_concentration", 420.0),
        ("co2_concentration", 9000.0),  # a full classroom with closed windows
        ("global_irradiance", 1500.0),  # cloud edges
        ("global_irradiance", -4.0),  # thermal offset of a pyranometer at night
        ("wind_speed", 40.0),
        ("grid_emission_factor", 1.2),  # oil shale
    ],
)
def test_what_happens_is_plausible(name: str, value: float) -> None:
    low, high = QUANTITIES[name].plausible
    assert low <= value <= high


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("electricity_energy", -1.0),
        ("plugged_in", 2.0),
        ("burning_hours", 4100.0 * 3600),  # seconds, declared as hours
        ("dimming_level", 255.0),  # DALI's 254 steps, declared as percent
        ("indoor_temperature", 294.0),  # kelvin
        ("relative_humidity", -1.0),
        ("co2_concentration", 0.0),
        ("global_irradiance", -9999.0),  # a logger's word for nothing
        ("wind_speed", -0.1),
        ("grid_emission_factor", 420.0),  # g/kWh
    ],
)
def test_what_cannot_be_is_not(name: str, value: float) -> None:
    low, high = QUANTITIES[name].plausible
    assert not low <= value <= high

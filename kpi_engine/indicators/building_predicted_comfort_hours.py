"""Predicted comfort hours [%]: occupied hours whose predicted mean vote lies in category B of ISO 7730 or better."""

from typing import Final

from kpi_engine.families.predicted_comfort import ASSUMED, HUMIDITY, VotedRooms, rooms_voting
from kpi_engine.families.room_hours import AIR, OCCUPIED, share_within
from kpi_engine.formulas.thermal_comfort import VOTES
from kpi_engine.indicator import Better, Indicator, Months

MOST: Final = VOTES["II"]

INDICATOR: Final = Indicator(
    name="building_predicted_comfort_hours",
    title="Predicted comfort hours, category B",
    unit="%",
    definition=f"Share of occupied hours whose predicted mean vote (PMV) lies from -{MOST:g} to {MOST:g} [%]: category "
    "B of ISO 7730, II of EN 16798-1, or better. " + ASSUMED + OCCUPIED,
    formula=f"C = known occupied hours with -{MOST:g} <= PMV <= {MOST:g} / known occupied hours",
    citation="ISO 7730:2005, 4.1, equations 1 to 4, and annex A (recalled; held to 12 rows of table D.1, recalled)",
    frameworks=("ISO 7730 category B", "EN 16798-1 category II"),
    better=Better.HIGHER,
    boundary="Rooms with an indoor climate sensor that reports humidity; the air is taken for radiant temperature too",
    interval="hour",
    inputs_model=VotedRooms,
    inputs=lambda window: rooms_voting(window, MOST),
    compute=share_within,
    ports=(AIR, HUMIDITY),
    months=Months.SIDE_BY_SIDE,
)

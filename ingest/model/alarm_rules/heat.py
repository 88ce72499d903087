"""Heat meters whose water comes back too warm: the substation takes little heat out of much water."""

from datetime import timedelta
from functools import partial
from typing import Final

from ingest.model.alarm import Limit, Reading, Rule, Severity, TemperatureDrop

_LONG: Final = timedelta(hours=2)  # a bath filled from the tap, or a morning's boost, is over by then
_INTERVALS: Final = 3  # of the device: one reading is no proof

_of_meter: Final = partial(Rule, severity=Severity.WARNING, device_types=("heat_meter",))

RULES: Final = (
    _of_meter(
        name="high_return_temperature",
        title="High return temperature",
        measure=Reading("return_temperature"),
        unit="degC",
        raised=Limit(60.0, _LONG, _INTERVALS),
        cleared=Limit(55.0, _LONG, _INTERVALS),
        message="the water returns at {value:.1f} degC; below {threshold:g} is expected",
        rationale="Engineering judgement: networks of the third generation are run at 80 to 90 degC supply and are "
        "built for 40 to 50 degC return (recalled), so that 60 wastes about a third of their capacity.",
        remedy="The control valve of the substation and its setting, then hot-water circulation and by-passes, then "
        "dirt in the heat exchanger; last, whether the two sensors are swapped.",
    ),
    _of_meter(
        name="low_delta_t",
        title="Low temperature difference",
        measure=TemperatureDrop(flow=0.02),
        unit="K",
        raised=Limit(10.0, timedelta(days=1), _INTERVALS),
        cleared=Limit(15.0, _LONG, _INTERVALS),
        message="supply and return differ by {value:.1f} K while water flows; more than {threshold:g} are expected",
        rationale="Engineering judgement: substations are built for 30 to 45 K. A day: at night in summer only "
        "circulation is kept warm, and little is taken out of it. Less than 0.02 m3/h is no delivery.",
        remedy="By-passes and valves that do not close, then the setting of the control, then a sensor that has left "
        "its pocket: it measures the room.",
    ),
)

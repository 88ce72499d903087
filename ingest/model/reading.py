"""What kinds of readings there are, and how much one of them can be trusted."""

from enum import IntEnum, StrEnum
from typing import Final


class ReadingKind(StrEnum):
    """How a series of readings turns into amounts (OCPP measurand, Home Assistant state_class)."""

    GAUGE = "gauge"  # a state of a continuous quantity: time-weighted mean
    REGISTER = "register"  # a cumulative counter: differences, reset-aware
    INTERVAL = "interval"  # an amount for an interval, which Stamping names by its begin or its end: sum
    STATE = "state"  # one of the named states of its quantity: seconds in each
    SESSION = "session"  # no readings: what the charging sessions that begin in an hour come to


class Interpolation(StrEnum):
    """What a gauge is between two readings."""

    LINEAR = "linear"
    PREVIOUS = "previous"


class Stamping(StrEnum):
    """Which instant of its interval an amount, or a row of a file, is named after; readings are stored by the end."""

    BEGIN = "begin"
    END = "end"


QUALITIES: Final = "measured, arrival_time where the device gave no time, or estimated where its source says so."


class Quality(IntEnum):
    """Quality of one reading; the smaller, the better, and conflicts prefer the better."""

    MEASURED = 0  # timed by the device
    ARRIVAL_TIME = 1  # the device gave no time: it carries the time of its arrival
    ESTIMATED = 2  # not read at the meter: who sends it says that somebody estimated or modelled it

"""One cause is told once: silence counts only while it would have been heard, and not a device at a time for a city."""

import numpy as np
import pytest

from ingest.model.freshness import GRACE, SILENT_INTERVALS
from ingest.model.time import MINUTE
from kpi_engine.alarms.listening import Listening, Peers
from processors.steps.columns import ABSENT, Ints

EVERY = MINUTE
SILENT = SILENT_INTERVALS * EVERY + GRACE
NOW = 10_000 * MINUTE


def town(devices: int) -> Peers:
    return Peers(np.full(devices, EVERY), np.zeros(devices, np.int64), np.zeros(devices, np.int64))


def heard(devices: int, silent: int) -> Ints:
    """Return that the first ``silent`` devices were not heard for too long, the others just now."""
    return np.where(np.arange(devices) < silent, NOW - SILENT - MINUTE, NOW)


def test_while_messages_are_taken_every_silence_counts() -> None:
    listening = Listening.begun(20).at(NOW, True, town(20), heard(20, 3))
    assert listening.since.tolist() == [ABSENT] * 20
    assert listening.widespread.tolist() == [0] * 20


def test_while_messages_are_not_taken_no_silence_counts() -> None:
    listening = Listening.begun(20).at(NOW, False, town(20), heard(20, 20))
    assert listening.since.tolist() == [NOW] * 20
    assert listening.widespread.tolist() == [0] * 20


def test_afterwards_silence_counts_from_the_end_of_the_interruption() -> None:
    deaf = Listening.begun(20).at(NOW, False, town(20), heard(20, 20))
    listening = deaf.at(NOW + MINUTE, True, town(20), heard(20, 20))
    assert listening.since.tolist() == [NOW] * 20
    assert listening.widespread.tolist() == [0] * 20


@pytest.mark.parametrize(("silent", "told"), [(10, 0), (11, 11), (20, 20)])
def test_more_than_half_of_a_city_is_one_cause(silent: int, told: int) -> None:
    listening = Listening.begun(20).at(NOW, True, town(20), heard(20, silent))
    assert listening.widespread.tolist() == [told] * 20
    assert set(listening.since.tolist()) == {NOW if told else ABSENT}


def test_devices_that_were_never_heard_are_silent() -> None:
    listening = Listening.begun(20).at(NOW, True, town(20), np.full(20, ABSENT))
    assert listening.widespread.tolist() == [20] * 20


def test_of_a_few_devices_each_is_told_by_itself() -> None:
    assert Listening.begun(9).at(NOW, True, town(9), heard(9, 9)).widespread.tolist() == [0] * 9


def test_devices_that_report_more_seldom_are_judged_among_themselves() -> None:
    peers = Peers(np.full(24, EVERY), np.zeros(24, np.int64), np.repeat([0, 1], 12))
    listening = Listening.begun(24).at(NOW, True, peers, heard(24, 12))
    assert listening.widespread.tolist() == [12] * 24
    assert listening.since.tolist() == [NOW] * 12 + [ABSENT] * 12


def test_cities_are_judged_each_by_itself() -> None:
    peers = Peers(np.full(24, EVERY), np.repeat([0, 1], 12), np.repeat([0, 1], 12))
    listening = Listening.begun(24).at(NOW, True, peers, heard(24, 12))
    assert listening.widespread.tolist() == [12] * 12 + [0] * 12

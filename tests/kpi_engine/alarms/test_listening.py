"""One cause is told once: silence counts while it would have been heard, and what is shared is told once for all."""

import numpy as np
import pytest

from ingest.model.alarm import SharedBy
from ingest.model.freshness import GRACE, SILENT_INTERVALS
from ingest.model.time import MINUTE
from kpi_engine.alarms.listening import NOTHING, Listening, Peers
from processors.steps.columns import ABSENT, Ints

EVERY = MINUTE
SILENT = SILENT_INTERVALS * EVERY + GRACE
NOW = 10_000 * MINUTE


def town(devices: int, *, interval: Ints | None = None, **numbers: Ints) -> Peers:
    """Return devices of one city that report every minute and share nothing else, unless it is given."""
    alone = np.full(devices, NOTHING)
    shares = {SharedBy.CITY: np.zeros(devices, np.int64), SharedBy.GATEWAY: alone, SharedBy.SITE: alone}
    given = {SharedBy(name): number for name, number in numbers.items()}
    return Peers(np.full(devices, EVERY) if interval is None else interval, shares | given)


def heard(devices: int, silent: int) -> Ints:
    """Return that the first ``silent`` devices were not heard for too long, the others just now."""
    return np.where(np.arange(devices) < silent, NOW - SILENT - MINUTE, NOW)


def told(devices: Peers, last_seen: Ints) -> tuple[list[int], list[int], list[int]]:
    """Return how many are silent for one cause by city, gateway and site of each device."""
    found = Listening.begun(len(last_seen)).at(NOW, True, devices, last_seen).widespread(devices)
    return found[SharedBy.CITY].tolist(), found[SharedBy.GATEWAY].tolist(), found[SharedBy.SITE].tolist()


def test_while_messages_are_taken_every_silence_counts() -> None:
    listening = Listening.begun(20).at(NOW, True, town(20), heard(20, 3))
    assert listening.since.tolist() == [ABSENT] * 20
    assert told(town(20), heard(20, 3)) == ([0] * 20, [0] * 20, [0] * 20)


def test_while_messages_are_not_taken_no_silence_counts() -> None:
    listening = Listening.begun(20).at(NOW, False, town(20), heard(20, 20))
    assert listening.since.tolist() == [NOW] * 20
    assert listening.widespread(town(20))[SharedBy.CITY].tolist() == [0] * 20


def test_afterwards_silence_counts_from_the_end_of_the_interruption() -> None:
    deaf = Listening.begun(20).at(NOW, False, town(20), heard(20, 20))
    listening = deaf.at(NOW + MINUTE, True, town(20), heard(20, 20))
    assert listening.since.tolist() == [NOW] * 20
    assert listening.widespread(town(20))[SharedBy.CITY].tolist() == [0] * 20


@pytest.mark.parametrize(("silent", "count"), [(10, 0), (11, 11), (20, 20)])
def test_more_than_half_of_a_city_is_one_cause(silent: int, count: int) -> None:
    listening = Listening.begun(20).at(NOW, True, town(20), heard(20, silent))
    assert listening.widespread(town(20))[SharedBy.CITY].tolist() == [count] * 20
    assert set(listening.since.tolist()) == {NOW if count else ABSENT}
    assert np.flatnonzero(listening.silenced[SharedBy.CITY]).tolist() == list(range(count))


def test_devices_that_were_never_heard_are_silent() -> None:
    assert told(town(20), np.full(20, ABSENT))[0] == [20] * 20


def test_of_a_few_devices_each_is_told_by_itself() -> None:
    assert told(town(9), heard(9, 9))[0] == [0] * 9


def test_devices_that_report_more_seldom_are_judged_among_themselves() -> None:
    seldom = town(24, interval=np.repeat([EVERY, EVERY + 1], 12))
    listening = Listening.begun(24).at(NOW, True, seldom, heard(24, 12))
    assert listening.widespread(seldom)[SharedBy.CITY].tolist() == [12] * 24
    assert listening.since.tolist() == [NOW] * 12 + [ABSENT] * 12


def test_cities_are_judged_each_by_itself() -> None:
    assert told(town(24, city=np.repeat([0, 1], 12)), heard(24, 12))[0] == [12] * 12 + [0] * 12


def test_nearly_all_devices_of_a_gateway_are_one_cause_while_most_of_the_city_is_heard() -> None:
    gateways = town(60, gateway=np.repeat([0, 1, NOTHING], 20))
    assert told(gateways, heard(60, 19)) == ([0] * 60, [19] * 20 + [0] * 40, [0] * 60)
    assert told(gateways, heard(60, 18)) == ([0] * 60, [0] * 60, [0] * 60)


def test_the_widest_that_silent_devices_share_is_the_cause_and_the_others_are_none() -> None:
    same = np.repeat([0, 1, 2], 20)
    assert told(town(60, gateway=same, site=same), heard(60, 20)) == ([0] * 60, [20] * 20 + [0] * 40, [0] * 60)
    assert told(town(60, site=same), heard(60, 20)) == ([0] * 60, [0] * 60, [20] * 20 + [0] * 40)
    assert told(town(60, gateway=same, site=same), heard(60, 40)) == ([40] * 60, [0] * 60, [0] * 60)


def test_two_devices_of_a_site_are_told_each_by_itself_and_three_together() -> None:
    sites = town(20, site=np.array([0, 0, 1, 1, 1, *[2] * 15]))
    assert told(sites, heard(20, 5)) == ([0] * 20, [0] * 20, [0, 0, 3, 3, 3] + [0] * 15)

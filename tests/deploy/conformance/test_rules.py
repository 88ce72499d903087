"""Each rule that a device is held to, on readings that keep it and on readings that do not."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from deploy.conformance import page
from deploy.conformance.evidence import Evidence, Readings, Refused
from deploy.conformance.rules import Verdict, findings
from ingest.model.catalogue import Catalogue
from ingest.model.reading import Quality
from ingest.model.time import HOUR, MINUTE, SECOND
from ingest.reasons import Reason
from processors.intake.trial import provisional_ids
from tests import towns
from tests.towns import heat_meter, sending

BEGIN = 1_795_262_400_000_000
CONTRACT = {"max_increase_per_hour": 100}
CITY = towns.city(
    heat_meter(sending("heat_energy", register_contract=CONTRACT), "return_temperature", name="meter", every="PT5M")
)
(DEVICE,) = Catalogue([CITY], provisional_ids([CITY])).devices.values()


def readings(
    *values: float,
    every: int = 5 * MINUTE,
    late: int = SECOND,
    quality: int = Quality.MEASURED,
    before: float | None = None,
) -> Readings:
    time = BEGIN + np.arange(len(values), dtype=np.int64) * every
    return Readings(time, time + late, np.array(values, np.float64), np.full(len(values), quality, np.int64), before)


def evidence(
    energy: Readings, *refused: Refused, conflicts: int = 0, repeated: int = 0, online: bool | None = True
) -> Evidence:
    both = {"heat_energy": energy, "return_temperature": energy._replace(value=np.full(len(energy.time), 41.0))}
    since = None if online is None else datetime(2026, 11, 21, tzinfo=UTC)
    return Evidence(DEVICE, BEGIN, BEGIN + HOUR, both, list(refused), conflicts, repeated, online, since)


GOOD = evidence(readings(*(float(value) for value in range(12))))


def broken(given: Evidence) -> dict[str, str]:
    """Return what is told of each rule that is broken."""
    return {one.rule: one.found for one in findings(given) if one.verdict is Verdict.WRONG}


def test_a_device_that_keeps_all_rules_is_told_so() -> None:
    assert broken(GOOD) == {}
    assert {one.verdict for one in findings(GOOD)} == {Verdict.RIGHT}


@pytest.mark.parametrize(
    ("given", "rule", "told"),
    [
        (evidence(readings()), "readings", "0 stored, 0 refused"),
        (replace(GOOD, readings={**GOOD.readings, "return_temperature": readings()}), "declared series", "return_temp"),
        (evidence(readings(1, 2, 3, every=15 * MINUTE)), "interval", "usually every 900 s"),
        (evidence(readings(*range(20), every=MINUTE)), "interval", "usually every 60 s"),
        (evidence(readings(1, 2, 3, every=15 * MINUTE)), "gaps", "the longest is 900 s, from 2026-11-21T12:"),
        (evidence(readings(1, 2, 3, quality=Quality.ARRIVAL_TIME)), "own time", "6 of 6 without"),
        (evidence(readings(1, 2, 3, late=-5 * MINUTE)), "clock", "at most 300 s ahead"),
        (evidence(readings(1, 2, 3), conflicts=2), "one value for a time", "2 readings"),
        (evidence(readings(1, 2, 3), repeated=2), "sent once", "2 readings came again"),
        (evidence(readings(5, 4.5, 6)), "register heat_energy", "falls by 0.5 kWh at 2026-11-21T12:05:00Z"),
        (evidence(readings(5, 6, before=9)), "register heat_energy", "falls by 4 kWh at 2026-11-21T12:00:00Z"),
        (evidence(readings(5, 50)), "register heat_energy", "jumps by 45 kWh to 2026-11-21T12:05:00Z"),
        (evidence(readings(1, 2, 3), online=False), "status", "offline since 2026-11-21T00:00:00+00:00"),
    ],
)
def test_a_rule_that_is_broken_is_told_with_what_was_found(given: Evidence, rule: str, told: str) -> None:
    assert told in broken(given)[rule]


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_of_refusal_breaks_one_rule_and_names_place_and_message(reason: Reason) -> None:
    refused = Refused(reason, 3, 3, 17, "heat_energy", "a sentence")
    (told,) = broken(evidence(readings(1, 2, 3), refused)).values()
    assert told == f"3 times {reason} at heat_energy: a sentence (quarantine 17)"


def test_one_reading_tells_nothing_of_intervals_and_falls_of_what_starts_anew_are_none() -> None:
    verdicts = {one.rule: one.verdict for one in findings(evidence(readings(1.0), online=None))}
    assert (verdicts["interval"], verdicts["status"]) == (Verdict.UNKNOWN, Verdict.UNKNOWN)
    city = towns.city(heat_meter(sending("heat_energy", register_contract={"scope": "day"}), name="meter"))
    (device,) = Catalogue([city], provisional_ids([city])).devices.values()
    fallen = Evidence(device, BEGIN, BEGIN + HOUR, {"heat_energy": readings(5, 0, every=HOUR)}, [], 0, 0, True, None)
    assert "register heat_energy" not in broken(fallen)


def test_the_page_shows_every_rule_and_no_word_of_a_device_as_markup() -> None:
    refused = Refused(Reason.UNDECODABLE, 1, 1, 3, None, "found <script>")
    given = evidence(readings(1, 2, 3), refused)
    shown = page.html(given, findings(given))
    assert shown.count("<tr>") == len(findings(given)) + 1
    assert "found &lt;script&gt;" in shown
    assert page.document(given, findings(given))["findings"][0]["verdict"] == "right"

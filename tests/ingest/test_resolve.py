"""Names become series and units canonical; what cannot be resolved is refused with its reason and its count."""

import json

import pytest

from ingest.decoders import DECODERS
from ingest.limits import PayloadLimits
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.given_interval import UNGIVEN
from ingest.model.observation import RawMessage, Resolved
from ingest.model.reading import Quality
from ingest.model.revision import UNREVISED
from ingest.model.time import MINUTE
from ingest.resolve import Resolver
from tests import towns
from tests.towns import charging_point, heat_meter, sending

ARRIVAL, NOON = 1_795_262_460_000_000, 1_795_262_400_000_000
TOPIC = "pharos/v1/harbour/KAM:1/telemetry"
SERIES = {"heat_energy": 11, "return_temperature": 12, "volume": 13, "supply_temperature": 14}
POINT = "pharos/v1/harbour/point/telemetry"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    meter = heat_meter(
        sending("heat_energy", unit="MWh"),
        "return_temperature",
        sending("volume", kind="interval"),
        sending("supply_temperature", unit="degF"),
        native_id="KAM:1",
    )
    taken = sending("electricity_energy", kind="interval", stamping="begin")
    city = towns.city(meter, charging_point("connector_status", taken, every="PT15M"))
    ids = {("harbour", "meter", quantity): series_id for quantity, series_id in SERIES.items()}
    ids |= {("harbour", "point", "connector_status"): 21, ("harbour", "point", "electricity_energy"): 22}
    return Catalogue([city], Ids({("harbour", "meter"): 1, ("harbour", "point"): 2}, ids))


@pytest.fixture
def resolver(catalogue: Catalogue) -> Resolver:
    return Resolver(catalogue, DECODERS["pharos"])


def _message(document: object, topic: str = TOPIC) -> RawMessage:
    return RawMessage(topic, json.dumps(document).encode(), ARRIVAL)


def _resolve(resolver: Resolver, *documents: object) -> Resolved:
    return resolver.resolve([_message(document) for document in documents])


def _rows(resolved: Resolved) -> list[tuple[float, ...]]:
    batch = resolved.batch
    return list(zip(batch.series_id, batch.time, batch.value, batch.quality, batch.message, strict=True))


def _reasons(resolved: Resolved) -> list[tuple[int, str, int]]:
    return [(refusal.message, refusal.reason, refusal.readings) for refusal in resolved.refusals]


def test_readings_arrive_in_the_canonical_unit_of_their_series(resolver: Resolver) -> None:
    resolved = _resolve(resolver, {"time": NOON // 1000, "values": {"heat_energy": 1.5, "supply_temperature": 212}})
    assert _rows(resolved) == [
        (11, NOON, 1500.0, Quality.MEASURED, 0),
        (14, NOON, pytest.approx(100.0), Quality.MEASURED, 0),
    ]
    assert not resolved.refusals


def test_a_message_may_override_the_declared_unit(resolver: Resolver) -> None:
    document = {"time": NOON // 1000, "values": {"heat_energy": 3.6}, "units": {"heat_energy": "GJ"}}
    resolved = _resolve(resolver, document, {"time": NOON // 1000, "values": {"heat_energy": 1}})
    assert resolved.batch.value.tolist() == [pytest.approx(1000.0), 1000.0]


def test_a_reading_without_time_carries_its_arrival_and_says_so(resolver: Resolver) -> None:
    assert _rows(_resolve(resolver, {"values": {"return_temperature": 41}})) == [
        (12, ARRIVAL, 41.0, Quality.ARRIVAL_TIME, 0)
    ]


def test_an_interval_without_time_is_refused_and_its_neighbours_are_not(resolver: Resolver) -> None:
    resolved = _resolve(resolver, {"values": {"volume": 1, "return_temperature": 41}})
    assert _reasons(resolved) == [(0, "untimed_interval", 1)]
    assert resolved.batch.series_id.tolist() == [12]


def test_null_is_neither_a_row_nor_a_refusal(resolver: Resolver) -> None:
    resolved = _resolve(resolver, {"time": NOON // 1000, "values": {"heat_energy": None, "return_temperature": 41}})
    assert resolved.batch.series_id.tolist() == [12]
    assert not resolved.refusals


def test_minus_zero_is_zero(resolver: Resolver) -> None:
    (value,) = _resolve(resolver, {"time": NOON // 1000, "values": {"return_temperature": -0.0}}).batch.value
    assert str(value) == "0.0"


def test_an_unknown_quantity_is_refused_by_name(resolver: Resolver) -> None:
    resolved = _resolve(resolver, {"time": NOON // 1000, "values": {"pressure": 1, "return_temperature": 41}})
    assert _reasons(resolved) == [(0, "unknown_quantity", 1)]
    assert "'pressure'; declared are heat_energy" in resolved.refusals[0].detail
    assert len(resolved.batch) == 1


@pytest.mark.parametrize("unit", ["degC", "furlong"])
def test_a_unit_that_cannot_be_is_refused(resolver: Resolver, unit: str) -> None:
    resolved = _resolve(resolver, {"time": NOON // 1000, "values": {"heat_energy": 1}, "units": {"heat_energy": unit}})
    assert _reasons(resolved) == [(0, "unit_mismatch", 1)]


@pytest.mark.parametrize(
    ("topic", "reason"),
    [("pharos/v1/harbour/other/telemetry", "unknown_device"), ("pharos/v1/x", "bad_topic")],
)
def test_readings_of_nobody_are_refused_and_counted(resolver: Resolver, topic: str, reason: str) -> None:
    resolved = resolver.resolve([_message([{"values": {"a": 1, "b": 2, "c": None}}, {"values": {"a": 1}}], topic)])
    assert _reasons(resolved) == [(0, reason, 2), (0, reason, 1)]
    assert not len(resolved.batch)


def test_one_bad_message_costs_no_other(resolver: Resolver) -> None:
    good = _message({"time": NOON // 1000, "values": {"return_temperature": 41}})
    resolved = resolver.resolve([good, RawMessage(TOPIC, b"rubbish", ARRIVAL), good])
    assert _reasons(resolved) == [(1, "undecodable", 1)]
    assert resolved.batch.message.tolist() == [0, 2]
    assert (resolved.refusals[0].city, resolved.refusals[0].device) == ("harbour", "meter")


def test_no_messages_are_no_observations(resolver: Resolver) -> None:
    assert len(resolver.resolve([]).batch) == 0


def test_a_state_is_stored_by_its_place_in_the_list(resolver: Resolver) -> None:
    at = NOON // 1000
    named = _message({"time": at, "values": {"connector_status": "Charging"}}, POINT)
    numbered = _message({"time": at, "values": {"connector_status": 8}}, POINT)
    resolved = resolver.resolve([named, numbered])
    assert _rows(resolved) == [
        (21, NOON, 2.0, Quality.MEASURED, 0),
        (21, NOON, 8.0, Quality.MEASURED, 1),
    ]


def test_an_unknown_state_is_refused_with_the_known_ones_and_costs_no_other(resolver: Resolver) -> None:
    values = {"connector_status": "charging", "electricity_energy": 0.5}
    resolved = resolver.resolve([_message({"time": NOON // 1000, "values": values}, POINT)])
    assert resolved.batch.series_id.tolist() == [22]
    (refusal,) = resolved.refusals
    assert (refusal.reason, refusal.readings, refusal.device) == ("unknown_state", 1, "point")
    assert refusal.detail.startswith("connector_status is 'charging'; known states are Available, Preparing,")


def test_a_text_for_a_number_is_refused(resolver: Resolver) -> None:
    resolved = _resolve(resolver, {"time": NOON // 1000, "values": {"heat_energy": "41.2", "volume": 2}})
    assert _reasons(resolved) == [(0, "not_a_number", 1)]
    assert resolved.refusals[0].detail.startswith("'heat_energy' is the text '41.2'; expected a number")
    assert resolved.batch.series_id.tolist() == [13]


def test_texts_of_an_unknown_device_are_counted(resolver: Resolver) -> None:
    document = {"values": {"connector_status": "Charging", "flow": 1}}
    resolved = resolver.resolve([_message(document, "pharos/v1/harbour/nobody/telemetry")])
    assert _reasons(resolved) == [(0, "unknown_device", 2)]


def test_an_amount_named_after_the_begin_of_its_interval_is_stored_by_its_end(resolver: Resolver) -> None:
    quarter = 900_000_000
    documents = [{"time": NOON // 1000, "values": {"electricity_energy": 1}}, {"values": {"electricity_energy": 1}}]
    resolved = resolver.resolve([_message(document, POINT) for document in documents])
    assert _rows(resolved) == [(22, NOON + quarter, 1.0, Quality.MEASURED, 0)]
    (untimed,) = resolved.refusals
    assert untimed.detail == "electricity_energy is an amount for an interval; its begin is expected as time"


def test_what_exceeds_a_limit_is_one_refusal_that_counts_the_readings(catalogue: Catalogue) -> None:
    resolver = Resolver(catalogue, DECODERS["pharos"], PayloadLimits(samples=3))
    (refusal,) = _resolve(resolver, [{"values": {"return_temperature": 1}}] * 5).refusals
    assert (refusal.reason, refusal.readings, refusal.device) == ("over_limit", 5, "meter")
    assert refusal.detail == "found 5 elements in one message, 3 are allowed; nothing of it is stored"


def test_refusals_beyond_the_first_are_summed_up_by_reason_and_none_goes_uncounted(catalogue: Catalogue) -> None:
    resolver = Resolver(catalogue, DECODERS["pharos"], PayloadLimits(told=2))
    values = {f"unknown{number}": 1 for number in range(10)} | {"return_temperature": True, "heat_energy": 1}
    resolved = _resolve(resolver, {"time": NOON // 1000, "values": values})
    told = [(refusal.reason, refusal.readings, refusal.faults) for refusal in resolved.refusals]
    assert told == [("not_a_number", 1, 1), ("unknown_quantity", 1, 1), ("unknown_quantity", 9, 9)]
    assert resolved.refusals[-1].detail.endswith("; and 8 more of this message")
    assert len(resolved.batch) == 1


def test_the_field_of_a_refusal_is_a_name_of_ours_and_never_one_of_the_payload(resolver: Resolver) -> None:
    values = {"jane-doe": 1, "jane": True, "return_temperature": "RFID-04A2-Jane-Doe", "volume": 1}
    fields = {one.reason: set[str | None]() for one in _resolve(resolver, {"values": values}).refusals}
    for one in _resolve(resolver, {"values": values}).refusals:
        fields[one.reason].add(one.field)
    assert fields == {
        "unknown_quantity": {"values"},
        "not_a_number": {None, "return_temperature"},
        "untimed_interval": {"volume"},
    }


def _retained(catalogue: Catalogue, document: object, topic: str = TOPIC) -> Resolved:
    message = RawMessage(topic, json.dumps(document).encode(), ARRIVAL, retained=True)
    return Resolver(catalogue, DECODERS["pharos"]).resolve([message])


def test_what_the_broker_had_retained_is_no_reading_without_a_time_and_says_so(catalogue: Catalogue) -> None:
    resolved = _retained(catalogue, {"values": {"heat_energy": 1, "return_temperature": 40}})
    assert not len(resolved.batch)
    (refusal,) = resolved.refusals
    assert (refusal.reason, refusal.readings, refusal.field) == ("retained", 0, "time")
    assert "publish it without RETAIN" in refusal.detail


def test_what_the_broker_had_retained_is_a_reading_with_a_time(catalogue: Catalogue) -> None:
    resolved = _retained(catalogue, [{"values": {"heat_energy": 1}}, {"time": NOON // 1000, "values": {"volume": 2}}])
    assert resolved.batch.time.tolist() == [NOON]
    assert [refusal.reason for refusal in resolved.refusals] == ["retained"]


def test_nobody_can_claim_what_the_broker_had_retained_for_an_unknown_device(catalogue: Catalogue) -> None:
    resolved = _retained(catalogue, {"values": {"heat_energy": 1}}, "pharos/v1/harbour/stranger/telemetry")
    assert [(one.reason, one.readings) for one in resolved.refusals] == [("retained", 0)]


def test_no_bytes_are_housekeeping_of_the_broker_and_leave_no_trace(catalogue: Catalogue) -> None:
    for topic in (TOPIC, "pharos/v1/harbour/stranger/telemetry"):
        resolved = Resolver(catalogue, DECODERS["pharos"]).resolve([RawMessage(topic, b"", ARRIVAL)])
        assert (len(resolved.batch), resolved.refusals) == (0, [])


@pytest.mark.parametrize(
    "edges", [{"begin": -40, "time": 0}, {"time": -40, "end": 0}, {"begin": -40, "end": 0}], ids=str
)
@pytest.mark.parametrize(("topic", "series"), [(TOPIC, 13), (POINT, 22)])
def test_an_interval_that_is_given_is_stored_by_its_end_whatever_the_stamping(
    resolver: Resolver, edges: dict[str, int], topic: str, series: int
) -> None:
    when = {key: NOON // 1000 + minute * 60_000 for key, minute in edges.items()}
    quantity = {13: "volume", 22: "electricity_energy"}[series]
    plain = {"time": NOON // 1000, "values": {"return_temperature": 40}}
    batch = resolver.resolve([_message(when | {"values": {quantity: 2}}, topic), _message(plain)]).batch
    assert batch.begin is not None
    assert batch.begin.tolist() == [NOON - 40 * MINUTE, UNGIVEN]
    assert batch.time.tolist() == [NOON, NOON]
    assert batch.series_id.tolist() == [series, 12]


def test_each_reading_has_the_revision_of_its_sample(catalogue: Catalogue) -> None:
    samples = [
        {"time": NOON // 1000, "values": {"heat_energy": 1, "return_temperature": None}},
        {"time": NOON // 1000 + 1, "values": {"heat_energy": 2, "return_temperature": 40}, "revision": 7},
    ]
    message = RawMessage(TOPIC, json.dumps(samples).encode(), ARRIVAL)
    batch = Resolver(catalogue, DECODERS["pharos"]).resolve([message]).batch
    assert batch.revision is not None
    assert batch.revision.tolist() == [UNREVISED, 7.0, 7.0]


def test_a_batch_of_which_nothing_has_a_revision_has_no_column_of_them(catalogue: Catalogue) -> None:
    message = RawMessage(TOPIC, b'{"values": {"heat_energy": 1}}', ARRIVAL)
    assert Resolver(catalogue, DECODERS["pharos"]).resolve([message]).batch.revision is None

"""What is delivered again on the same connection is known until it is acknowledged."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.sources.mqtt.in_flight import InFlight
from ingest.sources.mqtt.publish_packets import Publish


def _publish(packet_id: int, *, dup: bool = False) -> Publish:
    return Publish(b"topic", b"payload", packet_id, dup=dup)


def test_a_message_delivered_again_before_it_is_acknowledged_is_held_once() -> None:
    in_flight = InFlight()
    assert in_flight.admit([_publish(1), _publish(2)]) == [_publish(1), _publish(2)]
    assert in_flight.admit([_publish(1, dup=True), _publish(3)]) == [_publish(3)]
    assert len(in_flight) == 3


def test_another_message_under_an_identifier_that_a_late_copy_still_holds_is_taken() -> None:
    in_flight = InFlight()
    in_flight.admit([_publish(7)])
    in_flight.settle([7])
    assert in_flight.admit([_publish(7, dup=True)])  # it was under way when its first delivery was acknowledged
    assert in_flight.admit([_publish(7)]) == [_publish(7)]


def test_an_identifier_that_was_acknowledged_stands_for_another_message() -> None:
    in_flight = InFlight()
    in_flight.admit([_publish(1)])
    in_flight.settle([1])
    assert in_flight.admit([_publish(1)]) == [_publish(1)]


def test_messages_of_qos_0_are_all_admitted_and_never_in_flight() -> None:
    in_flight = InFlight()
    assert len(in_flight.admit([_publish(0), _publish(0)])) == 2
    assert len(in_flight) == 0


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 20))))
def test_no_more_is_held_than_there_are_identifiers(steps: list[tuple[bool, int]]) -> None:
    in_flight, held = InFlight(), set[int]()
    for is_delivery, packet_id in steps:
        if is_delivery:
            assert bool(in_flight.admit([_publish(packet_id, dup=True)])) == (packet_id not in held)
            held.add(packet_id)
        else:
            in_flight.settle([packet_id])
            held.discard(packet_id)
        assert len(in_flight) == len(held)


def test_the_oldest_arrival_stands_until_it_is_acknowledged_also_when_it_is_delivered_again() -> None:
    in_flight = InFlight()
    assert in_flight.oldest is None
    in_flight.admit([_publish(1)])
    first = in_flight.oldest
    in_flight.admit([_publish(1, dup=True), _publish(2)])
    assert in_flight.oldest == first
    in_flight.settle([2])
    assert in_flight.oldest == first
    in_flight.settle([1])
    assert in_flight.oldest is None

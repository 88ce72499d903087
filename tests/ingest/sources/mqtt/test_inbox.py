"""Between two threads: live before backlog, topics in turn; in batches, bounded, and never waiting for one to fill."""

from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.observation import RawMessage
from ingest.sources.batch_limit import BatchLimit
from ingest.sources.mqtt.fair_queue import Delivery
from ingest.sources.mqtt.inbox import BACKLOG_BYTES, FULL_BYTES, Inbox

FOREVER = 60.0


def _delivery(number: int, size: int = 1, topic: str = "topic") -> Delivery:
    return Delivery(RawMessage(topic, b"x" * size, number), number, 1)


def _ids(deliveries: list[Delivery]) -> list[int]:
    return [delivery.packet_id for delivery in deliveries]


def test_takes_what_is_there_in_order_up_to_the_limit() -> None:
    inbox = Inbox()
    for number in range(5):
        inbox.put([_delivery(number)])
    assert _ids(inbox.take(BatchLimit(3), linger=FOREVER, patience=FOREVER)) == [0, 1, 2]
    assert _ids(inbox.take(BatchLimit(3), linger=0, patience=0)) == [3, 4]
    assert inbox.take(BatchLimit(3), linger=FOREVER, patience=0) == []


def test_one_delivery_is_taken_without_waiting_for_a_full_batch() -> None:
    inbox = Inbox()
    producer = Thread(target=inbox.put, args=[[_delivery(7)]])
    producer.start()
    assert _ids(inbox.take(BatchLimit(1000), linger=0.001, patience=FOREVER)) == [7]
    producer.join()


def test_the_delivery_that_fills_the_batch_ends_the_wait() -> None:
    inbox = Inbox()

    def produce() -> None:
        for number in range(3):
            inbox.put([_delivery(number)])

    producer = Thread(target=produce)
    producer.start()
    assert _ids(inbox.take(BatchLimit(3), linger=FOREVER, patience=FOREVER)) == [0, 1, 2]
    producer.join()


def test_messages_of_an_edge_node_keep_their_order_over_topics_and_sizes() -> None:
    inbox = Inbox()
    topics = [f"spBv1.0/a/{kind}/node" for kind in ("NBIRTH", "DBIRTH", "DDATA", "NDATA")]
    sizes = (1, BACKLOG_BYTES, 1, 1)
    inbox.put([_delivery(number, size, topics[number]) for number, size in enumerate(sizes)])
    assert _ids(inbox.take(BatchLimit(9), linger=0, patience=0)) == [0, 1, 2, 3]


def test_a_waiting_consumer_can_be_woken_with_nothing() -> None:
    inbox, taken = Inbox(), list[list[Delivery]]()
    consumer = Thread(target=lambda: taken.append(inbox.take(BatchLimit(1), linger=0, patience=FOREVER)))
    consumer.start()
    while consumer.is_alive():
        inbox.wake()
    assert taken == [[]]


@pytest.mark.long
def test_large_messages_fill_it_and_taking_them_makes_room() -> None:
    inbox = Inbox()
    for number in range(FULL_BYTES // 2**20):
        assert not inbox.is_full
        inbox.put([_delivery(number, 2**20)])
    assert inbox.is_full
    inbox.take(BatchLimit(1), linger=0, patience=0)
    assert not inbox.is_full


def test_a_batch_is_cut_before_the_message_that_would_exceed_its_bytes() -> None:
    inbox = Inbox()
    inbox.put([_delivery(number, 400) for number in range(5)])
    limit = BatchLimit(messages=100, payload_bytes=1_000)
    assert _ids(inbox.take(limit, linger=FOREVER, patience=0)) == [0, 1]
    assert _ids(inbox.take(limit, linger=FOREVER, patience=0)) == [2, 3]
    assert _ids(inbox.take(limit, linger=0, patience=0)) == [4]


def test_a_message_larger_than_a_batch_is_taken_alone() -> None:
    inbox = Inbox()
    inbox.put([_delivery(0, 3_000), _delivery(1)])
    limit = BatchLimit(messages=100, payload_bytes=1_000)
    assert _ids(inbox.take(limit, linger=FOREVER, patience=0)) == [0]
    assert _ids(inbox.take(limit, linger=0, patience=0)) == [1]


def test_the_bytes_that_fill_a_batch_end_the_wait() -> None:
    inbox = Inbox()

    def produce() -> None:
        for number in range(3):
            inbox.put([_delivery(number, 400)])

    producer = Thread(target=produce)
    producer.start()
    taken = inbox.take(BatchLimit(messages=100, payload_bytes=1_000), linger=FOREVER, patience=FOREVER)
    assert _ids(taken) == [0, 1]
    producer.join()


def test_what_is_live_is_taken_before_a_backlog_that_came_earlier_even_of_the_same_device() -> None:
    inbox = Inbox()
    inbox.put([_delivery(number, BACKLOG_BYTES, "ab"[number % 2]) for number in range(100)])
    inbox.put([_delivery(number, 300, "ab"[number % 2]) for number in range(100, 104)])
    limit = BatchLimit(messages=100, payload_bytes=2 * BACKLOG_BYTES)
    assert _ids(inbox.take(limit, linger=0, patience=0)) == [100, 101, 102, 103, 0]
    assert _ids(inbox.take(limit, linger=0, patience=0)) == [1, 2]


def test_a_backlog_goes_on_however_much_is_live() -> None:
    inbox = Inbox()
    inbox.put([_delivery(0, 2**20, "backlog"), *(_delivery(number, 300) for number in range(1, 100))])
    limit = BatchLimit(messages=100, payload_bytes=1_000)
    assert _ids(inbox.take(limit, linger=0, patience=0)) == [1, 2, 3, 0]
    assert _ids(inbox.take(limit, linger=0, patience=0)) == [4, 5, 6]


def test_many_messages_of_one_topic_do_not_delay_another() -> None:
    inbox = Inbox()
    inbox.put([_delivery(number, 400, "many") for number in range(1_000)])
    inbox.put([_delivery(1_000, 400, "one")])
    limit = BatchLimit(messages=100, payload_bytes=1_000)
    assert _ids(inbox.take(limit, linger=0, patience=0)) == [0, 1_000]
    assert _ids(inbox.take(limit, linger=0, patience=0)) == [1, 2]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 600)), max_size=60))
def test_everything_is_taken_once_and_each_topic_in_order(messages: list[tuple[str, int]]) -> None:
    inbox, taken = Inbox(), list[Delivery]()
    inbox.put([_delivery(number, size, topic) for number, (topic, size) in enumerate(messages)])
    while batch := inbox.take(BatchLimit(messages=7, payload_bytes=1_000), linger=0, patience=0):
        assert len(batch) <= 7
        assert len(batch) == 1 or sum(len(each.message.payload) for each in batch) <= 1_000
        taken += batch
    assert len(inbox) == 0
    assert sorted(_ids(taken)) == list(range(len(messages)))
    for topic in "abc":
        of_topic = _ids([each for each in taken if each.message.topic == topic])
        assert of_topic == sorted(of_topic)


@pytest.mark.long
def test_what_is_dropped_makes_room_and_the_rest_stays_in_order() -> None:
    inbox = Inbox()
    inbox.put([_delivery(number, 2**20, "ab"[number % 2]) for number in range(FULL_BYTES // 2**20)])
    inbox.drop(lambda delivery: delivery.packet_id >= 3)
    assert not inbox.is_full
    assert _ids(inbox.take(BatchLimit(100), linger=0, patience=0)) == [0]
    assert _ids(inbox.take(BatchLimit(100, 2**22), linger=0, patience=0)) == [1, 2]

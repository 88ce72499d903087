"""Between two threads: in order, in batches, bounded, and never waiting for a batch to fill."""

from threading import Thread

from ingest.model.observation import RawMessage
from ingest.sources.inbox import FULL_BYTES, Delivery, Inbox

FOREVER = 60.0


def _delivery(number: int, size: int = 1) -> Delivery:
    return Delivery(RawMessage("topic", b"x" * size, number), number, 1)


def _ids(deliveries: list[Delivery]) -> list[int]:
    return [delivery.packet_id for delivery in deliveries]


def test_takes_what_is_there_in_order_up_to_the_limit() -> None:
    inbox = Inbox()
    for number in range(5):
        inbox.put([_delivery(number)])
    assert _ids(inbox.take(3, linger=FOREVER, patience=FOREVER)) == [0, 1, 2]
    assert _ids(inbox.take(3, linger=0, patience=0)) == [3, 4]
    assert inbox.take(3, linger=FOREVER, patience=0) == []


def test_one_delivery_is_taken_without_waiting_for_a_full_batch() -> None:
    inbox = Inbox()
    producer = Thread(target=inbox.put, args=[[_delivery(7)]])
    producer.start()
    assert _ids(inbox.take(1000, linger=0.001, patience=FOREVER)) == [7]
    producer.join()


def test_the_delivery_that_fills_the_batch_ends_the_wait() -> None:
    inbox = Inbox()

    def produce() -> None:
        for number in range(3):
            inbox.put([_delivery(number)])

    producer = Thread(target=produce)
    producer.start()
    assert _ids(inbox.take(3, linger=FOREVER, patience=FOREVER)) == [0, 1, 2]
    producer.join()


def test_a_waiting_consumer_can_be_woken_with_nothing() -> None:
    inbox, taken = Inbox(), list[list[Delivery]]()
    consumer = Thread(target=lambda: taken.append(inbox.take(1, linger=0, patience=FOREVER)))
    consumer.start()
    while consumer.is_alive():
        inbox.wake()
    assert taken == [[]]


def test_large_messages_fill_it_and_taking_them_makes_room() -> None:
    inbox = Inbox()
    for number in range(FULL_BYTES // 2**20):
        assert not inbox.is_full
        inbox.put([_delivery(number, 2**20)])
    assert inbox.is_full
    inbox.take(1, linger=0, patience=0)
    assert not inbox.is_full

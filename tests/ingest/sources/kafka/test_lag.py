"""Being behind is measured in seconds, also when nothing moves at all."""

from ingest.sources.kafka.lag import Lag


def test_nothing_in_hand_and_nothing_waiting_is_not_behind() -> None:
    lag = Lag[str]()
    lag.look({"a": 5}, {"a": 5}, now=100.0)
    assert lag.seconds(200.0) == 0.0


def test_the_oldest_record_in_hand_counts_until_it_is_accepted() -> None:
    lag = Lag[str]()
    lag.take(90.0)
    assert lag.seconds(100.0) == 10.0
    lag.accept()
    assert lag.seconds(100.0) == 0.0


def test_records_that_nobody_takes_count_from_when_they_were_seen() -> None:
    lag = Lag[str]()
    lag.look({"a": 5, "b": 1}, {"a": 6, "b": 1}, now=100.0)
    lag.look({"a": 5, "b": 1}, {"a": 9, "b": 1}, now=110.0)
    assert lag.seconds(130.0) == 30.0


def test_a_partition_that_moves_on_begins_anew() -> None:
    lag = Lag[str]()
    lag.look({"a": 5}, {"a": 6}, now=100.0)
    lag.look({"a": 8}, {"a": 9}, now=110.0)
    assert lag.seconds(115.0) == 5.0
    lag.look({"a": 9}, {"a": 9}, now=120.0)
    assert lag.seconds(125.0) == 0.0


def test_a_clock_that_is_behind_the_brokers_makes_no_negative_lag() -> None:
    lag = Lag[str]()
    lag.take(105.0)
    assert lag.seconds(100.0) == 0.0

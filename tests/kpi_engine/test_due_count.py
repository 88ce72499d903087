"""What is due is counted after steps, and more seldom where counting takes long."""

from kpi_engine.engine.run import COUNT_SHARE, DUE, DueCount


class Queue:
    """Takes a second to be counted."""

    def __init__(self) -> None:
        self.now, self.counts = 0.0, 0

    def __call__(self) -> int:
        """Count it."""
        self.now += 1.0
        self.counts += 1
        return 100 - self.counts


def test_counting_takes_a_bounded_share_of_the_time_and_the_last_change_is_told() -> None:
    queue = Queue()
    due = DueCount(lambda: queue.now)
    due.step(queue)
    assert queue.counts == 0  # nothing has changed
    for _ in range(5):
        due.want()
        due.step(queue)
    assert queue.counts == 1
    queue.now = 1 / COUNT_SHARE
    due.step(queue)  # after the last step: the gauge does not keep an old number
    due.step(queue)
    assert queue.counts == 2
    assert DUE._value.get() == 98

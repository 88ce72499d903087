"""How long messages took is told from how many were stored when, and never too short."""

import numpy as np
import pytest

from deploy.bench.latency import latency


def test_what_is_seen_at_a_look_is_as_old_as_since_it_was_due() -> None:
    looks = [(0.0, 0), (0.5, 1), (1.5, 2), (2.5, 3), (3.5, 4)]
    found = latency(1.0, 0.0, looks)
    assert (found.p50, found.p99) == pytest.approx((0.5, 0.5))


def test_messages_that_are_stored_together_are_as_late_as_the_look_that_sees_them() -> None:
    found = latency(100.0, 10.0, [(10.5, 0), (11.0, 100)])
    assert found.p50 == pytest.approx(0.505)
    assert found.p99 == pytest.approx(0.9901)


def test_where_nothing_was_stored_there_is_no_latency() -> None:
    assert np.isnan(latency(100.0, 0.0, []).p99)

"""Garbage is not collected while what is made stays, and is from then on, whoever asked for it meanwhile."""

import gc

from ingest.collection import paused


def test_nothing_is_collected_until_the_last_one_that_asked_is_done() -> None:
    assert gc.isenabled()
    with paused():
        assert not gc.isenabled()
        with paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()

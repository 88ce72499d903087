"""When a test run looks for garbage: not while it collects, and never among what collecting left, which all lasts.

Looking through a hundred thousand tests, fixtures, functions and models again and again took a seventh of make unit.
"""

import gc

import pytest


def pytest_configure() -> None:
    """Look for no garbage while everything is imported."""
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Look for it from now on, in what tests make."""
    gc.freeze()
    gc.enable()

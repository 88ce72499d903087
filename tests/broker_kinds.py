"""The brokers that a test is run on, each for itself; the one that is not installed is skipped, and said so."""

import pytest

from deploy.embedded.mosquitto import Mosquitto, program
from deploy.embedded.nats import Nats
from deploy.errors import BrokerError

Kind = type[Nats] | type[Mosquitto]


def installed(kind: Kind) -> Kind:
    """Return a kind of broker; skip the test where its program is not installed."""
    if kind is Mosquitto:
        try:
            program()
        except BrokerError as absent:
            pytest.skip(str(absent))
    return kind

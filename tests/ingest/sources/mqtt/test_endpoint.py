"""A broker's URL is read whole, and never shown with its password."""

import pytest

from ingest.sources.mqtt.endpoint import Endpoint


def test_reads_host_port_and_credentials() -> None:
    endpoint = Endpoint.parse("mqtt://ingest:p%40ss@localhost:18830")
    assert (endpoint.host, endpoint.port, endpoint.tls) == ("localhost", 18830, False)
    assert (endpoint.user, endpoint.password) == ("ingest", "p@ss")


def test_tls_has_its_own_port() -> None:
    assert Endpoint.parse("mqtts://broker.example") == Endpoint("broker.example", 8883, tls=True)


@pytest.mark.parametrize("url", ["", "localhost:1883", "http://secret@localhost", "mqtt://"])
def test_another_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="expected mqtt://user:password@host:port") as error:
        Endpoint.parse(url)
    assert "secret" not in str(error.value)


def test_the_password_is_not_shown() -> None:
    endpoint = Endpoint.parse("mqtt://ingest:secret@localhost")
    assert "secret" not in repr(endpoint) + str(endpoint)

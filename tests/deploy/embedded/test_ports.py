"""Ports: the wanted one, else the next free one."""

import socket

import pytest

from deploy.embedded import ports


def test_a_free_port_is_used_as_wanted() -> None:
    wanted = ports.choose()
    assert ports.near(wanted, "127.0.0.1") == wanted


def test_a_taken_port_is_replaced_by_a_later_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupant:
        taken = occupant.getsockname()[1]
        assert not ports.is_free(taken)
        assert ports.near(taken, "127.0.0.1") != taken


def test_several_ports_are_different() -> None:
    assert len(set(ports.several(20))) == 20


def test_a_host_of_another_machine_is_an_error() -> None:
    with pytest.raises(OSError, match="assign requested address"):
        ports.near(8080, "192.0.2.1")


@pytest.mark.skipif(not ports.EPHEMERAL.exists(), reason="the system does not say how it numbers outgoing connections")
def test_no_outgoing_connection_takes_a_port_that_was_chosen() -> None:
    first, last = map(int, ports.EPHEMERAL.read_text().split())
    assert not [port for port in ports.several(50) if first <= port <= last]

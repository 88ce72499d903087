"""Ports: the wanted one, else the next free one."""

import socket
import subprocess
import sys

import pytest

from deploy.embedded import ports

SEEDED = "import random; from deploy.embedded import ports; random.seed(1); print(ports.several(3))"


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


def test_a_port_that_was_given_is_not_given_again_before_anything_listens_on_it() -> None:
    assert len({ports.choose() for _ in range(200)}) == 200


@pytest.mark.process
def test_processes_that_seed_chance_alike_are_given_different_ports() -> None:
    command = [sys.executable, "-c", SEEDED]
    first, second = (subprocess.run(command, capture_output=True, check=True).stdout for _ in range(2))
    assert first
    assert first != second


def test_a_host_of_another_machine_is_an_error() -> None:
    with pytest.raises(OSError, match="assign requested address"):
        ports.near(8080, "192.0.2.1")


@pytest.mark.skipif(not ports.EPHEMERAL.exists(), reason="the system does not say how it numbers outgoing connections")
def test_no_outgoing_connection_takes_a_port_that_was_chosen() -> None:
    first, last = map(int, ports.EPHEMERAL.read_text().split())
    assert not [port for port in ports.several(50) if first <= port <= last]

"""An authority gives way to another while everything runs: both are trusted meanwhile, and no message is lost."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from cryptography import x509
from paho.mqtt.enums import CallbackAPIVersion

from deploy.embedded import ports
from deploy.embedded.mosquitto import program
from deploy.errors import BrokerError, CertificateError
from deploy.production.authority import AuthorityChange
from deploy.production.deployment import Deployment
from tests.compose_file import ROOT
from tests.waiting import until

NOW = datetime(2026, 11, 22, tzinfo=UTC)
MESSAGES = 400
CONFIGURATION = """
listener {port} 127.0.0.1
allow_anonymous true
user root
certfile {tls}/mosquitto.crt
keyfile {tls}/mosquitto.key
"""


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    made = Deployment(tmp_path / "production", lambda _: None)
    made.prepare(["localhost"], datetime.now(UTC))
    return made


def trusted(deployment: Deployment) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates((deployment.root / "tls" / "ca.crt").read_bytes())


def issuer(deployment: Deployment) -> x509.Certificate:
    """Return which of the trusted authorities the broker's certificate is of."""
    certificate = x509.load_pem_x509_certificate((deployment.root / "tls" / "mosquitto.crt").read_bytes())
    (found,) = (one for one in trusted(deployment) if _is_of(certificate, one))
    return found


def _is_of(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except Exception:  # noqa: BLE001 - whatever differs, it is not
        return False
    return True


def test_first_both_are_trusted_then_the_new_one_issues_then_the_former_is_trusted_no_more(
    deployment: Deployment,
) -> None:
    change = AuthorityChange(deployment)
    (former,) = trusted(deployment)
    change.begin(NOW)
    assert (len(trusted(deployment)), issuer(deployment)) == (2, former)
    deployment.prepare(["another.example.org"], NOW)
    assert issuer(deployment) == former, "who trusts only the former one is still served"
    change.switch(NOW)
    successor = issuer(deployment)
    assert successor != former
    assert former in trusted(deployment)
    deployment.prepare(["third.example.org"], NOW)
    assert issuer(deployment) == successor
    change.end()
    assert trusted(deployment) == [successor]


def test_a_step_out_of_turn_changes_nothing_and_says_which_is_next(deployment: Deployment) -> None:
    change = AuthorityChange(deployment)
    before = {path: path.read_bytes() for path in (deployment.root / "tls").iterdir()}
    with pytest.raises(CertificateError, match="no change of the authority is under way; expected begin"):
        change.switch(NOW)
    with pytest.raises(CertificateError, match="no change of the authority is under way; expected begin"):
        change.end()
    assert {path: path.read_bytes() for path in (deployment.root / "tls").iterdir()} == before
    change.begin(NOW)
    with pytest.raises(CertificateError, match="two authorities are trusted already; expected switch"):
        change.begin(NOW)
    with pytest.raises(CertificateError, match="the former authority still issues; expected switch"):
        change.end()
    change.switch(NOW)
    with pytest.raises(CertificateError, match="the new authority issues already; expected end"):
        change.switch(NOW + timedelta(days=1))


@pytest.fixture
def broker(deployment: Deployment, tmp_path: Path) -> Iterator[int]:
    """Return the port of a Mosquitto with the deployment's certificate, run by the script of the composition."""
    port, accounts = ports.choose(), tmp_path / "accounts"
    accounts.mkdir()
    for name in ("passwords", "passwords-of-services", "rights"):
        (accounts / name).touch()
    configuration = tmp_path / "mosquitto.conf"
    configuration.write_text(CONFIGURATION.format(port=port, tls=deployment.root / "tls"))
    try:
        found = program()
    except BrokerError as error:
        pytest.skip(str(error))
    script = ROOT / "deploy" / "mosquitto" / "start.sh"
    path = f"{found.parent}:/usr/bin:/bin"
    running = subprocess.Popen(
        ["/bin/sh", script, configuration, accounts], env={"PATH": path}, stderr=subprocess.DEVNULL
    )
    yield port
    running.terminate()
    running.wait()


def shown(port: int, trusting: Path) -> str | None:
    """Return whose certificate the broker shows to who trusts that file; None to who does not trust it."""
    try:
        context = ssl.create_default_context(cafile=trusting)
        with (
            socket.create_connection(("localhost", port)) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as line,
        ):
            return x509.load_der_x509_certificate(line.getpeercert(binary_form=True) or b"").issuer.rfc4514_string()
    except ssl.SSLCertVerificationError:
        return None
    except OSError:
        return ""


@pytest.mark.integration
def test_mosquitto_takes_the_new_certificate_up_and_its_clients_lose_no_message_and_no_connection(
    deployment: Deployment, broker: int, tmp_path: Path
) -> None:
    bundle, old = deployment.root / "tls" / "ca.crt", tmp_path / "old.crt"
    old.write_bytes(bundle.read_bytes())
    until(lambda: shown(broker, old) not in {"", None})
    change, came, lost, first = AuthorityChange(deployment), list[bytes](), list[str](), shown(broker, old)
    subscribed = threading.Event()
    clients = [paho.Client(CallbackAPIVersion.VERSION2, name) for name in ("reader", "writer")]
    reader, writer = clients
    reader.on_message = lambda client, data, message: came.append(bytes(message.payload))
    reader.on_subscribe = lambda *_: subscribed.set()
    for client in clients:
        client.on_disconnect = lambda *_: lost.append("a connection")
        client.tls_set(str(old))
        client.connect("localhost", broker)
        client.loop_start()
    reader.subscribe("readings", 1)
    subscribed.wait()
    for number in range(MESSAGES):
        writer.publish("readings", b"%d" % number, 1)
        if number == MESSAGES // 4:
            change.begin(datetime.now(UTC))
        if number == MESSAGES // 2:
            change.switch(datetime.now(UTC))
            until(lambda: shown(broker, bundle) not in {first, "", None})
            assert shown(broker, old) is None, "who was not given the new authority would be lost"
        if number == 3 * MESSAGES // 4:
            change.end()
    until(lambda: len(came) >= MESSAGES)
    assert lost == []
    for client in clients:
        client.disconnect()
        client.loop_stop()
    assert came == [b"%d" % number for number in range(MESSAGES)]
    assert shown(broker, bundle) not in {first, "", None}

"""The credentials of devices and gateways of a stack or a deployment, as commands and the HTTP interface change them.

What is changed is made known to the broker: an embedded one notices by itself, that of a deployment reads files.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from deploy import registered
from deploy.embedded.accounts import NATIVE, device_user
from deploy.embedded.credentials import DeviceCredential, DeviceCredentials
from deploy.embedded.folder import DataFolder, is_data_folder
from deploy.errors import CredentialError
from deploy.production import mqtt_accounts
from deploy.production.mqtt_accounts import MqttAccounts
from deploy.settings import Settings
from ingest.model.binding_rights import addresses, rights
from ingest.model.city.assets import City
from ingest.model.issued_credential import IssuedCredential
from ingest.topics import Channel, topic


class DeviceAccess:
    """The credentials in the folder of ``chosen``; raises CredentialError where there are none."""

    def __init__(self, chosen: Settings) -> None:
        self._chosen = chosen
        self._deployment: MqttAccounts | None = mqtt_accounts.found(chosen.data)
        if self._deployment is None and not is_data_folder(chosen.data):
            raise CredentialError(
                f"{chosen.data.resolve()} is neither a data folder of Pharos nor a deployment; name one with --data or "
                "PHAROS_DATA"
            )
        kept = self._deployment.devices if self._deployment else DeviceCredentials(DataFolder(chosen.data).devices)
        self.credentials: DeviceCredentials = kept

    def add(self, city: str, device: str, *, anywhere: bool = False) -> IssuedCredential:
        """Issue a secret to a device by its name or native id, or to a gateway; raises CredentialError.

        ``anywhere``: until a binding places it, it may publish on topics that are nobody's.
        """
        if anywhere and self._deployment:
            raise CredentialError("--anywhere: nobody hears unknown topics in a deployment; declare the binding first")
        known = registered.city(self._chosen, city)
        declared = registered.address(known, city, device)
        with self._changing():
            secret = self.credentials.add(city, declared or device, anywhere=anywhere)
        issued = _issued(known, city, declared or device, secret, is_device=declared is not None)
        is_placed = bool(rights(known).get((city, declared or device), NATIVE).bound)
        return replace(issued, topics=("#",), is_anywhere=True) if anywhere and not is_placed else issued

    def rotate(self, city: str, device: str) -> IssuedCredential:
        """Replace a secret; the former one ends at once. Raises CredentialError."""
        known = registered.city(self._chosen, city)
        native_id = self._held(known, city, device)
        with self._changing():
            secret = self.credentials.rotate(city, native_id)
        return _issued(known, city, native_id, secret, is_device=registered.address(known, city, native_id) is not None)

    def revoke(self, city: str, device: str) -> None:
        """Take a credential away; raises CredentialError."""
        native_id = self._held(registered.city(self._chosen, city), city, device)
        with self._changing():
            self.credentials.revoke(city, native_id)

    def __iter__(self) -> Iterator[DeviceCredential]:
        """Yield every credential, by user name."""
        yield from self.credentials

    def _held(self, known: list[City], city: str, device: str) -> str:
        """Return the native id under which a device has a credential; else what is given, as the list shows it."""
        declared = registered.address(known, city, device)
        return declared if declared and self.credentials.find(device_user(city, declared)) else device

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Let the broker of a deployment know what became of the credentials."""
        yield
        if self._deployment is None:
            return
        if self._chosen.database_url is None:
            self._deployment.render()
        else:
            self._deployment.grant(rights(registered.bound_cities(self._chosen)))


def _issued(known: list[City], city: str, native_id: str, secret: str, *, is_device: bool) -> IssuedCredential:
    granted = rights(known).get((city, native_id), NATIVE)
    native = [topic(city, native_id, Channel.TELEMETRY)] if granted.is_device else []
    posted = [one for each in known for one in addresses(each, native_id)]
    bound = [right.published for right in granted.bound]
    is_declared = is_device or bool(bound or posted)
    return IssuedCredential(
        native_id, device_user(city, native_id), secret, (*native, *bound), tuple(posted), is_declared
    )

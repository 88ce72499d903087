"""Credentials of devices and gateways, by which brokers and the intake over HTTP know them; a secret is shown once."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from ingest.model.issued_credential import IssuedCredential
from kpi_engine.api import administration
from kpi_engine.api.access import Access, Resource, seeing
from kpi_engine.api.administration import Credentials
from kpi_engine.api.cursors import AskedPart, Paging
from kpi_engine.api.problems import CONFLICT, NOT_SET_UP
from kpi_engine.api.representation import Answer, Page

router = APIRouter(tags=["administration"], responses=NOT_SET_UP)

Allowed = Annotated[Access, Depends(seeing(Resource.CREDENTIALS))]
Known = Annotated[
    Credentials, Depends(administration.required(lambda one: one.credentials, "looking after credentials"))
]
OF_DEVICE = "/cities/{city}/devices/{device}/credential"


class DeviceCredential(Answer):
    """The credential of a device or gateway, without its secret."""

    city: str
    device: str = Field(description="Native id.")
    user: str = Field(description="User name at the broker and of HTTP.")
    issued_at: str = Field(description="When its present secret was issued.")


class NewCredential(Answer):
    """A secret that was issued now."""

    device: str = Field(description="Native id.")
    user: str
    secret: str = Field(description="Shown this once; nothing keeps it.")
    topics: list[str] = Field(description="On which it may publish at the broker.")
    paths: list[str] = Field(description="To which it may post.")
    is_declared: bool = Field(description="Whether a city file knows it; if not, what it sends is refused.")


@router.get("/credentials", summary="Credentials of devices")
def list_credentials(
    access: Allowed, credentials: Known, asked: AskedPart, city: str | None = None
) -> Page[DeviceCredential]:
    """List the devices and gateways that may connect, without their secrets."""
    found = [DeviceCredential.model_validate(one) for one in credentials.issued(access.cities(city))]
    return Paging(("credentials", city)).page(found, lambda one: (one.city, one.device), asked)


@router.post(OF_DEVICE, status_code=201, responses=CONFLICT, summary="Issue a credential")
def issue_credential(city: str, device: str, access: Allowed, credentials: Known) -> NewCredential:
    """Issue a secret to a device by its name or native id, or to a gateway; refused if it has one."""
    access.cities(city)
    return _shown(credentials.add(city, device))


@router.put(OF_DEVICE, summary="Rotate a credential")
def rotate_credential(city: str, device: str, access: Allowed, credentials: Known) -> NewCredential:
    """Replace the secret of a device; the former one ends at once."""
    access.cities(city)
    return _shown(credentials.rotate(city, device))


@router.delete(OF_DEVICE, status_code=204, summary="Revoke a credential")
def revoke_credential(city: str, device: str, access: Allowed, credentials: Known) -> None:
    """Take the credential of a device away; it is put out at once, its readings stay."""
    access.cities(city)
    credentials.revoke(city, device)


def _shown(issued: IssuedCredential) -> NewCredential:
    return NewCredential.model_validate(vars(issued) | {"device": issued.native_id})

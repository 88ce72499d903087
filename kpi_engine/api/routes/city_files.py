"""City files over HTTP: as they are registered, what another one would do, and into use, as the command does it."""

from typing import Annotated, Any, Final

import yaml
from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import Field

from ingest.decoder import quoted
from ingest.errors import CityFileError, FileFault
from ingest.model.city.assets import City as CityFile
from kpi_engine.api import administration
from kpi_engine.api.access import Access, Caller, Resource, permitted, seeing
from kpi_engine.api.administration import CityFiles
from kpi_engine.api.database import Database
from kpi_engine.api.errors import ConflictError, FieldFault, ForbiddenError, InvalidRequestError, NotFoundError
from kpi_engine.api.problems import COMPRESSED, CONFLICT, NOT_SET_UP
from kpi_engine.api.raw_body import RawBody
from kpi_engine.api.representation import Answer
from kpi_engine.api.turns import EXPENSIVE
from processors.errors import BindingConflictError, UnitChangeError
from processors.storage.registry import registry
from processors.storage.registry.city_changes import CityChanges, changes

router = APIRouter(prefix="/cities/{city}/file", tags=["administration"])

MEDIA_TYPE: Final = "application/yaml"
MOST_FAULTS: Final = 200
BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
        "description": "A city file in YAML, or in JSON, which is YAML too; at most 16 MB.",
    }
}

Writing = Annotated[CityFiles, Depends(administration.required(lambda one: one.city_files, "registering city files"))]


class Registration(Answer):
    """What registering a city file does, or would do."""

    city: str
    devices: int
    applied: bool = Field(description="False for a dry run: nothing was changed.")
    news: list[str] = Field(description="What it does, in sentences.")
    losses: list[str] = Field(description="What it takes out of figures; it is applied with `losses=true` only.")


@router.get("", response_class=Response, responses={200: {"content": {MEDIA_TYPE: {}}}}, summary="A city file")
def show_city_file(city: str, access: Annotated[Access, Depends(seeing(Resource.CITY_FILES))]) -> Response:
    """Return the city as it is registered, as a city file without comments, anchors and what is usual."""
    access.cities(city)
    document = _registered(access.connection, city).model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)
    return Response(text, media_type=MEDIA_TYPE)


@router.put(
    "",
    dependencies=[EXPENSIVE],
    openapi_extra=BODY,
    responses=CONFLICT | COMPRESSED | NOT_SET_UP,
    summary="Register a city file",
)
def register_city_file(  # noqa: PLR0913, PLR0917 - in the order in which they are found: who, what, where to
    city: str,
    caller: Annotated[Caller, Depends(permitted(Resource.CITY_FILES))],
    files: Writing,
    body: RawBody,
    connection: Database,
    dry_run: Annotated[bool, Query(description="Say what it would do, and change nothing.")] = False,
    losses: Annotated[bool, Query(description="Do also what takes readings of the past out of figures.")] = False,
) -> Registration:
    """Register a city file, new or changed; what runs takes it up within seconds. All of it is done, or nothing."""
    if not caller.token.covers(city):
        raise ForbiddenError(f"this token is not good for the city {quoted(city)}; nothing was changed")
    if not dry_run and not caller.may(Resource.REGISTRATION):
        raise ForbiddenError(f"the role {caller.token.role} may look with dry_run=true only; nothing was changed")
    declared = _read(files, body, city, connection)
    try:
        registry.require_possible(connection, [declared])
        connection.commit()  # nothing is held while it is registered on a connection that may
        found = changes(connection, declared) if dry_run else files.apply(declared, losses=losses)
    except (UnitChangeError, BindingConflictError) as error:
        raise ConflictError(str(error)) from error
    if found.losses and not dry_run and not losses:
        raise ConflictError(_refused(found))
    return Registration(
        city=city,
        devices=len(declared.devices),
        applied=not dry_run,
        news=list(found.news),
        losses=list(found.losses),
    )


def _refused(found: CityChanges) -> str:
    return "\n".join([*found.losses, "Nothing was changed. To do it nevertheless: losses=true"])


def _read(files: CityFiles, body: bytes, city: str, connection: Database) -> CityFile:
    try:
        declared = files.read(body.decode(), connection)
    except UnicodeDecodeError as error:
        detail = f"expected text in UTF-8, found another byte at {error.start}"
        raise InvalidRequestError(f"{detail}. Nothing was changed", FieldFault("body", "body", detail)) from None
    except CityFileError as error:
        faults = [_fault(one) for one in error.faults[:MOST_FAULTS]]
        count = len(error.faults)
        raise InvalidRequestError(
            f"{count} fault{'s' if count > 1 else ''}; {error.faults[0]}. Nothing was changed", *faults
        ) from error
    if declared.name != city:
        detail = f"expected the city of the address, {city}, not {declared.name}"
        raise InvalidRequestError(f"name: {detail}. Nothing was changed", FieldFault("name", "body", detail))
    return declared


def _fault(fault: FileFault) -> FieldFault:
    line = "" if fault.line is None else f"line {fault.line}: "
    beside = "".join(f" ({text})" for text in (fault.subject, fault.also) if text)
    return FieldFault(fault.key, "body", f"{line}{fault.expected}{beside}")


def _registered(connection: Database, city: str) -> CityFile:
    found = registry.declared(connection, city)
    if found is None:
        raise NotFoundError(f"there is no city {quoted(city)}")
    return found

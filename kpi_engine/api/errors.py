"""What the HTTP interface refuses: one class per kind of problem, each with its HTTP status."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from starlette.exceptions import HTTPException

from kpi_engine.errors import KpiError


@dataclass(frozen=True)
class FieldFault:
    """One field at fault; ``location`` is query, path, header, cookie or body."""

    field: str
    location: str
    detail: str


class ApiError(KpiError):
    """Base of what a client is told as a problem document; the message is its detail."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    kind: ClassVar[str] = "internal-error"

    def __init__(self, detail: str, *faults: FieldFault) -> None:
        self.faults = faults
        super().__init__(detail)

    @property
    def headers(self) -> Mapping[str, str]:
        """What the answer has beside the problem document."""
        return {}


class InvalidRequestError(ApiError):
    """A parameter or the body is not what was expected; the faults say which."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    kind = "invalid-request"


class UnauthenticatedError(ApiError):
    """There is no valid token or session."""

    status = HTTPStatus.UNAUTHORIZED
    kind = "unauthenticated"

    @property
    def headers(self) -> Mapping[str, str]:
        """How to say who asks."""
        return {"WWW-Authenticate": 'Bearer realm="pharos"'}


class ForbiddenError(ApiError):
    """The token is good, but not for this."""

    status = HTTPStatus.FORBIDDEN
    kind = "forbidden"


class NotFoundError(ApiError):
    """There is no such thing, or none that this token may see."""

    status = HTTPStatus.NOT_FOUND
    kind = "not-found"


class ConflictError(ApiError):
    """What is asked for contradicts what is there; nothing was changed."""

    status = HTTPStatus.CONFLICT
    kind = "conflict"


class UnsupportedMediaError(ApiError):
    """The body is not in a form that any resource takes."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    kind = "unsupported-media-type"


class NotSetUpError(ApiError):
    """The installation does not let the interface do it."""

    status = HTTPStatus.NOT_IMPLEMENTED
    kind = "not-set-up"


class TooManyRequestsError(ApiError):
    """The caller asks for too much at the same time; asking again later helps."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    kind = "too-many-requests"

    def __init__(self, detail: str, retry_after: int = 2) -> None:
        super().__init__(detail)
        self._retry_after = retry_after

    @property
    def headers(self) -> Mapping[str, str]:
        """When to ask again."""
        return {"Retry-After": str(self._retry_after)}


class BodyTooLargeError(HTTPException):
    """The body is larger than any resource takes; an exception of the framework, which hides others at this place."""

    kind: ClassVar[str] = "content-too-large"

    def __init__(self, most: int) -> None:
        super().__init__(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"expected a body of at most {most} bytes; it was not read"
        )


class UnavailableError(ApiError):
    """The database cannot answer now; asking again later may help."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    kind = "database-unavailable"

    @property
    def headers(self) -> Mapping[str, str]:
        """When to ask again."""
        return {"Retry-After": "5"}


def invalid(field: str, detail: str, location: str = "query") -> InvalidRequestError:
    """Return the error of one field."""
    return InvalidRequestError(f"{field}: {detail}", FieldFault(field, location, detail))

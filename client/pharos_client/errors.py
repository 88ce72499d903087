"""What Pharos refused, as it said it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One field at fault; ``location`` is query, path, header or body."""

    field: str
    location: str
    detail: str


class PharosError(Exception):
    """A request was refused, or could not be answered; ``status`` is HTTP's, ``kind`` the problem's stable name."""

    def __init__(self, status: int, detail: str, kind: str = "", faults: tuple[Fault, ...] = ()) -> None:
        self.status, self.detail, self.kind, self.faults = status, detail, kind, faults
        super().__init__(f"{status}: {detail}")

    @classmethod
    def of(cls, status: int, document: object) -> "PharosError":
        """Return the error of a problem document (RFC 9457); of anything else its status alone."""
        problem: dict[str, Any] = document if isinstance(document, dict) else {}
        faults = tuple(Fault(one["field"], one["location"], one["detail"]) for one in problem.get("errors", ()))
        return cls(status, problem.get("detail", "no problem document"), problem.get("type", ""), faults)

"""What a role tells at /ready: whether it gets on with its work, what hinders it, what waits, what is under way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deploy.causes import Unreadiness
from deploy.progress import Progress


@dataclass(frozen=True)
class Report:
    """The parts of it; ``means`` says what is not done while the role is not ready."""

    means: str
    causes: Unreadiness
    progress: Progress | None = None
    notes: Callable[[], Sequence[str]] = list

    @property
    def is_ready(self) -> bool:
        """Whether nothing hinders the role."""
        return not self.causes()

    def __call__(self) -> dict[str, object]:
        """Return it as JSON has it; times are RFC 3339, ages seconds."""
        causes = self.causes()
        return {
            "ready": not causes,
            "means": self.means,
            "causes": {name: cause.sentence for name, cause in causes.items()},
            "since": {name: f"{cause.since:%Y-%m-%dT%H:%M:%SZ}" for name, cause in causes.items()},
            "oldest_waiting_seconds": self.progress.backlog() if self.progress else {},
            "notes": list(self.notes()),
        }

"""Why the KPI engine refuses something; each class carries the facts a person needs to mend it."""


class KpiError(Exception):
    """Base of every error this package raises."""


class UnknownIndicatorError(KpiError):
    """No indicator has this name."""

    def __init__(self, name: str, known: list[str]) -> None:
        self.name = name
        super().__init__(f"no indicator is called {name!r}; known are {', '.join(sorted(known))}")


class FactorError(KpiError):
    """A factor file cannot be used, or contradicts what was already published under the same version."""


class NotKeptError(KpiError):
    """Figures that are not kept are asked for as they were known at an instant, and are others now."""

    def __init__(self, kpi: str, subject: str) -> None:
        super().__init__(
            f"days of {kpi} of {subject} are computed when they are asked for; of those asked for something changed "
            "since that instant, or one had not ended then, so nothing is known of how they were: ask for fewer days, "
            "for months or years, for the city's days, or leave the instant out"
        )


class StatisticError(KpiError):
    """A table of statistics cannot be used, or a value not withdrawn; nothing was changed."""


class ErasureError(KpiError):
    """A household cannot be erased as asked; nothing was erased."""


class SubjectError(KpiError):
    """A city or site is not registered, so nothing can be computed for it."""


class BaselineError(KpiError):
    """A baseline is not declared, not fitted, or cannot say what is asked of it; nothing was changed."""


class BaselineRangeError(BaselineError):
    """Savings are asked for of days that are not over, or not after the measure."""


class TokenError(KpiError):
    """A token cannot be issued or revoked as asked."""


class AlarmError(KpiError):
    """There is no such alarm, so nothing was done."""


class ShelfError(KpiError):
    """Alarms cannot be shelved as asked, so none was."""


class TargetError(KpiError):
    """A city or site declares no such target."""


class ReportError(KpiError):
    """A report cannot be frozen as asked, or what is said to be one cannot be read."""


class ComparisonError(KpiError):
    """Figures cannot be put side by side as asked; says what can."""


class AssessmentError(KpiError):
    """A file of self-assessments is not what was expected; names file, line and key."""


class VerificationError(KpiError):
    """Kept figures do not come out again, or what they rest on was altered; nothing was changed."""

    def __init__(self, failed: int, figures: int, altered: int) -> None:
        stretches = f"; readings or rollups of {altered} stretches of series were altered" if altered else ""
        super().__init__(f"{failed} of {figures} figures do not come out again{stretches}")

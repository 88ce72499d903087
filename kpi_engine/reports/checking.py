"""Computing a frozen figure again from what is frozen with it: no database, no network, the rules of this version."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from numpy.linalg import LinAlgError
from pydantic import ValidationError

from kpi_engine.baselines.methods import METHODS
from kpi_engine.evidence.figure_digest import inputs_hash
from kpi_engine.figures.erased import sentence
from kpi_engine.figures.status import publication
from kpi_engine.formulas.degree_days import DEGREE_DAYS
from kpi_engine.indicators import INDICATORS
from kpi_engine.reports import withholding
from kpi_engine.reports.archive import ReportArchive
from kpi_engine.reports.frozen import FrozenFigure
from kpi_engine.reports.frozen_savings import FrozenSavings
from kpi_engine.reports.frozen_target import FrozenTarget, TargetAmount
from kpi_engine.reports.signing import fingerprint
from kpi_engine.targets.judgement import JUDGEMENT_RULES

Published = dict[tuple[str, str | None, str | None, str], TargetAmount]
"""What the figures of a report are, by indicator, site, group and label of the period."""


_OF_EVERYBODY: Final = sorted(FrozenFigure.model_fields.keys() - {"inputs", "reason", "cause_detail", "reproducible"})
"""What a figure says to evaluators as to everybody."""


class Verdict(StrEnum):
    """What came of computing a figure again."""

    REPRODUCES = "reproduces"
    DIFFERS = "differs"
    OTHER_RULES = "other rules"
    NOT_REPRODUCIBLE = "not reproducible"
    INPUTS_ERASED = "inputs erased"
    INPUTS_WITHHELD = "inputs withheld"


@dataclass
class Verification:
    """What came of checking an archive; ``faults``: what was altered, and nothing is computed then.

    ``verdicts`` of figures, ``savings`` of what baselines say, ``targets`` of what figures say of targets.
    """

    title: str
    key: str
    faults: list[str]
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    savings: Counter[Verdict] = field(default_factory=Counter)
    targets: Counter[Verdict] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing was altered, and every figure comes out again."""
        return not self.faults and not self.failures


def verify(
    archive: ReportArchive,
    key: bytes | None = None,
    computed: Callable[[], None] | None = None,
    whole: ReportArchive | None = None,
) -> Verification:
    """Check an archive and compute its figures again; ``key``: who must have signed it, ``computed``: told of each.

    ``whole``: a report that has the inputs which this one, for evaluators, leaves out.
    """
    faults = archive.faults() + _faults_of_whole(archive, whole)
    if key is not None and key.strip() != archive.key.strip():
        faults.append("it is signed by another key than the one that is expected")
    complete = {one.key: one for one in whole.figures()} if whole is not None and not faults else {}
    found = Verification("" if faults else str(archive.report().get("title")), fingerprint(archive.key), faults)
    published: Published = {}
    for figure in archive.figures() if not faults else ():
        verdict, why = check(figure)
        if verdict is Verdict.INPUTS_WITHHELD and whole is not None:
            verdict, why = check_by(figure, complete.get(figure.key))
        published[figure.kpi, figure.site, figure.group, figure.label] = TargetAmount(
            value=figure.value, lower=figure.lower, upper=figure.upper
        )
        found.verdicts[verdict] += 1
        if why:
            found.failures.append(f"{figure.kpi} of {figure.subject}, {figure.label}: {verdict}: {why}")
        if computed:
            computed()
    for savings in archive.savings() if not faults else ():
        verdict, why = check_savings(savings)
        found.savings[verdict] += 1
        if why:
            found.failures.append(f"savings of {savings.id}: {verdict}: {why}")
    for target in archive.targets() if not faults else ():
        verdict, why = check_target(target, published)
        found.targets[verdict] += 1
        if why:
            found.failures.append(f"target {target.name}: {verdict}: {why}")
    return found


def check(figure: FrozenFigure) -> tuple[Verdict, str | None]:
    """Return whether a figure comes out again to the last bit, and in words where it does not."""
    indicator = INDICATORS.get(figure.kpi)
    if indicator is None:
        return Verdict.OTHER_RULES, f"this version knows no indicator {figure.kpi}"
    if indicator.rule_version != figure.rule_version:
        return (
            Verdict.OTHER_RULES,
            f"it follows rules {figure.rule_version}, and this version has {indicator.rule_version}",
        )
    if lacking := _lacks_inputs(figure):
        return lacking
    try:
        inputs = indicator.inputs_model.model_validate(figure.inputs)
    except ValidationError as error:
        return Verdict.DIFFERS, f"its inputs are not those of {figure.kpi}: {error.error_count()} faults"
    outcome = indicator.outcome(inputs)
    verdict = publication(outcome, is_open=figure.is_open, limits=indicator.limits)
    found = {"value": verdict.value, "lower": outcome.lower, "upper": outcome.upper, "status": verdict.status.value}
    if not figure.is_open:  # of an open period the coverage is that of a longer window
        found |= {"coverage": outcome.coverage, "reason": verdict.reason, "estimated_share": outcome.estimated_share}
    found |= {"inputs_hash": inputs_hash(inputs.stored(), figure.factors, figure.rule_version)}
    told = {name: getattr(figure, name) for name in found}
    wrong = [f"{name} {told[name]}, computed {found[name]}" for name in found if told[name] != found[name]]
    return _compared(wrong)


def _lacks_inputs(figure: FrozenFigure) -> tuple[Verdict, str | None] | None:
    """Return why a figure has nothing to be computed from; None where it has."""
    if why := sentence(figure.inputs):
        return Verdict.INPUTS_ERASED, why
    if withholding.sentence(figure.inputs):
        return Verdict.INPUTS_WITHHELD, None
    if not figure.reproducible:
        return Verdict.NOT_REPRODUCIBLE, "what it was computed from is another since, and only its digest is kept"
    return None


def check_by(figure: FrozenFigure, complete: FrozenFigure | None) -> tuple[Verdict, str | None]:
    """Return whether a figure without its inputs is the one of a whole report, and that one comes out again."""
    if complete is None:
        return Verdict.DIFFERS, "the whole report does not have it"
    wrong = [
        f"{name} {getattr(figure, name)}, in the whole report {getattr(complete, name)}"
        for name in _OF_EVERYBODY
        if getattr(figure, name) != getattr(complete, name)
    ]
    return (Verdict.DIFFERS, "; ".join(wrong)) if wrong else check(complete)


def _faults_of_whole(archive: ReportArchive, whole: ReportArchive | None) -> list[str]:
    if whole is None:
        return []
    faults = [f"the whole report: {fault}" for fault in whole.faults()]
    if whole.key.strip() != archive.key.strip():
        faults.append("the whole report is signed by another key")
    return faults


def check_savings(savings: FrozenSavings) -> tuple[Verdict, str | None]:
    """Return whether a model comes out of its days again, and the savings of it, to the last bit."""
    if savings.fit is not None and savings.fit.method not in METHODS:
        return Verdict.OTHER_RULES, f"this version knows no method {savings.fit.method}"
    if savings.degree_days not in DEGREE_DAYS:
        return Verdict.OTHER_RULES, f"this version knows no degree days {savings.degree_days}"
    try:
        said, disqualified = savings.again()
    except (ValueError, KeyError, TypeError, LinAlgError) as error:
        return Verdict.DIFFERS, str(error)
    told = savings.said or {}
    wrong = [
        f"{name} {told.get(name)}, computed {value}" for name, value in (said or {}).items() if told.get(name) != value
    ]
    if disqualified != savings.disqualified or (said is None) != (savings.said is None):
        wrong.append(f"why nothing is told: {savings.disqualified}, computed {disqualified}")
    return _compared(wrong)


def check_target(target: FrozenTarget, published: Published) -> tuple[Verdict, str | None]:
    """Return whether a target is judged alike again, and by the figures that the report itself has."""
    if target.rules != JUDGEMENT_RULES:
        return Verdict.OTHER_RULES, f"it was judged by rules {target.rules}, and this version has {JUDGEMENT_RULES}"
    try:
        said = target.again()
    except (ValueError, KeyError) as error:
        return Verdict.DIFFERS, str(error)
    wrong = [
        f"{label} is {one.amount.value}, in the figures of the report {own.value}"
        for one in target.figures
        if (own := published.get((target.indicator, target.site, target.group, label := one.label)))
        not in {None, one.amount}
    ]
    if said != target.said:
        was, now = (one and (one.status, one.year, one.reason) for one in (target.said, said))
        wrong.append("its path" if was == now else f"{was}, judged again {now}")
    return _compared(wrong)


def _compared(wrong: list[str]) -> tuple[Verdict, str | None]:
    return (Verdict.DIFFERS, "; ".join(wrong)) if wrong else (Verdict.REPRODUCES, None)

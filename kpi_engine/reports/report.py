"""A report: figures frozen in one moment, tables and a page made of them, all sealed in an archive."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import polars as pl

from ingest.model.time import SECOND, isoformat, to_micros
from kpi_engine.baselines.declared import declared_baselines
from kpi_engine.errors import ReportError
from kpi_engine.export import comma_separated, parquet
from kpi_engine.export.figures import COLUMNS, factor_words
from kpi_engine.export.table import Table
from kpi_engine.figures.code_version import CODE_VERSION
from kpi_engine.indicators import INDICATORS
from kpi_engine.privacy.shown_figures import FORMER
from kpi_engine.privacy.viewing import BEING_RULED, Viewing
from kpi_engine.reports import archive, crate, page
from kpi_engine.reports.freezing import ReportScope, frozen_figures
from kpi_engine.reports.freezing_savings import frozen_savings
from kpi_engine.reports.freezing_targets import frozen_targets
from kpi_engine.reports.frozen import FrozenFigure
from kpi_engine.reports.frozen_savings import FrozenSavings
from kpi_engine.reports.frozen_target import FrozenTarget
from kpi_engine.reports.signing import Signer, fingerprint
from kpi_engine.reports.withholding import Withheld, Withholding
from kpi_engine.subjects.subject import SubjectName
from kpi_engine.subjects.subject_index import SubjectIndex
from processors.storage.database import Connection
from processors.storage.registry import registry

Document = Callable[[dict[str, Any], list[FrozenFigure], list[FrozenSavings], list[FrozenTarget]], bytes]

OPERATORS: Final = "operators"
EVALUATORS: Final = "evaluators"

NOTHING: Final[dict[str, Any]] = {}
_IN_TABLES: Final = [one for one in COLUMNS if one.name not in {"value_id", "due"}]


@dataclass(frozen=True)
class SignOff:
    """What people say beside the figures."""

    author: str = ""
    note: str = ""
    licence: str = "All rights reserved; ask the city"


def freeze(  # noqa: PLR0913, PLR0917 - of what, by whom, as of when, and for whom
    connection: Connection,
    index: SubjectIndex,
    scope: ReportScope,
    sign_off: SignOff,
    now: int,
    viewing: Viewing | None = None,
) -> "Frozen":
    """Return a report that can be written; raises ReportError where the city has no figures.

    ``viewing``: for whom it is, where that is not everybody who may see households.
    """
    known = now if scope.as_of is None else to_micros(scope.as_of)
    if known > now:
        raise ReportError(f"{isoformat(known)} is yet to come: nobody knows what will be known then")
    subject = index.by_name.get(SubjectName(scope.city))
    if subject is None:
        raise ReportError(f"no indicator is computed for {scope.city}, so there is nothing to report")
    title = subject.city.title or scope.city
    last = scope.period.after - timedelta(days=1)
    about = {
        "title": f"{title}, {scope.period.text}",
        "city": scope.city,
        "city_title": title,
        "period": scope.period.text,
        "first": scope.period.first.isoformat(),
        "last": last.isoformat(),
        "zone": subject.zone,
        "frozen_at": isoformat(now // SECOND * SECOND),
        "known_at": isoformat(known if scope.as_of else now // SECOND * SECOND),
        "code_version": CODE_VERSION,
        "sites": scope.sites,
        "author": sign_off.author,
        "note": sign_off.note,
        "licence": sign_off.licence,
    }
    savings = frozen_savings(connection, scope.city, scope.period, now, scope.as_of)
    targets = frozen_targets(connection, scope, subject.zone, known)
    figures = frozen_figures(connection, index, scope)
    if viewing is None:
        return Frozen(about | {"audience": OPERATORS}, figures, savings, targets)
    if not viewing.is_ruled(scope.city):
        raise ReportError(f"{scope.city}: {BEING_RULED}")
    if scope.as_of is not None and viewing.of(scope.city) is not None:
        raise ReportError(f"{scope.city}: {FORMER}")
    kept = Withholding(viewing)
    declared = [one for one in declared_baselines(registry.load(connection)) if one.city.name == scope.city]
    return Frozen(
        about | {"audience": EVALUATORS},
        kept.figures(figures),
        kept.savings(savings, declared),
        kept.targets(targets, subject.zone),
        kept.told,
    )


@dataclass(frozen=True)
class Frozen:
    """What a report says of itself, and its figures, savings and targets, which are read while they are written.

    ``withheld`` says what was left out, once all is read; None of a report that leaves nothing out.
    """

    about: dict[str, Any]
    figures: Iterator[FrozenFigure]
    savings: Iterator[FrozenSavings]
    targets: Iterator[FrozenTarget]
    withheld: Callable[[], list[Withheld]] | None = None

    def write(self, path: Path, signer: Signer, document: Document | None = None) -> int:
        """Write the archive, and return how many figures it has; ``document`` makes a PDF that is in it as well."""
        report = self.about | {"key": fingerprint(signer.public_key)}
        shown = dict(report)
        with archive.writing(path, signer) as writer:
            kept: list[FrozenFigure] = []
            with writer.file(archive.FIGURES) as lines:
                for figure in self.figures:
                    lines.write(figure.model_dump_json().encode() + b"\n")
                    kept.append(figure.model_copy(update={"inputs": NOTHING}))
            if savings := list(self.savings):
                writer.write(archive.SAVINGS, "".join(f"{one.model_dump_json()}\n" for one in savings))
            if targets := list(self.targets):
                writer.write(archive.TARGETS, "".join(f"{one.model_dump_json()}\n" for one in targets))
            if self.withheld is not None:
                withheld = self.withheld()
                writer.write(archive.WITHHELD, "".join(f"{one.model_dump_json()}\n" for one in withheld))
                shown["withheld"] = [one.model_dump() for one in withheld]
            table = _table(report, kept)
            for name, write in (("figures.csv", comma_separated.write), ("figures.parquet", parquet.write)):
                content = BytesIO()
                write(table, content)
                writer.write(name, content.getvalue())
            writer.write("methods.json", _methods(kept))
            writer.write("report.html", page.render(shown, kept, savings, targets))
            if document is not None:
                writer.write("report.pdf", document(shown, kept, savings, targets))
            writer.write(archive.REPORT, json.dumps(report, indent=1, ensure_ascii=False))
            described = crate.description(report, writer.files)
            writer.write(crate.NAME, json.dumps(described, indent=1, ensure_ascii=False))
        return len(kept)


def _table(report: dict[str, Any], figures: list[FrozenFigure]) -> Table:
    beside = {
        "title": lambda one: INDICATORS[one.kpi].title,
        "factors": lambda one: "; ".join(map(factor_words, one.factors)),
    }
    columns = {
        one.name: [beside[one.name](each) if one.name in beside else getattr(each, one.name) for each in figures]
        for one in _IN_TABLES
    }
    frame = pl.DataFrame(columns, schema={one.name: one.kind.value for one in _IN_TABLES})
    about = {"made_at": report["frozen_at"], "known_at": report["known_at"], "made_by": f"Pharos {CODE_VERSION}"}
    return Table("figures", report["title"], _IN_TABLES, about, lambda: iter([frame]))


def _methods(figures: list[FrozenFigure]) -> str:
    used = [INDICATORS[name] for name in dict.fromkeys(one.kpi for one in figures)]
    keys = ("name", "title", "unit", "definition", "formula", "citation", "frameworks", "boundary", "rule_version")
    return json.dumps([{key: getattr(one, key) for key in keys} for one in used], indent=1, ensure_ascii=False)

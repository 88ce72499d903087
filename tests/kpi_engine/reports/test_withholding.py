"""Figures without their inputs: told apart from those that come out, and held to a whole report where there is one."""

import json
from pathlib import Path
from typing import Final

import pytest

from kpi_engine.reports import checking, document, page
from kpi_engine.reports.archive import FIGURES, REPORT, reading, writing
from kpi_engine.reports.checking import Verdict
from kpi_engine.reports.frozen import FrozenFigure
from kpi_engine.reports.signing import Signer
from kpi_engine.reports.withholding import NO_INPUTS, WITHHELD
from tests.kpi_engine.reports.test_archive import frozen
from tests.kpi_engine.reports.test_document import REPORT as SAID

WHOLE: Final = frozen("heat_delivered")
SHOWN: Final = WHOLE.model_copy(update={"inputs": {WITHHELD: NO_INPUTS}, "reason": None, "cause_detail": None})
LEFT_OUT: Final = {
    "what": "figure", "indicator": "heat_delivered", "subject": "sites of households", "periods": ["2026-10"],
    "count": 3, "why": "it would single out <few> #households",
}  # fmt: skip


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer.of(tmp_path / "key.pem")


def sealed(path: Path, signer: Signer, *figures: FrozenFigure) -> Path:
    with writing(path, signer) as writer:
        writer.write(FIGURES, "".join(f"{one.model_dump_json()}\n" for one in figures))
        writer.write(REPORT, json.dumps({"title": "Harbour, 2026-10"}))
    return path


def test_a_figure_without_inputs_is_neither_wrong_nor_said_to_come_out(tmp_path: Path, signer: Signer) -> None:
    path = sealed(tmp_path / "shown.zip", signer, SHOWN, frozen("pv_self_consumption"))
    with reading(path) as archive:
        checked = checking.verify(archive)
    assert checked.holds
    assert checked.verdicts == {Verdict.INPUTS_WITHHELD: 1, Verdict.REPRODUCES: 1}


def test_the_whole_report_makes_it_come_out(tmp_path: Path, signer: Signer) -> None:
    shown, whole = sealed(tmp_path / "shown.zip", signer, SHOWN), sealed(tmp_path / "whole.zip", signer, WHOLE)
    with reading(shown) as archive, reading(whole) as beside:
        assert checking.verify(archive, whole=beside).verdicts == {Verdict.REPRODUCES: 1}


@pytest.mark.parametrize("name", ["value", "upper", "coverage", "inputs_hash", "unit"])
def test_a_figure_that_says_something_else_than_the_whole_report_is_told(
    tmp_path: Path, signer: Signer, name: str
) -> None:
    other = SHOWN.model_copy(update={name: "x" if isinstance(getattr(SHOWN, name), str) else 123.25})
    shown, whole = sealed(tmp_path / "shown.zip", signer, other), sealed(tmp_path / "whole.zip", signer, WHOLE)
    with reading(shown) as archive, reading(whole) as beside:
        checked = checking.verify(archive, whole=beside)
    assert not checked.holds
    assert f"{name} {getattr(other, name)}, in the whole report" in checked.failures[0]


def test_a_whole_report_without_the_figure_or_of_somebody_else_shows_nothing(tmp_path: Path, signer: Signer) -> None:
    shown, without = sealed(tmp_path / "shown.zip", signer, SHOWN), sealed(tmp_path / "without.zip", signer)
    stranger = sealed(tmp_path / "stranger.zip", Signer.of(tmp_path / "other.pem"), WHOLE)
    with reading(shown) as archive, reading(without) as beside:
        assert "the whole report does not have it" in checking.verify(archive, whole=beside).failures[0]
    with reading(shown) as archive, reading(stranger) as beside:
        assert checking.verify(archive, whole=beside).faults == ["the whole report is signed by another key"]


def test_page_and_document_say_what_is_withheld_and_why() -> None:
    report = SAID | {"withheld": [LEFT_OUT]}
    written = page.render(report, [SHOWN])
    assert "What is withheld" in written
    assert "it would single out &lt;few&gt; #households" in written
    assert "computes these again" in written
    assert "What is withheld" not in page.render(SAID, [WHOLE])
    assert "For evaluators" not in page.render(SAID, [WHOLE])
    assert "It tells of no single household" in page.render(report | {"audience": "evaluators"}, [SHOWN])
    assert "Nothing had to be left out" in page.render(SAID | {"audience": "evaluators"}, [SHOWN])
    assert len(document.render(report, [SHOWN])) > len(document.render(SAID, [SHOWN]))

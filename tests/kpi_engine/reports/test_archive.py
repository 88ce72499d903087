"""Archives of reports: whatever is altered is found, and what is no report is told from one."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kpi_engine.errors import ReportError
from kpi_engine.evidence.figure_digest import inputs_hash
from kpi_engine.figures.status import publication
from kpi_engine.indicators import INDICATORS
from kpi_engine.reports import checking
from kpi_engine.reports.archive import FIGURES, KEY, MANIFEST, REPORT, SIGNATURE, reading, writing
from kpi_engine.reports.checking import Verdict, check
from kpi_engine.reports.differences import differences
from kpi_engine.reports.frozen import FrozenFigure
from kpi_engine.reports.signing import Signer, fingerprint
from kpi_engine.worked_examples import example_of

START, END = datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)


def frozen(kpi: str, **changes: object) -> FrozenFigure:
    """Return the worked example of an indicator as the figure of a month."""
    indicator, example = INDICATORS[kpi], example_of(kpi)
    assert example is not None
    inputs = indicator.inputs_model.model_validate(example.inputs)
    outcome = indicator.outcome(inputs)
    verdict = publication(outcome, is_open=False, limits=indicator.limits)
    said: dict[str, Any] = {
        "kpi": kpi, "city": "harbour", "site": None, "group": None, "period": "month", "period_start": START,
        "period_end": END, "zone": "Europe/Copenhagen", "value": verdict.value, "lower": outcome.lower,
        "upper": outcome.upper, "unit": indicator.unit, "coverage": outcome.coverage, "reason": verdict.reason,
        "estimated_share": outcome.estimated_share, "status": verdict.status.value, "through": END, "factors": [],
        "inputs": inputs.model_dump(mode="json", exclude_defaults=True), "rule_version": indicator.rule_version,
        "inputs_hash": inputs_hash(inputs.stored(), [], indicator.rule_version), "code_version": "0", "revision": 1,
        "computed_at": END, "cause": "new hour", "cause_detail": None, "reproducible": True,
    }  # fmt: skip
    return FrozenFigure(**{**said, **changes})


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer.of(tmp_path / "key.pem")


@pytest.fixture
def sealed(tmp_path: Path, signer: Signer) -> Path:
    """Return the archive of two figures."""
    path = tmp_path / "report.zip"
    with writing(path, signer) as writer:
        lines = [frozen(kpi).model_dump_json() for kpi in ("heat_delivered", "pv_self_consumption")]
        writer.write(FIGURES, "\n".join(lines) + "\n")
        writer.write(REPORT, json.dumps({"title": "Harbour, 2026-10"}))
    return path


def altered(path: Path, change: Callable[[str, bytes], bytes | None], **added: bytes) -> Path:
    """Write an archive anew with each file as ``change`` says, None for none."""
    other = path.with_name("altered.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w") as target:
        for name in source.namelist():
            if (content := change(name, source.read(name))) is not None:
                target.writestr(name, content)
        for name, content in added.items():
            target.writestr(name, content)
    return other


def faults(path: Path) -> list[str]:
    with reading(path) as archive:
        return archive.faults()


@pytest.mark.long
@pytest.mark.parametrize("kpi", sorted(name for name in INDICATORS if example_of(name)))
def test_every_indicator_comes_out_again_from_what_is_frozen_with_its_figure(kpi: str) -> None:
    figure = FrozenFigure.model_validate_json(frozen(kpi).model_dump_json())
    assert check(figure) == (Verdict.REPRODUCES, None)


@pytest.mark.parametrize(
    ("changes", "verdict", "said"),
    [
        ({"value": 1.0}, Verdict.DIFFERS, "value 1.0, computed"),
        ({"lower": None}, Verdict.DIFFERS, "lower None, computed"),
        ({"status": "provisional"}, Verdict.DIFFERS, "status provisional, computed final"),
        ({"inputs": {}}, Verdict.DIFFERS, "its inputs are not those of heat_delivered"),
        ({"inputs_hash": "0" * 64}, Verdict.DIFFERS, "inputs_hash 000"),
        ({"rule_version": "0.0"}, Verdict.OTHER_RULES, "it follows rules 0.0"),
        ({"kpi": "gold_delivered"}, Verdict.OTHER_RULES, "this version knows no indicator gold_delivered"),
        ({"reproducible": False}, Verdict.NOT_REPRODUCIBLE, "is another since"),
    ],
)
def test_a_figure_that_does_not_come_out_again_is_told_with_why(
    changes: dict[str, Any], verdict: Verdict, said: str
) -> None:
    found, why = check(frozen("heat_delivered").model_copy(update=changes))
    assert found is verdict
    assert said in str(why)


def test_a_sealed_report_holds_and_names_its_key(sealed: Path, signer: Signer) -> None:
    with reading(sealed) as archive:
        found = checking.verify(archive, signer.public_key)
    assert found.holds
    assert found.verdicts == {Verdict.REPRODUCES: 2}
    assert (found.title, found.key) == ("Harbour, 2026-10", fingerprint(signer.public_key))


def test_one_altered_byte_anywhere_in_a_file_is_found(sealed: Path) -> None:
    with zipfile.ZipFile(sealed) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    for name, content in contents.items():
        for place in {0, len(content) // 2, len(content) - 2}:
            other = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
            assert faults(altered(sealed, {name: other}.get)), (name, place)


def test_one_altered_byte_anywhere_in_the_archive_is_found_or_changes_nothing_in_it(sealed: Path) -> None:
    content = sealed.read_bytes()
    with reading(sealed) as archive:
        figures = list(archive.figures())
    for place in range(0, len(content), 41):
        sealed.write_bytes(content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :])
        try:
            with reading(sealed) as archive:
                if not archive.faults():
                    assert list(archive.figures()) == figures, place
        except ReportError:
            continue


@pytest.mark.parametrize("name", [FIGURES, REPORT])
def test_a_file_that_is_missing_or_was_added_is_found(sealed: Path, name: str) -> None:
    assert faults(altered(sealed, lambda each, old: None if each == name else old)) == [f"{name} is missing"]
    assert faults(altered(sealed, lambda _, old: old, extra=b"more")) == ["extra is not in the list of digests"]


def test_a_list_that_was_written_anew_needs_the_key_of_who_froze_it(
    sealed: Path, signer: Signer, tmp_path: Path
) -> None:
    forger = Signer.of(tmp_path / "other.pem")
    with zipfile.ZipFile(sealed) as archive:
        manifest = archive.read(MANIFEST)
    forged = {SIGNATURE: forger.sign(manifest), KEY: forger.public_key}
    own = altered(sealed, forged.get)
    assert faults(own) == []  # by itself it cannot be told: whoever knows the key of the city can
    with reading(own) as archive:
        assert checking.verify(archive, signer.public_key).faults == [
            "it is signed by another key than the one that is expected"
        ]
    half = altered(sealed, lambda name, old: forger.sign(manifest) if name == SIGNATURE else old)
    assert faults(half) == ["the list of digests is not signed by the key in the archive"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no report at all"])
def test_what_is_no_archive_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "report.zip"
    path.write_bytes(content)
    with pytest.raises(ReportError, match="is no report"):
        faults(path)


def test_another_archive_is_told_from_a_report(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.jpg", b"")
    with pytest.raises(ReportError, match=r"it has no manifest\.json, manifest\.sig, signer\.pem"):
        faults(path)


def test_a_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "key.pem"
    first = Signer.of(path)
    assert Signer.of(path).public_key == first.public_key
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("no key")
    with pytest.raises(ReportError, match="expected an Ed25519 private key in PEM"):
        Signer.of(path)


def test_a_report_that_breaks_off_leaves_no_file(tmp_path: Path, signer: Signer) -> None:
    path = tmp_path / "report.zip"
    files: dict[str, bytes] = {}
    with pytest.raises(KeyError), writing(path, signer) as writer:
        writer.write(REPORT, files["nothing"])
    assert not list(tmp_path.glob("report*"))


def test_two_reports_are_told_apart_figure_by_figure_with_why() -> None:
    heat, sun = frozen("heat_delivered"), frozen("pv_self_consumption")
    factor = {"name": "grid", "version": "2026"}
    moved = {"cause": "late data", "cause_detail": "meter, 3 hours", "revision": 2}
    later = heat.model_copy(update={"value": 1.0, "factors": [factor], **moved})
    found = list(differences([heat, sun], [later, frozen("heat_emissions")]))
    why = ("factors grid 2026 instead of none", "revision 2: late data: meter, 3 hours")
    assert [(one.name, one.why) for one in found] == [
        ("heat_delivered of harbour, 2026-10", why),
        ("heat_emissions of harbour, 2026-10", ("it is new",)),
        ("pv_self_consumption of harbour, 2026-10", ("it is no longer there",)),
    ]
    assert not list(differences([heat, sun], [sun, heat]))


def test_the_archive_is_the_same_bytes_for_the_same_figures(sealed: Path, signer: Signer, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    with reading(sealed) as archive, writing(again, signer) as writer:
        writer.write(FIGURES, "\n".join(one.model_dump_json() for one in archive.figures()) + "\n")
        writer.write(REPORT, json.dumps(archive.report()))
    assert again.read_bytes() == sealed.read_bytes()
